"""From an archive file to a `CourseDraft`.

with read_package(path) as package:
    package.draft            # everything but the bytes of files
    package.open("a/b.mp4")  # a file's bytes, streamed from the archive
"""

from __future__ import annotations

from collections.abc import Set
from types import TracebackType
from typing import BinaryIO, Self

from . import limits
from .archive import Archive, Source
from .assemble import Assembler, Progress
from .draft import CourseDraft
from .foreign import find_manifest
from .manifest import read_manifest
from .reasons import Words, by_code


class Package:
    """An opened package: its draft, and its files' bytes until it is closed."""

    def __init__(self, archive: Archive, draft: CourseDraft) -> None:
        self._archive = archive
        self.draft = draft

    def open(self, path: str) -> BinaryIO:
        """A file as a stream. Opening or reading raises DamagedFile if its bytes are wrong."""
        return self._archive.open(path)

    def size(self, path: str) -> int:
        """The size that the archive claims; a stream that differs from it raises DamagedFile."""
        return self._archive.size(path)

    def close(self) -> None:
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def recognise(source: Source) -> None:
    """Raise PackageError, with the one reason to show, for what can be told at once to be no course package.

    Cheap enough for a web request; the rest is found by `read_package`, in the same words.
    """
    archive = Archive(source)
    try:
        path = find_manifest(archive)
        if archive.size(path) <= limits.MAX_MANIFEST_AT_ONCE:
            read_manifest(archive, path)
    finally:
        archive.close()


def read_package(
    source: Source, progress: Progress | None = None, *, words: Words = by_code, makes: Set[str] = frozenset()
) -> Package:
    """Read a whole package, or raise PackageError with the one reason to show.

    `progress(done, total)` counts items and resources. `words` names, in the language of the course, what has no title.
    `makes` are the kinds that the caller has: of those in `kinds.READABLE`, what it has not is kept whole.
    """
    archive = Archive(source)
    try:
        path = find_manifest(archive)
        manifest = read_manifest(archive, path)
        draft = Assembler(archive, manifest, path, progress, words, makes).assemble()
        return Package(archive, draft)
    except BaseException:
        archive.close()
        raise
