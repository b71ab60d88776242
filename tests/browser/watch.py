"""What went wrong behind a page's back: script errors, refused content, answers of 500, requests to other hosts."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

INSIDE = {"data", "blob", "about"}
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


class Watch:
    def __init__(self, home: str) -> None:
        self.address, self.home = home, urlsplit(home).netloc
        self.complaints: list[str] = []
        self._expected: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def expect(self, pattern: str) -> None:
        """What this test brings about on purpose, such as the line Chromium writes of every answer of 404."""
        self._expected.append(pattern)

    def assert_quiet(self) -> None:
        told = [line for line in self.complaints if not any(re.search(one, line) for one in self._expected)]
        self.complaints.clear()
        assert not told, "\n".join(told)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INSIDE and address.netloc != self.home:
            self.complaints.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"answer {response.status}: {response.url}")
