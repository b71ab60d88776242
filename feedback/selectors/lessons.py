"""An assignment as its lesson page shows it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from courses.models import Activity, Enrolment
from drafts.models import Draft
from feedback import criteria
from feedback.models import Assignment, Feedback, Rubric, Submission, WorkFile
from feedback.names import place_of
from progress.models import Waiting, WorkStanding
from progress.outline import Stands


@dataclass(frozen=True)
class Attempt:
    """What was handed in; without its text and links where nobody asked for them."""

    pk: int
    sent_at: datetime
    counts_at: datetime
    promised_at: datetime | None
    release_at: datetime | None
    source: str = ""
    links: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """The latest feedback that its student can read, in short."""

    submission: int
    release_at: datetime
    good_enough: bool | None
    points: Decimal | None
    level: str
    again_on: date | None
    will_change: str


@dataclass(frozen=True)
class OfLesson:
    """`standing` is what the student handed in last and did not take back; nothing of a student for everybody else."""

    assignment: Assignment
    criteria: criteria.Criteria
    standing: Attempt | None = None
    told: Verdict | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    is_begun: bool = False
    is_excused: bool = False
    excuse: str = ""

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at is not None and self.closes_at < now

    @property
    def came_late(self) -> bool | None:
        """Of a first attempt: whoever is asked for another one was in time. None where no date is held against it."""
        if self.standing is None or self.told is not None or self.due_at is None:
            return None
        return self.standing.counts_at > self.due_at

    @property
    def with_teacher(self) -> bool:
        return self.standing is not None and (self.told is None or self.told.submission != self.standing.pk)

    @property
    def takes_more(self) -> bool:
        """Whether something can be handed in: nothing was judged yet, or not as good enough."""
        return self.with_teacher or self.told is None or self.told.good_enough is False


def of_lesson(enrolment: Enrolment | None, activity: Activity, *, with_text: bool = False) -> OfLesson:
    """In one query; `activity.assignment` is there from then on."""
    latest = Rubric.objects.filter(assignment=OuterRef("pk")).order_by("-version")
    assignments: Any = Assignment.objects.annotate(plain=Subquery(latest.values("plain")[:1]))
    if enrolment is None or not enrolment.is_student:
        assignment = activity.assignment = assignments.get(activity=activity)
        return OfLesson(assignment, criteria.from_plain(assignment.plain or []))
    found = _for_student(assignments, enrolment, activity, with_text).get(activity=activity)
    activity.assignment = found
    return OfLesson(
        found,
        criteria.from_plain(found.plain or []),
        _attempt(found.standing[0]) if found.standing else None,
        _verdict(found.told[0]) if found.told else None,
        **_stands(found.stands[0] if found.stands else {}),
        is_begun=found.is_begun,
        excuse=found.excuse or "",
    )


def files_of(attempt: Attempt) -> list[WorkFile]:
    found = WorkFile.objects.filter(submissions=attempt.pk).select_related("file")
    return list(found.order_by("file__created_at", "pk"))


def _for_student(
    assignments: QuerySet[Any], enrolment: Enrolment, activity: Activity, with_text: bool
) -> QuerySet[Any]:
    """With what their lesson page says beside it: their work, where it stands, and whether a draft waits."""
    own = {"enrolment": enrolment, "activity": activity}
    stands = WorkStanding.objects.filter(**own)
    turn = Waiting.objects.filter(**own, ended_at=None)
    draft = Draft.objects.open().exclude(excerpt="", files=[])
    return assignments.annotate(
        standing=ArraySubquery(_standing(own, with_text)),
        told=ArraySubquery(_told(own)),
        stands=ArraySubquery(stands.values(plain=JSONObject(state="state", due_at="due_at", closes_at="closes_at"))),
        excuse=Subquery(turn.values("reason")[:1]),
        is_begun=Exists(draft.filter(person=enrolment.user_id, place=place_of(activity.pk))),
    )


def _standing(own: dict[str, Any], with_text: bool) -> QuerySet[Any]:
    names = ["pk", "sent_at", "counts_at", "promised_at", "release_at", *(["source", "links"] if with_text else [])]
    mine = Submission.objects.filter(**own, taken_back_at=None).order_by("-attempt")
    return mine.values(plain=JSONObject(**{name: name for name in names}))[:1]


def _told(own: dict[str, Any]) -> QuerySet[Any]:
    released = Submission.objects.filter(**own, taken_back_at=None).released(timezone.now())
    latest = Feedback.objects.filter(submission__in=released).order_by("-submission__attempt")
    plain = JSONObject(
        submission="submission",
        release_at="submission__release_at",
        good_enough="good_enough",
        points=Cast("points", TextField()),
        level="level",
        again_on="again_on",
        will_change="will_change",
    )
    return latest.values(plain=plain)[:1]


def _stands(plain: dict[str, Any]) -> dict[str, Any]:
    dates = {name: _moment(plain.get(name)) for name in ("due_at", "closes_at")}
    return {**dates, "is_excused": plain.get("state") == Stands.EXCUSED}


def _attempt(plain: dict[str, Any]) -> Attempt:
    moments = {name: _moment(plain[name]) for name in ("sent_at", "counts_at", "promised_at", "release_at")}
    return Attempt(**{**plain, **moments})


def _verdict(plain: dict[str, Any]) -> Verdict:
    points, again_on = plain["points"], plain["again_on"]
    made = {
        "release_at": _moment(plain["release_at"]),
        "points": None if points is None else Decimal(points),
        "again_on": None if again_on is None else date.fromisoformat(again_on),
    }
    return Verdict(**{**plain, **made})


def _moment(plain: str | None) -> datetime | None:
    return None if plain is None else datetime.fromisoformat(plain)
