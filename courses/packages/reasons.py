"""Why things of a package were refused, left out or mended: codes and values. Whoever calls puts them into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reason:
    """`values` are what its words name: paths, titles, addresses, counts."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


Words = Callable[[Reason], str]


class Refused(Exception):
    """What could not be read, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def by_code(reason: Reason) -> str:
    """Words for a caller that has none."""
    return reason.code


# --- refusals: PackageError ---------------------------------------------------------------------
EMPTY_FILE = Reason("empty_file")
UNREADABLE = Reason("unreadable")
NOT_ZIP = Reason("not_zip")
TRUNCATED = Reason("truncated")
DAMAGED = Reason("damaged")
ENCRYPTED = Reason("encrypted")
SPLIT = Reason("split")
BAD_NAMES = Reason("bad_names")
LONG_PATH = Reason("long_path")
TOO_MANY_FILES = Reason("too_many_files")
TOO_LARGE = Reason("too_large")
BOMB = Reason("bomb")
OVERLAP = Reason("overlap")
NO_MANIFEST = Reason("no_manifest")
MANY_MANIFESTS = Reason("many_manifests")
MANIFEST_DAMAGED = Reason("manifest_damaged")
MANIFEST_TOO_LARGE = Reason("manifest_too_large")
MANIFEST_NOT_XML = Reason("manifest_not_xml")
MANIFEST_NOT_MANIFEST = Reason("manifest_not_manifest")
MANIFEST_ENTITIES = Reason("manifest_entities")
MANIFEST_DEPTH = Reason("manifest_depth")
MOODLE_BACKUP = Reason("moodle_backup")
MOODLE_OLD = Reason("moodle_old")
QTI = Reason("qti")
SCORM = Reason("scorm")
BLACKBOARD = Reason("blackboard")
OPEN_EDX = Reason("open_edx")
XAPI = Reason("xapi")
H5P = Reason("h5p")
OFFICE = Reason("office")
EPUB = Reason("epub")
TAR = Reason("tar")
OTHER_ARCHIVE = Reason("other_archive")
PDF = Reason("pdf")
PAGE = Reason("page")
PICTURE = Reason("picture")
RECORDING = Reason("recording")
PLAIN_TEXT = Reason("plain_text")


def unsafe_path(name: str) -> Reason:
    return Reason("unsafe_path", {"name": name})


def package_inside(name: str) -> Reason:
    return Reason("package_inside", {"name": name})


def symlink(name: str) -> Reason:
    return Reason("symlink", {"name": name})


# --- faults -------------------------------------------------------------------------------------
REPAIRED = Reason("repaired")
AMPERSANDS = Reason("ampersands")
NAMESPACES = Reason("namespaces")
CONTROLS = Reason("controls")
NO_SCHEMA = Reason("no_schema")
NO_COURSE_TITLE = Reason("no_course_title")
NO_IDENTIFIER = Reason("no_identifier")
NO_ORGANISATION = Reason("no_organisation")
DEEP_PAGE = Reason("deep_page")
BACKSLASHES = Reason("backslashes")
NOT_IN_MODULE_META = Reason("not_in_module_meta")
SAME_NAME = Reason("same_name")


def encoding(actual: str) -> Reason:
    return Reason("encoding", {"actual": actual})


def duplicate(identifier: str) -> Reason:
    return Reason("duplicate", {"identifier": identifier})


def no_title(used: str) -> Reason:
    return Reason("no_title", {"used": used})


def other_spelling(named: str, found: str) -> Reason:
    return Reason("other_spelling", {"named": named, "found": found})


def missing_file(path: str) -> Reason:
    return Reason("missing_file", {"path": path})


def broken_link(url: str) -> Reason:
    return Reason("broken_link", {"url": url[:200]})


def scheme_added(url: str) -> Reason:
    return Reason("scheme_added", {"url": url})


# --- titles that stand in for missing ones -------------------------------------------------------
UNTITLED_COURSE = Reason("untitled_course")
UNTITLED_MODULE = Reason("untitled_module")
START_HERE = Reason("start_here")
SYLLABUS = Reason("syllabus")
COURSE_SETTINGS = Reason("course_settings")

# --- what the importer adds ------------------------------------------------------------------------
FILE_IS_DAMAGED = Reason("file_is_damaged")
NO_LONGER_THERE = Reason("no_longer_there")
DELETED_HERE = Reason("deleted_here")


def first_words_only(refusal: str) -> Reason:
    return Reason("first_words_only", {"refusal": refusal})


# --- reasons in the report ----------------------------------------------------------------------
UNUSED = Reason("unused")
JUNK = Reason("junk")
UNDECLARED = Reason("undeclared")
UNDECLARED_USED = Reason("undeclared_used")
NOT_XML = Reason("not_xml")
XML_ENTITIES = Reason("xml_entities")
XML_DEPTH = Reason("xml_depth")
XML_TOO_LARGE = Reason("xml_too_large")
EMPTY_PAGE = Reason("empty_page")
PAGE_TOO_LARGE = Reason("page_too_large")
TEXT_TOO_LARGE = Reason("text_too_large")
NO_CONTENT = Reason("no_content")
NO_HEADING = Reason("no_heading")
NO_ADDRESS = Reason("no_address")
SETTINGS = Reason("settings")
OUTSIDE = Reason("outside")
FRONT_PAGE = Reason("front_page")
FOR_INSTRUCTORS = Reason("for_instructors")
HIDDEN = Reason("hidden")
BLANK = Reason("blank")
EMPTY_CONTENT = Reason("empty_content")
LATER = Reason("later")
ANNOUNCED = Reason("announced")
READ_SETTINGS = Reason("read_settings")
OTHER_FORM = Reason("other_form")
OLDER_COPY = Reason("older_copy")
NOTHING_ONLINE = Reason("nothing_online")
LETTERS_LEFT = Reason("letters_left")
DATES_LEFT = Reason("dates_left")
PEER_REVIEWS_LEFT = Reason("peer_reviews_left")
GROUPS_LEFT = Reason("groups_left")
MARKS_LEFT = Reason("marks_left")
NO_TASK = Reason("no_task")
TYPES_LEFT = Reason("types_left")
TEACHERS_TEXT_LEFT = Reason("teachers_text_left")
RUBRIC_CUT = Reason("rubric_cut")
RUBRIC_MISSING = Reason("rubric_missing")

# Remarks on what came in whole, which leave nobody anything to check.
SETTLED = frozenset({"read_settings", "other_form", "front_page", "undeclared_used", "rubric_came"})


def rubric_came(count: int) -> Reason:
    return Reason("rubric_came", {"count": count})


def dangling(reference: str) -> Reason:
    return Reason("dangling", {"reference": reference})


def bad_scheme(url: str) -> Reason:
    return Reason("bad_scheme", {"url": url[:200]})


def kept_with(title: str) -> Reason:
    return Reason("kept_with", {"title": title})


def broken_links(count: int) -> Reason:
    return Reason("broken_links", {"count": count})


def kept_links(count: int) -> Reason:
    return Reason("kept_links", {"count": count})


def broken_and_kept_links(broken: int, kept: int) -> Reason:
    return Reason("broken_and_kept_links", {"broken": broken, "kept": kept})


def withheld_link(url: str) -> Reason:
    return Reason("withheld_link", {"url": url[:200]})


def parts_missing(count: int) -> Reason:
    return Reason("parts_missing", {"count": count})


def file_damaged(path: str) -> Reason:
    return Reason("file_damaged", {"path": path})


def file_unsupported(path: str) -> Reason:
    return Reason("file_unsupported", {"path": path})


def file_too_large(path: str) -> Reason:
    return Reason("file_too_large", {"path": path})


# --- what an item without any title is called ---------------------------------------------------


def untitled(kind: str) -> Reason:
    """`kind` is an ItemDraft kind or kept_kind."""
    return Reason(f"untitled_{kind.replace('-', '_')}")
