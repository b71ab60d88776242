"""Every sentence that a reader of the report may meet: the one place here that knows of translation."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext, gettext_lazy, ngettext

from .draft import FILE, LINK, READING


def _(text: str) -> str:
    """Put into words when it is shown; to everybody here it is a string."""
    return cast(str, gettext_lazy(text))


# --- refusals: PackageError ---------------------------------------------------------------------
EMPTY_FILE = _("This file is empty.")
UNREADABLE = _("This file can't be opened.")
NOT_ZIP = _("This is not a course package: it is not a zip archive.")
TRUNCATED = _("This archive is incomplete: its end is missing. Download or export it again.")
DAMAGED = _("This archive is damaged and can't be opened. Download or export it again.")
ENCRYPTED = _("This archive has a password. Export it again without one.")
SPLIT = _("This is one part of a split archive. Export the course as a single file.")
BAD_NAMES = _("This archive names its files in an encoding that can't be read.")
LONG_PATH = _("This archive has a file with a name that is far too long.")
TOO_MANY_FILES = _("This archive has too many files.")
TOO_LARGE = _("This archive would be too large once unpacked.")
BOMB = _("This archive unpacks to far more than any course needs, so it was not opened.")
OVERLAP = _("This archive's files overlap each other, so it was not opened.")
NO_MANIFEST = _("This archive is not a course package: it has no imsmanifest.xml.")
MANY_MANIFESTS = _("This archive has several course packages. Upload them one at a time.")
MANIFEST_DAMAGED = _("The package's manifest (imsmanifest.xml) is damaged and can't be read.")
MANIFEST_TOO_LARGE = _("The package's manifest (imsmanifest.xml) is too large to read.")
MANIFEST_NOT_XML = _("The package's manifest (imsmanifest.xml) is not XML.")
MANIFEST_NOT_MANIFEST = _("The package's imsmanifest.xml does not describe a course package.")
MANIFEST_ENTITIES = _("The package's manifest declares XML entities, which is not allowed.")
MANIFEST_DEPTH = _("The package's manifest is nested too deeply to read.")

MOODLE_BACKUP = _("This is a Moodle backup. Export the course as a Common Cartridge (.imscc) instead.")
SCORM = _(
    "This is a SCORM package, which can't be imported as a course. "
    "Export the course as a Common Cartridge (.imscc) instead."
)
BLACKBOARD = _(
    "This is a Blackboard export in its own format. Export the course as a Common Cartridge (.imscc) instead."
)
OPEN_EDX = _("This is an Open edX export. Export the course as a Common Cartridge (.imscc) instead.")
XAPI = _("This is an xAPI or cmi5 package. Export the course as a Common Cartridge (.imscc) instead.")
H5P = _("This is an H5P activity, not a course. Export the course as a Common Cartridge (.imscc) instead.")
OFFICE = _(
    "This is an office document, not a course package. Export the course as a Common Cartridge (.imscc) instead."
)
EPUB = _("This is an e-book (EPUB), not a course package. Export the course as a Common Cartridge (.imscc) instead.")
TAR = _(
    "This is a tar archive, perhaps a Moodle backup or an Open edX export. "
    "Export the course as a Common Cartridge (.imscc) instead."
)
OTHER_ARCHIVE = _("This is a RAR or 7-Zip archive. Export the course as a Common Cartridge (.imscc) instead.")
PDF = _("This is a PDF document, not a course package. Export the course as a Common Cartridge (.imscc) instead.")
PAGE = _(
    "This is a web page or XML file, not a course package. Export the course as a Common Cartridge (.imscc) instead."
)


def unsafe_path(name: str) -> str:
    return gettext("This archive has a file with an unsafe path (“%(name)s”), so it was not opened.") % {"name": name}


def symlink(name: str) -> str:
    return gettext("This archive has a link or device instead of a file (“%(name)s”), so it was not opened.") % {
        "name": name
    }


# --- faults -------------------------------------------------------------------------------------
REPAIRED = _("Its XML was not well-formed and was repaired. Something may be missing.")
AMPERSANDS = _("It had unescaped ampersands or undeclared entities, which were repaired.")
NAMESPACES = _("Its XML namespaces are wrong. Nothing is missing.")
CONTROLS = _("It had control characters, which were removed.")
NO_SCHEMA = _("The manifest does not say which version of Common Cartridge it is.")
NO_COURSE_TITLE = _("The package does not give the course a title.")
NO_IDENTIFIER = _("It has no identifier, so one was created.")
NO_ORGANISATION = _("The package has no table of contents.")
DEEP_PAGE = _("The page is nested too deeply. Its innermost parts are missing.")
BACKSLASHES = _("Some file names use backslashes instead of slashes.")
NOT_IN_MODULE_META = _("It is in the manifest but not in Canvas's own list of modules.")
SAME_NAME = _("Another file in the archive has the same name. The last one is used.")


def encoding(actual: str) -> str:
    return gettext("It is not in the encoding that it declares, so it was read as %(actual)s.") % {"actual": actual}


def duplicate(identifier: str) -> str:
    return gettext("The identifier “%(identifier)s” is used twice.") % {"identifier": identifier}


def no_title(used: str) -> str:
    return gettext("It has no title, so “%(used)s” is used.") % {"used": used}


def other_spelling(named: str, found: str) -> str:
    return gettext("The manifest calls it “%(named)s”, but the archive has it as “%(found)s”.") % {
        "named": named,
        "found": found,
    }


def missing_file(path: str) -> str:
    return gettext("The file “%(path)s” is not in the package.") % {"path": path}


def broken_link(url: str) -> str:
    return gettext("A link to “%(url)s” was removed, because it points to nothing in the package.") % {"url": url[:200]}


def scheme_added(url: str) -> str:
    return gettext("The address did not start with “https://”, so “%(url)s” is used.") % {"url": url}


# --- titles that stand in for missing ones -------------------------------------------------------
UNTITLED_COURSE = _("Untitled course")
UNTITLED_MODULE = _("Untitled module")
SYLLABUS = _("Syllabus")
COURSE_SETTINGS = _("Course settings")

# --- reasons in the report ----------------------------------------------------------------------
UNUSED = _("It is not used by any page or module.")
JUNK = _("Files that an operating system left in the archive.")
UNDECLARED = _("It is not named in the manifest and not used by any page or module.")
UNDECLARED_USED = _("It is not named in the manifest, but a page uses it.")
NOT_XML = _("Its XML is damaged beyond repair.")
XML_ENTITIES = _("Its XML declares entities, which is not allowed.")
XML_DEPTH = _("Its XML is nested too deeply.")
XML_TOO_LARGE = _("Its XML is too large.")
EMPTY_PAGE = _("The page is empty.")
PAGE_TOO_LARGE = _("The page is too large.")
TEXT_TOO_LARGE = _("The package has more text than we can import in one go.")
NO_CONTENT = _("The package does not say what this is.")
NO_HEADING = _("It has no title and nothing to open. The items below it were imported.")
NO_ADDRESS = _("The link has no address.")
SETTINGS = _("Order, titles and visibility were used. The other course settings are kept for later.")
OUTSIDE = _("It is not in a module.")
LATER = _("It is kept, hidden from students, until this site can use it.")
DAMAGED_FILE = _("The file is damaged.")
READ_SETTINGS = _("It was used for order, titles and visibility.")
OLDER_COPY = _("The archive has another file with the same name. Only the last one is used.")


def dangling(reference: str) -> str:
    return gettext("The resource “%(reference)s” that it points to is not in the package.") % {"reference": reference}


def bad_scheme(url: str) -> str:
    return gettext("The address “%(url)s” is not a web address.") % {"url": url[:200]}


def kept_with(title: str) -> str:
    return gettext("Kept with “%(title)s”.") % {"title": title}


def broken_links(count: int) -> str:
    words = ngettext(
        "One link points to something that is not in the package.",
        "%(count)d links point to things that are not in the package.",
        count,
    )
    return words % {"count": count}


def parts_missing(count: int) -> str:
    words = ngettext("One of its files is missing.", "%(count)d of its files are missing.", count)
    return words % {"count": count}


def damaged(path: str) -> str:
    return gettext("The file “%(path)s” is damaged.") % {"path": path}


def unsupported(path: str) -> str:
    return gettext("The file “%(path)s” is compressed in a way that can't be read.") % {"path": path}


def too_large(path: str) -> str:
    return gettext("The file “%(path)s” is too large.") % {"path": path}


# --- what an item without any title is called ----------------------------------------------------
LABELS = {
    READING: _("Page"),
    FILE: _("File"),
    LINK: _("Link"),
    "discussion": _("Discussion"),
    "assignment": _("Assignment"),
    "quiz": _("Quiz"),
    "question-bank": _("Question bank"),
    "lti": _("External tool"),
    "unknown": _("Unknown item"),
}
