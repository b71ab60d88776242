"""Notes beside a lecture: written by a student, read by nobody else, and never lost to a second tab or a slip."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext

from common import undo
from courses.models import Activity, Enrolment
from progress.models import Note

LONGEST = 20_000
# A lecture's page holds all its notes: one for every 12 seconds of an hour, and as many words as a short book.
MOST_BESIDE, MOST_CHARACTERS = 300, 200_000
# The page of all notes of a course, likewise.
MOST_IN_COURSE, MOST_CHARACTERS_IN_COURSE = 3_000, 1_000_000
# Deleted ones that can be brought back, for each lecture.
MOST_DELETED = 100
# A deleted note is its writer's to have forgotten: its text goes when it can no longer be brought back.
ERASED_AFTER = undo.LASTS


class Full(Exception):
    """A limit is reached; its text says which, and what to do."""


@dataclass(frozen=True)
class Saved:
    """`note` as it stands. `apart` when somebody changed it meanwhile, and these words became a note of their own."""

    note: Note
    apart: bool = False


@transaction.atomic
def save(
    enrolment: Enrolment, activity: Activity, *, key: UUID, at_ms: int, text: str, version: int | None
) -> Saved | None:
    """Write a new note or the next state of one. `version` is the state that the writer saw; None for a new note.

    A new note without a word is none; one that was emptied stays, until it is deleted.

    The same save sent again changes nothing. Words written over an older state are kept beside the newer ones.
    Raises Full, and then writes nothing.
    """
    text, now = text.replace("\0", "").strip(), timezone.now()
    if not text and version is None:
        return None
    # Two saves at once count one after the other.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    found = Note.objects.select_for_update().filter(pk=key).first()
    if found is not None and (found.enrolment_id, found.activity_id) != (enrolment.pk, activity.pk):
        found, key = None, uuid4()
    _refuse_too_much(enrolment, activity, found, text, beside=found and version not in (None, found.version))
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


def _refuse_too_much(
    enrolment: Enrolment, activity: Activity, found: Note | None, text: str, *, beside: bool | None
) -> None:
    """`found` is the note that `text` replaces; `beside` when it does not replace it but is kept beside it."""
    if found is not None and found.text == text:
        return
    if len(text) > LONGEST:
        words = gettext("This note has %(length)s characters. The limit is %(most)s. Split it into two notes.")
        raise Full(words % {"length": f"{len(text):,}", "most": f"{LONGEST:,}"})
    others = Note.objects.kept().filter(enrolment=enrolment)
    if found is not None and not beside:
        others = others.exclude(pk=found.pk)
    here = Q(activity=activity)
    held = others.aggregate(
        course=Count("pk"),
        here=Count("pk", filter=here),
        course_size=Sum(Length("text"), default=0),
        here_size=Sum(Length("text"), filter=here, default=0),
    )
    if held["here"] >= MOST_BESIDE or held["here_size"] + len(text) > MOST_CHARACTERS:
        raise Full(
            gettext("You have reached the limit for notes on this lecture. Delete or shorten some to make room.")
        )
    if held["course"] >= MOST_IN_COURSE or held["course_size"] + len(text) > MOST_CHARACTERS_IN_COURSE:
        raise Full(gettext("You have reached the limit for notes in this course. Delete or shorten some to make room."))


@transaction.atomic
def delete(note: Note) -> None:
    """The last hundred of a lecture can be brought back; those deleted before them are erased."""
    Note.objects.filter(pk=note.pk).update(deleted_at=timezone.now())
    gone = Note.objects.filter(enrolment=note.enrolment_id, activity=note.activity_id, deleted_at__isnull=False)
    older = gone.order_by("-deleted_at", "pk").values("pk")[MOST_DELETED:]
    Note.objects.filter(pk__in=[row["pk"] for row in older]).delete()


@transaction.atomic
def restore(note: Note) -> None:
    """Raises Full when other notes have taken its place meanwhile."""
    if note.deleted_at is not None:
        Enrolment.objects.select_for_update(no_key=True).get(pk=note.enrolment_id)
        _refuse_too_much(note.enrolment, note.activity, None, note.text, beside=None)
    Note.objects.filter(pk=note.pk).update(deleted_at=None)


def clear_deleted() -> int:
    """Erase what was deleted long enough ago; the privacy page names the time, and the job comes every ten minutes."""
    count, _ = Note.objects.filter(deleted_at__lt=timezone.now() - ERASED_AFTER).delete()
    return count
