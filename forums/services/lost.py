"""“Lost here”: a tap of a student at a second of a lecture, without words, and as easily taken back."""

from django.db import transaction
from django.utils.translation import gettext

from courses.models import Activity, Enrolment, LectureContent
from forums.models import LostHere
from forums.models.lost import GRID

# Every ten seconds of half an hour; whoever is lost that often is helped by a question.
MOST = 200


class Full(Exception):
    """Its text says so, and what to do."""


@transaction.atomic
def note(enrolment: Enrolment, activity: Activity, second: int) -> int:
    """The first of the ten seconds that it counts for: once for each ten, however often it is tapped.

    Behind the end it counts for the end. Raises Full, and LectureContent.DoesNotExist for what is no lecture.
    """
    content = LectureContent.objects.select_related("recording").get(activity=activity)
    second = cell(min(second, max(0, content.recording.duration_ms - 1) // 1000))
    # Two taps at one moment count one after the other.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    held = set(LostHere.objects.filter(enrolment=enrolment, activity=activity).values_list("second", flat=True))
    if second in held:
        return second
    if len(held) >= MOST:
        words = gettext(
            "You have tapped “Lost here” at %(most)d places in this lecture. Remove some, or ask a question instead."
        )
        raise Full(words % {"most": MOST})
    LostHere.objects.create(enrolment=enrolment, activity=activity, second=second)
    return second


def take_back(enrolment: Enrolment, activity: Activity, second: int) -> None:
    mine = LostHere.objects.filter(enrolment__user=enrolment.user_id, activity=activity)
    mine.filter(second=cell(second)).delete()


def cell(second: int) -> int:
    """The first of the ten seconds that it lies in."""
    return second // GRID * GRID
