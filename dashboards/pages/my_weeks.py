"""The weeks of one student, as they see them: their own past beside their own dates, and nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from common import drawing
from common.drawing import Lane, Shape
from common.templatetags.ui import minutes
from dashboards.pages.weeks import Told, bars, drawn, hours, of_progress, table
from dashboards.selectors.weeks import Span, Way
from feedback.models import Asked

Answers = Mapping[tuple[date, str], int]


@dataclass(frozen=True)
class MyWeeks:
    progress: Told
    study: Told
    answers: Told


def my_weeks(way: Way, answers: Answers, asked: Span) -> MyWeeks | None:
    """None where nothing has happened yet."""
    begun = any(week.minutes or week.steps or week.done for week in way.weeks)
    return MyWeeks(_progress(way, asked), _study(way, asked), _answers(answers, asked)) if begun or answers else None


def _progress(way: Way, asked: Span) -> Told:
    if not way.steps:
        return Told(gettext("This course has no required lessons yet."))
    now = way.weeks[-1]
    words = {"done": round(now.done * way.steps), "n": way.steps, "due": round(now.due * way.steps)}
    gist = ngettext(
        "You have done %(done)d of %(n)d required lesson.",
        "You have done %(done)d of %(n)d required lessons.",
        way.steps,
    )
    if way.has_dates:
        gist = ngettext(
            "You have done %(done)d of %(n)d required lesson. Your dates ask for %(due)d by now.",
            "You have done %(done)d of %(n)d required lessons. Your dates ask for %(due)d by now.",
            way.steps,
        )
    return Told(gist % words, of_progress(way, asked, gist % words))


def _study(way: Way, asked: Span) -> Told:
    spent, steps = [week.minutes for week in way.weeks], [week.steps for week in way.weeks]
    if not any(spent) and not any(steps):
        return Told(gettext("Nothing in these weeks. The next time you study, it is drawn here."))
    gist = ngettext(
        "In these weeks you have studied for %(time)s and done %(n)d lesson.",
        "In these weeks you have studied for %(time)s and done %(n)d lessons.",
        sum(steps),
    ) % {"time": minutes(sum(spent)), "n": sum(steps)}
    lanes = [
        hours(gettext("Your time"), gist, spent),
        bars(gettext("Lessons you finished"), gist, steps, max(*steps, 1)),
    ]
    heads = [gettext("Your time"), gettext("Lessons you finished")]
    listed = table(gettext("Your study by week"), asked, heads, list(map(minutes, spent)), list(map(str, steps)))
    return Told(gist, drawn("study", asked, lanes, listed))


def _answers(answers: Answers, asked: Span) -> Told:
    """A row for each of the answers, with a dot where it was given: what it was is told by its height."""
    days, count = asked.days(), sum(answers.values())
    if not count:
        return Told("")
    gist = ngettext("You answered %(n)d check-in.", "You answered %(n)d check-ins.", count) % {"n": count}
    labels = [str(label) for label in Asked.Pulse.labels]
    given = [[answers.get((day, pulse), 0) for day in days] for pulse in Asked.Pulse.values]
    rows = [1 - (place + 0.5) / len(given) for place in range(len(given))]
    dots = "".join(
        drawing.dots([row if n else None for n in of_pulse]) for row, of_pulse in zip(rows, given, strict=True)
    )
    lane = Lane(gettext("What you answered"), gist, labels, [Shape("dots", dots)], drawing.grid(len(days), *rows))
    listed = table(
        gettext("Your answers by week"), asked, labels, *([str(n) if n else "" for n in row] for row in given)
    )
    return Told(gist, drawn("answers", asked, [lane], listed))
