"""What more days for every date have done, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

NAMED = 3


def days_saved(name: str, days: int, *, moved: int, late: Sequence[str]) -> str:
    """`moved` of the dates that are set are others now; `late` are the titles of what the student is late with."""
    said = [gettext("Saved.")] if days else [gettext("Saved. %(name)s has no extra days.") % {"name": name}]
    if moved:
        words = ngettext(
            "%(n)d date of %(name)s has moved; they hear of it in ten minutes.",
            "%(n)d dates of %(name)s have moved; they hear of it in ten minutes.",
            moved,
        )
        said.append(words % {"n": moved, "name": name})
    else:
        said.append(gettext("No date has moved."))
    if late:
        said.append(gettext("Still late: %(titles)s.") % {"titles": _some(late)})
    return " ".join(said)


def _some(titles: Sequence[str]) -> str:
    named, more = ", ".join(f"“{title}”" for title in titles[:NAMED]), len(titles) - NAMED
    return f"{named} {ngettext('and %(n)d more', 'and %(n)d more', more) % {'n': more}}" if more > 0 else named
