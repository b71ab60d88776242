"""The one place that absolute addresses come from: a request's Host header is whatever its sender wrote."""

from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str = "") -> str:
    """The address of a path of this site, as a mail or a file that is taken along has to name it."""
    return settings.PUBLIC_ORIGIN + path


def host() -> str:
    """The site's name, without a port."""
    return urlsplit(settings.PUBLIC_ORIGIN).hostname or ""
