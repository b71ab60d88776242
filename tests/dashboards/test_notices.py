"""The operator's page: what people are told, what waits and what went wrong; and all of it for one person."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from accounts.models import MailPause, OutgoingMail, User
from accounts.services import bounces, outgoing
from notifications.kinds import KINDS, Reason
from notifications.models import Notice
from notifications.tasks import deliver, plan
from tests.cast import Cast
from tests.factories.notices import notice
from tests.factories.people import UserFactory

PAGE = "/manage/notices/"


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.admin)
    return client


def page(client: Client, path: str = PAGE) -> str:
    """What can be read in it."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(" ".join(html.fromstring(answer.content).find(".//main").itertext()).split())


def test_last_day_is_counted_by_what_became_of_it(cast: Cast, admin: Client) -> None:
    now = timezone.now()
    notice(cast.student, subject=1, mailed_at=now)
    notice(cast.student, subject=2, mail_reason="no address")
    notice(cast.student, subject=3, state="skipped", reason="done")
    notice(cast.student, subject=4, state="skipped", reason="done", kind="due_today")
    notice(cast.student, subject=5, state="held out")
    notice(cast.student, subject=6, settled_at=now - timedelta(hours=30))
    notice(cast.student, subject=7, state="planned", settled_at=None, not_before=now + timedelta(hours=3))
    shown = page(admin)
    for words in (
        "Sent in 24 hours 2",
        "By email too 1",
        "Not sent 2",
        "Held out 1",
        "Planned ahead 1",
        "Waiting now 0",
        "2 not sent: it was done already",
        "1 in the inbox, without email: there is no address that email may go to",
        "A date is near 2 1 1 1",
        "Something is due today 0 0 1 0",
    ):
        assert words in shown, words


def test_what_waits_says_since_when(cast: Cast, admin: Client) -> None:
    since = timezone.now() - timedelta(hours=2, minutes=5)
    notice(cast.student, state="planned", settled_at=None, not_before=since)
    outgoing.tell(cast.student, "password_changed")
    OutgoingMail.objects.update(created_at=since)
    shown = page(admin)
    assert "Waiting now 1 oldest for 2" in shown
    assert "Email waiting 1 oldest for 2" in shown


def test_failed_mail_is_counted_by_its_reason(cast: Cast, admin: Client) -> None:
    for _ in range(2):
        outgoing.tell(cast.student, "password_changed")
    OutgoingMail.objects.update(failed_at=timezone.now(), last_error="SMTPDataError 552")
    assert "2 not sent: SMTPDataError 552" in page(admin)


def test_paused_mail_is_an_alarm_with_what_the_server_said(admin: Client) -> None:
    said = "SMTPSenderRefused 550 5.7.1"
    pause = MailPause.objects.create(pk=1, until=timezone.now() + timedelta(minutes=5), said=said)
    assert f"refused everything: {said}" in page(admin)
    assert "The email server is refusing everything" in page(admin, "/manage/")
    MailPause.objects.filter(pk=pause.pk).update(until=timezone.now())
    assert "Email is paused" not in page(admin)
    assert "The email server is refusing everything" not in page(admin, "/manage/")


def test_silent_tick_is_an_alarm_and_a_fresh_one_says_its_age(admin: Client) -> None:
    # A worker of another test may have beaten for good.
    caches["pulse"].clear()
    assert "Nothing has been sent for three minutes" in page(admin)
    deliver()
    shown = page(admin)
    assert "Is a worker running?" not in shown
    assert "Last sending round less than a minute ago" in shown
    assert "Last planning round never" in shown
    with time_machine.travel(timezone.now() - timedelta(hours=3)):
        plan()
    assert "Nothing has been planned for two hours" in page(admin)
    plan()
    assert "Is the scheduler running?" not in page(admin)


def test_every_reason_has_words() -> None:
    from dashboards.pages.reasons import REASONS

    assert set(REASONS) == set(Reason)


def test_queries_are_the_same_at_one_and_at_many(cast: Cast, admin: Client) -> None:
    def queries(path: str) -> int:
        admin.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(path).status_code == 200
        return len(captured)

    told = f"/manage/people/{cast.student.pk}/told/"
    notice(cast.student)
    bounces.stop_mail(cast.outsider, cast.outsider.email, "bounce", timezone.now())
    few = [queries(PAGE), queries(told)]
    for number in range(30):
        notice(cast.student, subject=2 + number, kind=("due_soon", "due_today", "gone")[number % 3])
        notice(cast.student, subject=2 + number, state="skipped", reason="done", lead=5)
        person = UserFactory()
        bounces.stop_mail(person, person.email, "bounce", timezone.now())
        outgoing.tell(cast.student, "password_changed")
    assert [queries(PAGE), queries(told)] == few
    assert max(few) <= 12


