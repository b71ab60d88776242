"""One run from an empty or filled database to the rows of the table."""

import os
from datetime import timedelta

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from bench import (
    beacons,
    database,
    feedback,
    fill,
    fill_lectures,
    floors,
    forums,
    gradebook,
    lists,
    measure,
    needed,
    notices,
    paint,
    ranges,
    rest,
    server,
    staff,
    weeks,
    weight,
)
from bench.client import LOGIN, Client
from bench.fill_people import ADMIN, MEASURED, PASSWORD, SINGLE, TEACHER
from bench.pages import SIGNED_IN, Page, pages
from bench.report import Figures, Row
from courses.models import Enrolment
from progress.models import Visit


def measured() -> tuple[list[Row], list[Figures]]:
    database.prepare()
    fill_lectures.lay_files()
    call_command("collectstatic", verbosity=0, interactive=False)
    _forget_today()
    told, size = pages(), fill.size()
    connections.close_all()
    _say(f"{size.courses} courses, {size.students} students, {size.completions} completions; {os.cpu_count()} cores.")
    with server.running() as running:
        clients = {name: Client(running.port) for name in (MEASURED, SINGLE, TEACHER, ADMIN)}
        rows, figures = _rows(running.port, clients, told), _figures(running, clients, told)
    _say("Everything of `make run` at rest …")
    return rows, [*figures, rest.measured()]


def _rows(port: int, clients: measure.Clients, told: list[Page]) -> list[Row]:
    login = Page("sign-in", LOGIN, signed_in=False)
    login_row = Row(login, weight=weight.first_visit(Client(port), LOGIN, cookies=False))
    for name in (MEASURED, SINGLE):
        clients[name].sign_in(name, PASSWORD)
    for name in (TEACHER, ADMIN):
        clients[name].cookies["session"] = staff.session(name)
    queries = measure.queries(clients, told)
    weights = {page.name: _weight(clients[page.person], page) for page in told if page.weighed}
    _say(f"Timing {measure.ROUNDS} rounds …")
    times = measure.times(clients, told)
    speeds = measure.per_second(clients, told, lambda name: _say(f"Under load: {name} …"))
    floor = times[SIGNED_IN].median + floors.spared()
    rows = [
        Row(page, queries[page.name], weights.get(page.name), taken, speeds[page.name], taken.median / floor)
        for page in told
        for taken in [times[page.name]]
    ]
    return [*rows, login_row]


def _figures(running: server.Server, clients: measure.Clients, told: list[Page]) -> list[Figures]:
    _say("First paint on a slow phone …")
    painted = paint.measured(clients, [page for page in told if page.name in paint.PAGES])
    _say("A thousand students watch …")
    sent = beacons.measured(running.port)
    _say("Many players jump about in 2 GB …")
    jumped = ranges.measured(running, clients[MEASURED].cookies)
    _say("Lists grow to ten thousand rows …")
    grown = lists.measured()
    _say("A cohort has talked for years …")
    talked = forums.measured(running.port)
    _say("Five thousand pieces of work are to be marked …")
    marked = feedback.measured()
    _say("A hundred thousand students may need somebody …")
    looked_after = needed.measured()
    _say("A class looks back at half a year …")
    drawn = weeks.measured()
    _say("A class beside its activities …")
    graded = gradebook.measured()
    _say("A hundred thousand students are reminded …")
    return [painted, sent, jumped, grown, talked, marked, looked_after, drawn, graded, notices.measured()]


def _weight(client: Client, page: Page) -> weight.Weight:
    return weight.alone(client, page.path) if page.fragment else weight.first_visit(client, page.path)


def _forget_today() -> None:
    """The measured students have not been here yet, so that the first visit writes what a first visit writes."""
    before = timezone.now() - timedelta(days=1)
    Enrolment.objects.filter(user__username__in=[MEASURED, SINGLE]).update(last_seen_at=before)
    Visit.objects.filter(enrolment__user__username__in=[MEASURED, SINGLE], last_opened_at__gt=before).update(
        last_opened_at=before
    )


def _say(words: str) -> None:
    print(words, flush=True)
