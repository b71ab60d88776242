"""The forum of a cohort that has talked for years: its pages in floors, what they weigh, and posting by many at once.

`python -m bench.forums` measures this part alone.
"""

import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import django

import bench.environment  # noqa: F401  before the settings

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from django.urls import reverse

from accounts.models import User
from bench import apart, dump, floors, inside, talk, weight
from bench.client import Client as Browser
from bench.fill_people import MEASURED, PASSWORD
from bench.floors import FLOOR, TOLERANCE
from courses.models import Enrolment
from forums.models import Post, Thread

THREADS, FEW = 50_000, 10
ROUNDS = 20
# What a page loads by htmx.
FRAGMENTS = ("pinned",)
# Each word stands in a third of all posts or more.
WORDS = "students+definition"
MOST_FLOORS, MOST_FLOORS_OF_SEARCH, MOST_QUERIES = 3.0, 4.0, 6
MOST_BYTES = {"index": 42_000, "thread of 30": 64_000}
MOST_SCRIPT = 6_000
SCRIPTS = ("forum.js",)
PEOPLE, CONNECTIONS, POSTS_EACH = 8, 16, 12


@dataclass(frozen=True)
class Took:
    """Seconds of a page at FEW threads and at THREADS: of the clock, of this process, of the floor; and its queries."""

    name: str
    few: float
    many: float
    floor: float
    cpu: float
    queries: int

    @property
    def floors(self) -> float:
        return self.many / (self.floor + floors.spared())

    @property
    def most(self) -> float:
        return MOST_FLOORS_OF_SEARCH if self.name == "search" else MOST_FLOORS

    @property
    def words(self) -> str:
        return (
            f"{self.name} {self.floors:.2f} of {self.most:g} floors ({self.few * 1000:.1f} ms at {FEW}, "
            f"{self.many * 1000:.1f} ms at {THREADS}, {self.cpu * 1000:.1f} of it CPU here; {self.queries} queries)"
        )


@dataclass(frozen=True)
class Figures:
    took: list[Took]
    posts: int
    weights: dict[str, int]
    script: int
    sent: int
    lost: int
    doubled: int
    per_second: float
    name: str = "forums"

    @property
    def words(self) -> str:
        weights = ", ".join(f"{name} {size / 1000:.1f} KB" for name, size in self.weights.items())
        return (
            f"Forum of {THREADS} threads and {self.posts} posts: {'; '.join(one.words for one in self.took)}. First "
            f"visit: {weights}; scripts of the forum {self.script / 1000:.1f} KB. {self.sent} replies, each sent twice "
            f"at once, over {CONNECTIONS} connections: {self.lost} lost, {self.doubled} doubled, "
            f"{self.per_second:.0f} a second."
        )

    @property
    def over(self) -> list[str]:
        found = [f"{one.name} in {one.floors:.2f} floors of {one.most:g}" for one in self.took if _is_slow(one)]
        found += [f"{one.name}: {one.queries} queries" for one in self.took if one.queries > MOST_QUERIES]
        found += [
            f"{name}: {self.weights[name]} bytes" for name, most in MOST_BYTES.items() if self.weights[name] > most
        ]
        found += [f"{self.script} bytes of script"] if self.script > MOST_SCRIPT else []
        return found + ([f"{self.lost} posts lost, {self.doubled} doubled"] if self.lost or self.doubled else [])


def _is_slow(one: Took) -> bool:
    return one.floors > one.most * (1 + TOLERANCE)


@dataclass(frozen=True)
class Skipped:
    name: str = "forums"
    words: str = "Forums: not measured, because ../shared/packages/forum is not beside the project."

    @property
    def over(self) -> list[str]:
        return []


def measured(port: int) -> "Figures | Skipped":
    if not dump.FILE.exists():
        return Skipped()
    with connection.cursor() as cursor:
        # A quarter of a million posts are not written within the time of a page.
        cursor.execute("SET statement_timeout = 0")
    with talk.written_quickly():
        told = talk.write(dump.read())
        try:
            weights, script = _weights(port, told)
            sent, lost, doubled, per_second = _posted(port, told)
            took, posts = _timed(told)
        finally:
            talk.take_back(told.cohort)
    return Figures(took, posts, weights, script, sent, lost, doubled, per_second)


