"""The daily and the weekly digest. Only `notifications.apps` loads this."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.dates import local, moment
from common.templatetags.ui import zone_city
from notifications.kinds import COMING, Cadence, Group, Kind, Line, Rank, Reason, Section, Words, register
from notifications.models import Notice
from notifications.services import digests


class Digest(Kind):
    """One mail of what waits for it. It is switched off with the kinds that somebody chose to hear of by digest."""

    group = Group.EVERYBODY
    rank = Rank.DEADLINE
    icon = "mail"
    mail = Cadence.NOW
    in_inbox = False
    may_be_bundled = False
    may_be_switched_off = False
    takes_along: Cadence

    def plan(self, now: datetime) -> int:
        return digests.plan(self.name, self.takes_along, now)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        planned = [notice for notice in notices if notice.state == Notice.State.PLANNED]
        if not planned:
            return {}
        return {notice.pk: Reason.NOTHING_TO_SAY for notice in digests.fill(planned, self.takes_along, now)}

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [Words(str(self.label), url=reverse("notifications:inbox"), sections=_due(one)) for one in notices]


def _due(notice: Notice) -> list[Section]:
    found = [
        Line(words.title, words.url)
        for about, rows in notice.values.get("coming", {}).items()
        if about in COMING
        for words in COMING[about].render(rows)
    ]
    if not found:
        return []
    until = local(moment(notice.values["until"]))
    words = {"at": date_format(until, "D j F, H:i"), "zone": zone_city(timezone.get_current_timezone())}
    title = gettext("Due before your next digest, %(at)s (%(zone)s)") % words
    more = notice.values.get("more", 0)
    return [Section(title, found, ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more} if more else "")]


class DailyDigest(Digest):
    name = "daily_digest"
    label = _("Your day")
    explained = _("Once a day, what you chose to hear of daily.")
    takes_along = Cadence.DAILY


class WeeklyDigest(Digest):
    name = "weekly_digest"
    label = _("Your week")
    explained = _("On Mondays, what you chose to hear of weekly.")
    takes_along = Cadence.WEEKLY


for kind in (DailyDigest(), WeeklyDigest()):
    register(kind)
