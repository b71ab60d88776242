from itertools import chain, count
from pathlib import PurePath
from typing import BinaryIO

from django.db import transaction

from accounts.models import User
from courses.models import Course, CourseFile
from files import services as files


@transaction.atomic
def add_file(course: Course, stream: BinaryIO, path: str, *, by: User | None = None) -> CourseFile:
    """Put a file into a course under `path`; the same bytes under the same path are stored once."""
    sha256, _ = files.fingerprint(stream)
    existing = CourseFile.objects.filter(course=course, path=path).select_related("file").first()
    if existing and existing.file.sha256 == sha256:
        return existing
    stored = files.store(stream, path.rsplit("/", 1)[-1], by=by, claimed=True)
    if existing is None:
        return CourseFile.objects.create(course=course, path=path, file=stored)
    replaced, existing.file = existing.file, stored
    existing.save(update_fields=["file"])
    files.delete([replaced])
    return existing


def add_upload(course: Course, stream: BinaryIO, name: str, *, own: CourseFile | None) -> CourseFile:
    """Put what somebody uploads for one activity into a course; `own` is the file that the activity has so far.

    Under the name of another file with other bytes it gets a name of its own ("sheet (2).pdf"): students may see that
    one already, and not this.
    """
    if own is None or own.path != name:
        name = _free_path(course, name, files.fingerprint(stream)[0])
    return add_file(course, stream, name)


def _free_path(course: Course, name: str, sha256: str) -> str:
    path = PurePath(name)
    taken = dict(
        CourseFile.objects.filter(course=course, path__startswith=path.stem).values_list("path", "file__sha256")
    )
    numbered = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
    return next(free for free in chain([name], numbered) if taken.get(free, sha256) == sha256)
