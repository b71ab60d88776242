"""One page that answers, and one that keeps a thread busy past any patience."""

import time
from collections.abc import Callable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> list[bytes]:
    if environ["PATH_INFO"] == "/slow":
        time.sleep(600)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
