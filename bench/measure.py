"""Server time, queries and requests per second of every page, in one run."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from bench import apart
from bench.client import Answer, Client
from bench.pages import Page

WARM_UP, ROUNDS = 30, 200
CONNECTIONS, LOAD_SECONDS = 16, 4
# By the name of who is signed in.
Clients = dict[str, Client]


@dataclass(frozen=True)
class Timed:
    """Seconds."""

    median: float
    p95: float


def timed(seconds: list[float]) -> Timed:
    return Timed(statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1])


def queries(clients: Clients, pages: list[Page]) -> dict[str, int]:
    """The most that a page asked in its first three visits: the first of a day writes that somebody was there."""
    return {page.name: max(_ask(clients, page, count=True).queries for _ in range(3)) for page in pages}


def times(clients: Clients, pages: list[Page]) -> dict[str, Timed]:
    """Of the server. All pages in turn, round after round, so that whatever else the machine does hits all alike."""
    took: dict[str, list[float]] = {page.name: [] for page in pages}
    for number in range(WARM_UP + ROUNDS):
        for page in pages:
            seconds = _ask(clients, page).seconds
            if number >= WARM_UP:
                took[page.name].append(seconds)
    return {name: timed(all_) for name, all_ in took.items()}


def per_second(clients: Clients, pages: list[Page], told: Callable[[str], None]) -> dict[str, float]:
    """Requests answered in a second while CONNECTIONS ask at once, from a process of its own."""
    found = {}
    for page in pages:
        told(page.name)
        client = clients[page.person]
        what = {"port": client.port, "path": page.path, "cookies": client.cookies if page.signed_in else {}}
        what |= {"connections": CONNECTIONS, "seconds": LOAD_SECONDS, "htmx": page.fragment}
        found[page.name] = apart.run("bench.load", what)
    return found


def _ask(clients: Clients, page: Page, *, count: bool = False) -> Answer:
    answer = clients[page.person].get(page.path, cookies=page.signed_in, count=count, htmx=page.fragment)
    if answer.status != 200:
        raise SystemExit(f"{page.name} ({page.path}) was answered with {answer.status}.")
    return answer
