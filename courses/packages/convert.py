"""One item of the package becomes one ItemDraft, or a reason why not."""

from __future__ import annotations

from collections.abc import Set

from . import assignments, kinds, limits, names, reasons, topics
from .archive import Archive
from .canvas import HIDDEN_STATES, Canvas, is_hidden_file
from .draft import (
    ASSIGNMENT,
    DISCUSSION,
    EMPTY,
    FILE,
    FOR_INSTRUCTORS,
    KEPT_KIND,
    LINK,
    READING,
    DamagedFile,
    ItemDraft,
    parse_reference,
)
from .kept import Keeper, title_in_file, title_inside
from .ledger import Budget, Ledger
from .links import Linker
from .manifest import Manifest, Resource
from .markup import Element, MarkupError, parse_xml, serialise
from .outline import Entry
from .pages import Page, PageError, read_page
from .reasons import Reason, Refused, Words
from .text import clean
from .weblinks import MAX_URL, is_bare, is_web, read_weblink


class LeftOut(Refused):
    """The item can't be made; its reason is for the report."""


def hold_back(item: ItemDraft) -> None:
    """It is for instructors: hidden from students, and nothing that they have to do."""
    item.held_back, item.published, item.required = FOR_INSTRUCTORS, False, False


def why_kept(item: ItemDraft) -> Reason:
    return reasons.ANNOUNCED if item.kept_kind == kinds.ANNOUNCEMENT else reasons.LATER


def _no_task(page: Page) -> list[Reason]:
    return [reasons.NO_TASK] if page.is_empty else []


