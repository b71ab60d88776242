"""Names what an archive is when it is no Common Cartridge, so that the refusal helps.

One recogniser for the browser's upload and for the command: what is no zip is told by its first bytes
(`beginnings.py`), a zip by the names of its files, and a package that has a manifest by what the manifest says
(`manifest.py`).
"""

from __future__ import annotations

from . import names, reasons
from .archive import Archive
from .draft import PackageError
from .reasons import Reason

_MARKS = (
    ("moodle_backup.xml", reasons.MOODLE_BACKUP),
    ("moodle.xml", reasons.MOODLE_OLD),
    (".bb-package-info", reasons.BLACKBOARD),
    ("tincan.xml", reasons.XAPI),
    ("cmi5.xml", reasons.XAPI),
    ("h5p.json", reasons.H5P),
    ("adlcp_rootv1p2.xsd", reasons.SCORM),
    ("adlcp_v1p3.xsd", reasons.SCORM),
    ("[content_types].xml", reasons.OFFICE),
    ("index/document.iwa", reasons.OFFICE),
    ("meta-inf/manifest.xml", reasons.OFFICE),
    ("meta-inf/container.xml", reasons.EPUB),
    ("course.xml", reasons.OPEN_EDX),
    ("course/course.xml", reasons.OPEN_EDX),
)


def find_manifest(archive: Archive) -> str:
    """The manifest's path: at the top, else the one that lies least deep; sets the base."""
    found = [
        path
        for path in archive.paths
        if path.casefold().rpartition("/")[2] == "imsmanifest.xml" and not names.is_junk(path)
    ]
    if not found:
        raise PackageError(_what_it_is(archive))
    depth = min(path.count("/") for path in found)
    found = [path for path in found if path.count("/") == depth]
    if len(found) > 1 and depth:
        raise PackageError(reasons.MANY_MANIFESTS)
    folder = names.folder_of(found[0])
    archive.base = f"{folder}/" if folder else ""
    _refuse_marked(archive, archive.base, (".bb-package-info", "adlcp_rootv1p2.xsd", "adlcp_v1p3.xsd"))
    return found[0]


def _what_it_is(archive: Archive) -> Reason:
    paths = [path for path in archive.paths if not names.is_junk(path)]
    tops = {path.partition("/")[0] for path in paths if "/" in path}
    folded = {path.casefold() for path in paths}
    for folder in ["", *sorted(top.casefold() + "/" for top in tops)[:100]]:
        for mark, reason in _MARKS:
            if folder + mark in folded:
                return reason
    inside = [path for path in paths if names.extension(path) in ("imscc", "mbz")]
    if not inside and len(paths) == 1 and names.extension(paths[0]) == "zip":
        inside = paths
    return reasons.package_inside(names.printable(inside[0])) if inside else reasons.NO_MANIFEST


def _refuse_marked(archive: Archive, base: str, marks: tuple[str, ...]) -> None:
    for mark, reason in _MARKS:
        if mark in marks and archive.find(mark, base):
            raise PackageError(reason)
