"""Where a text belongs that somebody is writing for a forum (`drafts.kinds`)."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from common.numbers import row_key
from courses.models import Cohort
from forums.models import Post, Thread


def labels(person: User, places: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A title and an address for each place that this person can still reach."""
    parts = {place: place.split("/")[1:] for place in places}
    keys: dict[str, set[int]] = {"threads": set(), "posts": set(), "cohorts": set()}
    for noun, *rest in parts.values():
        if noun in keys and rest:
            keys[noun].add(row_key(rest[0]))
    threads = Thread.objects.readable_by(person).in_bulk(keys["threads"])
    posts = Post.objects.readable_by(person).filter(author=person).select_related("thread").in_bulk(keys["posts"])
    cohorts = Cohort.objects.known_to(person).in_bulk(keys["cohorts"])
    found = {}
    for place, (noun, *rest) in parts.items():
        key = row_key(rest[0]) if rest else 0
        if noun == "threads" and key in threads:
            address = reverse("forums:reply", args=[key])
            to = f"?to={row_key(rest[1])}" if len(rest) > 1 else ""
            found[place] = (gettext("Reply to “%(title)s”") % {"title": threads[key].title}, address + to)
        elif noun == "posts" and key in posts:
            title = posts[key].thread.title
            found[place] = (
                gettext("Change to your post in “%(title)s”") % {"title": title},
                reverse("forums:edit", args=[key]),
            )
        elif noun == "cohorts" and key in cohorts:
            about = f"?activity={row_key(rest[1])}" if len(rest) > 1 else ""
            name = gettext("New thread in “%(cohort)s”") % {"cohort": cohorts[key].name}
            found[place] = (name, reverse("forums:new", args=[key]) + about)
    return found
