"""Where a reference inside a page leads: to a file, to an item, out of the package, or nowhere.

Exporters write references in six dialects: relative paths, $IMS-CC-FILEBASE$ (newer:
$1EdTech-CC-FILEBASE$), Canvas's $CANVAS_OBJECT_REFERENCE$ and $WIKI_REFERENCE$ (older:
$CANVAS_COURSE_REFERENCE$), the paths of Canvas's own pages, and Moodle's @@PLUGINFILE@@; the
dollars may be percent-encoded.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from urllib.parse import quote, unquote

from . import names
from .draft import COURSE_REFERENCE, FILE_SCHEME, ITEM_SCHEME, file_reference, item_reference
from .listing import Listing

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_TOKEN = re.compile(r"^(?:\$|%24)([A-Za-z0-9_-]{3,40})(?:\$|%24)(?:/|\\|%2F|%5C)?", re.IGNORECASE)
_PLUGIN_FILE = re.compile(r"^(?:@|%40){2}PLUGINFILE(?:@|%40){2}/?", re.IGNORECASE)
# A page of the course where the package was made, as its address there.
_COURSE = re.compile(r"^/courses/\d{1,20}(?=[/?#]|$)/?")
# $IMS-CC-FILEBASE$, $IMS_CC_FILEBASE$, $1EdTech-CC-FILEBASE$, and whatever name comes next.
_FILE_BASE = "FILEBASE"
# $CANVAS_OBJECT_REFERENCE$, $CANVAS_COURSE_REFERENCE$, $WIKI_REFERENCE$.
_OBJECT = "_REFERENCE"
# Lists of Canvas's that the table of contents stands for.
_LISTS = ("", "modules", "assignments", "quizzes", "discussion_topics", "pages", "wiki")
# What Canvas calls the folder that it exports as web_resources.
_FILES = "course files"


class Linker:
    """Resolves references and remembers which files and further pages they make necessary."""

    def __init__(self, archive: Listing, allocate_page: Callable[[str], str]) -> None:
        self.archive = archive
        self.allocate_page = allocate_page
        self.pages: dict[str, str] = {}  # archive path of a page -> identifier of its item
        self.objects: dict[str, str] = {}  # identifier of an item, module, resource -> item
        self.resource_files: dict[str, str] = {}  # identifier of a resource -> its main file
        self.used: dict[str, None] = {}  # files that some page needs, in order
        self.wanted: deque[str] = deque()  # pages that are linked but not planned
        self.promised: set[str] = set()  # identifiers of items that references lead to
        self.syllabus = self.front_page = ""  # archive paths
        self.read_aliases: Callable[[], dict[str, str]] = dict  # identifiers that stand only inside files -> item
        self._by_name: dict[str, list[str]] = {}
        self._aliases: dict[str, str] | None = None

    def resolve(self, url: str, folder: str) -> str | None:
        """The address to use instead; None when it leads to nothing in the package."""
        text = url.strip()
        if text.lower().startswith((FILE_SCHEME, ITEM_SCHEME, COURSE_REFERENCE)):
            return None  # ours to give, not a package's to claim
        if not text or text.startswith(("#", "//")) or _SCHEME.match(text):
            return url
        token = _TOKEN.match(text)
        if token:
            return self._token(token.group(1).upper().replace("-", "_"), text[token.end() :], folder)
        plugin = _PLUGIN_FILE.match(text)
        if plugin:
            rest = text[plugin.end() :]
            return self._path(rest, [folder, self.archive.base]) or self._named(rest)
        base = self.archive.base
        found = self._path(text, [folder, base, f"{base}web_resources"])
        if found is None and (course := _COURSE.match(text)):
            return self._object(text[course.end() :])
        return found

    def _token(self, token: str, rest: str, folder: str) -> str | None:
        base = self.archive.base
        if token.endswith(_FILE_BASE):
            return self._path(rest, [f"{base}web_resources", base, folder])
        if token.endswith(_OBJECT):
            return self._object(rest)
        return None

    def _path(self, href: str, folders: list[str]) -> str | None:
        for folder in folders:
            path = self.archive.find(href, folder)
            if path:
                return self._target(path, href.partition("#")[2])
        return None

    def _named(self, href: str) -> str | None:
        """The one file of that name anywhere: Moodle's references carry no folder."""
        if not self._by_name:
            for path in self.archive.paths:
                self._by_name.setdefault(names.fold(path.rpartition("/")[2]), []).append(path)
        plain = unquote(href.partition("?")[0].partition("#")[0]).rpartition("/")[2]
        found = self._by_name.get(names.fold(plain), [])
        return self._target(found[0], "") if len(found) == 1 else None

    def _object(self, rest: str) -> str | None:
        """Canvas names an object by kind and identifier; a page also by the slug of its title, a file by its path."""
        plain, _, fragment = rest.partition("#")
        segments = [unquote(part) for part in plain.partition("?")[0].split("/") if part]
        for segment in reversed(segments):
            if segment in self.resource_files:
                return self._target(self.resource_files[segment], fragment)
            if segment in self.objects:
                return self._item(self.objects[segment], fragment)
        match segments:
            case ["file_contents", *folders] if folders:
                inside = folders[1:] if folders[0].lower() == _FILES else folders
                return self._path(quote("/".join(inside)), [f"{self.archive.base}web_resources"])
            case ["assignments", "syllabus"]:
                return self._target(self.syllabus, fragment) if self.syllabus else COURSE_REFERENCE
            case ["pages" | "wiki"] if self.front_page:
                return self._target(self.front_page, fragment)
            case ["pages" | "wiki", *_, slug]:
                path = self.archive.find(quote(f"wiki_content/{slug}.html"))
                return self._target(path, fragment) if path else None
        if len(segments) < 2 and "".join(segments) in _LISTS:
            return COURSE_REFERENCE
        return self._alias(segments, fragment)

    def _alias(self, segments: list[str], fragment: str) -> str | None:
        """An assignment of Canvas's may be named only in the settings of its quiz or of its topic."""
        if self._aliases is None:
            self._aliases = self.read_aliases()
        found = next((self._aliases[part] for part in reversed(segments) if part in self._aliases), None)
        return self._item(found, fragment) if found else None

    def _target(self, path: str, fragment: str) -> str:
        if not names.is_page(path):
            self.used[path] = None
            return file_reference(path)
        if path not in self.pages:
            self.pages[path] = self.allocate_page(path)
            self.wanted.append(path)
        return self._item(self.pages[path], fragment)

    def _item(self, identifier: str, fragment: str) -> str:
        self.promised.add(identifier)
        return item_reference(identifier, fragment)