class Converter:
    """Makes items and notes, for the report, what each of them has used up."""

    def __init__(
        self,
        archive: Archive,
        manifest: Manifest,
        canvas: Canvas,
        ledger: Ledger,
        linker: Linker,
        words: Words,
        makes: Set[str],
    ) -> None:
        self.archive = archive
        self.resources = manifest.resources
        self.canvas = canvas
        self.ledger = ledger
        self.linker = linker
        self.words = words
        self.budget = Budget()
        self.keeper = Keeper(archive, manifest, self.budget)
        self.kinds = {key: kinds.classify(r, archive.base) for key, r in self.resources.items()}
        for key, (_, kept) in self.kinds.items():
            if kept in kinds.READABLE and kept in makes:
                self.kinds[key] = (kept, "")
        self.kept_with: dict[str, str] = {}  # resource -> title of what it is kept with
        self.kept_files: dict[str, str] = {}  # path -> the same
        self.read: set[str] = set()  # settings of a thing that was made
        self.forms: set[str] = set()  # resources that come in as another form of something
        self.said: dict[str, list[Reason]] = {}  # identifier of an item -> what else its line says
        self.reasons: dict[str, Reason] = {}  # identifier of an item -> remark for its line
        # By path: thousands of resources may name one large file.
        self._titles: dict[str, str] = {}
        self._links: dict[str, tuple[str, str, list[Reason]]] = {}
        # Files that only instructors may have: no page of theirs brings students there.
        self.withheld = {r.main for r in self.resources.values() if r.for_instructors and r.main}
        self.planned: set[str] = set()  # resources that stand in a module
        self.placed: set[str] = set()  # identifiers of the items that do

    def convert(self, entry: Entry) -> tuple[ItemDraft, list[str]]:
        """The item and what it covers of the package. Raises LeftOut."""
        item = ItemDraft(
            entry.identifier,
            entry.title,
            KEPT_KIND,
            heading=entry.heading,
            published=entry.published,
            required=entry.required,
        )
        resource = self.resources.get(entry.ref)
        if entry.for_instructors or (resource is not None and resource.for_instructors):
            hold_back(item)
        if resource is None:
            return self._without_resource(item, entry), []
        item.kind, item.kept_kind = self.kinds[resource.key]
        try:
            if item.kind == LINK:
                return item, self._link(item, resource, entry.url)
            if item.kind == DISCUSSION and (covers := self._topic(item, resource)):
                return item, covers
            if item.kind == ASSIGNMENT and (covers := self._assignment(item, resource)):
                return item, covers
            if item.kind == KEPT_KIND:
                return item, self._keep(item, resource, entry)
            return item, self._content(item, resource)
        except (DamagedFile, PageError, MarkupError) as error:
            raise LeftOut(error.reason) from error

    def _without_resource(self, item: ItemDraft, entry: Entry) -> ItemDraft:
        """Canvas describes links and tools in its list of modules alone."""
        kept = kinds.CANVAS_KEPT.get(entry.kind)
        if entry.kind == "externalurl" and entry.url:
            item.kind = LINK
            self._set_url(item, entry.url)
        elif kept == "lti" and entry.element is not None:
            item.kept_kind = kept
            item.raw = {"resource": self.keeper.element(entry.element), "files": {}}
        else:
            raise LeftOut(reasons.dangling(entry.ref) if entry.ref else reasons.NO_CONTENT)
        self._name(item, "")
        return item

    def _link(self, item: ItemDraft, resource: Resource, canvas_url: str) -> list[str]:
        if resource.main or resource.inline is not None:
            url, title, notes = self._read_link(resource)
            for note in notes:
                self.ledger.fault(resource.main or resource.key, note)
        elif canvas_url:
            url, title = canvas_url, ""
        else:
            raise LeftOut(self._nothing(resource))
        self._set_url(item, url or canvas_url, names.folder_of(resource.main))
        self._name(item, title)
        return [f"file:{resource.main}"] if resource.main else []

    def _read_link(self, resource: Resource) -> tuple[str, str, list[Reason]]:
        if resource.inline is not None:
            return read_weblink(self.archive, resource)
        if resource.main not in self._links:
            # Should it be damaged, so is it for everybody after.
            self._links[resource.main] = ("", "", [])
            self._links[resource.main] = read_weblink(self.archive, resource)
        return self._links[resource.main]

    def _title_inside(self, resource: Resource) -> str:
        """What it calls itself: in the manifest, in its main file, or in the settings that lie beside that."""
        if resource.inline is not None:
            return title_inside(resource.inline)
        beside = [path for key in self.companions(resource) for path in self.resources[key].files]
        for path in dict.fromkeys([resource.main, *resource.files, *beside]):
            if path not in self._titles:
                self._titles[path] = title_in_file(self.archive, path)
            if self._titles[path]:
                return self._titles[path]
        return ""

    def _set_url(self, item: ItemDraft, url: str, folder: str = "") -> None:
        if not url:
            raise LeftOut(reasons.NO_ADDRESS)
        if is_web(url):
            item.url = url
            return
        if len(url) > MAX_URL:
            raise LeftOut(reasons.bad_scheme(clean(url)))
        reference = parse_reference(self.linker.resolve(url, folder) or "")
        if reference and reference.kind == "file":
            item.kind, item.path = FILE, reference.target  # a "web link" to a file of the package itself
        elif is_bare(url):
            item.url = f"https://{url}"
            self.ledger.fault(item.identifier, reasons.scheme_added(item.url))
        else:
            self.ledger.fault(item.identifier, reasons.bad_scheme(url))
            raise LeftOut(reasons.bad_scheme(url))

    def _content(self, item: ItemDraft, resource: Resource) -> list[str]:
        if not resource.main:
            raise LeftOut(self._nothing(resource))
        if item.kind == READING:
            self.fill_page(item, resource.main)
            return [f"file:{resource.main}"]
        problem = self.archive.problem(resource.main)
        if problem:
            raise LeftOut(problem)
        meta = self.canvas.files.get(resource.key)
        if is_hidden_file(self.canvas, self.archive.base, resource.key, resource.main):
            item.published = False
        item.path = resource.main
        if not self.archive.size(resource.main):
            item.held_back, item.required = item.held_back or EMPTY, False
        self.linker.used[resource.main] = None
        self._name(item, meta.name if meta else "", resource.main)
        return [f"file:{resource.main}"]

    def fill_page(self, item: ItemDraft, path: str) -> Page:
        """Give a reading its HTML. Raises LeftOut, DamagedFile or PageError."""
        size = self.archive.size(path)
        self._afford(size)
        page = self._fill(item, self.archive.read(path, limits.MAX_PAGE_BYTES), path)
        if page.is_empty:
            item.held_back, item.required = item.held_back or EMPTY, False
        self._name(item, page.title, path)
        return page

    def _afford(self, size: int) -> None:
        if size > limits.MAX_PAGE_BYTES:
            raise LeftOut(reasons.PAGE_TOO_LARGE)
        if not self.budget.take(size):
            raise LeftOut(reasons.TEXT_TOO_LARGE)

    def _fill(self, item: ItemDraft, data: bytes, path: str) -> Page:
        folder = names.folder_of(path)
        withheld = set() if item.held_back == FOR_INSTRUCTORS else self.withheld
        page = read_page(data, lambda url: self._shown(self.linker.resolve(url, folder), url, withheld, path))
        item.html = page.html
        if page.meta.get("workflow_state") in HIDDEN_STATES or page.meta.get("hide_from_students") == "true":
            item.published = False
        for url in page.broken:
            self.ledger.fault(path, reasons.broken_link(url))
        if page.broken:
            self.reasons[item.identifier] = reasons.broken_links(len(page.broken))
        if page.is_cut:
            self.ledger.fault(path, reasons.DEEP_PAGE)
        return page

    def _topic(self, item: ItemDraft, resource: Resource) -> list[str]:
        """Give a discussion its HTML, and say what that covers. An announcement is kept instead, and covers nothing."""
        settings = self._topic_settings(resource)
        if settings.is_announcement:
            item.kind, item.kept_kind = KEPT_KIND, kinds.ANNOUNCEMENT
            return []
        topic = topics.read_topic(self._root(resource, resource.main))
        where = resource.main or resource.key
        page = self._fill(item, topic.page(), where)
        topics.settle(item, settings)
        self.said[item.identifier] = [*_no_task(page), *settings.said]
        self._name(item, topic.title or settings.title)
        if resource.missing:
            self.reasons[item.identifier] = reasons.parts_missing(len(resource.missing))
        return [f"file:{resource.main}"] if resource.main else [f"resource:{resource.key}"]

    def _assignment(self, item: ItemDraft, resource: Resource) -> list[str]:
        """Give an assignment what it asks. What something else takes in is kept instead, and covers nothing."""
        main = resource.main
        settings = next((path for path in resource.files if path.endswith(assignments.SETTINGS_FILE)), "")
        has_page = bool(settings) and names.is_page(main)
        try:
            asked = assignments.read_asked(self._root(resource, settings or main))
        except (DamagedFile, MarkupError) as error:
            if not has_page:
                raise
            self.ledger.fault(settings, error.reason)
            asked = assignments.Asked()
        if asked.elsewhere:
            item.kind, item.kept_kind = KEPT_KIND, asked.elsewhere
            return []
        if has_page:
            self._afford(self.archive.size(main))
        data = self.archive.read(main, limits.MAX_PAGE_BYTES) if has_page else asked.text.page()
        page = self._fill(item, data, main or resource.key)
        assignments.settle(item, asked, self.canvas.rubrics)
        self.said[item.identifier] = [*_no_task(page), *asked.said]
        self._name(item, asked.text.title or page.title)
        for one in (self.resources[key] for key in self.companions(resource)):
            if resource.key in one.variants or one.key in resource.variants:
                self.forms.add(one.key)
        if resource.missing:
            self.reasons[item.identifier] = reasons.parts_missing(len(resource.missing))
        return [f"file:{path}" for path in resource.files] or [f"resource:{resource.key}"]

    def _root(self, resource: Resource, path: str) -> Element:
        """Of the XML that says what a topic or an assignment is."""
        if resource.inline is not None:
            self._afford(len(serialise(resource.inline)))
            return resource.inline
        if not path:
            raise LeftOut(self._nothing(resource))
        self._afford(self.archive.size(path))
        root, notes = parse_xml(self.archive.read(path, limits.MAX_XML_BYTES))
        for note in notes:
            self.ledger.fault(path, note)
        return root

    def _topic_settings(self, resource: Resource) -> topics.Settings:
        """What Canvas says of it in a resource that it depends on."""
        for companion in (self.resources[key] for key in self.companions(resource)):
            path = companion.main
            if names.extension(path) != "xml" or self.archive.size(path) > limits.MAX_SETTINGS_BYTES:
                continue
            try:
                found = topics.read_settings(parse_xml(self.archive.read(path, limits.MAX_SETTINGS_BYTES))[0])
            except (DamagedFile, MarkupError) as error:
                self.ledger.fault(path, error.reason)
                continue
            if found is not None:
                self.read.add(path)
                return found
        return topics.Settings()

    def _shown(self, address: str | None, url: str, withheld: set[str], path: str) -> str | None:
        """The address, unless it is that of a file which a page for students may not open."""
        reference = parse_reference(address or "")
        if reference is None or reference.target not in withheld or reference.kind != "file":
            return address
        self.ledger.fault(path, reasons.withheld_link(url))
        return ""

    def remarks(self, item: ItemDraft) -> list[Reason]:
        """What the report says of an item besides what became of it: that students do not see it, or see nothing."""
        said = []
        if item.held_back == FOR_INSTRUCTORS:
            said.append(reasons.FOR_INSTRUCTORS)
        elif not item.published and item.kind != KEPT_KIND:
            said.append(reasons.HIDDEN)
        if item.held_back == EMPTY:
            said.append(reasons.BLANK if item.kind == READING else reasons.EMPTY_CONTENT)
        return [*said, *self.said.get(item.identifier, [])]

    def _keep(self, item: ItemDraft, resource: Resource, entry: Entry) -> list[str]:
        if not resource.files and resource.inline is None:
            raise LeftOut(self._nothing(resource))
        self._name(item, "" if item.title else self._title_inside(resource))
        companions = [self.resources[key] for key in self.companions(resource)]
        item.raw = self.keeper.raw(resource, companions)
        if entry.element is not None:
            item.raw["module_item"] = self.keeper.element(entry.element)
        for companion in companions:
            self.kept_with.setdefault(companion.key, item.title)
        for path in item.raw["files"]:
            self.kept_files.setdefault(path, item.title)
        if entry.element is None and self._is_unpublished(item):
            item.published = False
        if resource.missing:
            self.reasons[item.identifier] = reasons.parts_missing(len(resource.missing))
        return [f"file:{path}" for path in resource.files]

    def companions(self, resource: Resource) -> list[str]:
        """What is kept inside an item: not what is an item itself."""
        return [
            key
            for key in self.keeper.related(resource)
            if key not in self.planned and not kinds.is_own_item(self.resources[key])
        ]

    def owners(self) -> dict[str, str]:
        """Whatever is kept inside another thing, with what it is kept with."""
        found: dict[str, str] = {}
        for key, (kind, _) in self.kinds.items():
            if kind in kinds.THINGS and kinds.is_own_item(self.resources[key]):
                for companion in self.companions(self.resources[key]):
                    found.setdefault(companion, key)
        return found

    def spoilt(self, ref: str) -> list[str]:
        """The file that goes with an item that was left out, unless a page needs it as well."""
        resource = self.resources.get(ref)
        path = resource.main if resource is not None else ""
        return [f"file:{path}"] if path and path not in self.linker.used else []

    def _is_unpublished(self, item: ItemDraft) -> bool:
        texts = (text for text in item.raw["files"].values() if isinstance(text, str))
        return any("<workflow_state>unpublished" in text for text in texts)

    def _nothing(self, resource: Resource) -> Reason:
        if resource.missing:
            return reasons.missing_file(resource.missing[0])
        return reasons.NO_CONTENT

    def _name(self, item: ItemDraft, inside: str, path: str = "") -> None:
        """A title for an item without one: its own, its file's name, else its kind."""
        if item.title:
            return
        stem = path.rpartition("/")[2]
        stem = stem.rpartition(".")[0] or stem if item.kind == READING else stem
        item.title = inside or stem or self.words(reasons.untitled(item.kept_kind or item.kind))
        if item.identifier in self.placed:  # resources need no title, items do
            self.ledger.fault(item.identifier, reasons.no_title(item.title))
