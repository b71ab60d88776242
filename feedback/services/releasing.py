"""Feedback goes back to its student at an instant. Everything that reads it compares that instant.

What has to follow (tick, turn, contact, notice) follows in the same transaction where the instant has come, and within
a minute where it comes later.
"""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.kinds import Who
from courses.models import EffectiveDue
from courses.services import cohorts
from feedback.models import Assignment, Comment, Feedback, Submission
from feedback.services import news
from feedback.services.marking import Refused, Said, said_by
from progress.services import contacts, ticks, waits

# Ways of ticks, and the rules that they belong to.
RELEASED, ENOUGH = "released", "enough"
# What is done again has until the end of its day.
LAST_OF_DAY = time(23, 59)
CONTACT = "feedback"
AT_ONCE = 200


@transaction.atomic
def release(submission: Submission, *, at: datetime, now: datetime, by: User) -> None:
    """Let the student read the feedback from `at` on. Raises Refused where it says too little to be one."""
    held = (
        Submission.objects.select_for_update(of=("self",)).select_related("activity__assignment").get(pk=submission.pk)
    )
    if held.taken_back_at is not None:
        raise Refused(gettext("The student has taken this back, so there is nothing to release."))
    if held.release_at is not None and held.release_at <= now:
        return
    for lack in lacking(held, said_by(Feedback.objects.filter(submission=held).first() or Feedback())).values():
        raise Refused(lack)
    # Comments in the work alone are feedback, too.
    Feedback.objects.get_or_create(submission=held, defaults={"saved_by": by, "rubric_id": held.rubric_id})
    held.release_at, held.marker = max(at, now), held.marker or by
    held.save(update_fields=["release_at", "marker"])
    if held.release_at <= now:
        _settle(held, now)


def lacking(held: Submission, said: Said) -> dict[str, str]:
    """What has to be said before it can be released: by the field of a marker's form, in sentences."""
    lacks, assignment = {}, held.activity.assignment
    spoken = said.source.strip() or any(mark.says_something for mark in said.marks.values())
    if not (spoken or Comment.objects.filter(submission=held, deleted_at=None).exists()):
        lacks["source"] = gettext("Say something first: choose a level of the rubric, or write a comment.")
    judged = assignment.scale == Assignment.Scale.ENOUGH or held.activity.rule == ENOUGH
    if judged and said.good_enough is None:
        lacks["good_enough"] = gettext("Choose whether this is good enough before you release it.")
    if assignment.scale == Assignment.Scale.POINTS and said.points is None:
        lacks["points"] = gettext("Give the points before you release it.")
    if assignment.scale == Assignment.Scale.LEVELS and not said.level:
        lacks["level"] = gettext("Choose a level before you release it.")
    return lacks


@transaction.atomic
def hold_back(submission: Submission, *, now: datetime) -> None:
    """Take back a release whose hour has not come. Raises Refused where it has."""
    waiting = Submission.objects.filter(pk=submission.pk, release_at__gt=now)
    if not waiting.update(release_at=None):
        raise Refused(gettext("The student can read it already. You can still correct it."))


def settle_due(now: datetime) -> int:
    """What follows releases whose hour has come; how many."""
    due = Submission.objects.filter(release_at__lte=now, settled_at=None, taken_back_at=None)
    settled = 0
    for key in list(due.order_by("release_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            held = due.filter(pk=key).select_for_update(skip_locked=True, of=("self",)).first()
            if held is not None:
                _settle(held, now)
                settled += 1
    return settled


def _settle(held: Submission, now: datetime) -> None:
    Submission.objects.filter(pk=held.pk).update(settled_at=now)
    feedback = Feedback.objects.filter(submission=held).select_related("saved_by").first()
    judge(held, feedback, held.release_at or now)
    enrolment = held.enrolment
    if held.marker_id and held.marker_id != enrolment.user_id:
        contacts.push(
            enrolment.cohort_id, held.marker_id, {enrolment.user_id: CONTACT}, subject=f"submission {held.pk}", at=now
        )
    news.released(held)


def judge(held: Submission, feedback: Feedback | None, at: datetime) -> None:
    """Tick the step by its rule, as of `at`, or say that it is the student's turn again. A tick that stands is never
    taken."""
    enrolment, activity = held.enrolment, held.activity
    evidence = {"submission": held.pk, "attempt": held.attempt}
    if feedback and feedback.good_enough is False:
        waits.begin_wait(enrolment, activity, waits_for=Who.STUDENT)
        _give_time(held, feedback)
    else:
        waits.end_wait(enrolment, activity)
    if activity.rule == RELEASED:
        ticks.complete(enrolment, activity, how=RELEASED, evidence=evidence, by=held.marker, at=at)
    elif activity.rule == ENOUGH and feedback and feedback.good_enough:
        ticks.complete(enrolment, activity, how=ENOUGH, evidence=evidence, by=held.marker, at=at)


def _give_time(held: Submission, feedback: Feedback) -> None:
    """The day for the next attempt is a later date, agreed like any other; where there is as much time, nothing."""
    due = EffectiveDue.objects.filter(enrolment=held.enrolment_id, activity=held.activity_id).first()
    if feedback.again_on is None or due is None:
        return
    zone = held.enrolment.cohort.timezone
    if due.due_at.astimezone(zone).date() < feedback.again_on:
        wall = datetime.combine(feedback.again_on, LAST_OF_DAY)
        reason = gettext("For the next attempt")
        cohorts.extend(held.enrolment, held.activity, wall, reason=reason, by=held.marker or feedback.saved_by)


@transaction.atomic
def corrected(submission: Submission) -> None:
    """After a correction of released feedback: what it earns now is ticked; nothing is taken away."""
    held = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if held.settled_at is not None:
        feedback = Feedback.objects.filter(submission=held).select_related("saved_by").first()
        judge(held, feedback, timezone.now())
