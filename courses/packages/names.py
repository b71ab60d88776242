"""Names of files: which are safe, which are junk, and how a sloppy reference still finds one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from . import limits, reasons
from .draft import PackageError

_DRIVE = re.compile(r"^[A-Za-z]:")
_JUNK_FOLDERS = {"__macosx", ".git", ".svn", "$recycle.bin"}
_JUNK_FILES = {".ds_store", "thumbs.db", "desktop.ini"}


def safe_path(name: str) -> str:
    """The name as a clean relative path; refuses what could lead out of a folder.

    Nothing is ever unpacked to disk here, but a package that tries is not to be trusted, and the
    paths go on to other code.
    """
    path = name.replace("\\", "/")
    segments = [segment for segment in path.split("/") if segment not in ("", ".")]
    # Before its letters are put in order: that takes time in the square of a name's length.
    if len(path) > limits.MAX_PATH and "\0" not in name:
        raise PackageError(reasons.LONG_PATH)
    unsafe = (
        "\0" in name
        or path.startswith("/")
        or _DRIVE.match(path)
        or any(unicodedata.normalize("NFKC", segment).strip() == ".." for segment in segments)
    )
    if unsafe:
        raise PackageError(reasons.unsafe_path(printable(name)))
    return "/".join(segments)


def printable(name: str) -> str:
    """A name fit for a sentence: short, without control characters."""
    return "".join(char if char.isprintable() else "�" for char in name)[:120]


def is_junk(path: str) -> bool:
    """Left behind by an operating system or a version control system, never by a course."""
    *folders, last = path.casefold().split("/")
    return last in _JUNK_FILES or last.startswith("._") or not _JUNK_FOLDERS.isdisjoint(folders)


def spellings(name: str, utf8: bool) -> list[str]:
    """The ways to read a zip name, best first.

    Without the UTF-8 flag zipfile decodes as cp437; most writers that leave the flag out mean
    UTF-8 all the same, and Windows means its own code page.
    """
    if utf8 or name.isascii():
        return [name]
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return [name]
    readings = []
    for encoding in ("utf-8", "cp1252", "cp437"):
        try:
            readings.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return list(dict.fromkeys([*readings, name]))


def fold(path: str) -> str:
    """What two spellings of one path have in common."""
    return unicodedata.normalize("NFC", path).casefold()


def candidates(folder: str, href: str) -> Iterator[str]:
    """Paths that a reference from a file in `folder` may mean, likeliest first."""
    href = href.strip().replace("\\", "/")
    plain = href.partition("#")[0].partition("?")[0]
    once = unquote(plain)
    readings = (
        once,
        plain,
        href,
        unquote(href),
        unquote(once),
        unquote(plain, encoding="cp1252"),
        once.replace("\\", "/"),
        # As a form writes a blank.
        unquote(plain.replace("+", " ")),
    )
    return (join(folder, text) for text in dict.fromkeys(readings))


def join(folder: str, href: str) -> str:
    """`href` seen from `folder`; "..", even too many of them, never leads above the top."""
    parts = [] if href.startswith("/") else [part for part in folder.split("/") if part]
    for part in href.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def extension(path: str) -> str:
    last = path.rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else ""


def is_page(path: str) -> bool:
    return extension(path) in ("html", "htm", "xhtml")
