from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject

from common.literals import Literal
from courses.permissions import CHECKING_IN, MARKING, READING_OF_MINORS
from courses.querysets import shown

if TYPE_CHECKING:
    from accounts.models import User

# When work was due, beside a `feedback_submission s`: a second statement for the fifty of a page takes longer.
DUE_SQL = """
(SELECT d.due_at FROM courses_effective_due d WHERE d.enrolment_id = s.enrolment_id AND d.activity_id = s.activity_id)
"""


def marked_in(viewer: "User", cohort: str) -> Q:
    """Rows of cohorts in which `viewer` marks; `cohort` is the path to the cohort. All for a site admin."""
    if viewer.is_staff:
        return Q(**{f"{cohort}__deleted_at": None})
    return Q(**{f"{cohort}__in": apps.get_model("courses", "Cohort").objects.member(viewer, MARKING).values("pk")})


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def standing(self) -> "SubmissionQuerySet":
        """Neither taken back, nor of somebody or something that was deleted."""
        there = self.filter(enrolment__deleted_at=None, activity__deleted_at=None)
        return there.filter(taken_back_at=None, enrolment__cohort__deleted_at=None)

    def of(self, viewer: "User") -> "SubmissionQuerySet":
        """One's own, in a course one is in and of what is shown there."""
        mine = self.filter(enrolment__user=viewer, enrolment__state="active", enrolment__deleted_at=None)
        return mine.filter(shown("activity"))

    def markable_by(self, viewer: "User") -> "SubmissionQuerySet":
        """The work that `viewer` marks: of students of their cohorts, who have not left."""
        return self.standing().filter(marked_in(viewer, "enrolment__cohort"), enrolment__role=Literal("student"))

    def with_their_way(self) -> "SubmissionQuerySet":
        """With the attempts beside them (`attempts`), what moved their promise (`moved`), and when their feedback was
        corrected last (`corrected_at`)."""
        beside = apps.get_model("feedback", "Submission").objects.filter(
            enrolment=OuterRef("enrolment"), activity=OuterRef("activity"), taken_back_at=None
        )
        changes = apps.get_model("feedback", "FeedbackChange").objects.filter(feedback__submission=OuterRef("pk"))
        changes = changes.filter(before__has_key="source")
        latest = changes.values("feedback").annotate(latest=Max("at")).values("latest")
        plain = beside.order_by("attempt").values(plain=JSONObject(pk="pk", attempt="attempt"))
        moves = apps.get_model("feedback", "PromiseMove").objects.filter(submission=OuterRef("pk"))
        move = JSONObject(was="was", becomes="becomes", why="why", words="words")
        return self.annotate(
            attempts=ArraySubquery(plain),
            moved=ArraySubquery(moves.order_by("-at", "-pk").values(plain=move)),
            corrected_at=Subquery(latest),
        )

    def with_due(self) -> "SubmissionQuerySet":
        due = apps.get_model("courses", "EffectiveDue").objects.filter(
            enrolment=OuterRef("enrolment"), activity=OuterRef("activity")
        )
        return self.annotate(due_at=Subquery(due.values("due_at")))

    def to_mark(self) -> "SubmissionQuerySet":
        """Nobody has given it back yet, at no hour either."""
        return self.filter(taken_back_at=None, release_at=None)

    def released(self, now: datetime) -> "SubmissionQuerySet":
        """Whose feedback its student can read."""
        return self.filter(release_at__lte=now)


class WorkFileQuerySet(models.QuerySet["WorkFile"]):
    def readable_by(self, viewer: "User") -> "WorkFileQuerySet":
        """One's own; those of work that one marks, once it was handed in."""
        marked = apps.get_model("feedback", "Submission").objects.markable_by(viewer).filter(files=OuterRef("pk"))
        own = Q(enrolment__user=viewer, enrolment__state="active", enrolment__deleted_at=None)
        return self.filter(own | Exists(marked))


