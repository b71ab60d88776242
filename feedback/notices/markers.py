"""What those who mark hear: work was handed in, a promise is about to break or has broken, a student asks.

Nobody is named: the work may be marked without names.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.addresses import quick_url
from common.dates import at, moment
from courses.permissions import MARKING
from feedback.models import Submission
from feedback.notices import about, statements
from feedback.services import news
from notifications.kinds import KINDS, Cadence, Group, Kind, Rank, Reason, Words, register
from notifications.models import Event, Notice
from notifications.services import planning
from notifications.services.planning import HORIZON

# A promise ends at 17:00.
HALF_A_WORKING_DAY = timedelta(hours=4)


class ToMarkers(Kind):
    group = Group.TEACHING
    heading = _("Marking")
    icon = "assignment"
    rank = Rank.DEADLINE


class OfStep(ToMarkers):
    """Its subject is the step, its context the cohort, `works` in its values the submissions it tells of."""

    about = "step with work"

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        works = about.works_now([key for one in notices for key in one.values["works"]], now)
        markers, reasons = about.markers(notices), {}
        for notice in notices:
            found = [works.get(key, about.GONE) for key in notice.values["works"]]
            there = [work for work in found if work.stands and work.active]
            waiting = [work for work in there if not work.released and work.marker in (None, notice.person_id)]
            if (notice.person_id, notice.context) not in markers:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif not waiting:
                reasons[notice.pk] = Reason.DONE if there else Reason.GONE
            else:
                notice.values = {**notice.values, "n": len(waiting)}
        return reasons

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        address = reverse("feedback:queue")
        return [
            Words(self.title(_counted(one)), self.text(_counted(one)), address, gettext("Open the queue"))
            for one in notices
        ]

    def title(self, values: dict[str, Any]) -> str:
        raise NotImplementedError

    def text(self, values: dict[str, Any]) -> str:
        raise NotImplementedError


def _counted(notice: Notice) -> dict[str, Any]:
    """What was not told has not been counted."""
    return {"n": len(notice.values["works"]), **notice.values}


class HandedIn(OfStep):
    """By digest: the queue shows it meanwhile, and its promise is days away."""

    name = news.HANDED_IN
    label = _("Work is handed in")
    explained = _("When students of yours hand in work that you can mark.")
    mail = Cadence.DAILY
    rank = Rank.OTHER

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        return statements.to_markers(self.name, events, now)

    def title(self, values: dict[str, Any]) -> str:
        words = ngettext(
            "%(n)d piece of work to mark: “%(title)s”", "%(n)d pieces of work to mark: “%(title)s”", values["n"]
        )
        return words % values

    def text(self, values: dict[str, Any]) -> str:
        return gettext("Cohort: %(cohort)s") % values


class Broke(OfStep):
    """Its events are those of `students.Broken`."""

    name = news.BROKE
    label = _("A promise is broken")
    explained = _("When feedback that you promised is late, and its student can see that.")
    mail = Cadence.NOW

    def title(self, values: dict[str, Any]) -> str:
        words = ngettext(
            "Feedback on %(n)d piece of work is late: “%(title)s”",
            "Feedback on %(n)d pieces of work is late: “%(title)s”",
            values["n"],
        )
        return words % values

    def text(self, values: dict[str, Any]) -> str:
        return gettext("The students can see that it is late, and for which day it is promised now.")


class Soon(ToMarkers):
    """Its subject and context are the cohort, its day that on which promises end there."""

    name = news.SOON
    label = _("A promise is about to break")
    explained = _("Half a working day before feedback that you promised is late.")
    about = "cohort"
    mail = Cadence.NOW
    # In the inbox at least, for who is half the world away.
    at_any_hour = True

    def plan(self, now: datetime) -> int:
        given = {"until": now + HORIZON, "before": HALF_A_WORKING_DAY, "marking": list(MARKING)}
        return planning.insert(self.name, statements.SOON, now, **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        until = max(one.not_after for one in notices)
        waiting = Submission.objects.standing().to_mark().filter(promised_at__gt=now, promised_at__lte=until)
        mine = waiting.filter(enrolment__cohort__in={one.context for one in notices}, enrolment__state="active")
        rows = list(mine.values_list("enrolment__cohort", "marker", "promised_at"))
        markers, reasons = about.markers(notices), {}
        for notice in notices:
            theirs = [
                promised
                for cohort, marker, promised in rows
                if cohort == notice.context and marker in (None, notice.person_id) and promised <= notice.not_after
            ]
            if (notice.person_id, notice.context) not in markers:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif not theirs:
                reasons[notice.pk] = Reason.DONE
            else:
                notice.values = {**notice.values, "n": len(theirs), "by": min(theirs).timestamp()}
        return reasons

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        address = reverse("feedback:queue")
        return [Words(_due(one.values), _where(one.values), address, gettext("Open the queue")) for one in notices]


def _due(values: Mapping[str, Any]) -> str:
    words = ngettext(
        "You promised feedback on %(n)d piece of work by %(at)s",
        "You promised feedback on %(n)d pieces of work by %(at)s",
        values["n"],
    )
    return words % {"n": values["n"], "at": at(moment(values["by"]))}


def _where(values: Mapping[str, Any]) -> str:
    return gettext("Cohort: %(cohort)s. If you need longer, pause marking: students read why.") % values


class Asked(ToMarkers):
    """Its subject is the submission, its context the cohort."""

    name = news.QUESTION
    label = _("A question about feedback")
    explained = _("When a student asks about feedback that you gave.")
    about = "marked work"
    icon = "question"
    rank = Rank.PERSON
    mail = Cadence.NOW

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        return statements.asked(self.name, events, now) + KINDS[news.ANSWER].spread(events, now)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        works, markers, reasons = about.works_now([one.subject for one in notices], now), about.markers(notices), {}
        for notice in notices:
            work = works.get(notice.subject, about.GONE)
            if not (work.stands and work.released):
                reasons[notice.pk] = Reason.GONE
            elif (notice.person_id, notice.context) not in markers:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif not work.asked:
                reasons[notice.pk] = Reason.DONE
        return reasons

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(
                gettext("A student asks about feedback on “%(title)s”") % one.values,
                gettext("Cohort: %(cohort)s") % one.values,
                quick_url("feedback:mark", one.subject),
                gettext("Read it and answer"),
            )
            for one in notices
        ]


for kind in (HandedIn(), Broke(), Soon(), Asked()):
    register(kind)