def test_numbers_of_ten_thousand_are_found_by_an_index(cast: Cast, admin: Client) -> None:
    now = timezone.now()
    values = {"kind": "due_soon", "local_day": now.date(), "not_before": now, "person": cast.student}
    rows = [Notice(**values, subject=n, state="told", settled_at=now - timedelta(days=n % 300)) for n in range(10_000)]
    Notice.objects.bulk_create(rows)
    people = [User(username=f"many{n}", display_name="N") for n in range(2_000)]
    User.objects.bulk_create(people)
    made = now - timedelta(days=20)
    OutgoingMail.objects.bulk_create(
        OutgoingMail(person=cast.student, kind="notices", created_at=made, not_after=made, sent_at=made)
        for _ in range(5_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_notice; ANALYZE accounts_outgoingmail; ANALYZE accounts_user")
    with CaptureQueriesContext(connection) as captured:
        admin.get(PAGE)
    scanned = []
    with connection.cursor() as cursor:
        for one in captured:
            if one["sql"].startswith("SELECT"):
                cursor.execute("EXPLAIN " + one["sql"])
                plan_of_it = "\n".join(line for (line,) in cursor.fetchall())
                tables = ("notifications_notice", "accounts_outgoingmail", "accounts_user")
                scanned += [table for table in tables if f"Seq Scan on {table}" in plan_of_it]
    assert scanned == []


@pytest.mark.parametrize("kind", ["nudge", "monday_letter", "daily_digest", "weekly_digest"])
def test_message_that_gets_its_words_as_it_goes_is_named_before(kind: str, cast: Cast, admin: Client) -> None:
    assert kind in KINDS
    later = timezone.now() + timedelta(hours=2)
    notice(cast.student, kind=kind, values={}, state="planned", settled_at=None, not_before=later)
    notice(cast.student, kind=kind, values={}, state="skipped", reason="nothing to say", lead=2)
    shown = page(admin, f"/manage/people/{cast.student.pk}/told/")
    assert shown.count(f"{KINDS[kind].label} {KINDS[kind].explained}") == 2
    assert "Planned" in shown
    assert "Not sent: there was nothing to say" in shown


def test_one_persons_messages_say_what_when_and_why_not(cast: Cast, admin: Client) -> None:
    notice(cast.student, subject=1, mailed_at=timezone.now(), read_at=timezone.now())
    notice(cast.student, subject=2, state="skipped", reason="moved")
    notice(cast.student, subject=3, mail_reason="three mails today")
    notice(cast.other_student, subject=4, state="skipped", reason="on a break")
    outgoing.tell(cast.student, "password_changed")
    shown = page(admin, f"/manage/people/{cast.student.pk}/told/")
    for words in (
        "“Bee eyes” is due tomorrow",
        "A date is near: A few days before something is due and not done yet.",
        "Inbox and email Read ",
        "Not sent: the date was moved or removed",
        "Inbox, no email: there were three emails that day already",
        "Your password was changed",
        "waiting",
    ):
        assert words in shown, words
    assert "on a break" not in shown
    assert "What was sent to them, and what was not" in page(admin, f"/manage/people/{cast.student.pk}/")


def test_what_was_not_told_before_it_had_words_is_called_by_its_kind(cast: Cast, admin: Client) -> None:
    notice(cast.student, kind="nudge", subject=0, state="skipped", reason="back", values={})
    notice(cast.student, kind="monday_letter", subject=0, state="planned", settled_at=None, values={})
    shown = page(admin, f"/manage/people/{cast.student.pk}/told/")
    assert "Your next step" in shown
    assert "Not sent: the person has been back since it was planned" in shown
    assert "The Monday letter" in shown


def test_admin_marks_an_address_as_dead_and_alive_again(cast: Cast, admin: Client) -> None:
    path = f"/manage/people/{cast.student.pk}/"
    assert "Stop email to this address" in page(admin, path)
    admin.post(f"{path}address/", {"state": "dead"})
    cast.student.refresh_from_db()
    assert not cast.student.can_be_mailed
    assert "marked by an admin" in page(admin, path)
    assert str(cast.student) in page(admin)
    owner = Client()
    owner.force_login(cast.student)
    assert "do not arrive, so we have stopped sending them" in page(owner, "/")
    admin.post(f"{path}address/", {"state": "alive"})
    cast.student.refresh_from_db()
    assert cast.student.can_be_mailed
    assert "we have stopped sending" not in page(owner, "/")


def test_nothing_is_marked_by_a_word_that_means_nothing(cast: Cast, admin: Client) -> None:
    admin.post(f"/manage/people/{cast.student.pk}/address/", {"state": "undead"})
    cast.student.refresh_from_db()
    assert cast.student.can_be_mailed