class BankQuerySet(models.QuerySet["BankComment"]):
    def offered_to(self, viewer: "User", course: int) -> "BankQuerySet":
        """One's own, and those that others keep for all who mark in the course."""
        return self.filter(Q(owner=viewer, course=None) | Q(course=course))


def _member(viewer: "User", roles: tuple[str, ...], cohort: str) -> Q:
    return Q(**{f"{cohort}__in": apps.get_model("courses", "Cohort").objects.member(viewer, roles).values("pk")})


def still_teaches(teacher: str, cohort: str) -> Q:
    """Whether the person at the path `teacher` may still write to students of the cohort at the path `cohort`."""
    theirs = apps.get_model("courses", "Enrolment").objects.active().filter(role__in=CHECKING_IN)
    there = Exists(theirs.filter(user=OuterRef(teacher), cohort=OuterRef(cohort)))
    is_there = {f"{teacher}__is_active": True, f"{teacher}__deleted_at": None}
    return Q(**is_there) & (Q(**{f"{teacher}__is_staff": True}) | Q(there))


def _unread(by_student: bool, read: str) -> Exists:
    said = apps.get_model("feedback", "Message").objects.filter(conversation=OuterRef("pk"), by_student=by_student)
    return Exists(said.filter(hidden_at=None, pk__gt=OuterRef(read)))


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def standing(self) -> "ConversationQuerySet":
        """Of people and cohorts that were not deleted."""
        return self.filter(enrolment__deleted_at=None, enrolment__cohort__deleted_at=None)

    def of(self, viewer: "User") -> "ConversationQuerySet":
        """One's own, as a student who has not left."""
        return self.standing().filter(enrolment__user=viewer, enrolment__state="active")

    def held_by(self, viewer: "User") -> "ConversationQuerySet":
        """One's own, as somebody who teaches there still."""
        held = self.standing().filter(teacher=viewer)
        return held if viewer.is_staff else held.filter(_member(viewer, CHECKING_IN, "enrolment__cohort"))

    def with_unread(self, viewer: "User") -> "ConversationQuerySet":
        """With whether the other of the two wrote something that `viewer` has not read (`is_unread`)."""
        side = Case(
            When(teacher=viewer, then=_unread(True, "teacher_read")),
            When(enrolment__user=viewer, then=_unread(False, "student_read")),
            default=Value(False),
        )
        return self.annotate(is_unread=side)

    def unread_by(self, viewer: "User") -> "ConversationQuerySet":
        """One's own in which the other wrote something new; to be counted, by an index of each side."""
        mine = self.of(viewer).filter(_unread(False, "student_read")).values("pk")
        return mine.union(self.held_by(viewer).filter(_unread(True, "teacher_read")).values("pk"), all=True)

    def read_by(self, viewer: "User") -> "ConversationQuerySet":
        """One's own; those of others with a minor, for whoever looks after those of the cohort. Nobody else's."""
        own = Q(enrolment__user=viewer, enrolment__state="active")
        held, minors = Q(teacher=viewer), Q(enrolment__user__minor=True)
        if not viewer.is_staff:
            held &= _member(viewer, CHECKING_IN, "enrolment__cohort")
            minors &= _member(viewer, READING_OF_MINORS, "enrolment__cohort")
        return self.standing().filter(own | held | minors)


class AskedQuerySet(models.QuerySet["Asked"]):
    def open(self, now: datetime) -> "AskedQuerySet":
        """That can be answered: of whoever has not left, by somebody who still teaches there."""
        there = self.filter(enrolment__deleted_at=None, enrolment__cohort__deleted_at=None, enrolment__state="active")
        there = there.filter(still_teaches("check_in__author", "enrolment__cohort"))
        return there.filter(opened_at__isnull=False, answered_at=None, expires_at__gt=now)

    def of(self, viewer: "User") -> "AskedQuerySet":
        """Those that came to `viewer`, answered or not; not what waits its turn."""
        mine = self.filter(enrolment__user=viewer, enrolment__state="active", enrolment__deleted_at=None)
        return mine.filter(opened_at__isnull=False, enrolment__cohort__deleted_at=None)
