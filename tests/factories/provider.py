"""A mail provider on the loopback that answers as Postmark's interface does, in the way a test tells it to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from pytest_django import Settings


@dataclass
class Provider:
    """What it took, and its answer: None lets it hang up."""

    letters: list[dict[str, Any]] = field(default_factory=list)
    status: int | None = 200
    # Postmark's own code and sentence, with which it says more than by the status.
    code: int = 0
    message: str = "OK"


@contextmanager
def mail_provider(settings: Settings) -> Iterator[Provider]:
    """Mail of this test goes to the provider that is yielded."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if provider.status is None:
                return
            if provider.status == 200:
                provider.letters.append(letter)
            said = {"ErrorCode": provider.code, "Message": provider.message, "MessageID": "1", "To": letter["To"]}
            self.send_response(provider.status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    address = f"http://127.0.0.1:{server.server_port}/"
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_SERVER_TOKEN": "a-key", "POSTMARK_API_URL": address}
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
