"""Where a text belongs that somebody is writing for an assignment, or for feedback (`drafts.kinds`)."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common.numbers import row_key
from courses.models import Activity, Cohort, Enrolment
from courses.permissions import CHECKING_IN
from feedback.models import Asked, Conversation, Submission
from feedback.pages.names import name_of
from feedback.pages.talks import name_of as talk_name

OF_TALK = ("talk", "line", "word", "check-in", "regular")


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
    return found | _of_talk(person, parts)


def _of_talk(person: User, parts: Mapping[str, list[str]]) -> dict[str, tuple[str, str]]:
    """The same of check-ins and conversations; a query for each sort that there is."""
    keys = {noun: {row_key(rest[0]) for one, *rest in parts.values() if one == noun and rest} for noun in OF_TALK}
    readable, asked = Conversation.objects.read_by(person), Asked.objects.of(person)
    talks = readable.select_related("enrolment__user", "teacher").in_bulk(keys["talk"]) if keys["talk"] else {}
    lines = asked.select_related("check_in__author").in_bulk(keys["line"]) if keys["line"] else {}
    mine = Enrolment.objects.of(person).students().select_related("cohort__course")
    studied = mine.in_bulk(keys["word"]) if keys["word"] else {}
    of_cohorts = keys["check-in"] | keys["regular"]
    cohorts = Cohort.objects.member(person, CHECKING_IN).in_bulk(of_cohorts) if of_cohorts else {}
    found: dict[str, tuple[str, str]] = {}
    for place, (noun, *rest) in parts.items():
        key = row_key(rest[0]) if rest else 0
        if noun == "talk" and key in talks:
            other = talks[key].teacher if talks[key].enrolment.user_id == person.pk else talks[key].enrolment.user
            words = gettext("Your message to %(name)s") % {"name": talk_name(other)}
            found[place] = (words, reverse("feedback:conversation", args=[key]))
        elif noun == "line" and key in lines:
            words = gettext("Your answer to %(name)s") % {"name": talk_name(lines[key].check_in.author)}
            found[place] = (words, reverse("feedback:asked", args=[key]))
        elif noun == "word" and key in studied:
            course = studied[key].cohort.course
            words = gettext("Your message to a teacher of “%(title)s”") % {"title": course.title}
            found[place] = (words, reverse("feedback:word", args=[course.pk]))
        elif noun in ("check-in", "regular") and key in cohorts:
            view = "feedback:new_check_in" if noun == "check-in" else "feedback:regular"
            words = gettext("Check-in with “%(name)s”") % {"name": cohorts[key].name}
            found[place] = (words, reverse(view, args=[key]))
    return found


def _named(words: str, activity: Activity, view: str, key: int) -> tuple[str, str]:
    return words % {"title": activity.title}, reverse(view, args=[key])
