"""Where a text belongs that somebody is writing for an assignment, or for feedback (`drafts.kinds`)."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common.numbers import row_key
from courses.models import Activity
from feedback.models import Submission
from feedback.pages.names import name_of


def labels(person: User, places: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A title and an address for each place that this person can still reach."""
    parts = {place: place.split("/")[1:] for place in places}
    keys: dict[str, set[int]] = {"work": set(), "change": set(), "ask": set(), "marking": set()}
    for noun, *rest in parts.values():
        if noun in keys and rest:
            keys[noun].add(row_key(rest[0]))
    steps = Activity.objects.readable_by(person).in_bulk(keys["work"]) if keys["work"] else {}
    mine, theirs = keys["change"] | keys["ask"], keys["marking"]
    own = Submission.objects.of(person).select_related("activity").in_bulk(mine) if mine else {}
    to_mark = Submission.objects.markable_by(person).select_related("activity__assignment", "enrolment__user")
    marked, now, found = to_mark.in_bulk(theirs) if theirs else {}, timezone.now(), {}
    for place, (noun, *rest) in parts.items():
        key = row_key(rest[0]) if rest else 0
        if noun == "work" and key in steps:
            found[place] = _named(gettext("Your work for “%(title)s”"), steps[key], "feedback:hand_in", key)
        elif noun == "change" and key in own:
            words = gettext("What you will change in “%(title)s”")
            found[place] = _named(words, own[key].activity, "feedback:work", key)
        elif noun == "ask" and key in own:
            words = gettext("About your feedback on “%(title)s”")
            title, address = _named(words, own[key].activity, "feedback:ask", key)
            found[place] = (title, address + (f"?comment={rest[1]}" if len(rest) > 1 else ""))
        elif noun == "marking" and key in marked:
            words = gettext("Comment on the work of %(name)s") if rest[1:] else gettext("Feedback for %(name)s")
            found[place] = (words % {"name": name_of(marked[key], now)}, reverse("feedback:mark", args=[key]))
    return found


def _named(words: str, activity: Activity, view: str, key: int) -> tuple[str, str]:
    return words % {"title": activity.title}, reverse(view, args=[key])
