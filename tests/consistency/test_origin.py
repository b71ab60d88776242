"""Absolute addresses come from PUBLIC_ORIGIN: what a request says of its host, its sender chose."""

import re

from tests.consistency.sources import SOURCE, TEMPLATES, listed

OF_THE_REQUEST = re.compile(
    r"build_absolute_uri|get_current_site|\bget_host\b|\bget_port\b|HTTP_HOST|SERVER_NAME|X_FORWARDED_HOST|request\.scheme"
)


def test_nothing_asks_the_request_for_its_host() -> None:
    faults = [
        f"{name}: {found[0]}" for name, text in (SOURCE | TEMPLATES).items() for found in OF_THE_REQUEST.finditer(text)
    ]
    assert not faults, listed(faults, "Use common.origin.absolute")
