"""The bytes of a package on their way into a course."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from accounts.models import User
from courses.models import Course, CourseFile
from courses.packages.draft import CourseDraft, DamagedFile, Fault
from courses.services.course_files import add_file
from files.models import File

SPOOLED_BYTES = 4 * 1024**2


class Files(Protocol):
    """Where the bytes of a draft's files come from: a package, or a folder of our own."""

    def open(self, path: str) -> BinaryIO: ...


@dataclass
class Stored:
    """Paths whose bytes are damaged, paths that hold other bytes than before, and what was written."""

    damaged: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    written: list[File] = field(default_factory=list)

    def undo(self) -> None:
        """Delete the bytes after a rollback, which took their rows: nothing would ever find them again."""
        for file in self.written:
            file.blob.storage.delete(file.blob.name)


def store(
    course: Course, draft: CourseDraft, files: Files, stored: Stored, *, by: User | None, step: Callable[[], None]
) -> None:
    """Copy every file of `draft` into `course`, telling `stored` as it goes."""
    was = dict(CourseFile.objects.filter(course=course).values_list("path", "file"))
    for path in draft.files:
        step()
        try:
            file = _copied(course, path, files, by)
        except DamagedFile as damage:
            draft.faults.append(Fault(path, damage.reason))
            stored.damaged.add(path)
            continue
        if file.pk == was.get(path):
            continue
        stored.written.append(file)
        if path in was:
            stored.replaced.add(path)


def _copied(course: Course, path: str, files: Files, by: User | None) -> File:
    """Out of the package first, whose streams cannot be sought in."""
    with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as copy:
        with files.open(path) as stream:
            shutil.copyfileobj(stream, copy)
        copy.seek(0)
        return add_file(course, copy, path, by=by).file
