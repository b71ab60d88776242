"""Comments on words of a text, on a page of a document, and on a line; and the bank of those that are used again."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from courses.models import Course
from feedback.models import BankComment, Comment, Submission
from feedback.services import texts
from feedback.services.marking import Refused

MOST_COMMENTS, MOST_IN_BANK = 200, 500
LONGEST_QUOTE, LONGEST_AROUND = 1_000, 40


@dataclass(frozen=True)
class Place:
    """Where a comment belongs: words of the text, which are `quote`; or `page` of a file (of a text file, its line)."""

    work_file: UUID | None = None
    page: int | None = None
    start: int = 0
    quote: str = ""
    before: str = ""
    after: str = ""


@transaction.atomic
def write(submission: Submission, key: UUID, place: Place, source: str, *, version: int, by: User) -> Comment | None:
    """Store a comment, or other words of it; None where somebody changed it since `version`.

    The same words again change nothing, however often they come. Raises Refused, and richtext.TooMuch.
    """
    Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    if not source.strip():
        raise Refused(gettext("Write a comment first."))
    if len(source) > texts.LONGEST_COMMENT:
        raise Refused(gettext("A comment can have up to 5,000 characters."))
    found = Comment.objects.filter(pk=key).first()
    if found is None:
        return _new(submission, key, place, source, by)
    if found.submission_id != submission.pk:
        raise Refused(gettext("This comment belongs to other work. Load the page again."))
    if (found.source, found.deleted_at) == (source, None):
        return found
    if found.version != version:
        return None
    found.source, found.html, found.cleaned_by = source, texts.made(source), richtext.VERSION
    found.version, found.changed_at, found.deleted_at = found.version + 1, timezone.now(), None
    found.save()
    return found


def _new(submission: Submission, key: UUID, place: Place, source: str, by: User) -> Comment:
    if Comment.objects.filter(submission=submission, deleted_at=None).count() >= MOST_COMMENTS:
        raise Refused(gettext("This work has 200 comments already. Put the rest into the comment at the end."))
    if place.work_file and not submission.files.filter(pk=place.work_file).exists():
        raise Refused(gettext("This file is not part of the work any more. Load the page again."))
    return Comment.objects.create(
        id=key,
        submission=submission,
        work_file_id=place.work_file,
        page=place.page,
        start=place.start,
        quote=place.quote[:LONGEST_QUOTE],
        before=place.before[-LONGEST_AROUND:],
        after=place.after[:LONGEST_AROUND],
        source=source,
        html=texts.made(source),
        cleaned_by=richtext.VERSION,
        by=by,
    )


def delete(submission: Submission, key: UUID) -> bool:
    standing = Comment.objects.filter(pk=key, submission=submission, deleted_at=None)
    return bool(standing.update(deleted_at=timezone.now(), version=F("version") + 1))


def restore(submission: Submission, key: UUID) -> bool:
    gone = Comment.objects.filter(pk=key, submission=submission, deleted_at__isnull=False)
    return bool(gone.update(deleted_at=None, version=F("version") + 1))


@transaction.atomic
def keep(source: str, *, by: User, course: Course | None) -> BankComment:
    """Put words into the bank; those that are there already are used once more. Raises Refused when it is full."""
    source = source.strip()[:2_000]
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = BankComment.objects.filter(owner=by)
    if found := mine.filter(source=source, course=course).first():
        return found
    if mine.count() >= MOST_IN_BANK:
        raise Refused(gettext("Your bank holds 500 comments. Delete some that you no longer use."))
    return BankComment.objects.create(owner=by, course=course, source=source)


def change(kept: BankComment, source: str, *, course: Course | None) -> None:
    kept.source, kept.course = source.strip(), course
    kept.save(update_fields=["source", "course"])


def forget(kept: BankComment) -> None:
    BankComment.objects.filter(pk=kept.pk).delete()


def used(key: int, viewer: User, course: int) -> None:
    found = BankComment.objects.offered_to(viewer, course).filter(pk=key)
    found.update(used=F("used") + 1, used_at=timezone.now())
