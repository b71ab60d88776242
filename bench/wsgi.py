"""The site's own WSGI application, with what it took in two headers.

The clock runs from the moment the server hands over the request until the answer is ready to be sent: every
middleware and the compression are in it, the network and the client are not.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

import bench.environment  # noqa: F401  before the settings
from bench.headers import COUNT, QUERIES, SECONDS
from config.wsgi import application as site


class Counter:
    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *what: Any) -> Any:
        self.queries += 1
        return execute(*what)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    counter = Counter()
    started = time.perf_counter()

    def answered(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        took = time.perf_counter() - started
        measured = [(SECONDS, f"{took:.7f}"), (QUERIES, str(counter.queries))]
        return start_response(status, [*headers, *measured], *rest)

    if COUNT not in environ:
        return site(environ, answered)
    with connection.execute_wrapper(counter):
        return site(environ, answered)
