"""One run from an empty or filled database to the rows of the table."""

import os
from datetime import timedelta

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from bench import database, fill, measure, server, weight
from bench.client import LOGIN, Client
from bench.fill_people import MEASURED, PASSWORD
from bench.pages import SIGNED_IN, Page, pages
from bench.report import Row
from courses.models import Enrolment
from progress.models import Visit


def measured() -> list[Row]:
    database.prepare()
    call_command("collectstatic", verbosity=0, interactive=False)
    _forget_today()
    told, size = pages(), fill.size()
    connections.close_all()
    _say(f"{size.courses} courses, {size.students} students, {size.completions} completions; {os.cpu_count()} cores.")
    with server.running() as port:
        return _rows(port, told)


def _rows(port: int, told: list[Page]) -> list[Row]:
    client = Client(port)
    login = Row(Page("sign-in", LOGIN, signed_in=False), weight=weight.first_visit(client, LOGIN, cookies=False))
    client.sign_in(MEASURED, PASSWORD)
    queries = measure.queries(client, told)
    weights = {page.name: weight.first_visit(client, page.path) for page in told if page.weighed}
    _say(f"Timing {measure.ROUNDS} rounds …")
    times = measure.times(client, told)
    speeds = measure.per_second(client, told, lambda name: _say(f"Under load: {name} …"))
    floor = times[SIGNED_IN].median
    rows = [
        Row(page, queries[page.name], weights.get(page.name), taken, speeds[page.name], taken.median / floor)
        for page in told
        for taken in [times[page.name]]
    ]
    return [*rows, login]


def _forget_today() -> None:
    """The measured student has not been here yet, so that the first visit writes what a first visit writes."""
    before = timezone.now() - timedelta(days=1)
    Enrolment.objects.filter(user__username=MEASURED).update(last_seen_at=before)
    Visit.objects.filter(enrolment__user__username=MEASURED, last_opened_at__gt=before).update(last_opened_at=before)


def _say(words: str) -> None:
    print(words, flush=True)
