from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from common.literals import Literal
from notifications.kinds import ABOUT, KINDS

if TYPE_CHECKING:
    from accounts.models import User


def gone() -> Q:
    """Whether what a notice is about was hidden or deleted, or is closed to its person by now."""
    unreadable = Q()
    for about, stands in ABOUT.items():
        if kinds := [kind.name for kind in KINDS.values() if kind.about == about]:
            unreadable |= Q(~Q(stands()), kind__in=kinds)
    return unreadable if unreadable else Q(pk=None)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def inbox_of(self, viewer: "User") -> "NoticeQuerySet":
        """What was told to `viewer` and can still be read."""
        return self.filter(person=viewer, in_inbox=True, state=Literal("told")).exclude(gone())

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def ready(self, now: datetime) -> "NoticeQuerySet":
        """Planned ones whose time has come, the oldest first."""
        return self.filter(state=Literal("planned"), not_before__lte=now).order_by("not_before", "pk")

    def to_mail(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(mail_by=Literal("now"), mail=None, mail_after__lte=now)
