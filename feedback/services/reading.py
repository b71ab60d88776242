"""What a student does with feedback: reads it, says what they will change, and asks about it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from drafts import services as drafts
from drafts.fields import Content, Stamp
from feedback.models import Comment, Feedback, Remark, Submission
from feedback.services import news, texts

MOST_REMARKS = 200


class Refused(Exception):
    """Nothing has changed; its text says why."""


@dataclass(frozen=True)
class Said:
    """`differs` where the key had come with other words before: those stand, and these are not said yet."""

    remark: Remark
    differs: bool = False


@dataclass(frozen=True)
class Writing:
    """The draft that is sent, and what stands in it."""

    stamp: Stamp
    place: str
    typed: Content


def note_read(feedback: Feedback, now: datetime) -> None:
    """Its student opened it; only the first time is kept."""
    if feedback.read_at is None:
        Feedback.objects.filter(pk=feedback.pk, read_at=None).update(read_at=now)


@transaction.atomic
def will_change(feedback: Feedback, words: str, writing: Writing, *, by: User, now: datetime) -> None:
    """Keep in a line what the student will change; an empty one takes it back."""
    changed = Feedback.objects.filter(pk=feedback.pk).exclude(will_change=words)
    changed.update(will_change=words, will_change_at=now if words else None)
    drafts.sent(by, writing.place, writing.stamp, writing.typed)


@transaction.atomic
def say(submission: Submission, comment: Comment | None, source: str, writing: Writing, *, by: User) -> Said:
    """Write beneath feedback, or beneath one comment; the key of the draft makes it one, however often it comes.

    By its student, or by those who mark: the caller has asked for the right. Raises Refused, and richtext.TooMuch.
    """
    Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    known = Remark.objects.filter(author=by, key=writing.stamp.key).first()
    if known is not None and (known.submission_id, known.source) != (submission.pk, source):
        return Said(known, differs=True)
    if known is None:
        if Remark.objects.filter(submission=submission).count() >= MOST_REMARKS:
            raise Refused(gettext("There are 200 remarks here already. Write to each other in the forum instead."))
        known = Remark.objects.create(
            submission=submission,
            comment=comment,
            author=by,
            key=writing.stamp.key,
            source=source,
            html=texts.made(source),
            cleaned_by=richtext.VERSION,
        )
        news.asked(known, by=by)
    drafts.sent(by, writing.place, writing.stamp, writing.typed)
    return Said(known)
