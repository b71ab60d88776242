"""A browser's side of one keep-alive connection, with nothing of a browser's own time in it."""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.headers import COUNT_HEADER, QUERIES, SECONDS

LOGIN = "/account/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ENCODINGS = "gzip, br"
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    # The status line, the headers and the body as they came over the line.
    bytes: int

    @property
    def seconds(self) -> float:
        return float(self.headers[SECONDS])

    @property
    def queries(self) -> int:
        return int(self.headers[QUERIES])


@dataclass
class Client:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(
        self, path: str, *, cookies: bool = True, count: bool = False, htmx: bool = False, encodings: str = ENCODINGS
    ) -> Answer:
        headers = {"Accept-Encoding": encodings} | ({COUNT_HEADER: "1"} if count else {})
        headers |= {"HX-Request": "true"} if htmx else {}
        return self._ask("GET", path, headers | (self._cookie() if cookies else {}))

    def post(self, path: str, what: Mapping[str, Any]) -> Answer:
        """JSON, with the token that a script of ours sends along."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies["csrf"], **self._cookie()}
        return self._ask("POST", path, headers, json.dumps(what))

    def submit(self, path: str, fields: Mapping[str, str]) -> Answer:
        """A form, as a browser sends it."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self._cookie()}
        return self._ask("POST", path, headers, urlencode(fields))

    def take(self, path: str, wanted: str) -> int:
        """How many bytes came for a `Range`; they are thrown away as they come."""
        response = self._exchange("GET", path, {"Range": wanted, **self._cookie()}, None)
        count = 0
        while block := response.read(CHUNK):
            count += len(block)
        if response.status != 206 or count != int(response.headers["Content-Length"]):
            raise AssertionError(f"{wanted} was answered with {response.status} and {count} bytes.")
        return count

    def sign_in(self, name: str, password: str) -> None:
        """Through the form, as people do."""
        form = self.get(LOGIN, encodings="identity").body.decode()
        token = TOKEN.search(form)
        if token is None:
            raise AssertionError("The sign-in page holds no form.")
        answer = self.submit(LOGIN, {"login": name, "password": password, "csrfmiddlewaretoken": token[1]})
        if answer.status != 302 or not any(name.startswith("session") for name in self.cookies):
            raise AssertionError(f"Signing in was answered with {answer.status}.")

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: str | None = None) -> Answer:
        response = self._exchange(method, path, headers, body)
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers, content, _head(response) + len(content))

    def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None
    ) -> http.client.HTTPResponse:
        """The server may end a connection that was idle; then it is asked once more on a new one."""
        try:
            self.connection.request(method, path, body, dict(headers))
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            self.connection.request(method, path, body, dict(headers))
            return self.connection.getresponse()


def _head(response: http.client.HTTPResponse) -> int:
    """The bytes of the status line and the headers, without the two that only the bench sends."""
    sent = [pair for pair in response.getheaders() if pair[0] not in (SECONDS, QUERIES)]
    status = len(f"HTTP/1.1 {response.status} {response.reason}\r\n")
    return status + sum(len(f"{name}: {value}\r\n".encode()) for name, value in sent) + len("\r\n")
