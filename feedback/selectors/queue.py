"""Work to mark, over all cohorts in which somebody marks: what is closest to breaking its promise comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, F, Func, Min, OuterRef, Q, Subquery, Value

from accounts.models import User
from common.literals import Literal
from common.numbers import row_key
from common.paging import COUNTED
from courses.models import Activity, Cohort, EffectiveDue, Enrolment
from courses.permissions import MARKING
from courses.querysets import holds
from feedback.models import Submission
from feedback.querysets import SubmissionQuerySet

MOST_CHOICES = 200
# Long texts stay where they are: a row shows none.
COLUMNS = (
    "attempt",
    "counts_at",
    "sent_at",
    "promised_at",
    "broken_at",
    "release_at",
    "activity__title",
    "activity__assignment__nameless",
    "enrolment__cohort__name",
    "enrolment__cohort__course",
    "enrolment__user__display_name",
    "enrolment__user__username",
    "marker__display_name",
    "marker__username",
    "marker_given_by",
    "feedback__revision",
)
JOINED = ("activity__assignment", "enrolment__cohort", "enrolment__user", "marker", "feedback")


class Show(StrEnum):
    """Which work, by the word that stands in the address. The last three are not to be marked any more."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    MARKED = "marked"
    TIMED = "timed"
    RELEASED = "released"


@dataclass(frozen=True)
class Filter:
    """What a marker asked to see; 0 and "" for everything."""

    show: Show = Show.ALL
    cohort: int = 0
    activity: int = 0
    words: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filter":
        show = asked.get("show", "")
        words = asked.get("q", "").replace("\0", "").strip()[:100]
        return cls(
            Show(show) if show in list(Show) else Show.ALL,
            row_key(asked.get("cohort", "")),
            row_key(asked.get("activity", "")),
            words,
        )

    def query(self, **other: object) -> str:
        """For an address, with its "?"; "" where it asks for everything."""
        values = {"show": self.show, "cohort": self.cohort, "activity": self.activity, "q": self.words, **other}
        said = {name: str(value) for name, value in values.items() if value and value != Show.ALL}
        return f"?{urlencode(said)}" if said else ""


def found(viewer: User, asked: Filter, now: datetime) -> SubmissionQuerySet:
    """All that the filter lets through, in the order in which it is marked."""
    rows = _shown(_markable(viewer), viewer, asked, now)
    if asked.cohort:
        rows = rows.filter(enrolment__cohort=asked.cohort)
    if asked.activity:
        rows = rows.filter(activity=asked.activity)
    if asked.words:
        # A name finds nothing that is marked without names.
        named = Q(activity__assignment__nameless=False) | Q(release_at__lte=now)
        rows = rows.filter(named, holds("enrolment__user__display_name", asked.words))
    return rows.order_by(*_order(asked))


def _markable(viewer: User) -> SubmissionQuerySet:
    """As `markable_by`, asked of each row: joined, Postgres believes that nearly nothing is left, and sorts thousands
    of rows that the index holds in their order."""
    theirs = Enrolment.objects.filter(pk=OuterRef("enrolment"), role=Literal("student"), cohort__deleted_at=None)
    if not viewer.is_staff:
        mine = Enrolment.objects.active().filter(user=viewer, role__in=MARKING, cohort__deleted_at=None)
        in_mine = Func(
            F("cohort"),
            ArraySubquery(mine.values("cohort")),
            template="%(expressions)s)",
            arg_joiner=" = ANY(",
            output_field=BooleanField(),
        )
        theirs = theirs.filter(in_mine)
    is_mine = Subquery(theirs.values(is_mine=Value(True))[:1], output_field=BooleanField())
    return Submission.objects.filter(is_mine, activity__deleted_at=None, taken_back_at=None)


