"""The forum of a cohort that has talked for years: its pages in floors, what they weigh, and posting by many at once.

`python -m bench.forums` measures this part alone.
"""

import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

import bench.environment  # noqa: F401  before the settings

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from bench import apart, dump, floors, inside, talk, weight
from bench.client import Client as Browser
from bench.fill_people import MEASURED, PASSWORD
from courses.models import Enrolment
from forums.models import Post, Thread

THREADS, FEW = 50_000, 10
ROUNDS = 20
FLOOR = "/bench/signed-in/"
# Each word stands in a third of all posts or more.
WORDS = "students+definition"
MOST_FLOORS, MOST_FLOORS_OF_SEARCH, MOST_QUERIES = 3.0, 4.0, 6
# As the table has it: medians of one run against the next, on two shared cores.
TOLERANCE = 0.1
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
    with inside.undone():
        talk.few(told, FEW)
        few, _, queries = _by_turns(person, _paths(told))
    with inside.undone():
        posts = talk.many(told, THREADS)
        many, cpu, more = _by_turns(person, _paths(told))
    return [
        Took(name, few[name], many[name], many[FLOOR], cpu[name], max(queries[name], more[name]))
        for name in _paths(told)
    ], posts


def _by_turns(person: User, paths: dict[str, str]) -> tuple[dict[str, float], dict[str, float], dict[str, int]]:
    client = inside.signed_in(person)
    asked = {FLOOR: FLOOR, **paths}
    wall: dict[str, list[float]] = {name: [] for name in asked}
    cpu: dict[str, list[float]] = {name: [] for name in asked}
    queries = dict.fromkeys(asked, 0)
    for number in range(ROUNDS + 2):
        for name, path in asked.items():
            counted, took, worked = _ask(client, path)
            # The first visit of a day writes that somebody was there; plans are made at the second use.
            queries[name] = max(queries[name], counted)
            if number >= 2:
                wall[name].append(took)
                cpu[name].append(worked)
    medians = [{name: statistics.median(all_) for name, all_ in every.items()} for every in (wall, cpu)]
    return medians[0], medians[1], queries


def _ask(client: Client, path: str) -> tuple[int, float, float]:
    count = 0

    def counting(execute: Any, *what: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*what)

    with connection.execute_wrapper(counting):
        started, worked = time.perf_counter(), time.process_time()
        answer = client.get(path, headers={"HX-Request": "true"} if path.startswith("/lessons/") else {})
        took, worked = time.perf_counter() - started, time.process_time() - worked
    if answer.status_code != 200:
        raise SystemExit(f"{path} was answered with {answer.status_code}.")
    return count, took, worked


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
    from bench import database, fill_lectures, server  # noqa: PLC0415  only here

    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is not set: ask through the supervisor, as `make bench` does.")
    database.prepare()
    fill_lectures.lay_files()
    call_command("collectstatic", verbosity=0, interactive=False)
    connections.close_all()
    with server.running() as running, override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
        found = measured(running.port)
    print(found.words)
    print("\n".join(f"OVER: {words}" for words in found.over))
    return 1 if found.over else 0


if __name__ == "__main__":
    sys.exit(main())
