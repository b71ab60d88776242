"""What a first visit transfers: the page and everything it makes a browser fetch, with nothing cached."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import brotli

from bench.client import Answer, Client

FETCHED_LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload", "apple-touch-icon"}
# What our own styles and modules fetch in turn; both are written plainly, with no build step that could hide it.
IN_STYLES = re.compile(r"(?:@import\s+|url\()\s*[\"']?([^\"')\s;]+)")
IN_SCRIPTS = re.compile(r"^\s*(?:import|export)\b(?:[^;\"'()]*\bfrom)?\s*[\"']([^\"']+)[\"']", re.MULTILINE)


@dataclass(frozen=True)
class Weight:
    """Bytes over the line, headers included."""

    all: int
    scripts: int
    page: int
    requests: int


class Fetched(HTMLParser):
    """The addresses a page makes a browser fetch, and whether it is htmx that asks, as soon as the page is there.

    A recording is left out, because how much of it is fetched is the viewer's doing; its poster is not, nor are the
    captions that are shown from the start.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and FETCHED_LINKS & set(told.get("rel", "").split()):
            self._add(told.get("href"))
        elif tag == "video":
            self._add(told.get("poster"))
        elif tag in ("script", "img", "iframe", "embed") or (tag == "track" and "default" in told):
            self._add(told.get("src"))
        elif tag in ("use", "image"):
            self._add(told.get("href") or told.get("xlink:href"))
        if "load" in told.get("hx-trigger", "").split():
            self._add(told.get("hx-get"), htmx=True)

    def _add(self, address: str | None, *, htmx: bool = False) -> None:
        if address:
            self.found.append((address, htmx))


def first_visit(client: Client, path: str, *, cookies: bool = True) -> Weight:
    page = client.get(path, cookies=cookies)
    weights, scripts = {path: page.bytes}, 0
    waiting = list(_asked_for(page, path))
    while waiting:
        address, htmx = waiting.pop()
        if address in weights:
            continue
        answer = client.get(address, cookies=cookies, htmx=htmx)
        if answer.status != 200:
            raise SystemExit(f"{path} asks for {address}, which was answered with {answer.status}.")
        weights[address] = answer.bytes
        scripts += answer.bytes if "javascript" in answer.headers["Content-Type"] else 0
        waiting += _asked_for(answer, address)
    return Weight(sum(weights.values()), scripts, page.bytes, len(weights))


def alone(client: Client, path: str) -> Weight:
    """A fragment, whose page has fetched whatever it needs."""
    answer = client.get(path, htmx=True)
    return Weight(answer.bytes, 0, answer.bytes, 1)


def _asked_for(answer: Answer, base: str) -> Iterator[tuple[str, bool]]:
    """Addresses of this site, and whether htmx asks; no page fetches from another (the policy on content refuses)."""
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind not in ("text/html", "text/css", "text/javascript", "application/javascript"):
        return
    text = _decoded(answer)
    if kind == "text/html":
        parser = Fetched()
        parser.feed(text)
        found = parser.found
    else:
        found = [(address, False) for address in (IN_STYLES if kind == "text/css" else IN_SCRIPTS).findall(text)]
    for address, htmx in found:
        whole = urldefrag(urljoin(base, address)).url
        if not address.startswith("#") and not urlsplit(whole).scheme:
            yield whole, htmx


def _decoded(answer: Answer) -> str:
    encoding = answer.headers["Content-Encoding"]
    if encoding == "br":
        return brotli.decompress(answer.body).decode()
    return (gzip.decompress(answer.body) if encoding == "gzip" else answer.body).decode()
