"""Lists of threads, and one thread with what its reader has to do with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from psycopg.types.multirange import Multirange

from accounts.models import User
from courses.models import Activity, Cohort, Enrolment
from courses.permissions import TEACHING
from forums.models import Following, Post, Reading, Report, Thread, Unmasking, Wonder
from forums.querysets import ThreadQuerySet
from progress.fields import holds, total

MOST_SIMILAR = 5
# Whether somebody has seen all of a thread that is annotated with what they have read; NULL where they saw nothing.
_WHOLE = Func(
    F("read"),
    Func(1, F("last_number") + 1, function="int4range"),
    template="%(expressions)s",
    arg_joiner=" @> ",
    output_field=BooleanField(),
)


class Show(StrEnum):
    """Which threads of a forum: all of them, or those that the address asks for."""

    ALL = "all"
    UNREAD = "unread"
    UNANSWERED = "unanswered"
    MINE = "mine"


def _read(viewer: User) -> Subquery:
    return Subquery(Reading.objects.filter(thread=OuterRef("pk"), person=viewer).values("numbers"))


def listed(viewer: User) -> ThreadQuerySet:
    """With what a line of a list says of its reader."""
    muted = Following.objects.filter(thread=OuterRef("pk"), person=viewer).values("muted")
    found = Thread.objects.readable_by(viewer).annotate(read=_read(viewer), muted=Subquery(muted))
    return found.select_related("author", "activity__module")


def of_cohort(viewer: User, cohort: Cohort, show: Show, activity: Activity | None = None) -> QuerySet[Thread]:
    """Pinned ones first, then those with the latest post."""
    found = listed(viewer).filter(cohort=cohort)
    if activity:
        found = found.filter(activity=activity)
    if show is Show.UNANSWERED:
        return found.unanswered().order_by("opened_at", "pk")
    if show is Show.MINE:
        mine = Post.objects.standing().filter(author=viewer, thread=OuterRef("pk"))
        found = found.filter(Exists(mine))
    elif show is Show.UNREAD:
        found = found.annotate(whole=_WHOLE).filter(Q(whole=None) | Q(whole=False))
    return found.order_by("-pinned", "-last_post_at", "-pk")


def unread(thread: Any) -> int:
    """How many posts of a listed thread its reader has not seen."""
    seen: Multirange[int] | None = thread.read
    return max(0, thread.last_number - total(seen))


@dataclass(frozen=True)
class Own:
    """What the reader of a thread has to do with it."""

    read: "Multirange[int] | None"
    muted: bool | None
    wonders: bool
    has_posted: bool

    @property
    def follows(self) -> bool:
        return self.muted is False

    def has_read(self, number: int) -> bool:
        return holds(self.read, number)


def own(viewer: User, thread: Thread) -> Own:
    found = (
        Thread.objects.filter(pk=thread.pk)
        .annotate(
            read=_read(viewer),
            muted=Subquery(Following.objects.filter(thread=OuterRef("pk"), person=viewer).values("muted")),
            wonders_too=Exists(Wonder.objects.filter(thread=OuterRef("pk"), person=viewer)),
            has_posted=Exists(Post.objects.standing().filter(thread=OuterRef("pk"), author=viewer)),
        )
        .values_list("read", "muted", "wonders_too", "has_posted")
        .get()
    )
    return Own(*found)


def posts(thread: Thread) -> QuerySet[Post]:
    """All rows of a thread in their order, also those whose words the reader is not shown."""
    taught = Enrolment.objects.active().filter(cohort=thread.cohort, user=OuterRef("author"), role__in=TEACHING)
    reports = Report.objects.filter(post=OuterRef("pk"), closed_at=None)
    found = Post.objects.filter(thread=thread).annotate(
        by_teacher=Exists(taught),
        reported=Exists(reports),
        looked_up=Exists(Unmasking.objects.filter(post=OuterRef("pk"))),
    )
    return found.select_related("author", "endorsed_by").defer("vector", "text").order_by("under", "number")


def post_of(viewer: User, thread: Thread, number: int) -> Post | None:
    """One of them whose words `viewer` may read."""
    return posts(thread).filter(pk__in=Post.objects.readable_by(viewer).values("pk"), number=number).first()


def place_of(post: Post) -> int:
    """How many rows stand before it in its thread."""
    before = Q(under__lt=post.under) | Q(under=post.under, number__lt=post.number)
    return Post.objects.filter(before, thread=post.thread_id).count()


def first_unread(viewer: User, thread: Thread) -> Post | None:
    """In the order of the thread."""
    read = Reading.objects.filter(thread=thread, person=viewer).values_list("numbers", flat=True).first()
    numbers = [number for number in range(1, thread.last_number + 1) if not holds(read, number)]
    found = Post.objects.filter(thread=thread, number__in=numbers[:1_000])
    return found.order_by("under", "number").first()


def newer(thread: Thread, number: int) -> int:
    """How many posts have come since the one of that number."""
    return max(0, thread.last_number - number)
