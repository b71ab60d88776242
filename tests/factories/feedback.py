"""Assignments, work and feedback, as people make them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Enrolment, Module
from drafts.fields import Stamp
from feedback.criteria import Criteria, Criterion, Level, Mark
from feedback.models import Assignment, Feedback, Rubric, Submission
from feedback.services import assignments, handing_in, marking, releasing
from feedback.services.handing_in import Sending, Work
from feedback.services.marking import Said

RUBRIC = Criteria(
    (
        Criterion(
            "seen",
            "What you saw",
            "How closely you looked.",
            (
                Level("close", "Closely", "Colours, times and numbers.", Decimal(3)),
                Level("some", "In part", "Some of what was there.", Decimal(1)),
            ),
        ),
        Criterion(
            "why",
            "Why it is so",
            "",
            (
                Level("reason", "With a reason", "A reason that the text gives.", Decimal(2)),
                Level("none", "Without one", "", Decimal(0)),
            ),
        ),
    )
)


def assignment(
    module: Module, title: str = "Watch a bee", *, rule: str = "enough", rubric: Criteria | None = RUBRIC, **values: Any
) -> Activity:
    position = 80 + module.activities.filter(kind="assignment").count()
    made = Activity.objects.create(
        module=module, kind="assignment", title=title, position=position, rule=rule, published_at=timezone.now()
    )
    given = {"format": "markdown", "source": "Watch one bee for ten minutes.", "model_source": "", **values}
    assignments.write(made, given, lambda address: None)
    made.assignment = Assignment.objects.get(activity=made)
    if rubric:
        by = User.objects.filter(is_staff=True).first()
        Rubric.objects.create(assignment=made.assignment, plain=assignments.criteria.to_plain(rubric), made_by=by)
    return made


def sending() -> Sending:
    return Sending(Stamp(uuid4()))


def hand_in(
    enrolment: Enrolment, activity: Activity, source: str = "It flew to nine flowers.", *, now: datetime | None = None
) -> Submission:
    activity.assignment = Assignment.objects.get(activity=activity)
    return handing_in.hand_in(enrolment, activity, Work(source), sending(), now=now or timezone.now()).submission


def said(source: str = "Well seen.", *, good_enough: bool | None = True, **more: Any) -> Said:
    return Said(source, more.pop("marks", {"seen": Mark("close", "Nine is many.")}), good_enough=good_enough, **more)


def feedback(submission: Submission, by: User, what: Said | None = None) -> Feedback:
    begun = Feedback.objects.filter(submission=submission).first()
    saved = marking.save(submission, what or said(), revision=begun.revision if begun else 0, by=by)
    assert isinstance(saved, Feedback)
    return saved


def release(
    submission: Submission,
    by: User,
    what: Said | None = None,
    *,
    now: datetime | None = None,
    at: datetime | None = None,
) -> Submission:
    feedback(submission, by, what)
    now = now or timezone.now()
    releasing.release(submission, at=at or now, now=now, by=by)
    submission.refresh_from_db()
    return submission
