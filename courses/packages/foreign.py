"""Names what an archive is when it is no Common Cartridge, so that the refusal helps."""

from __future__ import annotations

from . import names, reasons
from .archive import Archive
from .draft import PackageError
from .reasons import Reason

_MARKS = (
    ("moodle_backup.xml", reasons.MOODLE_BACKUP),
    (".bb-package-info", reasons.BLACKBOARD),
    ("tincan.xml", reasons.XAPI),
    ("cmi5.xml", reasons.XAPI),
    ("h5p.json", reasons.H5P),
    ("[content_types].xml", reasons.OFFICE),
    ("meta-inf/container.xml", reasons.EPUB),
    ("course.xml", reasons.OPEN_EDX),
    ("course/course.xml", reasons.OPEN_EDX),
)


def find_manifest(archive: Archive) -> str:
    """The manifest's path, at the top or in the single folder at the top; sets the base."""
    found = [
        path
        for path in archive.paths
        if path.casefold().rpartition("/")[2] == "imsmanifest.xml" and path.count("/") <= 1 and not names.is_junk(path)
    ]
    found.sort(key=lambda path: path.count("/"))
    if not found:
        raise PackageError(_what_it_is(archive))
    if len(found) > 1 and "/" in found[0]:
        raise PackageError(reasons.MANY_MANIFESTS)
    folder = names.folder_of(found[0])
    archive.base = f"{folder}/" if folder else ""
    _refuse_marked(archive, archive.base, (".bb-package-info",))
    return found[0]


def _what_it_is(archive: Archive) -> Reason:
    tops = {path.partition("/")[0] for path in archive.paths if "/" in path}
    folded = {path.casefold() for path in archive.paths}
    for folder in ["", *sorted(top.casefold() + "/" for top in tops)[:100]]:
        for mark, reason in _MARKS:
            if folder + mark in folded:
                return reason
    return reasons.NO_MANIFEST


def _refuse_marked(archive: Archive, base: str, marks: tuple[str, ...]) -> None:
    for mark, reason in _MARKS:
        if mark in marks and archive.find(mark, base):
            raise PackageError(reason)