def _weights(port: int, told: talk.Talk) -> tuple[dict[str, int], int]:
    browser = Browser(port)
    browser.sign_in(MEASURED, PASSWORD)
    paths = _paths(told)
    weights = {name: weight.first_visit(browser, paths[name]).all for name in MOST_BYTES}
    static = Path(settings.BASE_DIR) / "static" / "js"
    addresses = [f"{settings.STATIC_URL}js/{name}" for name in SCRIPTS if (static / name).exists()]
    return weights, sum(browser.get(address).bytes for address in addresses)


def _paths(told: talk.Talk) -> dict[str, str]:
    forum = reverse("forums:forum", args=[told.cohort.pk])
    long = reverse("forums:thread", args=[told.long.pk])
    return {
        "index": forum,
        "unread": f"{forum}?show=unread",
        "mine": f"{forum}?show=mine",
        "unanswered": f"{forum}?show=unanswered",
        "forums": reverse("forums:forums"),
        "thread of 30": reverse("forums:thread", args=[told.thirty.pk]),
        "thread of 500": long,
        "its page 8": f"{long}?page=8",
        "search": f"{forum}?q={WORDS}",
        "similar": f"{reverse('forums:similar', args=[told.cohort.pk])}?title={WORDS}+how+teach",
        "pinned": reverse("forums:talk", args=[told.lecture.pk]),
    }


def _timed(told: talk.Talk) -> tuple[list[Took], int]:
    """In this process and in transactions that are taken back, at both sizes; the floor is asked by turns with them."""
    person = User.objects.get(username=MEASURED)
    paths = _paths(told)
    asked = {name: (path, person) for name, path in {FLOOR: FLOOR, **paths}.items()}
    with inside.undone():
        talk.few(told, FEW)
        few = inside.by_turns(asked, ROUNDS, fragments=FRAGMENTS)
    with inside.undone():
        posts = talk.many(told, THREADS)
        many = inside.by_turns(asked, ROUNDS, fragments=FRAGMENTS)
    floor = many[FLOOR].median
    return [
        Took(
            name,
            few[name].median,
            many[name].median,
            floor,
            statistics.median(many[name].cpu),
            max(few[name].queries, many[name].queries),
        )
        for name in paths
    ], posts


def _posted(port: int, told: talk.Talk) -> tuple[int, int, int, float]:
    """So many people, each with two connections that send the same replies at the same time."""
    people = User.objects.filter(enrolments__cohort=told.cohort, enrolments__role=Enrolment.Role.STUDENT)
    senders = [
        {
            "session": inside.signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value,
            "keys": [str(uuid4()) for _ in range(POSTS_EACH)],
        }
        for person in people.distinct().order_by("pk")[:PEOPLE]
    ]
    path = reverse("forums:reply", args=[told.thirty.pk])
    given = {"port": port, "path": path, "senders": senders, "connections": CONNECTIONS}
    answers = apart.run("bench.load_posts", given)
    wanted = {key for one in senders for key in one["keys"]}
    if refused := [status for status in answers["statuses"] if status != 302]:
        raise SystemExit(f"{len(refused)} replies were answered with {refused[0]}.")
    kept = [str(key) for key in Post.objects.filter(key__in=wanted).values_list("key", flat=True)]
    numbers = list(Post.objects.filter(thread=told.thirty).order_by("number").values_list("number", flat=True))
    last = Thread.objects.values_list("last_number", flat=True).get(pk=told.thirty.pk)
    doubled = len(kept) - len(set(kept)) + len(numbers) - len(set(numbers)) + (last != len(numbers))
    Post.objects.filter(key__in=wanted).delete()
    Thread.objects.filter(pk=told.thirty.pk).update(last_number=talk.REPLIES + 1)
    return len(wanted), len(wanted - set(kept)), doubled, len(answers["statuses"]) / answers["seconds"]


def main() -> int:
    from bench import alone, server  # noqa: PLC0415  only here

    alone.prepare()
    connections.close_all()
    with server.running() as running, override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
        return alone.told(measured(running.port))


if __name__ == "__main__":
    sys.exit(main())
