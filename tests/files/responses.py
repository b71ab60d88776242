"""Asking `files.serving` for a file, for the tests of this folder."""

import io
from collections.abc import Iterator

from django.http import HttpResponse
from django.test import RequestFactory

from files import services, serving
from files.models import File

DIGITS = b"0123456789"


def stored(name: str = "digits.bin", content: bytes = DIGITS, *, claimed: bool = True) -> File:
    return services.store(io.BytesIO(content), name, by=None, claimed=claimed)


def ask(file: File, method: str = "GET", **headers: str) -> HttpResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return serving.respond(RequestFactory().generic(method, "/files/", headers=names), file)


def body(response: HttpResponse) -> bytes:
    return b"".join(pieces(response))


def pieces(response: HttpResponse) -> Iterator[bytes]:
    yield from response.streaming_content if response.streaming else [response.content]
