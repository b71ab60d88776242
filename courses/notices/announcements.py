"""What people are told of what happens in courses. Only `courses.apps` loads this."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Announcement
from courses.querysets import told_member
from courses.services import announcements
from courses.services.references import plain_from_elsewhere
from notifications.kinds import ABOUT, Cadence, Group, Kind, Rank, Reason, Words, register
from notifications.models import Event, Notice

FORGET = """
UPDATE notifications_notice n SET "values" = n."values" || '{"by": ""}'
  FROM courses_announcement a
 WHERE n.kind = %(kind)s AND a.id = n.subject AND a.author_id IS NULL AND n."values" ->> 'by' <> ''
"""


def announcement_stands() -> Exists:
    """Whether the announcement of a notice is there to read, for somebody it is addressed to."""
    readable = Announcement.objects.filter(Q(for_everybody=True) | told_member("cohorts__"))
    return Exists(readable.filter(pk=OuterRef("subject"), publish_at__lte=timezone.now()))


ABOUT["announcement"] = announcement_stands


class Announced(Kind):
    """Its subject is the announcement, its lead counts down how often people were told of it."""

    name = announcements.KIND
    label = _("Announcements")
    explained = _("What your teachers write to your whole group, and your school to everyone.")
    icon = "megaphone"
    group = Group.EVERYBODY
    rank = Rank.PERSON
    mail = Cadence.NOW
    stays_in_inbox = True
    at_any_hour = True
    about = "announcement"

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        return announcements.bring_inboxes_in_line({event.subject for event in events}, now)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        standing = Announcement.objects.in_bulk({notice.subject for notice in notices})
        ids = [notice.pk for notice in notices]
        readable = set(Notice.objects.filter(announcement_stands(), pk__in=ids).values_list("pk", flat=True))
        reasons: dict[int, str] = {}
        for notice in notices:
            found = standing.get(notice.subject)
            if found is None or found.publish_at > now:
                reasons[notice.pk] = Reason.GONE
            elif notice.pk not in readable:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif notice.lead != announcements.lead_of(found):
                reasons[notice.pk] = Reason.LATER_ONE
        return reasons

    def forget_the_erased(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, {"kind": self.name})
            return cursor.rowcount

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(self._title(notice), _said(notice), self._url(notice), gettext("Read it on Ownpace"))
            for notice in notices
        ]

    def in_full(self, notices: Sequence[Notice]) -> list[Words]:
        sources = dict(
            Announcement.objects.filter(pk__in={notice.subject for notice in notices}).values_list("pk", "source")
        )
        return [
            Words(
                self._title(notice),
                _signed(notice),
                self._url(notice),
                gettext("Read it on Ownpace"),
                announcements.mailed(sources.get(notice.subject, "")),
                plain_from_elsewhere(sources.get(notice.subject, "")),
            )
            for notice in notices
        ]

    def _title(self, notice: Notice) -> str:
        title = str(notice.values["title"])
        return gettext("Corrected: %(title)s") % {"title": title} if notice.values["corrected"] else title

    def _url(self, notice: Notice) -> str:
        return reverse("courses:announcement", args=[notice.subject])


def _said(notice: Notice) -> str:
    by, excerpt = notice.values["by"], notice.values["excerpt"]
    return gettext("%(name)s: %(words)s") % {"name": by, "words": excerpt} if by else excerpt


def _signed(notice: Notice) -> str:
    """The line above the whole text."""
    given = {"name": notice.values["by"], "course": notice.values["course"]}
    if given["name"] and given["course"]:
        return gettext("From %(name)s, in “%(course)s”") % given
    return gettext("From %(name)s") % given if given["name"] else given["course"]


register(Announced())
