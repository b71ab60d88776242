"""imsmanifest.xml as plain objects: what the course is called, its outline, its resources."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import limits, names, reasons
from .archive import Archive
from .audience import is_for_instructors, is_for_teaching, is_hidden
from .draft import DamagedFile, Fault, PackageError
from .markup import (
    Element,
    Entities,
    MarkupError,
    TooDeep,
    TooMuch,
    attribute,
    children,
    descendants,
    local,
    parse_xml,
    text_at,
)
from .metadata import Metadata, read_metadata
from .reasons import Reason
from .text import clean

_SCORM = re.compile(r"adl_?cp|adlcp_|ADL SCORM", re.IGNORECASE)
_NOT_CONTENT = {"file", "dependency", "metadata", "variant", "authorizations", "lom"}

_REFUSALS = {
    MarkupError: reasons.MANIFEST_NOT_XML,
    Entities: reasons.MANIFEST_ENTITIES,
    TooDeep: reasons.MANIFEST_DEPTH,
    TooMuch: reasons.MANIFEST_TOO_LARGE,
}


@dataclass
class Resource:
    """One <resource>. `key` is its identifier, or a distinct one if that is used twice."""

    key: str
    type: str
    main: str  # archive path of the file that it is about, "" if none is there
    named_main: str  # the same as the manifest writes it
    files: list[str] = field(default_factory=list)  # archive paths
    missing: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)  # keys: dependencies
    variants: list[str] = field(default_factory=list)
    intended_use: str = ""
    for_instructors: bool = False
    element: Element | None = None
    inline: Element | None = None  # its content, where it stands in the manifest itself


@dataclass
class Node:
    """One <item> of an organisation."""

    identifier: str
    title: str
    ref: str
    for_instructors: bool = False
    is_hidden: bool = False
    children: list[Node] = field(default_factory=list)


@dataclass
class Manifest:
    identifier: str
    about: Metadata
    roots: list[list[Node]] = field(default_factory=list)  # the items of each organisation
    resources: dict[str, Resource] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_manifest(archive: Archive, path: str) -> Manifest:
    root = _parse(archive, path)
    top = root if local(root) == "manifest" else next(descendants(root, "manifest"), None)
    if top is None or not ({"resource", "organization"} & {local(el) for el in top.iter()}):
        raise PackageError(reasons.MANIFEST_NOT_MANIFEST)
    about = read_metadata(top)
    manifest = Manifest(attribute(top, "identifier"), about)
    if not about.version:
        manifest.faults.append(Fault("imsmanifest.xml", reasons.NO_SCHEMA))
    reader = _Reader(archive, manifest)
    reader.read_resources(top)
    reader.read_outline(top)
    if _is_scorm(manifest):
        raise PackageError(reasons.SCORM)
    if _is_questions(manifest, top):
        raise PackageError(reasons.QTI)
    return manifest


def _is_scorm(manifest: Manifest) -> bool:
    """Its resources say what they are to a SCORM player."""
    elements = (resource.element for resource in manifest.resources.values())
    return any(element is not None and attribute(element, "scormtype") for element in elements)


def _is_questions(manifest: Manifest, top: Element) -> bool:
    """Nothing but questions, and what they show: a course of Common Cartridge says so, or holds something to open."""
    if "cartridge" in text_at(top, "metadata", "schema").lower():
        return False
    resources = manifest.resources.values()
    asked = [resource for resource in resources if "imsqti" in resource.type]
    others = [resource for resource in resources if "imsqti" not in resource.type]
    return any("imscc" not in resource.type for resource in asked) and not any(map(_is_opened, others))


def _is_opened(resource: Resource) -> bool:
    """A page or a link; what stands beside questions is pictures and settings."""
    return names.is_page(resource.named_main) or "imswl" in resource.type or "imsdt" in resource.type


def _parse(archive: Archive, path: str) -> Element:
    if archive.size(path) > limits.MAX_MANIFEST_BYTES:
        raise PackageError(reasons.MANIFEST_TOO_LARGE)
    try:
        data = archive.read(path, limits.MAX_MANIFEST_BYTES)
    except DamagedFile as error:
        raise PackageError(reasons.MANIFEST_DAMAGED) from error
    if _SCORM.search(data[:8192].decode("latin-1")):
        raise PackageError(reasons.SCORM)
    try:
        root, notes = parse_xml(data, limits.MAX_MANIFEST_MARKUP)
    except MarkupError as error:
        raise PackageError(_REFUSALS[type(error)]) from error
    archive.faults += notes
    return root


def _base(element: Element) -> str:
    """The folder that references inside start from; it is put before each of them, so it is no longer than a path."""
    base = attribute(element, "base")
    return base if len(base) <= limits.MAX_PATH else ""


class _Reader:
    def __init__(self, archive: Archive, manifest: Manifest) -> None:
        self.archive = archive
        self.manifest = manifest
        self.seen: dict[str, int] = {}

    def fault(self, where: str, message: Reason) -> None:
        self.manifest.faults.append(Fault(where, message))

    def distinct(self, identifier: str, fallback: str, space: str) -> str:
        """The identifier, or "identifier~2" where it was used before."""
        if not identifier:
            identifier = fallback
            self.fault(identifier, reasons.NO_IDENTIFIER)
        wanted, number = identifier, 1
        while f"{space}{wanted}" in self.seen:
            number = max(number, self.seen[f"{space}{identifier}"]) + 1
            wanted = f"{identifier}~{number}"
        self.seen[f"{space}{wanted}"] = 1
        if wanted != identifier:
            self.seen[f"{space}{identifier}"] = number
            self.fault(identifier, reasons.duplicate(identifier))
        return wanted

    def read_resources(self, top: Element) -> None:
        for block in descendants(top, "resources"):
            outer = names.join(_base(top), _base(block))
            for element in children(block, "resource"):
                self._read_resource(element, outer)

    def _read_resource(self, element: Element, outer: str) -> None:
        folder = names.join(self.archive.base, names.join(outer, _base(element)))
        href = attribute(element, "href")
        fallback = "resource-" + (href or str(len(self.manifest.resources) + 1))
        key = self.distinct(attribute(element, "identifier"), fallback, "resource ")
        hrefs = [attribute(file, "href") for file in children(element, "file")]
        wanted = list(dict.fromkeys(name for name in [href, *hrefs] if name))
        found = {name: self._find(key, name, folder) for name in wanted}
        named_main = href or next((name for name in hrefs if names.is_page(name)), "")
        named_main = named_main or next((name for name in hrefs if name), "")
        resource = Resource(
            key=key,
            type=attribute(element, "type").lower(),
            main=found.get(named_main, ""),
            named_main=named_main,
            files=list(dict.fromkeys(path for path in found.values() if path)),
            missing=[name for name, path in found.items() if not path],
            needs=[attribute(need, "identifierref") for need in children(element, "dependency")],
            variants=[attribute(v, "identifierref") for v in children(element, "variant")],
            intended_use=attribute(element, "intendeduse").lower(),
            for_instructors=is_for_teaching(element, named_main),
            element=element,
            inline=next((c for c in element if local(c) not in _NOT_CONTENT | {""}), None),
        )
        self.manifest.resources[key] = resource

    def _find(self, key: str, href: str, folder: str) -> str:
        path = self.archive.find(href, folder)
        if not path:
            self.fault(key, reasons.missing_file(clean(href)))
        elif path not in names.candidates(folder, href):
            self.fault(key, reasons.other_spelling(clean(href), path))
        return path

    def read_outline(self, top: Element) -> None:
        for organisation in descendants(top, "organization"):
            nodes = [self._node(item) for item in children(organisation, "item")]
            title = clean(text_at(organisation, "title"))
            self.manifest.about.title = self.manifest.about.title or title
            self.manifest.roots.append(nodes)
        if not self.manifest.roots:
            self.fault("imsmanifest.xml", reasons.NO_ORGANISATION)

    def _node(self, element: Element) -> Node:
        title = clean(text_at(element, "title"))
        identifier = self.distinct(attribute(element, "identifier"), f"item-{title}", "item ")
        ref = attribute(element, "identifierref")
        node = Node(identifier, title, ref, is_for_instructors(element), is_hidden(element))
        node.children = [self._node(c) for c in children(element, "item")]
        return node
