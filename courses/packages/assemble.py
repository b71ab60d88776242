"""The order of the steps: plan, give out identifiers, convert modules, then all that is loose."""

from __future__ import annotations

import re
from collections.abc import Callable, Set

from . import kinds, reasons
from .aliases import read_aliases
from .archive import Archive
from .canvas import combine, front_page, read_canvas
from .convert import Converter, LeftOut, why_kept
from .draft import (
    FILE,
    IMPORTED,
    KEPT,
    KEPT_KIND,
    LEFT_OUT,
    READING,
    CourseDraft,
    ItemDraft,
    Line,
    ModuleDraft,
)
from .ledger import Identifiers, Ledger
from .links import Linker
from .loose import Loose
from .loose_ends import settle_links
from .manifest import Manifest
from .outline import Entry, Plan, plan_from_manifest
from .reasons import Words

Progress = Callable[[int, int], None]


class Assembler:
    def __init__(
        self,
        archive: Archive,
        manifest: Manifest,
        path: str,
        progress: Progress | None,
        words: Words,
        makes: Set[str],
    ) -> None:
        self.archive = archive
        self.manifest = manifest
        self.path = path
        self.progress = progress
        self.words = words
        self.done = self.total = 0
        self.ledger = Ledger()
        self.ids = Identifiers()
        self.own: dict[str, str] = {}
        self.canvas = read_canvas(archive)
        self.linker = Linker(archive, self._page_identifier)
        self.converter = Converter(archive, manifest, self.canvas, self.ledger, self.linker, words, makes)

    def assemble(self) -> CourseDraft:
        draft = self._course()
        plans = self._plans(draft.title)
        self.total = len(self.manifest.resources) + sum(len(plan.entries) for plan in plans)
        self._prepare(plans)
        draft.modules = [module for plan in plans if (module := self._module(plan)) is not None]
        loose = Loose(self.archive, self.converter, self.own)
        loose.linked_pages()
        for resource in self.manifest.resources.values():
            loose.resource(resource)
            self._step()
        loose.linked_pages()
        loose.rest()
        draft.loose = loose.items
        self._put_front_page_first(draft)
        settle_links(draft, self.linker.promised, self.ledger)
        draft.lines = self.ledger.lines
        draft.faults = self.ledger.faults
        draft.files = list(dict.fromkeys([*self.linker.used, *self.converter.keeper.large]))
        return draft

    def _course(self) -> CourseDraft:
        about, canvas = self.manifest.about, self.canvas
        for message in self.archive.faults:
            self.ledger.fault(self.path, message)
        for fault in [*self.manifest.faults, *canvas.faults]:
            self.ledger.fault(fault.where, fault.message)
        for path in self.archive.older_copies:
            self.ledger.fault(path, reasons.SAME_NAME)
        title = about.title or canvas.title
        if not title:
            title = self.words(reasons.UNTITLED_COURSE)
            self.ledger.fault(self.path, reasons.NO_COURSE_TITLE)
        return CourseDraft(
            identifier=self._course_identifier(title),
            title=title,
            language=about.language or canvas.language,
            description=about.description or canvas.description,
            producer="Canvas" if canvas.present else about.producer,
            version=about.version or ("canvas" if canvas.present else ""),
        )

    def _course_identifier(self, title: str) -> str:
        wanted = self.manifest.identifier or re.sub(r"\W+", "-", title.lower()).strip("-")
        return Identifiers().allocate(wanted)

    def _plans(self, title: str) -> list[Plan]:
        plans, wrappers = plan_from_manifest(self.manifest, title)
        covers = [f"file:{self.path}", *(f"item:{node.identifier}" for node in wrappers)]
        self.ledger.add(Line("package:course", title, "course", IMPORTED), covers)
        known = set(self.manifest.resources)
        before = len(self.canvas.faults)
        plans = combine(self.canvas, plans, known)
        for fault in self.canvas.faults[before:]:
            self.ledger.fault(fault.where, fault.message)
        return plans

    def _prepare(self, plans: list[Plan]) -> None:
        """Give out all identifiers before any page is read: pages link forwards too."""
        converter, linker = self.converter, self.linker
        modules = Identifiers()
        for plan in plans:
            plan.identifier = modules.allocate(plan.identifier)
            for entry in plan.entries:
                self._prepare_entry(entry)
            first = next((entry for entry in plan.entries if not entry.is_heading), None)
            if first is not None:
                linker.objects.setdefault(plan.identifier, first.identifier)
        for key, resource in self.manifest.resources.items():
            kind = converter.kinds[key][0]
            self.own[key] = self.ids.allocate(key)
            if kind in (FILE, READING) and resource.main:
                linker.resource_files.setdefault(key, resource.main)
            elif kind in kinds.THINGS:
                linker.objects.setdefault(key, self.own[key])
            if kind == READING and kinds.is_syllabus(resource):
                linker.syllabus = linker.syllabus or resource.main
        for key, owner in converter.owners().items():
            if key not in converter.planned:
                linker.objects[key] = linker.objects.get(owner, owner)
        linker.read_aliases = lambda: read_aliases(self.archive, self.manifest.resources.values(), linker.objects)
        linker.front_page = front_page(self.archive, self.canvas) or (
            linker.syllabus if self.canvas.home == "syllabus" else ""
        )
        self.mains = {r.main: r.key for r in reversed(self.manifest.resources.values()) if r.main}

    def _prepare_entry(self, entry: Entry) -> None:
        wanted = entry.identifier
        entry.identifier = self.ids.allocate(wanted)
        if entry.is_heading:
            return
        self.converter.placed.add(entry.identifier)
        self.linker.objects.setdefault(wanted, entry.identifier)
        resource = self.manifest.resources.get(entry.ref)
        if resource is None:
            return
        self.converter.planned.add(resource.key)
        self.linker.objects.setdefault(resource.key, entry.identifier)
        if self.converter.kinds[resource.key][0] == READING and resource.main:
            self.linker.pages.setdefault(resource.main, entry.identifier)

    def _page_identifier(self, path: str) -> str:
        key = self.mains.get(path)
        if key is not None and key not in self.converter.planned:
            return self.own[key]
        return self.ids.allocate(f"page:{path}")

    def _put_front_page_first(self, draft: CourseDraft) -> None:
        """Canvas opens a course with it; where no module holds it, it is the first there is."""
        identifier = self.linker.pages.get(self.linker.front_page, "")
        page = next((item for item in draft.loose if item.identifier == identifier and not item.held_back), None)
        if page is None:
            return
        draft.loose.remove(page)
        name, title = f"front-page:{page.identifier}", self.words(reasons.START_HERE)
        draft.modules.insert(0, ModuleDraft(name, title, True, [page]))
        for place, line in enumerate(self.ledger.lines):
            if line.identifier == page.identifier:
                line.also = [reasons.FRONT_PAGE, *line.also]
                line.reason = None if line.reason == reasons.OUTSIDE else line.reason
                self.ledger.lines.insert(place, Line(name, title, "module", IMPORTED))
                break

    def _module(self, plan: Plan) -> ModuleDraft | None:
        """The module; None for one that was only made for items that then proved unusable."""
        title = plan.title or self.words(reasons.UNTITLED_MODULE)
        if not plan.title:
            self.ledger.fault(plan.identifier, reasons.no_title(title))
        place = len(self.ledger.lines)
        items = [item for entry in plan.entries if (item := self._entry(entry)) is not None]
        if not items and not plan.covers:
            return None
        line = Line(plan.identifier, title, "module", IMPORTED, None if plan.published else reasons.HIDDEN)
        self.ledger.add(line, plan.covers, place)
        return ModuleDraft(plan.identifier, title, plan.published, items)

    def _entry(self, entry: Entry) -> ItemDraft | None:
        self._step()
        if entry.is_heading:
            self._heading(entry)
            return None
        covers = list(entry.covers)
        if entry.ref in self.manifest.resources:
            covers.append(f"resource:{entry.ref}")
        try:
            item, more = self.converter.convert(entry)
        except LeftOut as error:
            kind = self.converter.kinds.get(entry.ref, ("unknown", ""))
            title = entry.title or entry.identifier
            line = Line(entry.identifier, title, kind[1] or kind[0], LEFT_OUT, error.reason)
            self.ledger.add(line, covers + self.converter.spoilt(entry.ref))
            return None
        reason = self.converter.reasons.get(item.identifier)
        if item.kind == KEPT_KIND:
            reason = reason or why_kept(item)
        outcome = KEPT if item.kind == KEPT_KIND else IMPORTED
        line = Line(item.identifier, item.title, item.kept_kind or item.kind, outcome, reason)
        line.also = self.converter.remarks(item)
        self.ledger.add(line, covers + more)
        return item

    def _heading(self, entry: Entry) -> None:
        line = Line(entry.identifier, entry.title, "heading", IMPORTED)
        if not entry.title:
            line = Line(entry.identifier, entry.identifier, "heading", LEFT_OUT)
            line.reason = reasons.NO_HEADING
        self.ledger.add(line, entry.covers)

    def _step(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)
