"""What a student hears of their own work: feedback is here, its day has moved, its promise was broken, a reply.

No notice and no mail holds a mark, or a word of feedback: it says that there is some, and where.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.addresses import quick_url
from common.dates import at, moment
from feedback.notices import about, statements
from feedback.notices.about import Now
from feedback.services import news
from notifications.kinds import Cadence, Kind, Rank, Reason, Words, register
from notifications.models import Event, Notice
from notifications.services import revising


class OfOwnWork(Kind):
    """Its subject is the submission, its context the cohort."""

    about = "own work"
    icon = "assignment"
    at_any_hour = True
    action = _("Go to your work")

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found, reasons = about.works_now([one.subject for one in notices], now), {}
        for notice in notices:
            work = found.get(notice.subject, about.GONE)
            if not (work.stands and work.shown):
                reasons[notice.pk] = Reason.GONE
            elif not work.active:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif reason := self.unwanted(notice, work):
                reasons[notice.pk] = reason
        return reasons

    @abstractmethod
    def unwanted(self, notice: Notice, work: Now) -> Reason | None:
        """Why it is no news any more; it may bring the values up to date."""

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(self.title(one.values), self.text(one.values), quick_url("feedback:work", one.subject), self.action)
            for one in notices
        ]

    @abstractmethod
    def title(self, values: Mapping[str, Any]) -> str: ...

    @abstractmethod
    def text(self, values: Mapping[str, Any]) -> str: ...


class Released(OfOwnWork):
    name = news.RELEASED
    label = _("Feedback on your work")
    heading = _("Work and feedback")
    explained = _("When a teacher gives you feedback on work that you handed in.")
    rank = Rank.PERSON
    mail = Cadence.NOW
    action = _("Read your feedback")

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        works = [one.subject for one in events]
        statements.settle_marked([news.HANDED_IN, news.BROKE], works)
        revising.settle(Notice.objects.filter(kind__in=(news.MOVED, news.BROKEN), subject__in=works))
        return statements.to_student(self.name, statements.RELEASED, events, now)

    def unwanted(self, notice: Notice, work: Now) -> Reason | None:
        if not work.released:
            return Reason.GONE
        return Reason.READ if work.read else None

    def title(self, values: Mapping[str, Any]) -> str:
        return gettext("You have feedback on “%(title)s”") % values

    def text(self, values: Mapping[str, Any]) -> str:
        return gettext("It is in “%(course)s”. When you have read it, say in one line what you will change.") % values


class Promise(OfOwnWork):
    """Told with the day that is promised as it is told."""

    rank = Rank.DEADLINE

    def unwanted(self, notice: Notice, work: Now) -> Reason | None:
        if work.released or work.promised is None:
            return Reason.DONE
        if notice.state != Notice.State.PLANNED:
            return None if work.promised == notice.values["becomes"] else Reason.MOVED
        notice.values = {**notice.values, "becomes": work.promised}
        return Reason.NOTHING_TO_SAY if work.promised == notice.values["was"] else None


class Moved(Promise):
    name = news.MOVED
    label = _("The day of your feedback has changed")
    heading = _("Work and feedback")
    explained = _("When feedback is promised for another day, because a teacher is away or marking is paused.")
    mail = Cadence.DAILY

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        return statements.to_student(self.name, statements.MOVED, events, now)

    def title(self, values: Mapping[str, Any]) -> str:
        words = {"title": values["title"], "at": at(moment(values["becomes"]))}
        return gettext("Feedback on “%(title)s” is now promised by %(at)s") % words

    def text(self, values: Mapping[str, Any]) -> str:
        was = gettext("Until now it was promised by %(at)s.") % {"at": at(moment(values["was"]))}
        return f"{_reason(values)} {was}"


def _reason(values: Mapping[str, Any]) -> str:
    sooner = values["becomes"] < values["was"]
    match values["why"]:
        case "away" if sooner:
            return gettext("Your work no longer waits for a teacher who is away.")
        case "away":
            return gettext("Your teacher is away.")
        case "paused" if sooner:
            return gettext("The pause in marking is over.")
        case "paused":
            return gettext("Marking is paused: “%(words)s”") % {"words": values["words"]}
        case _:
            return gettext("Your teacher’s working days have changed.")


class Broken(Promise):
    name = news.BROKEN
    label = _("Your feedback is late")
    heading = _("Work and feedback")
    explained = _("When feedback was promised and has not come. It says which day is promised now.")
    mail = Cadence.NOW

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        written = statements.to_student(self.name, statements.BROKEN, events, now)
        return written + statements.to_markers(news.BROKE, events, now)

    def title(self, values: Mapping[str, Any]) -> str:
        words = {"title": values["title"], "at": at(moment(values["becomes"]))}
        return gettext("Feedback on “%(title)s” is late. It is now promised by %(at)s") % words

    def text(self, values: Mapping[str, Any]) -> str:
        words = {"at": at(moment(values["was"]))}
        return gettext("It was promised by %(at)s and has not come. Your work is safe, and your teacher knows.") % words


class Answered(OfOwnWork):
    name = news.ANSWER
    label = _("Replies about your feedback")
    heading = _("Work and feedback")
    explained = _("When a teacher replies to you beside your feedback.")
    rank = Rank.PERSON
    mail = Cadence.NOW
    action = _("Read it on Ownpace")

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        """Its events are those of all remarks: `markers.Asked` has them."""
        written = statements.to_student(self.name, statements.ANSWERED, events, now)
        if written:
            answered = Notice.objects.filter(kind=self.name, planned_at=now).values("subject")
            revising.settle(Notice.objects.filter(kind=news.QUESTION, subject__in=answered))
        return written

    def unwanted(self, notice: Notice, work: Now) -> Reason | None:
        return None if work.released else Reason.GONE

    def title(self, values: Mapping[str, Any]) -> str:
        return gettext("There is a reply about your feedback on “%(title)s”") % values

    def text(self, values: Mapping[str, Any]) -> str:
        return gettext("It is in “%(course)s”.") % values


for kind in (Released(), Moved(), Broken(), Answered()):
    register(kind)