def _shown(rows: SubmissionQuerySet, viewer: User, asked: Filter, now: datetime) -> SubmissionQuerySet:
    if asked.show is Show.TIMED:
        return rows.filter(release_at__gt=now)
    if asked.show is Show.RELEASED:
        return rows.released(now)
    rows = rows.to_mark()
    if asked.show is Show.MINE:
        return rows.filter(marker=viewer)
    if asked.show is Show.FREE:
        return rows.filter(marker=None)
    if asked.show is Show.MARKED:
        return rows.filter(feedback__revision__gt=0)
    return rows


def _order(asked: Filter) -> tuple[str, str]:
    if asked.show is Show.RELEASED:
        return "-release_at", "-pk"
    return ("release_at" if asked.show is Show.TIMED else "promised_at"), "pk"


def listed(viewer: User, asked: Filter, now: datetime) -> SubmissionQuerySet:
    """The same as a list shows it, without the texts."""
    return found(viewer, asked, now).select_related(*JOINED).only(*COLUMNS)


@dataclass(frozen=True)
class Ahead:
    """How much is to be marked, counted up to `common.paging.COUNTED`, and what is promised next."""

    count: int
    promised_at: datetime | None


def ahead(viewer: User) -> Ahead:
    first = _markable(viewer).to_mark().order_by("promised_at", "pk")
    told = first.values("pk", "promised_at")[:COUNTED].aggregate(n=Count("pk"), next=Min("promised_at"))
    return Ahead(told["n"], told["next"])


def waiting(viewer: User, cohorts: Sequence[int]) -> dict[int, int]:
    """How much is to be marked in each of these cohorts, for who marks there."""
    rows = _markable(viewer).to_mark().filter(enrolment__cohort__in=cohorts)
    counted = rows.values_list("enrolment__cohort").annotate(n=Count("pk")).order_by()
    return dict(counted)


def due(rows: list[Submission]) -> dict[int, datetime | None]:
    """When each was due, by its key; in one query."""
    wanted = EffectiveDue.objects.filter(
        enrolment__in={one.enrolment_id for one in rows}, activity__in={one.activity_id for one in rows}
    )
    known = {
        (enrolment, activity): at for enrolment, activity, at in wanted.values_list("enrolment", "activity", "due_at")
    }
    return {one.pk: known.get((one.enrolment_id, one.activity_id)) for one in rows}


def cohorts(viewer: User) -> list[Cohort]:
    """To choose from, by name."""
    known = Cohort.objects.all() if viewer.is_staff else Cohort.objects.member(viewer, MARKING)
    return list(
        known.filter(course__in=_with_assignments()).select_related("course").order_by("name", "pk")[:MOST_CHOICES]
    )


def assignments(chosen: list[Cohort], cohort: int) -> list[Activity]:
    courses = {one.course_id for one in chosen if cohort in (0, one.pk)}
    found = Activity.objects.filter(kind="assignment", module__course__in=courses)
    return list(found.order_by("title", "pk").only("title")[:MOST_CHOICES])


def _with_assignments() -> Any:
    return Activity.objects.filter(kind="assignment").values("module__course")


@dataclass(frozen=True)
class Around:
    before: int | None
    after: int | None


def around(viewer: User, submission: Submission, asked: Filter, now: datetime) -> Around:
    """What comes before and after a piece of work in a filter, whether it is in it any more or not; in one query."""
    rows = found(viewer, asked, now)
    by = _order(asked)[0].lstrip("-")
    # What has left the list stood where its promise put it.
    at = getattr(submission, by) or submission.promised_at or submission.release_at or submission.sent_at
    later = Q(**{f"{by}__gte": at}) & (Q(**{f"{by}__gt": at}) | Q(pk__gt=submission.pk))
    earlier = Q(**{f"{by}__lte": at}) & (Q(**{f"{by}__lt": at}) | Q(pk__lt=submission.pk))
    if asked.show is Show.RELEASED:
        later, earlier = earlier, later
    after = rows.filter(later).values_list("pk", Value("after"))[:1]
    before = rows.filter(earlier).reverse().values_list("pk", Value("before"))[:1]
    sides = {side: key for key, side in before.union(after, all=True)}
    return Around(sides.get("before"), sides.get("after"))
