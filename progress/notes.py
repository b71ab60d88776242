"""Notes beside a lecture: written by a student, read by nobody else, and never lost to a second tab or a slip."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.timecode import clock
from courses.models import Activity, Course, Enrolment
from progress.models import Note

LONGEST = 20_000
ERASED_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Saved:
    """`note` as it stands. `apart` when somebody changed it meanwhile, and these words became a note of their own."""

    note: Note
    apart: bool = False


@transaction.atomic
def save(enrolment: Enrolment, activity: Activity, *, key: UUID, at_ms: int, text: str, version: int | None) -> Saved:
    """Write a new note or the next state of one. `version` is the state that the writer saw; None for a new note.

    The same save sent again changes nothing. Words written over an older state are kept beside the newer ones.
    """
    text, now = text.replace("\0", "")[:LONGEST].strip(), timezone.now()
    found = Note.objects.select_for_update().filter(pk=key).first()
    if found is not None and (found.enrolment_id, found.activity_id) != (enrolment.pk, activity.pk):
        found, key = None, uuid4()
    if found is None:
        new = {"enrolment": enrolment, "activity": activity, "at_ms": at_ms, "text": text}
        # The same save may come twice at one moment: as a page is left, and again from the next.
        found, created = Note.objects.get_or_create(pk=key, defaults=new)
        if created:
            return Saved(found)
    if found.text == text:
        return Saved(found)
    if version is not None and version != found.version:
        beside = Note.objects.create(enrolment=enrolment, activity=activity, at_ms=found.at_ms, text=text)
        return Saved(beside, apart=True)
    found.text, found.version, found.changed_at, found.deleted_at = text, found.version + 1, now, None
    found.save(update_fields=["text", "version", "changed_at", "deleted_at"])
    return Saved(found)


def delete(note: Note) -> None:
    Note.objects.filter(pk=note.pk).update(deleted_at=timezone.now())


def restore(note: Note) -> None:
    Note.objects.filter(pk=note.pk).update(deleted_at=None)


def clear_deleted() -> int:
    """Erase what was deleted long enough ago; the privacy page names the days."""
    count, _ = Note.objects.filter(deleted_at__lt=timezone.now() - ERASED_AFTER).delete()
    return count


def of_course(viewer: User, course: Course) -> list[Note]:
    """In the order of the course, and within a lecture in the order of its time."""
    mine = Note.objects.of(viewer).kept().filter(enrolment__cohort__course=course)
    ordered = mine.order_by("activity__module__position", "activity__position", "at_ms", "created_at")
    return list(ordered.select_related("activity__module"))


def as_markdown(course: Course, notes: list[Note], written_at: datetime, address: str) -> str:
    """One file to take along. `address` is the site's origin, before the path of a lesson."""
    lines, module, activity = [f"# {course.title}", ""], None, None
    for note in notes:
        if note.activity.module_id != module:
            module = note.activity.module_id
            lines += [f"## {note.activity.module.title}", ""]
        if note.activity_id != activity:
            activity = note.activity_id
            lines += [f"### {note.activity.title}", ""]
        lesson = address + reverse("progress:lesson", args=[note.activity_id])
        where = f"[{clock(note.at_ms)}]({lesson}?at={note.at_ms // 1000})"
        body = note.text.replace("\r\n", "\n").replace("\n", "\n  ")
        lines += [f"- {where} {body}", ""]
    lines.append(f"_{written_at:%Y-%m-%d %H:%M %Z}_")
    return "\n".join(lines) + "\n"
