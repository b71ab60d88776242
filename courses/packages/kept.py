"""Things kept whole for a kind that does not exist yet: the resource's XML and all its files."""

from __future__ import annotations

import base64
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from . import limits, names
from .archive import Archive
from .draft import DamagedFile
from .ledger import Budget
from .manifest import Manifest, Resource
from .markup import Element, attribute, descendants, local, parse_xml, serialise, text_of
from .pages import read_page
from .reasons import Refused
from .text import clean, to_utf8

_TEXT = {"xml", "qti", "html", "htm", "xhtml", "txt", "json", "css", "csv", "md", "vtt", "srt"}

# A file of the package in a text that nobody reads yet, however often its markup is escaped there.
_FILE_BASE = re.compile(r"(?:\$|%24)[a-z0-9_-]{0,30}FILEBASE(?:\$|%24)/?([^\"'<>&?#\s]{1,1000})", re.IGNORECASE)


class Keeper:
    """Builds `ItemDraft.raw` within bounds; what is too large stays a file of the package.

    A file in raw["files"] is its text, {"base64": …}, or {"file": its path in the archive}.
    """

    def __init__(self, archive: Archive, manifest: Manifest, budget: Budget) -> None:
        self.archive = archive
        self.manifest = manifest
        self.budget = budget
        self.large: dict[str, None] = {}  # files that raw only names
        self._related: dict[str, list[str]] = {}
        self._visits = 0
        self._written: dict[Element, int] = {}  # how long each is, once it was written out
        self._fallbacks: dict[str, list[str]] = {}
        for key, resource in manifest.resources.items():
            for variant in resource.variants:
                self._fallbacks.setdefault(variant, []).append(key)

    def related(self, resource: Resource) -> list[str]:
        """Keys of what a resource depends on, what stands in for it, and so on from there."""
        if resource.key not in self._related:
            self._related[resource.key] = list(self._search(resource))
        return self._related[resource.key]

    def _search(self, resource: Resource) -> dict[str, None]:
        found: dict[str, None] = {}
        queue = deque([resource])
        while queue:
            current = queue.popleft()
            for key in [*current.needs, *current.variants, *self._fallbacks.get(current.key, [])]:
                self._visits += 1
                is_enough = len(found) >= limits.MAX_COMPANIONS
                if is_enough or self._visits > limits.MAX_COMPANIONS_IN_ALL:
                    return found
                other = self.manifest.resources.get(key)
                if other is not None and key != resource.key and key not in found:
                    found[key] = None
                    queue.append(other)
        return found

    def raw(self, resource: Resource, companions: Iterable[Resource]) -> dict[str, Any]:
        left = Budget(limits.MAX_RAW_ITEM_BYTES)
        files: dict[str, Any] = {}
        related: dict[str, str] = {}
        raw = {"type": resource.type, "main": resource.main, "files": files, "related": related}
        raw["resource"] = self._xml(resource.element, left)
        for one in [resource, *companions]:
            if one is not resource:
                related[one.key] = self._xml(one.element, left)
            for path in one.files:
                if path not in files:
                    files[path] = self._file(path, left)
        for path in list(self._shown_in(files)):
            if path not in files:
                self.large[path] = None
                files[path] = {"file": path}
        return raw

    def _shown_in(self, files: dict[str, Any]) -> Iterator[str]:
        """Pictures and documents that the texts show or link to; pages come by themselves."""
        folders = [f"{self.archive.base}web_resources", self.archive.base]
        for text in files.values():
            for match in _FILE_BASE.finditer(text) if isinstance(text, str) else ():
                path = next((found for one in folders if (found := self.archive.find(match.group(1), one))), "")
                if path and not names.is_page(path):
                    yield path

    def element(self, element: Element | None) -> str:
        return self._xml(element, Budget(limits.MAX_RAW_ITEM_BYTES))

    def _xml(self, element: Element | None, left: Budget) -> str:
        if element is None or self._written.get(element, 0) > min(left.left, self.budget.left):
            return ""  # thousands of things may share one large companion
        xml = serialise(element)
        self._written[element] = len(xml)
        return xml if self._take(len(xml), left) else ""

    def _take(self, size: int, left: Budget) -> bool:
        return left.left >= size and self.budget.take(size) and left.take(size)

    def _file(self, path: str, left: Budget) -> Any:
        size = self.archive.size(path)
        is_text = names.extension(path) in _TEXT
        limit = limits.MAX_RAW_ITEM_BYTES if is_text else limits.MAX_RAW_BINARY_BYTES
        if size > limit or not self._take(size, left):
            self.large[path] = None
            return {"file": path}
        try:
            data = self.archive.read(path, limit)
        except DamagedFile as error:
            return {"damaged": error.reason.code}
        if not is_text:
            return {"base64": base64.b64encode(data).decode("ascii")}
        return to_utf8(data)[0].replace(b"\0", b"").decode("utf-8")


def title_in_file(archive: Archive, path: str) -> str:
    """The title that a file of a topic, assignment, quiz or tool gives what it is about; "" for one that gives none."""
    try:
        if names.extension(path) in ("xml", "qti"):
            return title_inside(parse_xml(archive.read(path, limits.MAX_XML_BYTES))[0])
        if names.is_page(path):
            return read_page(archive.read(path, limits.MAX_PAGE_BYTES), lambda url: None).title
    except (DamagedFile, Refused):
        pass
    return ""


def title_inside(root: Element) -> str:
    banks = [*descendants(root, "assessment"), *descendants(root, "objectbank")]
    title = next((title for bank in banks if (title := clean(attribute(bank, "title")))), "")
    return title or (_bank_title(root) if banks else "") or _own_title(root)


def _own_title(root: Element) -> str:
    """The first title with words. One without has none inside it either, however deep, and is passed over whole."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if local(element) == "title":
            if title := clean(text_of(element)):
                return title
            walk.skip_subtree()
    return ""


def _bank_title(bank: Element) -> str:
    for field in descendants(bank, "qtimetadatafield"):
        parts = [clean(text_of(part)) for part in field]
        if len(parts) == 2 and parts[0] == "bank_title":
            return parts[1]
    return ""
