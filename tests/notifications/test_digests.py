"""Digests: once a day or a week in one mail, what waited for them and what is due before the next one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.models import OutgoingMail, User
from courses.models import DueDate
from courses.services import cohorts
from notifications.kinds import register, unregister
from notifications.models import Notice
from notifications.services import preferences
from notifications.services.mailing import MAIL
from progress.services.ticks import complete
from tests.cast import Cast
from tests.factories.notices import notice
from tests.notifications.living import jump, live_until
from tests.notifications.words import Word

pytestmark = pytest.mark.django_db
# A Tuesday, in Berlin an hour later.
TUESDAY = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
FIVE = datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def word() -> Iterator[None]:
    register(Word())
    yield
    unregister(Word())


def due_at(cast: Cast, wall: datetime) -> None:
    cohorts.put_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=wall))


def waiting(person: User, cadence: str = "daily", **values: object) -> Notice:
    given = {"kind": "word", "mail_by": cadence, "mail_after": TUESDAY, **values}
    return notice(person, **given)


def mails_to(person: User) -> list[mail.EmailMultiAlternatives]:
    return [one for one in mail.outbox if one.to == [person.email]]


def test_what_waited_goes_once_at_five_in_one_mail_by_course(cast: Cast, clock: time_machine.Traveller) -> None:
    words = {"title": "Wax", "course": "Candles"}
    notices = [waiting(cast.student, subject=cast.reading.pk), waiting(cast.student, subject=cast.file.pk)]
    notices.append(waiting(cast.student, subject=cast.link.pk, values=words))
    live_until(clock, FIVE - timedelta(hours=1), timedelta(hours=4))
    assert mails_to(cast.student) == []
    jump(clock, *[FIVE + timedelta(minutes=11)] * 3, FIVE + timedelta(hours=2), FIVE + DAY + timedelta(hours=1))
    [sent] = mails_to(cast.student)
    assert sent.subject == "Your day: Bee eyes, and 2 more"
    assert sent.body.index("Bees and flowers\n") < sent.body.index("Candles\n") < sent.body.index("* Wax")
    page, _type = sent.alternatives[0]
    assert page.count("<h1") == 2
    assert {one.mail_id for one in Notice.objects.filter(pk__in=[one.pk for one in notices])} == {
        OutgoingMail.objects.get(kind=MAIL, person=cast.student).pk
    }
    assert all(one.mailed_at for one in Notice.objects.filter(pk__in=[one.pk for one in notices]))


def test_people_with_nothing_waiting_get_no_digest(cast: Cast, clock: time_machine.Traveller) -> None:
    waiting(cast.student, subject=cast.reading.pk)
    jump(clock, FIVE + timedelta(minutes=11))
    assert [one.person for one in Notice.objects.filter(kind="daily_digest")] == [cast.student]
    assert mails_to(cast.other_student) == []


def test_weekly_digest_waits_for_monday(cast: Cast, clock: time_machine.Traveller) -> None:
    waiting(cast.student, "weekly", subject=cast.reading.pk)
    live_until(clock, datetime(2026, 11, 9, 15, tzinfo=UTC), DAY)
    assert mails_to(cast.student) == []
    jump(clock, datetime(2026, 11, 9, 16, 15, tzinfo=UTC), datetime(2026, 11, 9, 17, 15, tzinfo=UTC))
    [sent] = mails_to(cast.student)
    assert sent.subject.startswith("Your week: ")


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 4, 4, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 4, 1, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 4, 11, 15, tzinfo=UTC)),
    ],
)
def test_five_is_five_where_the_reader_lives(
    cast: Cast, clock: time_machine.Traveller, zone: str, at: datetime
) -> None:
    User.objects.filter(pk=cast.student.pk).update(timezone=zone)
    clock.move_to(at - timedelta(hours=3))
    waiting(cast.student, subject=cast.reading.pk)
    jump(clock, at - timedelta(minutes=20), at + timedelta(minutes=9))
    assert mails_to(cast.student) == []
    jump(clock, at + timedelta(minutes=11))
    assert len(mails_to(cast.student)) == 1


def test_clock_that_is_put_back_moves_no_digest(cast: Cast, clock: time_machine.Traveller) -> None:
    """In the night to 25 October 2026 Berlin goes from +2 to +1."""
    clock.move_to(datetime(2026, 10, 24, 8, tzinfo=UTC))
    waiting(cast.student, subject=cast.reading.pk)
    jump(clock, datetime(2026, 10, 24, 15, 11, tzinfo=UTC))
    assert len(mails_to(cast.student)) == 1
    waiting(cast.student, subject=cast.file.pk)
    jump(clock, datetime(2026, 10, 25, 15, 11, tzinfo=UTC))
    assert len(mails_to(cast.student)) == 1
    jump(clock, datetime(2026, 10, 25, 16, 11, tzinfo=UTC))
    assert len(mails_to(cast.student)) == 2


def test_who_chose_daily_dates_is_told_of_what_is_due_before_the_next_and_of_nothing_else(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    for kind in ("due_soon", "due_today"):
        preferences.choose(cast.student, kind, in_inbox=True, mail="daily")
    due_at(cast, datetime(2026, 11, 6, 12, 0))
    live_until(clock, datetime(2026, 11, 6, 20, 15, tzinfo=UTC), timedelta(hours=1))
    subjects = [one.subject for one in mails_to(cast.student)]
    # Three days before, the day before with what is due until the next digest, and when it has passed; nothing between.
    assert [subject.split(":")[0] for subject in subjects] == ["Your day"] * 3
    assert "“Bee eyes” is due Fri 6 November, 12:00 (Berlin)" in subjects[1]
    assert "Due before your next digest, Fri 6 November, 17:10 (Berlin)" in mails_to(cast.student)[1].body
    assert mails_to(cast.student)[1].body.count("“Bee eyes”") == 1
    assert f"/lessons/{cast.reading.pk}/" in mails_to(cast.student)[1].body
    today = Notice.objects.get(person=cast.student, kind="due_today")
    assert (today.state, today.mail_reason) == ("told", "in a digest")


def test_date_that_no_digest_listed_goes_at_once(cast: Cast, clock: time_machine.Traveller) -> None:
    preferences.choose(cast.student, "due_today", in_inbox=True, mail="daily")
    jump(clock, FIVE + timedelta(minutes=11))
    due_at(cast, datetime(2026, 11, 4, 12, 0))
    jump(clock, datetime(2026, 11, 4, 7, 5, tzinfo=UTC))
    [sent] = mails_to(cast.student)
    assert sent.subject == "“Bee eyes” is due today, Wed 4 November, 12:00 (Berlin)"


def test_digest_with_nothing_to_say_is_no_mail(cast: Cast, clock: time_machine.Traveller) -> None:
    preferences.choose(cast.student, "due_soon", in_inbox=True, mail="daily")
    due_at(cast, datetime(2026, 11, 4, 12, 0))
    complete(cast.enrolment, cast.reading, how="read", evidence={}, by=cast.student)
    jump(clock, TUESDAY + timedelta(hours=1), FIVE + timedelta(minutes=11))
    assert mails_to(cast.student) == []
    digest = Notice.objects.get(person=cast.student, kind="daily_digest")
    assert (digest.state, digest.reason) == ("skipped", "nothing to say")


def test_what_was_done_meanwhile_leaves_no_empty_digest(cast: Cast, clock: time_machine.Traveller) -> None:
    due_at(cast, datetime(2026, 11, 2, 12, 0))
    jump(clock, TUESDAY + timedelta(hours=10), TUESDAY + timedelta(hours=10, minutes=8))
    assert Notice.objects.get(person=cast.student, kind="due_passed").mail_by == "daily"
    clock.move_to(TUESDAY + timedelta(hours=10, minutes=12))
    complete(cast.enrolment, cast.reading, how="read", evidence={}, by=cast.student)
    jump(clock, TUESDAY + timedelta(hours=10, minutes=12))
    assert mails_to(cast.student) == []
    assert len(mails_to(cast.other_student)) == 1


def test_fourth_mail_of_a_day_goes_with_the_next_digest_of_somebody_who_chose_none(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    for hour in range(4):
        clock.move_to(TUESDAY + timedelta(hours=2 + hour))
        notice(cast.student, subject=cast.reading.pk, kind="word", lead=hour, mail_by="now", mail_after=TUESDAY)
        jump(clock, TUESDAY + timedelta(hours=2 + hour))
    assert len(mails_to(cast.student)) == 3
    left = Notice.objects.get(person=cast.student, lead=3)
    assert (left.mail_by, left.mail_reason) == ("daily", "three mails today")
    # Three mails are three mails: today's digest is not sent either.
    jump(clock, FIVE + timedelta(minutes=11))
    assert len(mails_to(cast.student)) == 3
    jump(clock, FIVE + DAY - timedelta(hours=1), FIVE + DAY + timedelta(minutes=11))
    assert len(mails_to(cast.student)) == 4
    left.refresh_from_db()
    assert left.mailed_at


def test_digest_missed_by_a_worker_comes_when_it_is_back(cast: Cast, clock: time_machine.Traveller) -> None:
    waiting(cast.student, subject=cast.reading.pk)
    jump(clock, datetime(2026, 11, 4, 9, tzinfo=UTC), datetime(2026, 11, 4, 16, 15, tzinfo=UTC))
    assert len(mails_to(cast.student)) == 1


def test_no_more_digests_with_one_click_from_the_mail(cast: Cast, clock: time_machine.Traveller) -> None:
    preferences.choose(cast.student, "due_soon", in_inbox=True, mail="daily")
    due_at(cast, datetime(2026, 11, 4, 12, 0))
    jump(clock, FIVE + timedelta(minutes=11))
    [sent] = mails_to(cast.student)
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert Client().post(f"/{stop}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    due_at(cast, datetime(2026, 11, 5, 12, 0))
    jump(clock, FIVE + DAY - timedelta(hours=1), FIVE + DAY + timedelta(minutes=11))
    assert len(mails_to(cast.student)) == 1
