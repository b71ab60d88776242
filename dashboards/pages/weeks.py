"""The weeks of a class as drawings, each with what it says in a sentence and with its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from common import drawing
from common.drawing import Drawing, Lane, Shape, Table
from common.templatetags.ui import minutes
from dashboards.selectors.weeks import Span, Way
from feedback.pages.promises import UNKNOWN, kept_columns, kept_lane, percent
from feedback.selectors.turnaround import Waited

HOUR = 60


@dataclass(frozen=True)
class Told:
    """`drawing` is None where there is nothing to draw yet, and `gist` says so."""

    gist: str
    drawing: Drawing | None = None


def progress(way: Way, asked: Span) -> Told:
    """The mean share of the required steps that was done by the end of each week, beside the share that was due."""
    if not way.steps:
        return Told(gettext("This course has no required lessons yet, so there is no progress to draw."))
    now = way.weeks[-1]
    words = {"done": percent(now.done, 1), "due": percent(now.due, 1)}
    gist = gettext("On average, the class has done %(done)s of the required lessons.")
    if way.has_dates:
        gist = gettext("On average, the class has done %(done)s of the required lessons; %(due)s were due by now.")
    note = ngettext(
        "This is about the %(n)d student who is in the class today.",
        "This is about the %(n)d students who are in the class today.",
        way.students,
    )
    return Told(gist % words, of_progress(way, asked, gist % words, note % {"n": way.students}))


def of_progress(way: Way, asked: Span, gist: str, note: str = "") -> Drawing:
    done, due = [week.done for week in way.weeks], [week.due for week in way.weeks]
    shapes = [Shape("line", drawing.line(done), gettext("Done")), Shape("dots", drawing.dots(done))]
    heads, columns, notes = [gettext("Done")], [shares(done)], [note]
    if way.has_dates:
        shapes = [Shape("dashes", drawing.line(due), gettext("Due by then")), *shapes]
        heads, columns = [*heads, gettext("Due by then")], [*columns, shares(due)]
    else:
        notes.append(gettext("No required lesson has a date, so there is no plan to draw beside it."))
    across = drawing.grid(asked.count, 0.5, 1)
    lane = Lane(gettext("Share of the required lessons"), gist, ["100%", "50%", "0%"], shapes, across)
    listed = table(gettext("Required lessons at the end of each week"), asked, heads, *columns)
    return drawn("progress", asked, [lane], listed, *filter(None, notes))


def activity(way: Way, asked: Span) -> Told:
    """How many students were at work each week, and for how long all together."""
    active, spent = [week.active for week in way.weeks], [week.minutes for week in way.weeks]
    if not any(active):
        return Told(gettext("No one has studied in these weeks. As soon as someone does, it is drawn here."))
    gist = _studied(way, asked)
    lanes = [
        bars(gettext("Students who studied"), gist, active, way.students),
        hours(gettext("Time of all together"), gist, spent),
    ]
    heads = [gettext("Students who studied"), gettext("Time of all together")]
    listed = table(gettext("Study by week"), asked, heads, list(map(str, active)), list(map(minutes, spent)))
    return Told(gist, drawn("activity", asked, lanes, listed))


def _studied(way: Way, asked: Span) -> str:
    """Of the last week that is over, where there is one, and of this one so far."""
    last = gettext("Last week %(active)d of %(n)d students studied, %(time)s in all.")
    this = gettext("This week so far: %(active)d of %(n)d students, %(time)s in all.")
    ended = gettext("In the last of these weeks %(active)d of %(n)d students studied, %(time)s in all.")
    said = [last, this][-asked.count :] if asked.is_open else [ended]
    told = zip(said, way.weeks[-len(said) :], strict=True)
    return " ".join(
        words % {"active": week.active, "n": way.students, "time": minutes(week.minutes)} for words, week in told
    )


def feedback(waited: Sequence[Waited], half_within: float | None, asked: Span, promised: int | None) -> Told:
    """Within how many working days half of the feedback came, and which share of the promises was kept.

    `promised` is how many those are from handing in; None where promises count from the due date.
    """
    weeks, back = [one.week for one in waited], sum(one.back for one in waited)
    settled, kept = sum(week.count for week in weeks), sum(week.kept for week in weeks)
    if not back and not settled:
        return Told(gettext("No work was given back in these weeks. As soon as some is, it is drawn here."))
    half = _half(back, half_within)
    share = gettext("%(share)s of the promises were kept.") % {"share": percent(kept, settled)} if settled else ""
    halves = [one.half_within for one in waited]
    most = max([promised or 1, *(ceil(one) for one in halves if one is not None)])
    days = [
        Shape("line", drawing.line(halves, most), gettext("Half of the feedback")),
        Shape("dots", drawing.dots(halves, most)),
    ]
    notes = []
    if promised:
        days = [Shape("dashes", drawing.line([promised] * asked.count, most), gettext("Promised")), *days]
    else:
        notes.append(gettext("Promises here count from the due date, so work that is handed in early waits longer."))
    lane = Lane(
        gettext("Working days from handing in"), half or share, [str(most), "0"], days, drawing.grid(asked.count, 1)
    )
    heads, columns = kept_columns(weeks)
    listed = table(
        gettext("Feedback by week"),
        asked,
        [gettext("Given back"), gettext("Half within"), *heads],
        [str(one.back) for one in waited],
        [UNKNOWN if one is None else working_days(one) for one in halves],
        *columns,
    )
    return Told(
        " ".join(filter(None, (half, share))),
        drawn("feedback", asked, [lane, kept_lane(weeks, share or half)], listed, *notes),
    )


def _half(back: int, within: float | None) -> str:
    if within is None:
        return ""
    words = ngettext(
        "%(n)d piece of work was given back, within %(days)s.",
        "%(n)d pieces of work were given back, half of them within %(days)s.",
        back,
    )
    return words % {"n": back, "days": working_days(within)}


def working_days(count: float) -> str:
    """`2.0` as "2 working days", `2.5` as "2.5 working days"."""
    whole = int(count) if count == int(count) else 2
    return ngettext("%(n)s working day", "%(n)s working days", whole) % {"n": number_format(f"{count:g}")}


def shares(values: Sequence[float]) -> list[str]:
    return [percent(value, 1) for value in values]


def bars(label: str, gist: str, values: Sequence[int], most: int, said: Callable[[int], str] = str) -> Lane:
    shapes = [Shape("bars", drawing.bars(values, most))]
    return Lane(label, gist, [said(most), "0"], shapes, drawing.grid(len(values), 1))


def hours(label: str, gist: str, spent: Sequence[int]) -> Lane:
    """Up to a whole hour, where there is one."""
    most = max(spent)
    return bars(label, gist, spent, ceil(most / HOUR) * HOUR if most > HOUR else most, minutes)


def table(caption: str, asked: Span, heads: Sequence[str], *columns: Sequence[str]) -> Table:
    return drawing.by_week(caption, asked.days(), heads, *columns)


def drawn(key: str, asked: Span, lanes: Sequence[Lane], listed: Table, *notes: str) -> Drawing:
    return drawing.over_weeks(key, asked.days(), lanes, listed, *notes, is_open=asked.is_open)
