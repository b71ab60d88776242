from datetime import timedelta
from itertools import chain, count
from pathlib import PurePath
from typing import BinaryIO
from urllib.parse import quote

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses import encodings
from courses.models import Course, CourseFile
from files import pictures
from files import services as files

# Enough to see how its letters are stored.
TEXT_LOOKED_AT = 256 * 1024
MOST_A_DAY, DAY = 300, timedelta(days=1)


class Refused(Exception):
    """Nothing was kept; its text says why."""


@transaction.atomic
def add_file(course: Course, stream: BinaryIO, path: str, *, by: User | None = None) -> CourseFile:
    """Put a file into a course under `path`; the same bytes under the same path are stored once."""
    sha256, _ = files.fingerprint(stream)
    name = path.rsplit("/", 1)[-1]
    kind = _content_type(stream, name, course.language)
    existing = CourseFile.objects.filter(course=course, path=path).select_related("file").first()
    if existing and existing.file.sha256 == sha256:
        if existing.file.content_type != kind:
            existing.file.content_type = kind
            existing.file.save(update_fields=["content_type"])
        return existing
    stored = files.store(stream, name, by=by, claimed=True, content_type=kind)
    if existing is None:
        return CourseFile.objects.create(course=course, path=path, file=stored)
    replaced, existing.file = existing.file, stored
    existing.save(update_fields=["file"])
    files.delete([replaced])
    return existing


def _content_type(stream: BinaryIO, name: str, language: str) -> str:
    """Of a plain text with its encoding, where that is not UTF-8: a browser shows it as it is told."""
    kind = files.content_type_of(name)
    if kind != "text/plain":
        return kind
    head = stream.read(TEXT_LOOKED_AT)
    stream.seek(0)
    if len(head) == TEXT_LOOKED_AT:
        # Not in the middle of a letter.
        head = head[: head.rfind(b"\n") + 1] or head
    named = encodings.charset(head, language)
    return kind if named == "utf-8" else f"{kind}; charset={named}"


def add_upload(course: Course, stream: BinaryIO, name: str, *, own: CourseFile | None) -> CourseFile:
    """Put what somebody uploads for one activity into a course; `own` is the file that the activity has so far.

    Under the name of another file with other bytes it gets a name of its own ("sheet (2).pdf"): students may see that
    one already, and not this.
    """
    if own is None or own.path != name:
        name = _free_path(course, name, files.fingerprint(stream)[0])
    return add_file(course, stream, name)


def add_picture(course: Course, stream: BinaryIO, name: str, size: int, *, by: User) -> CourseFile:
    """Keep a picture that somebody brings for a text of the course, written anew. Raises Refused."""
    if not pictures.is_picture(name):
        raise Refused(gettext("Choose a picture: JPEG, PNG, GIF or WebP. Add any other file as an activity."))
    if size > pictures.LARGEST:
        raise Refused(gettext("This picture is too large. The limit is 10 MB."))
    today = CourseFile.objects.filter(file__uploaded_by=by, file__created_at__gt=timezone.now() - DAY)
    if today.count() >= MOST_A_DAY:
        raise Refused(gettext("You have added 300 files in the past day. Add more tomorrow."))
    try:
        made, name = pictures.written_anew(stream, name)
    except pictures.NotAPicture as refusal:
        raise Refused(refusal.args[0]) from None
    with transaction.atomic():
        # Two pictures that are pasted at once have the same name.
        Course.objects.select_for_update().get(pk=course.pk)
        return add_file(course, made, _free_path(course, name, files.fingerprint(made)[0]), by=by)


def reference(found: CourseFile) -> str:
    """What leads to it in a text of its course, with those signs escaped that would end an address."""
    return f"file:{quote(found.path)}"


def _free_path(course: Course, name: str, sha256: str) -> str:
    path = PurePath(name)
    taken = dict(
        CourseFile.objects.filter(course=course, path__startswith=path.stem).values_list("path", "file__sha256")
    )
    numbered = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
    return next(free for free in chain([name], numbered) if taken.get(free, sha256) == sha256)
