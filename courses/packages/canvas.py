"""Canvas's own files under course_settings/, which know more than its manifest does.

The manifest of a Canvas export leaves out what is unpublished; module_meta.xml has everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import limits, names, reasons, rubrics
from .archive import Archive
from .draft import DamagedFile, Fault
from .markup import (
    Element,
    MarkupError,
    attribute,
    child,
    children,
    descendants,
    parse_xml,
    text_at,
)
from .metadata import language_tag, plain
from .outline import Entry, Plan, heading_text
from .text import clean

_FOLDER = "course_settings/"
# Canvas writes the <meta> of a page first.
_HEAD_BYTES = 4096
_META = re.compile(rb"<meta[^<>]{0,300}>")
HIDDEN_STATES = ("unpublished", "deleted")


@dataclass
class FileMeta:
    name: str = ""
    published: bool = True


@dataclass
class Canvas:
    """What course_settings/ says; `present` is False for every other producer's package."""

    present: bool = False
    title: str = ""
    language: str = ""
    description: str = ""
    plans: list[Plan] = field(default_factory=list)
    files: dict[str, FileMeta] = field(default_factory=dict)  # by resource identifier
    hidden_folders: set[str] = field(default_factory=set)  # below web_resources/, "a/b/"
    rubrics: dict[str, rubrics.Rubric] = field(default_factory=dict)  # by identifier
    home: str = ""  # what the course opens with: "wiki", "syllabus", "modules", "feed", …
    read: set[str] = field(default_factory=set)  # archive paths
    faults: list[Fault] = field(default_factory=list)


def read_canvas(archive: Archive) -> Canvas:
    canvas = Canvas(present=bool(archive.find(_FOLDER + "canvas_export.txt")))
    settings = _load(archive, canvas, "course_settings.xml")
    if settings is not None:
        canvas.present = True
        canvas.title = clean(text_at(settings, "title"))
        canvas.language = language_tag(text_at(settings, "locale"))
        canvas.home = text_at(settings, "default_view")
        canvas.description = plain(text_at(settings, "public_description"))
    meta = _load(archive, canvas, "module_meta.xml")
    if meta is not None:
        canvas.present = True
        modules = sorted(descendants(meta, "module"), key=_position)
        canvas.plans = [_plan(module, number) for number, module in enumerate(modules, 1)]
    found = _load(archive, canvas, "rubrics.xml")
    if found is not None:
        canvas.rubrics = rubrics.read_rubrics(found)
    files = _load(archive, canvas, "files_meta.xml")
    if files is not None:
        canvas.files = {attribute(f, "identifier"): _file(f) for f in descendants(files, "file")}
        canvas.hidden_folders = {_folder(f) for f in descendants(files, "folder") if _is_withheld(f)} - {""}
    return canvas


def _load(archive: Archive, canvas: Canvas, name: str) -> Element | None:
    path = archive.find(_FOLDER + name)
    if not path:
        return None
    try:
        root, notes = parse_xml(archive.read(path, limits.MAX_XML_BYTES))
    except (DamagedFile, MarkupError) as error:
        canvas.faults.append(Fault(path, error.reason))
        return None
    canvas.read.add(path)
    canvas.faults += [Fault(path, note) for note in notes]
    return root


def _position(element: Element) -> int:
    text = text_at(element, "position")
    return int(text) if text.isdecimal() and len(text) < 10 else 1_000_000_000


def _file(element: Element) -> FileMeta:
    return FileMeta(clean(text_at(element, "display_name")), not _is_withheld(element))


def _is_withheld(element: Element) -> bool:
    return any(text_at(element, name) == "true" for name in ("hidden", "locked"))


def _folder(element: Element) -> str:
    """The folder below web_resources/, with a slash behind it."""
    path = attribute(element, "path").strip("/").removeprefix("course files").strip("/")
    return f"{path}/" if path else ""


