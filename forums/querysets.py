"""Who may read which talk. Every view starts from one of these."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from common.literals import Literal
from courses.permissions import MODERATING
from courses.querysets import shown

if TYPE_CHECKING:
    from accounts.models import User

# `ThreadQuerySet.unanswered`, of a thread `t` in a statement by hand.
UNANSWERED_SQL = """(t.kind = 'question' AND t.answered_at IS NULL AND t.locked_at IS NULL AND t.hidden_at IS NULL
                      AND t.duplicate_of_id IS NULL)"""


def moderated_by(viewer: "User") -> models.QuerySet:
    """The cohorts whose talk `viewer` looks after."""
    mine = apps.get_model("courses", "Enrolment").objects.of(viewer).filter(role__in=MODERATING)
    return mine.values("cohort")


def about_what_is_shown(thread: str = "") -> Q:
    """What belongs to a lesson is readable as the lesson is; `thread` is the path to the thread."""
    return Q(**{f"{thread}activity": None}) | shown(f"{thread}activity")


def opening() -> Q:
    """Whether a post opened its thread; that of a step, or of introductions, was opened by nobody."""
    return Q(number=1, thread__kind__in=["question", "discussion"])


def to_another() -> Q:
    """Whether a post replies to somebody else than its author."""
    return Q(parent__isnull=False) & ~Q(parent__author=F("author"))


class ThreadQuerySet(models.QuerySet["Thread"]):
    def standing(self) -> "ThreadQuerySet":
        return self.filter(deleted_at=None, cohort__deleted_at=None)

    def readable_by(self, viewer: "User") -> "ThreadQuerySet":
        """Those of one's cohorts; hidden ones for their author and for whoever moderates there."""
        if viewer.is_staff:
            return self.standing()
        mine = apps.get_model("courses", "Enrolment").objects.of(viewer).values("cohort")
        open_to_all = about_what_is_shown() & (Q(hidden_at=None) | Q(author=viewer))
        return self.standing().filter(Q(cohort__in=mine) & open_to_all | Q(cohort__in=moderated_by(viewer)))

    def moderated_by(self, viewer: "User") -> "ThreadQuerySet":
        return self.standing() if viewer.is_staff else self.standing().filter(cohort__in=moderated_by(viewer))

    def unanswered(self) -> "ThreadQuerySet":
        waiting = self.filter(kind=Literal("question"), answered_at=None)
        return waiting.filter(locked_at=None, hidden_at=None, duplicate_of=None)


class PostQuerySet(models.QuerySet["Post"]):
    def standing(self) -> "PostQuerySet":
        return self.filter(deleted_at=None)

    def readable_by(self, viewer: "User") -> "PostQuerySet":
        """Words that `viewer` may read: for a search, a mail, or an address of its own.

        The page of a thread shows more rows than these: that something was deleted or hidden there.
        """
        threads = apps.get_model("forums", "Thread").objects.readable_by(viewer)
        found = self.standing().filter(thread__in=threads)
        if viewer.is_staff:
            return found
        own = self.model.objects.standing().filter(thread=OuterRef("thread"), author=viewer)
        told = Q(thread__own_first=False) | opening() | Exists(own)
        return found.filter((Q(hidden_at=None) | Q(author=viewer)) & told | Q(thread__cohort__in=moderated_by(viewer)))

    def told(self) -> "PostQuerySet":
        """As `readable_by`, of many people at once: for EXISTS beside a notice, whose person reads."""
        person, reader = OuterRef("person"), OuterRef(OuterRef("person"))
        mine = apps.get_model("courses", "Enrolment").objects.active()
        mine = mine.filter(user=reader, cohort=OuterRef("thread__cohort"))
        admin = apps.get_model("accounts", "User").objects.filter(pk=reader, is_staff=True)
        own = self.model.objects.standing().filter(thread=OuterRef("thread"), author=reader)
        open_to_all = about_what_is_shown("thread__") & (Q(thread__hidden_at=None) | Q(thread__author=person))
        told = (Q(hidden_at=None) | Q(author=person)) & (Q(thread__own_first=False) | opening() | Exists(own))
        moderates = Exists(mine.filter(role__in=MODERATING)) | Exists(admin)
        standing = self.standing().filter(thread__deleted_at=None, thread__cohort__deleted_at=None)
        return standing.filter(Exists(mine) & open_to_all & told | moderates)
