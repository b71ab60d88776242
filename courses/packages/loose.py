"""What stands in no module: linked pages, Canvas's other pages, kept things; and all the rest.

After this, every resource of the manifest and every file of the archive is in the report.
"""

from __future__ import annotations

from . import kinds, names, reasons
from .archive import Archive
from .convert import Converter, LeftOut, hold_back, why_kept
from .draft import (
    FILE,
    IMPORTED,
    KEPT,
    KEPT_KIND,
    LEFT_OUT,
    LINK,
    READING,
    DamagedFile,
    ItemDraft,
    Line,
)
from .manifest import Resource
from .outline import Entry
from .pages import PageError
from .reasons import Reason

# What a line of the report is about that is no item of the course.
SETTINGS_KIND = "metadata"


class Loose:
    def __init__(self, archive: Archive, converter: Converter, own: dict[str, str]) -> None:
        self.archive = archive
        self.converter = converter
        self.ledger = converter.ledger
        self.linker = converter.linker
        self.own = own  # resource -> identifier of its item if it becomes a loose one
        self.items: list[ItemDraft] = []
        self._companions = converter.owners()

    def linked_pages(self) -> None:
        """Pages that other pages link to, and those that these link to, until none is new."""
        owners = {r.main: r for r in reversed(self.converter.resources.values()) if r.main}
        while self.linker.wanted:
            path = self.linker.wanted.popleft()
            if not self.ledger.has(f"file:{path}"):
                owner = owners.get(path)
                title = self.converter.words(reasons.SYLLABUS) if owner and kinds.is_syllabus(owner) else ""
                self._page(self.linker.pages[path], path, owner, title)

    def resource(self, resource: Resource) -> None:
        """A resource that no module uses."""
        key = resource.key
        if self.ledger.has(f"resource:{key}"):
            return
        kind = self.converter.kinds[key][0]
        if kinds.is_settings(resource, self.archive.base):
            self._item(resource, self.converter.words(reasons.COURSE_SETTINGS), reasons.SETTINGS)
        elif kind == READING and kinds.is_syllabus(resource):
            self._page(self.own[key], resource.main, resource, self.converter.words(reasons.SYLLABUS))
        elif kind == READING and kinds.is_wiki_page(resource, self.archive.base):
            self._page(self.own[key], resource.main, resource)
        elif kind in (LINK, *kinds.THINGS) and key not in self._companions:
            self._item(resource)

    def _item(self, resource: Resource, title: str = "", reason: Reason | None = None) -> None:
        identifier = self.own[resource.key]
        kind = self.converter.kinds[resource.key][1] or LINK
        covers = [f"resource:{resource.key}"]
        try:
            item, more = self.converter.convert(Entry(identifier, title, [], resource.key))
        except LeftOut as error:
            name = title or resource.named_main or resource.key
            covers += self.converter.spoilt(resource.key)
            self.ledger.add(Line(identifier, name, kind, LEFT_OUT, error.reason), covers)
            return
        self.items.append(item)
        outcome = KEPT if item.kind == KEPT_KIND else IMPORTED
        usual = why_kept(item) if item.kind == KEPT_KIND else reasons.OUTSIDE
        reason = reason or self.converter.reasons.get(identifier, usual)
        kind = SETTINGS_KIND if reason is reasons.SETTINGS else item.kept_kind or item.kind
        line = Line(identifier, item.title, kind, outcome, reason)
        line.also = self.converter.remarks(item)
        self.ledger.add(line, covers + more)

    def _page(self, identifier: str, path: str, owner: Resource | None, title: str = "") -> None:
        covers = [f"file:{path}"] + ([f"resource:{owner.key}"] if owner else [])
        item = ItemDraft(identifier, title, READING)
        if owner is not None and owner.for_instructors:
            hold_back(item)
        self.linker.pages[path] = identifier
        try:
            page = self.converter.fill_page(item, path)
            if page.is_empty:
                raise LeftOut(reasons.EMPTY_PAGE)
        except (LeftOut, DamagedFile, PageError) as error:
            name = title or path.rpartition("/")[2]
            self.ledger.add(Line(identifier, name, READING, LEFT_OUT, error.reason), covers)
            return
        self.items.append(item)
        reason = self.converter.reasons.get(identifier, reasons.OUTSIDE)
        also = self.converter.remarks(item)
        self.ledger.add(Line(identifier, item.title, READING, IMPORTED, reason, also=also), covers)

    def rest(self) -> None:
        """A line for each resource and each file that nothing has answered for yet."""
        for key, resource in self.converter.resources.items():
            if not self.ledger.has(f"resource:{key}"):
                self._unused_resource(resource)
        declared = {path for r in self.converter.resources.values() for path in r.files}
        for path in self.archive.paths:
            if not self.ledger.has(f"file:{path}") and path not in self.archive.junk:
                self._file(path, path in declared)
        for path in self.archive.older_copies:
            name = path.rpartition("/")[2]
            line = Line(f"older copy:{path}", name, FILE, LEFT_OUT, reasons.OLDER_COPY)
            self.ledger.add(line, [f"older copy:{path}"])
        if self.archive.junk:
            covers = [f"file:{path}" for path in self.archive.junk]
            title = ", ".join(sorted({names.printable(p.split("/")[0]) for p in self.archive.junk}))
            self.ledger.add(Line("package:junk", title[:255], FILE, LEFT_OUT, reasons.JUNK), covers)

    def _unused_resource(self, resource: Resource) -> None:
        key = resource.key
        covers = [f"resource:{key}"]
        meta = self.converter.canvas.files.get(key)
        name = (resource.main or resource.named_main).rpartition("/")[2]
        title = (meta.name if meta else "") or name or key
        used = [f"file:{path}" for path in resource.files if path in self.linker.used]
        line = Line(self.own[key], title, FILE, LEFT_OUT, reasons.UNUSED)
        if used:
            line.outcome, line.reason = IMPORTED, None
            covers += used
        elif resource.missing and not resource.files:
            line.reason = reasons.missing_file(resource.missing[0])
        elif resource.main in self.converter.read:
            line.kind, line.outcome, line.reason = SETTINGS_KIND, IMPORTED, reasons.READ_SETTINGS
            covers += [f"file:{path}" for path in resource.files]
        elif key in self.converter.forms:
            line.outcome, line.reason = IMPORTED, reasons.OTHER_FORM
            covers += [f"file:{path}" for path in resource.files]
        elif owner := self._owner(resource):
            line.outcome = KEPT
            line.reason = reasons.kept_with(owner)
            covers += [f"file:{path}" for path in resource.files]
        else:
            covers += [f"file:{path}" for path in resource.files]
        self.ledger.add(line, covers)

    def _owner(self, resource: Resource) -> str:
        """The title of what it is kept with; "" for nothing."""
        kept = self.converter.kept_files
        inside = next((kept[path] for path in resource.files if path in kept), "")
        return self.converter.kept_with.get(resource.key) or inside

    def _file(self, path: str, is_declared: bool) -> None:
        line = Line(f"file:{path}", path.rpartition("/")[2], FILE, LEFT_OUT)
        if path in self.linker.used:
            line.outcome = IMPORTED
            line.reason = None if is_declared else reasons.UNDECLARED_USED
        elif path in self.converter.kept_files:
            line.outcome, line.reason = KEPT, reasons.kept_with(self.converter.kept_files[path])
        elif path in self.converter.canvas.read:
            line.kind, line.outcome, line.reason = SETTINGS_KIND, IMPORTED, reasons.READ_SETTINGS
        else:
            line.reason = reasons.UNUSED if is_declared else reasons.UNDECLARED
        self.ledger.add(line, [f"file:{path}"])
