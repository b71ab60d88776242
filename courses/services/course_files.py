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
