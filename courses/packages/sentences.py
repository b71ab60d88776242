"""Every sentence that a reader of the report may meet: one place, so that it can be translated."""

from __future__ import annotations

# --- refusals: PackageError ---------------------------------------------------------------------
EMPTY_FILE = "This file is empty."
UNREADABLE = "This file can't be opened."
NOT_ZIP = "This is not a course package: it is not a zip archive."
TRUNCATED = "This archive is incomplete: its end is missing. Download or export it again."
DAMAGED = "This archive is damaged and can't be opened. Download or export it again."
ENCRYPTED = "This archive is protected by a password. Export it again without one."
SPLIT = "This is one part of a split archive. Export the course as a single file."
BAD_NAMES = "This archive names its files in an encoding that can't be read."
LONG_PATH = "This archive holds a file with a name that is far too long."
TOO_MANY_FILES = "This archive holds too many files."
TOO_LARGE = "This archive would be too large once unpacked."
BOMB = "This archive unpacks to far more than a course could hold, so it was not opened."
OVERLAP = "This archive's files overlap each other, so it was not opened."
NO_MANIFEST = "This archive is not a course package: it has no imsmanifest.xml."
MANY_MANIFESTS = "This archive holds several course packages. Upload them one at a time."
MANIFEST_DAMAGED = "The package's manifest (imsmanifest.xml) is damaged and can't be read."
MANIFEST_TOO_LARGE = "The package's manifest (imsmanifest.xml) is too large to read."
MANIFEST_NOT_XML = "The package's manifest (imsmanifest.xml) is not XML."
MANIFEST_NOT_MANIFEST = "The package's imsmanifest.xml does not describe a course package."
MANIFEST_ENTITIES = "The package's manifest declares XML entities, which is not allowed."
MANIFEST_DEPTH = "The package's manifest is nested too deeply to read."

_USE_CARTRIDGE = "Export the course as a Common Cartridge (.imscc) instead."
MOODLE_BACKUP = f"This is a Moodle backup. {_USE_CARTRIDGE}"
SCORM = f"This is a SCORM package, which can't be imported as a course. {_USE_CARTRIDGE}"
BLACKBOARD = f"This is a Blackboard export in its own format. {_USE_CARTRIDGE}"
OPEN_EDX = f"This is an Open edX export. {_USE_CARTRIDGE}"
XAPI = f"This is an xAPI or cmi5 package. {_USE_CARTRIDGE}"
H5P = f"This is an H5P activity, not a course. {_USE_CARTRIDGE}"
OFFICE = f"This is an office document, not a course package. {_USE_CARTRIDGE}"
EPUB = f"This is an e-book (EPUB), not a course package. {_USE_CARTRIDGE}"
TAR = f"This is a tar archive, perhaps a Moodle backup or an Open edX export. {_USE_CARTRIDGE}"
OTHER_ARCHIVE = f"This is a RAR or 7-Zip archive. {_USE_CARTRIDGE}"
PDF = f"This is a PDF document, not a course package. {_USE_CARTRIDGE}"
PAGE = f"This is a web page or XML file, not a course package. {_USE_CARTRIDGE}"


def unsafe_path(name: str) -> str:
    return f"This archive holds a file with an unsafe path (“{name}”), so it was not opened."


def symlink(name: str) -> str:
    return f"This archive holds a link or device instead of a file (“{name}”); it was not opened."


# --- faults -------------------------------------------------------------------------------------
REPAIRED = "Its XML is not well-formed and was repaired; something may be missing."
AMPERSANDS = "It holds bare ampersands or undeclared entities, which were repaired."
NAMESPACES = "Its XML namespaces are wrong; nothing is missing."
CONTROLS = "It holds control characters, which were removed."
NO_SCHEMA = "The manifest does not say which version of Common Cartridge it is."
NO_COURSE_TITLE = "The package gives the course no title."
NO_IDENTIFIER = "It has no identifier; one was made up."
NO_ORGANISATION = "The package has no table of contents."
DEEP_PAGE = "The page is nested too deeply; its innermost parts are missing."
BACKSLASHES = "Some file names use backslashes instead of slashes."
NOT_IN_MODULE_META = "It is in the manifest but not in Canvas's own list of modules."
SAME_NAME = "Another file of the archive has the same name; the last one is used."


def encoding(actual: str) -> str:
    return f"It is not in the encoding that it declares; it was read as {actual}."


def duplicate(identifier: str) -> str:
    return f"The identifier “{identifier}” is used twice."


def no_title(used: str) -> str:
    return f"It has no title; “{used}” is used."


def other_spelling(named: str, found: str) -> str:
    return f"The manifest names “{named}”; the archive has it as “{found}”."


def missing_file(path: str) -> str:
    return f"The file “{path}” is not in the package."


def broken_link(url: str) -> str:
    return f"A link to “{url[:200]}” leads to nothing in the package and was removed."


def scheme_added(url: str) -> str:
    return f"The address had no “https://” in front; “{url}” is used."


# --- titles that stand in for missing ones -------------------------------------------------------
UNTITLED_COURSE = "Untitled course"
UNTITLED_MODULE = "Untitled module"
SYLLABUS = "Syllabus"
COURSE_SETTINGS = "Course settings"

# --- reasons in the report ----------------------------------------------------------------------
UNUSED = "It is not used by any page or module."
JUNK = "Files that an operating system left in the archive."
UNDECLARED = "It is not named in the manifest and not used by any page or module."
UNDECLARED_USED = "It is not named in the manifest, but a page uses it."
NOT_XML = "Its XML is damaged beyond repair."
XML_ENTITIES = "Its XML declares entities, which is not allowed."
XML_DEPTH = "Its XML is nested too deeply."
XML_TOO_LARGE = "Its XML is too large."
EMPTY_PAGE = "The page is empty."
PAGE_TOO_LARGE = "The page is too large."
TEXT_TOO_LARGE = "The package holds more text than can be imported at once."
NO_CONTENT = "The package says nothing about what it is."
NO_HEADING = "It has no title and opens nothing; what stands under it is there."
NO_ADDRESS = "The link has no address."
SETTINGS = "Course settings are kept for later; order, titles and visibility were used."
OUTSIDE = "It stands in no module."
LATER = "It is kept whole, out of sight of students, until this site can use it."
DAMAGED_FILE = "The file is damaged."
READ_SETTINGS = "It was read for the order, titles and visibility of things."
OLDER_COPY = "A second file of the same name is in the archive; only the last is used."


def dangling(reference: str) -> str:
    return f"The resource “{reference}” that it stands for is not in the package."


def bad_scheme(url: str) -> str:
    return f"The address “{url[:200]}” is not a web address."


def kept_with(title: str) -> str:
    return f"Kept together with “{title}”."


def broken_links(count: int) -> str:
    if count == 1:
        return "One link leads to something that is not in the package."
    return f"{count} links lead to things that are not in the package."


def parts_missing(count: int) -> str:
    return "One of its files is missing." if count == 1 else f"{count} of its files are missing."


def damaged(path: str) -> str:
    return f"The file “{path}” is damaged."


def unsupported(path: str) -> str:
    return f"The file “{path}” is compressed in a way that can't be read."


def too_large(path: str) -> str:
    return f"The file “{path}” is too large."
