"""What the demo cohort has said to each other, from `demo/talk/`: written by the forum's services, at its times."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from psycopg.types.multirange import Int4Multirange
from psycopg.types.range import Int4Range

from accounts.models import User
from courses.models import Activity, Cohort, Enrolment
from drafts.fields import Stamp
from forums.models import Post, Reading, Thread
from forums.services import answers, moderation, topics
from forums.services import talk as posting
from notifications.models import Event

# A nod comes an hour after what it nods at, and whoever read one post of a day has read that day's others.
LATER = timedelta(hours=1)
LESSON = re.compile(r"\(activity:([a-z-]+)\)")


@dataclass
class Place:
    """The cohort, its people by given name, and the lessons by identifier."""

    cohort: Cohort
    people: dict[str, User]
    lessons: dict[str, Activity]
    now: datetime
    threads: dict[str, Thread] = field(default_factory=dict)

    def when(self, told: dict[str, Any]) -> datetime:
        """A day of the cohort and the time on its clocks, or how many hours ago, for what is never yet to come."""
        if "hours_ago" in told:
            return self.now - timedelta(hours=told["hours_ago"])
        day, clock = told["when"].split()
        there = datetime.combine(self.cohort.starts_on, time.fromisoformat(clock), self.cohort.timezone)
        return there + timedelta(days=int(day))

    def written(self, told: dict[str, Any], **rest: Any) -> posting.Written:
        source = LESSON.sub(lambda found: f"(/lessons/{self.lessons[found[1]].pk}/)", told["text"].strip())
        return posting.Written(source, anonymous=told.get("anonymous", False), **rest)


def write(cohort: Cohort, people: dict[str, User], now: datetime) -> None:
    """All of it, and who has read how far; nobody is told of it."""
    lessons = {one.origin: one for one in Activity.objects.filter(module__course=cohort.course)}
    place = Place(cohort, people, lessons, now)
    known = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for told in sorted(threads(), key=place.when):
        _round(place, told) if told["kind"] == Thread.Kind.INTRODUCTIONS else _thread(place, told)
    _read(cohort)
    Event.objects.filter(pk__gt=known, spread_at=None).update(spread_at=now)


def threads() -> list[dict[str, Any]]:
    files = sorted((settings.BASE_DIR / "demo" / "talk").glob("*.toml"))
    found = [told for path in files for told in tomllib.loads(path.read_text("utf-8"))["threads"]]
    return [{"kind": Thread.Kind.QUESTION, **told} for told in found]


def _round(place: Place, told: dict[str, Any]) -> None:
    """Of introductions, with the questions that its teachers chose; they also let students leave their names away."""
    moderation.choose(place.cohort, anonymous_allowed=True, introductions=told["questions"].strip())
    thread = topics.introductions_of(place.cohort)
    Thread.objects.filter(pk=thread.pk).update(opened_at=place.when(told))
    latest: dict[str, Post] = {}
    for reply in told["replies"]:
        latest[reply["by"]] = _reply(place, thread, reply, latest)


def _thread(place: Place, told: dict[str, Any]) -> None:
    by, at = place.people[told["by"]], place.when(told)
    written = place.written(
        told,
        title=told["title"],
        kind=told["kind"],
        activity=place.lessons[told["about"]] if "about" in told else None,
        at_ms=told["second"] * 1000 if "second" in told else None,
    )
    opening = posting.start(place.cohort, written, _sending(), by=by, at=at).post
    thread = opening.thread
    latest = {told["by"]: opening}
    for reply in told.get("replies", []):
        latest[reply["by"]] = _reply(place, thread, reply, latest)
    for name in told.get("wonder", []):
        answers.wonder(thread, place.people[name], wonders=True, at=at + LATER)
    if told.get("pinned"):
        moderation.pin(thread, pinned=True)
    if "duplicate" in told:
        moderation.close_as_duplicate(thread, place.threads[told["duplicate"]], when=at + LATER)
    place.threads[told.get("name", told["title"])] = thread


def _reply(place: Place, thread: Thread, told: dict[str, Any], latest: dict[str, Post]) -> Post:
    """`to` names whose latest post of the thread it replies to."""
    by, at = place.people[told["by"]], place.when(told)
    to = latest[told["to"]] if "to" in told else None
    post = posting.reply(thread, place.written(told), _sending(), by=by, to=to, at=at).post
    nod = min(at + LATER, place.now)
    if told.get("accepted"):
        answers.accept(post, by=thread.author, accepted=True, at=nod)
    if "endorsed" in told:
        answers.endorse(post, by=place.people[told["endorsed"]], endorsed=True, at=nod)
    return post


def _sending() -> posting.Sending:
    return posting.Sending(Stamp(uuid4()))


def _read(cohort: Cohort) -> None:
    """Everybody has read what was there when they last studied or wrote, and was here at least until then."""
    members = list(Enrolment.objects.active().filter(cohort=cohort))
    posts = list(Post.objects.filter(thread__cohort=cohort).order_by("created_at", "pk"))
    wrote = {post.author_id: post.created_at for post in posts}
    for one in members:
        one.last_seen_at = max(filter(None, (one.last_seen_at, wrote.get(one.user_id))), default=None)
    Enrolment.objects.bulk_update(members, ["last_seen_at"])
    seen = {one.user_id: one.last_seen_at for one in members if one.last_seen_at}
    Reading.objects.bulk_create(
        (
            Reading(thread_id=thread, person_id=person, numbers=Int4Multirange([Int4Range(1, number + 1)]))
            for person, moment in seen.items()
            for thread, number in {one.thread_id: one.number for one in posts if one.created_at <= moment}.items()
        ),
        update_conflicts=True,
        unique_fields=["person", "thread"],
        update_fields=["numbers"],
    )
