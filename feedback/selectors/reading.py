"""What a student reads of their own work: what was promised, what was said of it, what was asked about it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Q
from django.db.models.functions import Extract
from django.utils import timezone

from accounts.models import User
from common.rows import Select, joined
from courses.models import Activity, Course
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from feedback.models import Assignment, Comment, Feedback, Remark, Submission

# Of which work it is said how long feedback takes, and of how many pieces at least.
LOOKED_AT, FEWEST = timedelta(days=90), 5


class HalfWithin(Aggregate):
    """The median."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Pace:
    """How long half of a cohort's feedback took, None where too little is known; and how much work comes before."""

    half_within: timedelta | None
    ahead: int


def pace(submission: Submission, now: datetime) -> Pace:
    """In one query."""
    lately = Q(release_at__lte=now, release_at__gt=now - LOOKED_AT)
    sooner = Q(promised_at__lt=submission.promised_at) | Q(promised_at=submission.promised_at, pk__lt=submission.pk)
    ahead = Q(release_at=None) & sooner if submission.promised_at else Q(pk=None)
    of_cohort = Submission.objects.standing().filter(enrolment__cohort=submission.enrolment.cohort_id)
    took = Extract(F("release_at") - F("counts_at"), "epoch")
    found = of_cohort.filter(lately | ahead).aggregate(
        half=HalfWithin(took, filter=lately), known=Count("pk", filter=lately), ahead=Count("pk", filter=ahead)
    )
    half = timedelta(seconds=found["half"]) if found["known"] >= FEWEST else None
    return Pace(half, found["ahead"])


@dataclass(frozen=True)
class Move:
    """As `models.PromiseMove`."""

    was: datetime
    becomes: datetime
    why: str
    words: str

    @property
    def is_sooner(self) -> bool:
        return self.becomes < self.was


def moves_of(submission: Any) -> list[Move]:
    """The latest first; they were read with it."""
    return [
        Move(datetime.fromisoformat(one["was"]), datetime.fromisoformat(one["becomes"]), one["why"], one["words"])
        for one in submission.moved
    ]


@dataclass
class Commented:
    """A comment, with what was said about it since."""

    comment: Comment
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """Feedback that was released; `comments` are in the order of the work, `remarks` are about the whole."""

    feedback: Feedback
    comments: list[Commented]
    remarks: list[Remark]


TALK = Select(
    {"c": Comment, "b": User, "r": Remark, "u": User},
    """
  FROM (SELECT * FROM feedback_comment WHERE submission_id = %(submission)s AND deleted_at IS NULL) c
  FULL JOIN (SELECT * FROM feedback_remark WHERE submission_id = %(submission)s) r ON r.comment_id = c.id
  LEFT JOIN accounts_user b ON b.id = c.by_id
  LEFT JOIN accounts_user u ON u.id = r.author_id
 ORDER BY c.work_file_id NULLS FIRST, c.page NULLS FIRST, c.start, c.created_at, c.id, r.at, r.id
""",
)


def told(submission: Submission, now: datetime) -> Told | None:
    """In one query; None, in none, while it is not released. `submission.feedback` was read with it."""
    feedback = getattr(submission, "feedback", None)
    if feedback is None or not submission.is_released(now):
        return None
    comments: dict[Any, Commented] = {}
    whole: list[Remark] = []
    for comment, by, remark, author in TALK.all(submission=submission.pk):
        into = whole
        if comment is not None:
            comment.by = by
            into = comments.setdefault(comment.pk, Commented(comment)).remarks
        if remark is not None:
            remark.author = author
            into.append(remark)
    return Told(feedback, list(comments.values()), whole)


# By hand, as `TALK` is: which work it is, is that of `SubmissionQuerySet.of`.
_OF_COURSE = Select(
    {"s": Submission, "a": Activity, "g": Assignment, "f": Feedback},
    """
  FROM feedback_submission s
  JOIN courses_enrolment e ON e.id = s.enrolment_id AND e.user_id = %(viewer)s AND {active}
  JOIN courses_activity a ON a.id = s.activity_id
  JOIN courses_module m ON m.id = a.module_id AND m.course_id = %(course)s
  LEFT JOIN feedback_assignment g ON g.activity_id = a.id
  LEFT JOIN feedback_feedback f ON f.submission_id = s.id
 WHERE {shown} AND s.taken_back_at IS NULL AND s.release_at <= %(now)s
 ORDER BY s.release_at DESC, s.id DESC
""".replace("{active}", ACTIVE_SQL).replace("{shown}", SHOWN_SQL),
    only={
        "s": frozenset({"activity", "enrolment", "attempt", "release_at"}),
        "a": frozenset({"title"}),
        "g": frozenset({"most_points"}),
        "f": frozenset({"submission", "html", "good_enough", "points", "level", "will_change"}),
    },
)


class OfCourse:
    """Every piece of work in a course that its student has feedback on, the latest first; a part at a time."""

    def __init__(self, viewer: User, course: Course, now: datetime) -> None:
        self._values = {"viewer": viewer.pk, "course": course.pk, "now": now}

    def __getitem__(self, part: slice) -> list[Submission]:
        found = []
        for submission, activity, assignment, feedback in _OF_COURSE.part(part, **self._values):
            joined(activity, assignment=assignment)
            joined(submission, activity=activity, feedback=feedback)
            found.append(submission)
        return found


@dataclass(frozen=True)
class InFull:
    """What stands beside the words about the whole: the rubric with its marks, and the comments in their order."""

    feedback: Feedback
    comments: list[Comment]


def in_full(found: Sequence[Submission]) -> dict[int, InFull]:
    """By the key of the work, of work whose feedback its student may read; two queries."""
    keys = [one.pk for one in found]
    said: dict[int, list[Comment]] = defaultdict(list)
    order = (F("work_file").asc(nulls_first=True), F("page").asc(nulls_first=True), "start", "created_at")
    for comment in Comment.objects.filter(submission__in=keys, deleted_at=None).order_by(*order):
        said[comment.submission_id].append(comment)
    marked = Feedback.objects.filter(submission__in=keys).select_related("rubric")
    return {one.submission_id: InFull(one, said[one.submission_id]) for one in marked}


MOST_UNOPENED = 3
# By hand, as `_OF_COURSE` is. What the next attempt has overtaken is no news.
_UNOPENED = Select(
    {"s": Submission, "a": Activity},
    """
  FROM courses_enrolment e
  JOIN feedback_submission s ON s.enrolment_id = e.id AND s.taken_back_at IS NULL AND s.release_at <= %(now)s
  JOIN feedback_feedback f ON f.submission_id = s.id AND f.read_at IS NULL
  JOIN courses_activity a ON a.id = s.activity_id
  JOIN courses_module m ON m.id = a.module_id
 WHERE e.user_id = %(viewer)s AND {active} AND {shown}
   AND NOT EXISTS (SELECT FROM feedback_submission n WHERE n.enrolment_id = e.id AND n.activity_id = a.id
                      AND n.taken_back_at IS NULL AND n.attempt > s.attempt)
 ORDER BY s.release_at DESC, s.id DESC
""".replace("{active}", ACTIVE_SQL).replace("{shown}", SHOWN_SQL),
    only={"s": frozenset({"activity"}), "a": frozenset({"title"})},
)


def unopened(viewer: User) -> list[Submission]:
    """Work whose feedback its student can read and never has, the latest first, up to MOST_UNOPENED; in one query."""
    found = []
    for submission, activity in _UNOPENED.part(slice(0, MOST_UNOPENED), viewer=viewer.pk, now=timezone.now()):
        joined(submission, activity=activity)
        found.append(submission)
    return found
