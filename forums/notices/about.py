"""What notices of a forum are about: posts that stand and that their person may read, asked of many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery

from courses.models import Enrolment
from courses.permissions import MODERATING
from forums.models import Following, Post, Reading, Report
from forums.notices.statements import names
from forums.querysets import PostQuerySet
from notifications.kinds import ABOUT
from notifications.models import Notice
from progress.fields import holds


def told_posts() -> PostQuerySet:
    """For EXISTS beside a notice: those of its posts that can be read. Its subject is the thread, its context the
    cohort."""
    named = names(OuterRef("values__posts"), Func(F("pk"), function="to_jsonb"))
    return Post.objects.told().filter(named, thread=OuterRef("subject"))


def talk_stands() -> Exists:
    return Exists(told_posts())


ABOUT["talk"] = talk_stands


@dataclass(frozen=True)
class Now:
    """How things stand for the person of a notice: `posts` are those that they can read."""

    posts: Sequence[Post]
    minor: bool
    moderates: bool
    is_admin: bool
    # The nearest choice of FOLLOW and MUTE; None where they chose nothing.
    muted: bool | None
    read: Any
    stands: bool = True

    @property
    def has_read_all(self) -> bool:
        return all(holds(self.read, post.number) for post in self.posts)


# Of a notice whose person was erased at this moment.
NOTHING = Now((), minor=True, moderates=False, is_admin=False, muted=None, read=None, stands=False)


def as_things_are(notices: Iterable[Notice]) -> Mapping[int, Now]:
    """By notice, in two queries."""
    looking_after = Enrolment.objects.active().filter(
        user=OuterRef("person"), cohort=OuterRef("context"), role__in=MODERATING
    )
    here = Q(thread=OuterRef("subject")) | Q(thread=None, module=None)
    here |= Q(thread=None, module__activities__threads=OuterRef("subject"))
    choices = Following.objects.filter(here, person=OuterRef("person"), cohort=OuterRef("context"))
    nearest = choices.order_by(F("thread_id").asc(nulls_last=True), F("module_id").asc(nulls_last=True))
    read = Reading.objects.filter(thread=OuterRef("subject"), person=OuterRef("person"))
    found = list(
        Notice.objects.filter(pk__in=[notice.pk for notice in notices])
        .annotate(
            readable=ArraySubquery(told_posts().order_by("number").values("pk")),
            moderates=Exists(looking_after),
            muted=Subquery(nearest.values("muted")[:1]),
            read=Subquery(read.values("numbers")),
        )
        .values_list("pk", "readable", "person__minor", "moderates", "person__is_staff", "muted", "read")
    )
    posts = _posts({key for row in found for key in row[1]})
    return {
        pk: Now([posts[key] for key in readable if key in posts], minor, moderates, is_admin, muted, read)
        for pk, readable, minor, moderates, is_admin, muted, read in found
    }


def _posts(keys: Iterable[int]) -> Mapping[int, Post]:
    """With what is said of a post in its notices, and no more of its words than the excerpt."""
    reasons = Report.objects.filter(post=OuterRef("pk"), closed_at=None).order_by("at").values("reason")
    found = Post.objects.filter(pk__in=keys).select_related("author", "endorsed_by", "thread")
    return found.annotate(reported_for=Subquery(reasons[:1])).defer("source", "html", "text", "vector").in_bulk()