def _plan(module: Element, number: int) -> Plan:
    identifier = attribute(module, "identifier") or f"canvas-module-{number}"
    plan = Plan(identifier, clean(text_at(module, "title")), [f"canvas:{identifier}"])
    plan.published = text_at(module, "workflow_state") not in HIDDEN_STATES
    required = child(module, "completionrequirements")
    found = children(required, "completionrequirement") if required is not None else ()
    wanted = {text_at(requirement, "identifierref") for requirement in found}
    headers: list[tuple[int, str]] = []
    block = child(module, "items")
    items = sorted(children(block, "item"), key=_position) if block is not None else []
    for place, item in enumerate(items, 1):
        entry = _entry(item, f"{identifier}-{place}")
        entry.required = not wanted or entry.identifier in wanted
        if entry.is_heading:
            indent = _indent(item)
            headers = [header for header in headers if header[0] < indent]
            entry.heading = heading_text([title for _, title in headers])
            headers.append((indent, entry.title))
        else:
            entry.heading = heading_text([title for _, title in headers])
        plan.entries.append(entry)
    return plan


def _entry(item: Element, fallback: str) -> Entry:
    identifier = attribute(item, "identifier") or f"canvas-item-{fallback}"
    kind = text_at(item, "content_type").lower()
    return Entry(
        identifier=identifier,
        title=clean(text_at(item, "title")),
        covers=[f"canvas:{identifier}"],
        ref=text_at(item, "identifierref"),
        is_heading=kind == "contextmodulesubheader",
        published=text_at(item, "workflow_state") not in HIDDEN_STATES,
        kind=kind,
        url=text_at(item, "url"),
        element=item,
    )


def _indent(item: Element) -> int:
    text = text_at(item, "indent")
    return min(int(text), limits.MAX_INDENT) if text.isdecimal() and len(text) < 4 else 0


def front_page(archive: Archive, canvas: Canvas) -> str:
    """The wiki page that says it is the front page; in old exports it is only called so."""
    if not canvas.present:
        return ""
    folder = f"{archive.base}wiki_content/"
    for path in archive.paths:
        if path.startswith(folder) and names.is_page(path) and _says_front_page(archive, path):
            return path
    return archive.find(f"{folder}front-page.html", "") if canvas.home == "wiki" else ""


def _says_front_page(archive: Archive, path: str) -> bool:
    try:
        with archive.open(path) as page:
            head = page.read(_HEAD_BYTES)
    except DamagedFile:
        return False
    return any(b"front_page" in meta and b"true" in meta for meta in _META.findall(head))


def is_hidden_file(canvas: Canvas, base: str, key: str, path: str) -> bool:
    """By its own settings, or those of a folder that it lies in."""
    meta = canvas.files.get(key)
    if meta is not None and not meta.published:
        return True
    folders = path.removeprefix(f"{base}web_resources/").split("/")[:-1] if canvas.hidden_folders else []
    return any("/".join(folders[:depth]) + "/" in canvas.hidden_folders for depth in range(1, len(folders) + 1))


def combine(canvas: Canvas, plans: list[Plan], known: set[str]) -> list[Plan]:
    """Canvas's modules, with the manifest's items matched to them and nothing of either lost.

    `known` holds the resources' keys. A tool's item has another identifier in the manifest, which
    there refers to Canvas's item as if it were a resource.
    """
    if not canvas.plans:
        return plans
    modules = {plan.identifier: plan for plan in canvas.plans}
    by_identifier = {entry.identifier: entry for plan in canvas.plans for entry in plan.entries}
    rest: list[Plan] = []
    for plan in plans:
        module = modules.get(plan.identifier)
        if module is not None:
            module.covers += plan.covers
        left = [e for e in plan.entries if not _match(e, by_identifier, known)]
        for entry in left:
            canvas.faults.append(Fault(entry.identifier, reasons.NOT_IN_MODULE_META))
        if module is not None:
            module.entries += left
        elif left or not plan.entries:
            rest.append(Plan(plan.identifier, plan.title, plan.covers, plan.published, left))
        else:
            next(iter(canvas.plans)).covers += plan.covers
    return canvas.plans + rest


def _match(entry: Entry, by_identifier: dict[str, Entry], known: set[str]) -> bool:
    twin = by_identifier.get(entry.identifier) or by_identifier.get(entry.ref)
    if twin is None:
        return False
    twin.covers += entry.covers
    if twin.ref not in known and entry.ref in known:
        twin.ref = entry.ref
    return True
