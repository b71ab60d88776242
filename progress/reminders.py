"""What students are told of their dates. Only `progress.apps` loads this."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.addresses import quick_url
from common.dates import at, local, moment
from common.templatetags.ui import minutes
from notifications.kinds import Cadence, Kind, Rank, Reason, Words, register
from notifications.models import Notice
from notifications.services import planning
from notifications.services.planning import HORIZON
from progress.outline import Stands
from progress.selectors import due


class Reminder(Kind):
    """A word about a date of one activity: its subject is the activity, its context the enrolment."""

    about = "activity"
    rank = Rank.DEADLINE
    icon = "calendar"
    sends: str

    def plan(self, now: datetime) -> int:
        given = due.parameters(self.sends, now, HORIZON)
        return planning.insert(self.name, due.statement(self.sends), **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        """It is planned as it would be planned now."""
        pairs = [(notice.context, notice.subject) for notice in notices]
        fresh = due.as_they_are(self.sends, pairs, now, HORIZON)
        reasons: dict[int, str] = {}
        for notice in notices:
            day, values, not_after = fresh.get((notice.person_id, notice.subject, notice.lead), (None, {}, None))
            if day == notice.local_day:
                notice.values, notice.not_after = values, not_after
            else:
                reasons[notice.pk] = Reason.MOVED
        if reasons:
            reasons |= self._other_reasons([notice for notice in notices if notice.pk in reasons])
        return reasons

    def _other_reasons(self, notices: Sequence[Notice]) -> dict[int, str]:
        found = due.why_not([(notice.context, notice.subject) for notice in notices])
        reasons: dict[int, str] = {}
        for notice in notices:
            active, is_shown, stands = found.get((notice.context, notice.subject), (False, False, None))
            if not active:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif not is_shown:
                reasons[notice.pk] = Reason.GONE
            elif stands == Stands.DONE:
                reasons[notice.pk] = Reason.DONE
            elif stands in (Stands.WITH_TEACHER, Stands.EXCUSED):
                reasons[notice.pk] = Reason.WITH_TEACHER
        return reasons

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return self._words(notices, gettext("It is part of “%(module)s”."))

    def in_full(self, notices: Sequence[Notice]) -> list[Words]:
        return self._words(notices, gettext("It is part of “%(module)s”, in “%(course)s”."))

    def _words(self, notices: Sequence[Notice], where: str) -> list[Words]:
        return [
            Words(
                self.title(notice, moment(notice.values["due"])),
                self.text(notice.values, where),
                quick_url("progress:lesson", notice.subject),
                gettext("Go to the lesson"),
            )
            for notice in notices
        ]

    @abstractmethod
    def title(self, notice: Notice, due_at: datetime) -> str: ...

    def text(self, values: dict, where: str) -> str:
        parts = (
            [gettext("It takes about %(time)s.") % {"time": minutes(values["minutes"])}] if values["minutes"] else []
        )
        return " ".join([*parts, where % values])


class DueSoon(Reminder):
    name = "due_soon"
    label = _("A date is near")
    heading = _("Dates and reminders")
    explained = _("A few days before something is due and not done yet. You choose how many.")
    mail = Cadence.NOW
    sends = due.SOON

    def title(self, notice: Notice, due_at: datetime) -> str:
        # As it was on the day on which it was told, wherever it is read.
        days = (local(due_at).date() - local(notice.settled_at or notice.not_before).date()).days
        words = {"name": notice.values["title"], "at": at(due_at), "count": days}
        if days <= 0:
            return gettext("“%(name)s” is due today, %(at)s") % words
        if days == 1:
            return gettext("“%(name)s” is due tomorrow, %(at)s") % words
        return (
            ngettext(
                "You have %(count)d day for “%(name)s”: due %(at)s",
                "You have %(count)d days for “%(name)s”: due %(at)s",
                days,
            )
            % words
        )


class DueToday(Reminder):
    name = "due_today"
    label = _("Something is due today")
    heading = _("Dates and reminders")
    explained = _("On the morning of the day, if it is not done yet.")
    mail = Cadence.NEVER
    sends = due.TODAY

    def title(self, notice: Notice, due_at: datetime) -> str:
        return gettext("“%(name)s” is due today, %(at)s") % {"name": notice.values["title"], "at": at(due_at)}


class DuePassed(Reminder):
    name = "due_passed"
    label = _("A date has passed")
    heading = _("Dates and reminders")
    explained = _("Once, for what you can still hand in or finish.")
    mail = Cadence.DAILY
    sends = due.PASSED

    def title(self, notice: Notice, due_at: datetime) -> str:
        return gettext("“%(name)s” was due %(at)s. You can still do it.") % {
            "name": notice.values["title"],
            "at": at(due_at),
        }


for kind in (DueSoon(), DueToday(), DuePassed()):
    register(kind)
