"""The forums of a person, and what waits in them."""

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from courses.models import Activity, Cohort, Course, Enrolment
from courses.permissions import GRANTS, Permission
from forums.access import Standing
from forums.models import LostHere, Thread


@dataclass(frozen=True)
class Places:
    """Where somebody can talk about a course: the cohorts of it that they are in."""

    cohorts: list[Cohort]
    roles: frozenset[str]
    # The seconds of a lecture in which they were lost.
    lost: list[int] = field(default_factory=list)

    def standing(self, viewer: User) -> Standing:
        return Standing(viewer, self.roles)


def cohorts_on(viewer: User, course: Course, activity: Activity | None = None) -> Places:
    """For an admin who is in none, all of them (the first twenty). With a lecture, also where they were lost in it."""
    lost = LostHere.objects.filter(enrolment=OuterRef("pk"), activity=activity).order_by("second")
    mine = Enrolment.objects.of(viewer).filter(cohort__course=course).select_related("cohort").order_by("cohort__name")
    found = list(mine.annotate(lost=ArraySubquery(lost.values("second"))) if activity else mine)
    if not found and viewer.is_staff:
        return Places(list(Cohort.objects.filter(course=course).order_by("name", "pk")[:20]), frozenset())
    talking = [one for one in found if Permission.TALK in GRANTS[one.role]]
    seconds = sorted({second for one in found for second in one.lost}) if activity else []
    return Places([one.cohort for one in talking or found], frozenset(one.role for one in found), seconds)


def forums_of(viewer: User) -> QuerySet[Cohort]:
    """Each with how many of its threads wait for an answer and when somebody last wrote there."""
    threads = Thread.objects.standing().filter(cohort=OuterRef("pk"), hidden_at=None).order_by()
    waiting = Subquery(threads.unanswered().values("cohort").annotate(n=Count("pk")).values("n"))
    last = Subquery(threads.values("cohort").annotate(at=Max("last_post_at")).values("at"))
    found = Cohort.objects.known_to(viewer).select_related("course")
    found = found.annotate(waiting=Coalesce(waiting, 0), last_post_at=last)
    return found.order_by(F("last_post_at").desc(nulls_last=True), "name", "pk")


def unanswered(viewer: User) -> QuerySet[Thread]:
    """Questions of the cohorts that `viewer` looks after, the oldest first."""
    found = Thread.objects.moderated_by(viewer).unanswered().filter(~Q(author=None))
    return found.select_related("author", "cohort__course", "activity__module").order_by("opened_at", "pk")
