from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from common.literals import Literal
from notifications.kinds import ABOUT, KINDS

if TYPE_CHECKING:
    from accounts.models import User


def gone(among: Iterable[str] | None = None) -> Q:
    """Whether what a notice is about was hidden or deleted, or is closed to its person by now.

    `among` names the kinds there can be, where that is known: the fewer, the less is asked.
    """
    asked = set(KINDS if among is None else among)
    unreadable = Q()
    for about, stands in ABOUT.items():
        if kinds := [kind.name for kind in KINDS.values() if kind.about == about and kind.name in asked]:
            unreadable |= Q(~Q(stands()), kind__in=kinds)
    return unreadable if unreadable else Q(pk=None)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def inbox_of(self, viewer: "User") -> "NoticeQuerySet":
        """What was told to `viewer` and can still be read."""
        return self.laid_before(viewer).exclude(gone())

    def laid_before(self, viewer: "User") -> "NoticeQuerySet":
        """As `inbox_of`, with what has gone since and was not taken back yet."""
        return self.filter(person=viewer, in_inbox=True, state=Literal("told"))

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def ready(self, now: datetime) -> "NoticeQuerySet":
        """Planned ones whose time has come, the oldest first."""
        return self.filter(state=Literal("planned"), not_before__lte=now).order_by("not_before", "pk")

    def to_mail(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(mail_by=Literal("now"), mail=None, mail_after__lte=now)
