"""What a course package becomes before anything is written: a neutral draft and its report.

Nothing here knows Django or a database. The importer above turns a draft into rows; the reader
beside it (`reader.py`) turns an archive into a draft.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from .reasons import Reason, Refused

IMPORTED = "imported"
KEPT = "kept"
LEFT_OUT = "left out"

READING = "reading"
FILE = "file"
LINK = "link"
DISCUSSION = "discussion"
ASSIGNMENT = "assignment"
KEPT_KIND = "kept"

# References inside a reading's HTML that only the importer can turn into real addresses:
# "package-file:<archive path, percent-encoded>", "package-item:<identifier, percent-encoded>
# [#fragment]" (take these two apart with `parse_reference`, not by hand) and, for the course's own
# table of contents, COURSE_REFERENCE.
FILE_SCHEME = "package-file:"
ITEM_SCHEME = "package-item:"
COURSE_REFERENCE = "package-course:"


class PackageError(Refused):
    """The package can't be read at all; its reason is the one sentence to show."""


class DamagedFile(PackageError):
    """One file of a readable package turned out damaged while its bytes were read.

    `Package.open()` streams raise it in the middle of a copy: only real reading shows a wrong
    checksum or a size that lied. The importer drops that one file and goes on.
    """


# Why an item is left out when everything around it is published.
FOR_INSTRUCTORS = "instructors"
EMPTY = "empty"


@dataclass
class ItemDraft:
    """One thing a student would open, or one thing kept whole for a kind not yet built."""

    identifier: str  # stable for the same course exported again; unique in the draft
    title: str
    kind: str  # "reading" | "file" | "link" | "discussion" | "assignment" | "kept"
    heading: str = ""  # names of folders or text headers it stands under, " / "-joined
    published: bool = True
    required: bool = True
    held_back: str = ""  # FOR_INSTRUCTORS or EMPTY
    html: str = ""  # reading, discussion, assignment: HTML as found, NOT sanitised, references in the two schemes above
    path: str = ""  # file: path inside the archive, as Package.open() takes it
    url: str = ""  # link: http or https only
    # "discussion" | "announcement" | "assignment" | "quiz" | "question-bank" | "lti" | "unknown"
    kept_kind: str = ""
    markdown: str = ""  # reading of our own making, in place of html
    own_first: bool = False  # discussion: others' posts are seen once one's own is there
    takes: list[str] = field(default_factory=list)  # assignment: of "text", "files" and "links"
    scale: str = ""  # assignment: "enough", "points" or "none"
    most_points: str = ""  # assignment: by points, how many in all, such as "12.5"
    nameless: bool = False  # assignment: marked without names
    rubric: list[dict[str, Any]] = field(default_factory=list)  # assignment: as `rubrics.Rubric.criteria`
    note: str = ""  # link, file: one sentence beside it
    remark: Reason | None = None  # set as it is written into a course: what could not be kept of it
    minutes: int = 0  # 0: read from the title or the text, estimated from the words, or unknown
    raw: dict[str, Any] = field(default_factory=dict)  # kept: {"resource": xml, "files": {path: …}}


@dataclass
class ModuleDraft:
    identifier: str
    title: str
    published: bool = True
    items: list[ItemDraft] = field(default_factory=list)


@dataclass
class Line:
    """One row of the report: what became of one item, resource or file."""

    identifier: str
    title: str
    kind: str  # an ItemDraft kind or kept_kind, or "module", "heading", "file", "metadata"
    outcome: str  # "imported" | "kept" | "left out"
    reason: Reason | None = None  # None when plainly imported
    # What this row answers for: "item:…" (organisation), "canvas:…" (module_meta.xml),
    # "resource:…" and "file:<archive path>". No two rows share one, and none is missing.
    covers: list[str] = field(default_factory=list)
    also: list[Reason] = field(default_factory=list)  # what else is to be said of it


@dataclass
class Fault:
    """A defect of the package that did not stop the import."""

    where: str
    message: Reason


@dataclass
class CourseDraft:
    """A whole course as the package tells it; `loose` is what no module holds."""

    identifier: str
    title: str
    language: str = ""  # a BCP 47 tag such as "en" or "pt-BR"; "" when the package doesn't say
    description: str = ""  # plain text
    producer: str = ""
    version: str = ""  # "1.0" … "1.3", "1.3 thin", "canvas"; "" when it can't be told
    modules: list[ModuleDraft] = field(default_factory=list)
    loose: list[ItemDraft] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # archive paths that items or readings point at

    def items(self) -> list[ItemDraft]:
        """All items, in order: modules first, then what is loose."""
        return [item for module in self.modules for item in module.items] + self.loose


class Reference(NamedTuple):
    """A reference taken apart: `target` is an archive path ("file") or an identifier ("item")."""

    kind: str
    target: str
    fragment: str = ""


def file_reference(path: str) -> str:
    return FILE_SCHEME + quote(path, safe="/")


def item_reference(identifier: str, fragment: str = "") -> str:
    reference = ITEM_SCHEME + quote(identifier, safe="")
    return f"{reference}#{fragment}" if fragment else reference


def parse_reference(url: str) -> Reference | None:
    """The reference that `url` is, or None for an ordinary address."""
    for scheme, kind in ((FILE_SCHEME, "file"), (ITEM_SCHEME, "item")):
        if url.startswith(scheme):
            target, _, fragment = url[len(scheme) :].partition("#")
            return Reference(kind, unquote(target), fragment)
    return None
