"""A term lived through before it begins, and what it must never do to anybody's mailbox."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from accounts.tasks import send_waiting_mail
from courses.models import DueDate
from courses.services import cohorts
from dashboards.services.pretending import As
from dashboards.services.rehearsal import Diary, Entry, What, rehearse
from notifications.models import Notice
from notifications.tasks import deliver, plan
from tests.cast import Cast
from tests.conftest import SOAK
from tests.factories import courses as make

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
# In make test, the days around the first date.
BEGINS, UNTIL = (
    (FIRST, FIRST + timedelta(weeks=16)) if SOAK else (FIRST + timedelta(days=6), FIRST + timedelta(days=13))
)
HALF_AN_HOUR = timedelta(minutes=30)
ZONES = ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin", "Pacific/Kiritimati"]
QUIET_FROM, QUIET_UNTIL = time(20), time(7)


@pytest.fixture
def term(cast: Cast) -> Cast:
    """A date every week from September to December, and students on every side of the world."""
    cast.cohort.timezone = "Europe/Berlin"
    cast.cohort.save()
    for week in range(14):
        module = make.ModuleFactory(course=cast.course, title=f"Week {week + 1}", position=10 + week)
        make.reading(module, "Bees.", title=f"Reading {week + 1}", position=0)
        work = make.reading(module, "Bees again.", title=f"Work {week + 1}", position=1)
        wall = datetime(2026, 9, 11, 20) + timedelta(weeks=week)
        cohorts.set_due_date(cast.cohort, work, DueDate(suggested_wall=wall))
    for zone in ZONES:
        make.EnrolmentFactory(cohort=cast.cohort, user__timezone=zone)
    return cast


def everything() -> dict[str, int]:
    models = [model for model in apps.get_models() if model._meta.managed]
    return {model._meta.label: model._base_manager.count() for model in models}


def local(diary: Diary, one: Entry) -> datetime:
    return one.at.astimezone(diary.people[one.person].timezone)


def test_student_who_does_nothing_gets_no_mail_in_quiet_hours_and_three_a_day_at_most(term: Cast) -> None:
    diary = rehearse(term.cohort, BEGINS, UNTIL, As.NOBODY_MOVES)
    students = {one.user_id for one in term.cohort.enrolments.filter(role="student") if one.user.can_be_mailed}
    mails = [(one.person, local(diary, one)) for one in diary.mails() if one.person in students]
    assert {person for person, _ in mails} == students
    assert not [at for _, at in mails if at.time() >= QUIET_FROM or at.time() < QUIET_UNTIL]
    assert max(Counter((person, at.date()) for person, at in mails).values()) <= 3


@pytest.mark.soak
def test_digest_is_rehearsed_at_the_hour_at_which_the_worker_would_send_it(term: Cast) -> None:
    diary = rehearse(term.cohort, FIRST, UNTIL, As.NOBODY_MOVES)
    digests = [local(diary, one) for one in diary.mails() if one.title.startswith("Your day:")]
    assert digests
    # Planned at seven minutes past, sent from ten past five on.
    assert not [at for at in digests if not time(17, 10) <= at.time() < time(18, 10)]


def test_diligent_student_gets_two_mails_a_week_at_most(term: Cast) -> None:
    diary = rehearse(term.cohort, BEGINS, UNTIL, As.DILIGENT)
    weeks = Counter((one.person, *local(diary, one).isocalendar()[:2]) for one in diary.mails())
    assert max(weeks.values(), default=0) <= 2
    assert not [one for one in diary.entries if one.what is What.INBOX and one.kind == "due_passed"]


def test_rehearsal_stores_nothing_wakes_nobody_and_sends_nothing(
    term: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = everything()
    with django_capture_on_commit_callbacks() as woken:
        diary = rehearse(term.cohort, BEGINS, BEGINS + timedelta(days=3), As.DILIGENT)
    assert diary.entries
    assert (everything(), woken, mail.outbox) == (before, [], [])


def test_rehearsal_stores_nothing_where_its_statements_were_prepared_before(term: Cast) -> None:
    """A connection that has planned and rehearsed, and planned again, knows statements of both kinds of tables."""
    for _ in range(3):
        rehearse(term.cohort, FIRST + timedelta(days=6), FIRST + timedelta(days=8), As.NOBODY_MOVES)
        with time_machine.travel(FIRST + timedelta(days=7, hours=15), tick=False):
            plan()
    assert set(Notice.objects.values_list("state", flat=True)) == {"planned"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()")
        assert cursor.fetchone() == (0,)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST, tick=False) as traveller:
        yield traveller


def test_what_is_rehearsed_is_what_comes(term: Cast, clock: time_machine.Traveller) -> None:
    first, until = datetime(2026, 9, 8, tzinfo=UTC), datetime(2026, 9, 11, tzinfo=UTC)
    clock.move_to(first)
    foreseen = rehearse(term.cohort, first, until)
    plan()
    while timezone.now() < until - HALF_AN_HOUR:
        clock.shift(HALF_AN_HOUR)
        if timezone.now().minute == 0 and timezone.now().hour % 4 == 0:
            plan()
        deliver()
        send_waiting_mail()
    told = Notice.objects.filter(state="told", person__in=foreseen.people)
    assert sorted((one.at, one.person, one.kind) for one in foreseen.entries if one.what is What.INBOX) == sorted(
        told.values_list("settled_at", "person", "kind")
    )
    addresses = {person: user.email for person, user in foreseen.people.items()}
    came = Counter((one.to[0], one.subject) for one in mail.outbox if one.to[0] in addresses.values())
    assert Counter((addresses[one.person], one.title) for one in foreseen.mails()) == came
    assert came


@pytest.mark.soak
def test_people_of_other_cohorts_are_in_no_diary(term: Cast) -> None:
    cohorts.set_due_date(term.elsewhere, term.reading, DueDate(suggested_wall=datetime(2026, 9, 11, 20)))
    diary = rehearse(term.cohort, FIRST, FIRST + timedelta(days=14))
    assert term.elsewhere_student.pk not in {one.person for one in diary.entries}
    assert term.student.pk in {one.person for one in diary.entries}


def command(**options: object) -> list[str]:
    out = StringIO()
    given = {"first": date(2026, 9, 7), "last": date(2026, 9, 11), "dry_run": True, "as_": "nobody-moves"}
    call_command("notices", **{**given, **options}, stdout=out)
    return out.getvalue().splitlines()


def test_diary_reads_day_by_day_by_the_clock_of_each(term: Cast) -> None:
    kolkata = User.objects.get(timezone="Asia/Kolkata")
    kolkata.display_name = "Kiran Deshmukh"
    kolkata.save()
    assert command(cohort=term.cohort.pk, person=kolkata.username)[:8] == [
        "",
        "Tuesday 8 September 2026",
        "  Kiran Deshmukh (Kolkata)",
        "    17:00  inbox     You have 3 days for “Work 1”: due Fri 11 September, 23:30 (Kolkata)",
        "    17:00  email     You have 3 days for “Work 1”: due Fri 11 September, 23:30 (Kolkata)",
        "",
        "Thursday 10 September 2026",
        "  Kiran Deshmukh (Kolkata)",
    ]


def test_diary_can_hold_what_each_mail_says(term: Cast) -> None:
    assert any("Bees and flowers" in line for line in command(cohort=term.cohort.pk, words=True))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"dry_run": False}, "Add --dry-run"),
        ({"last": date(2026, 9, 1)}, "--to must be on or after --from"),
        ({"last": date(2028, 9, 1)}, "at most 400 days later"),
        ({"cohort": 0}, "There is no cohort 0"),
    ],
)
def test_what_cannot_be_rehearsed_says_why(term: Cast, options: dict[str, object], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        command(**{"cohort": term.cohort.pk, **options})
