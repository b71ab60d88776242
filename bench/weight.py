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
IN_SCRIPTS = re.compile(r"^\s*(?:import|export)\b[^;\"']*[\"']([^\"']+)[\"']", re.MULTILINE)


@dataclass(frozen=True)
class Weight:
    """Bytes over the line, headers included."""

    all: int
    scripts: int
    page: int
    requests: int


class Fetched(HTMLParser):
    """The addresses a page makes a browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and FETCHED_LINKS & set(told.get("rel", "").split()):
            self.found.append(told.get("href", ""))
        elif tag in ("script", "img", "source", "video", "audio", "iframe", "embed"):
            self.found.append(told.get("src", ""))
        elif tag in ("use", "image"):
            self.found.append(told.get("href") or told.get("xlink:href", ""))


def first_visit(client: Client, path: str, *, cookies: bool = True) -> Weight:
    page = client.get(path, cookies=cookies)
    weights, scripts = {path: page.bytes}, 0
    waiting = list(_asked_for(page, path))
    while waiting:
        address = waiting.pop()
        if address in weights:
            continue
        answer = client.get(address, cookies=cookies)
        if answer.status != 200:
            raise SystemExit(f"{path} asks for {address}, which was answered with {answer.status}.")
        weights[address] = answer.bytes
        scripts += answer.bytes if "javascript" in answer.headers["Content-Type"] else 0
        waiting += _asked_for(answer, address)
    return Weight(sum(weights.values()), scripts, page.bytes, len(weights))


def _asked_for(answer: Answer, base: str) -> Iterator[str]:
    """Addresses of this site; no page fetches from another (the policy on content refuses it)."""
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind not in ("text/html", "text/css", "text/javascript", "application/javascript"):
        return
    text = _decoded(answer)
    if kind == "text/html":
        parser = Fetched()
        parser.feed(text)
        found = parser.found
    else:
        found = (IN_STYLES if kind == "text/css" else IN_SCRIPTS).findall(text)
    for address in found:
        whole = urldefrag(urljoin(base, address)).url
        if address and not address.startswith("#") and not urlsplit(whole).scheme:
            yield whole


def _decoded(answer: Answer) -> str:
    encoding = answer.headers["Content-Encoding"]
    if encoding == "br":
        return brotli.decompress(answer.body).decode()
    return (gzip.decompress(answer.body) if encoding == "gzip" else answer.body).decode()
