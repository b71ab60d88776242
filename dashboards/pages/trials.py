"""Whether nudges help: the figures of a trial, its verdict in words, and the interval drawn."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from progress.selectors.returns import FEWEST, Side, Trial

# Of the drawing, in its own units: nothing lies in the middle, and the interval around it.
WIDE, MIDDLE, BAR, FOOT = 400, 200, 8, 24
# A drawing shows ten points to each side at least, so that a narrow interval looks narrow.
LEAST_POINTS = 10


@dataclass(frozen=True)
class Row:
    label: str
    count: int
    back: int
    share: str
    # Where the true share lies, with 95 % certainty.
    between: str


@dataclass(frozen=True)
class Result:
    kind: str
    rows: list[Row]
    verdict: str
    is_clear: bool
    # "" where a side is empty.
    difference: str = ""
    bar_path: str = ""
    mark_path: str = ""
    points: int = 0


def result(kind: str, trial: Trial) -> Result:
    rows = [_row(gettext("Sent"), trial.sent), _row(gettext("Held out"), trial.held_out)]
    interval = trial.interval()
    if interval is None:
        return Result(kind, rows, _verdict(trial), is_clear=False)
    low, high = (100 * end for end in interval)
    most = max(LEAST_POINTS, abs(low), abs(high))
    words = {"points": _points(100 * trial.difference), "low": _points(low), "high": _points(high)}
    return Result(
        kind,
        rows,
        _verdict(trial),
        trial.is_clear,
        gettext("%(points)s points; with 95%% certainty between %(low)s and %(high)s") % words,
        _bar(_x(low, most), _x(high, most)),
        f"M{_x(100 * trial.difference, most):g} 0v{FOOT}h2v-{FOOT}z",
        round(most),
    )


def _row(label: str, side: Side) -> Row:
    if not side.count:
        return Row(label, 0, 0, "–", "–")
    low, high = side.wilson()
    between = gettext("%(low)d to %(high)d%%") % {"low": round(100 * low), "high": round(100 * high)}
    return Row(label, side.count, side.back, f"{100 * side.share:.0f}%", between)


def _verdict(trial: Trial) -> str:
    if trial.has_too_few:
        return gettext("Unclear: there are too few yet. At least %(n)d on each side are needed.") % {"n": FEWEST}
    if not trial.is_clear:
        return gettext("Unclear: a difference like this can be chance.")
    count = max(round(abs(100 * trial.difference)), 1)
    if trial.difference > 0:
        words = ngettext(
            "Nudges help: for every 100 that are sent, about %(n)d more person comes back.",
            "Nudges help: for every 100 that are sent, about %(n)d more people come back.",
            count,
        )
    else:
        words = ngettext(
            "Nudges do harm: for every 100 that are sent, about %(n)d fewer person comes back.",
            "Nudges do harm: for every 100 that are sent, about %(n)d fewer people come back.",
            count,
        )
    return words % {"n": count}


def _points(points: float) -> str:
    """With its sign, and the minus of print."""
    return f"{points:+.1f}".replace("-", "\u2212")


def _x(points: float, most: float) -> float:
    return round(MIDDLE + points * (MIDDLE - 2) / most, 1)


def _bar(begins: float, ends: float) -> str:
    return f"M{begins:g} {BAR}h{ends - begins:g}v{BAR}h{begins - ends:g}z"
