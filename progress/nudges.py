"""Check-in nudges: a student's own next step, three times at most, further and further apart (docs/adr/0023).

Only `progress.apps` loads this.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui import minutes
from courses.models import Activity
from courses.querysets import shown, told_member
from notifications.kinds import ABOUT, KINDS, Cadence, Kind, Reason, Words, register
from notifications.models import Notice
from notifications.services import planning
from notifications.services.planning import HORIZON
from progress.outline import State, Step
from progress.selectors import nudging, proposals
from progress.selectors.nudging import APART, KIND, LAST, Pace
from progress.selectors.standings import Standing

# A time that somebody finds between two other things of a day.
ONE_SITTING_MINUTES = 60


def step_stands() -> Exists:
    """Whether the step that a nudge speaks of is shown, to a person who is active in its course."""
    step = Func(OuterRef("values"), Value("activity"), function="jsonb_extract_path_text")
    member = told_member("module__course__cohorts__")
    return Exists(Activity.objects.filter(shown(), member, pk=Cast(step, BigIntegerField())))


ABOUT["next step"] = step_stands


class Situation(StrEnum):
    NOT_BEGUN = "not begun"
    IN_THE_MIDDLE = "in the middle"
    SLOWING = "slowing"
    BACK = "back"
    NEXT = "next"


class Nudge(Kind):
    """One for a person and all of their courses: its subject is 0, its lead says which of the three it is. What it is
    about is settled as it is told."""

    name = KIND
    label = _("Your next step")
    heading = _("Dates and reminders")
    explained = _("A few days after your last step: what comes next, and how long it takes. It stops by itself.")
    icon = "today"
    mail = Cadence.NOW
    is_nudge = True
    about = "next step"

    def plan(self, now: datetime) -> int:
        return planning.insert(self.name, nudging.statement(), **nudging.parameters(now, HORIZON))

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        people = {notice.person_id for notice in notices}
        paces, lately = nudging.paces(people, now), _nudged_lately(notices, now)
        reasons: dict[int, str] = {}
        for notice in notices:
            pace = paces.get(notice.person_id)
            if pace is None:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            elif pace.days.get(notice.lead) != notice.local_day:
                # Or has announced a break since.
                reasons[notice.pk] = Reason.BACK
            elif notice.pk in lately:
                reasons[notice.pk] = Reason.TOLD_LATELY
        rest = [notice for notice in notices if notice.pk not in reasons]
        return reasons | _fill(rest, {notice.person_id: paces[notice.person_id] for notice in rest}, now)

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(
                _title(notice.values, notice.lead),
                " ".join(filter(None, [_encouragement(notice), _finish(notice.values), _last(notice)])),
                reverse("progress:lesson", args=[notice.values["activity"]]),
                gettext("Go to the lesson"),
            )
            for notice in notices
        ]


def _nudged_lately(notices: Sequence[Notice], now: datetime) -> set[int]:
    """Which of these come too soon after another one, told or held out."""
    others = Notice.objects.filter(
        kind=KIND,
        person__in={notice.person_id for notice in notices},
        state__in=[Notice.State.TOLD, Notice.State.HELD_OUT, Notice.State.RETRACTED],
        settled_at__gt=now - APART,
    )
    told = list(others.values_list("person", "pk"))
    return {one.pk for one in notices if any(person == one.person_id and pk != one.pk for person, pk in told)}


def _fill(notices: Sequence[Notice], paces: Mapping[int, Pace], now: datetime) -> dict[int, str]:
    """Give each what its words need; by id, why some have nothing to say."""
    coming = proposals.unfinished(paces, now)
    slow = nudging.slowing({person: pace.worked for person, pace in paces.items()})
    reminded = _reminded({person: step.id for person, (step, _) in coming.items()}, now)
    reasons: dict[int, str] = {}
    for notice in notices:
        step, standing = coming.get(notice.person_id, (None, None))
        if step is None or standing is None or not step.required:
            reasons[notice.pk] = Reason.NOTHING_TO_SAY
        elif notice.person_id in reminded:
            reasons[notice.pk] = Reason.TOLD_LATELY
        elif notice.state == Notice.State.TOLD and notice.values.get("activity") != step.id:
            # Its mail is about to leave, and the inbox speaks of another step.
            reasons[notice.pk] = Reason.MOVED
        else:
            pace = paces[notice.person_id]
            situation = _situation(notice, step, standing, pace, slow)
            notice.values = {"situation": situation, **_values(step, standing)}
    return reasons


def _reminded(steps: Mapping[int, int], now: datetime) -> set[int]:
    """Who hears of their step anyway, by a reminder of its date."""
    near = Q(settled_at__gt=now - APART, state=Notice.State.TOLD) | Q(
        not_before__lte=now + HORIZON, state=Notice.State.PLANNED
    )
    found = Notice.objects.filter(
        near,
        person__in=steps,
        subject__in=set(steps.values()),
        kind__in=[name for name, kind in KINDS.items() if kind.about == "activity"],
    )
    return {person for person, subject in found.values_list("person", "subject") if steps[person] == subject}


def _situation(notice: Notice, step: Step, standing: Standing, pace: Pace, slow: Collection[int]) -> Situation:
    if all(one.opened is None and one.done is None for one in standing.outline.steps):
        return Situation.NOT_BEGUN
    if notice.lead == LAST or (notice.lead == 1 and pace.rested):
        return Situation.BACK
    if notice.lead == 1 and step.state is State.STARTED:
        return Situation.IN_THE_MIDDLE
    # The second says the other of the two.
    return Situation.SLOWING if (notice.person_id in slow) is (notice.lead == 1) else Situation.NEXT


def _values(step: Step, standing: Standing) -> dict[str, Any]:
    part = standing.outline.part_of(step)
    left = [one for one in part.steps if one.required and one.is_open]
    known = not part.untimed_left and 0 < part.minutes_left <= ONE_SITTING_MINUTES
    return {
        "activity": step.id,
        "title": step.title,
        "minutes": step.minutes,
        "course": standing.course.title,
        "module": part.title,
        "is_last": left == [step],
        "minutes_left": part.minutes_left if known else None,
    }


def _title(values: Mapping[str, Any], lead: int) -> str:
    """What, and how long it takes; no two mails that say the same are alike in a list."""
    words = {"step": values["title"], "course": values["course"], "time": minutes(values["minutes"])}
    timed = values["minutes"] is not None
    match values["situation"]:
        case Situation.NOT_BEGUN if lead == 2 and timed:
            return gettext("The first step of “%(course)s” takes %(time)s: “%(step)s”") % words
        case Situation.NOT_BEGUN:
            title = _("Start “%(course)s” with “%(step)s”")
        case Situation.IN_THE_MIDDLE:
            title = _("Carry on with “%(step)s”")
        case Situation.BACK:
            title = _("A short way back into “%(course)s”: “%(step)s”")
        case Situation.SLOWING if timed:
            return gettext("%(time)s for one step: “%(step)s”") % words
        case _:
            title = _("Your next step is “%(step)s”")
    return gettext("%(title)s, %(time)s") % {"title": title % words, **words} if timed else str(title % words)


def _encouragement(notice: Notice) -> str:
    match notice.values["situation"]:
        case Situation.NOT_BEGUN if notice.lead == 1:
            return gettext("You can stop at any point and carry on later, on any device.")
        case Situation.NOT_BEGUN if notice.lead == LAST:
            return gettext("It is ready whenever you are.")
        case Situation.IN_THE_MIDDLE:
            return gettext("You have started it, and what you have done so far is kept.")
        case Situation.BACK:
            return gettext("Everything is as you left it, and all you have done still counts.")
        case Situation.SLOWING | Situation.NOT_BEGUN:
            return gettext("When time is short, one step is enough for a day.")
    return ""


def _finish(values: Mapping[str, Any]) -> str:
    words = {"module": values["module"], "time": minutes(values["minutes_left"])}
    if values["is_last"]:
        return gettext("It is the last step of “%(module)s”.") % words
    if values["minutes_left"] is not None:
        return gettext("About %(time)s would finish “%(module)s”.") % words
    return gettext("It is part of “%(module)s”.") % words


def _last(notice: Notice) -> str:
    return gettext("This is the last of these reminders. Everything stays open for you.") if notice.lead == LAST else ""


register(Nudge())
