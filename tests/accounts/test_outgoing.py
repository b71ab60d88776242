"""Mail of accounts at a real mail server: sent once, tried again, or given up with a reason."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone
from pytest_django import Settings

from accounts.models import MailPause, OutgoingMail, User
from accounts.services import letters, outgoing, people
from accounts.tasks import clear_old_mail, send_waiting_mail
from tests.factories.people import UserFactory
from tests.factories.smtp import Inbox, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[Inbox]:
    with mail_server(settings) as inbox:
        yield inbox


@pytest.fixture
def ada() -> User:
    return UserFactory(username="ada", email="ada@example.org", display_name="Ada Lovelace")


def ended() -> tuple[bool, bool, str]:
    """Whether the only mail was sent, whether it was given up, and why."""
    row = OutgoingMail.objects.get()
    return row.sent_at is not None, row.failed_at is not None, row.last_error


def test_mail_arrives_with_an_id_of_its_row(server: Inbox, ada: User) -> None:
    outgoing.send_password_link(ada)
    send_waiting_mail()
    [letter] = server.letters
    row = OutgoingMail.objects.get()
    assert (letter["To"], letter["Message-ID"]) == ("ada@example.org", letters.message_id(row))
    assert "/account/password/reset/key/" in letter.get_content()
    assert ended() == (True, False, "")
    send_waiting_mail()
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("address", "data", "reason"),
    [
        ("550 5.1.1 ada@example.org is unknown here", "250 OK", "SMTPRecipientsRefused 550 5.1.1"),
        ("250 OK", "554 5.6.0 no", "SMTPDataError 554 5.6.0"),
    ],
)
def test_mail_that_is_refused_for_good_is_given_up_and_repeats_no_address(
    server: Inbox, ada: User, address: str, data: str, reason: str
) -> None:
    server.to_address, server.to_data = address, data
    outgoing.send_password_link(ada)
    send_waiting_mail()
    assert ended() == (False, True, reason)


@pytest.mark.parametrize(("address", "data"), [("450 4.2.1 later", "250 OK"), ("250 OK", "451 4.3.0 later")])
def test_mail_that_is_refused_for_now_is_tried_again(server: Inbox, ada: User, address: str, data: str) -> None:
    server.to_address, server.to_data = address, data
    outgoing.send_password_link(ada)
    send_waiting_mail()
    row = OutgoingMail.objects.get()
    assert (row.sent_at, row.failed_at, row.attempts) == (None, None, 1)
    assert row.next_try_at - timezone.now() == pytest.approx(timedelta(minutes=1), abs=timedelta(seconds=20))
    server.to_address = server.to_data = "250 OK"
    OutgoingMail.objects.update(next_try_at=None)
    send_waiting_mail()
    assert len(server.letters) == 1


def test_address_that_does_not_exist_gets_no_more_mail_until_it_is_another(server: Inbox, ada: User) -> None:
    server.to_address = "550 5.1.1 no such user"
    outgoing.send_password_link(ada)
    send_waiting_mail()
    ada.refresh_from_db()
    assert not ada.can_be_mailed
    assert ada.mail_stopped_for == "SMTPRecipientsRefused 550 5.1.1"
    User.objects.filter(pk=ada.pk).update(email="ada@example.com")
    ada.refresh_from_db()
    assert (ada.mail_stopped_at, ada.reached_at) == (None, None)
    people.reached(ada)
    ada.refresh_from_db()
    assert ada.can_be_mailed


@pytest.mark.parametrize(
    ("address", "data"), [("550 5.7.1 relaying denied", "250 OK"), ("250 OK", "554 5.7.26 unauthenticated sender")]
)
def test_refusal_of_all_that_we_send_pauses_and_stops_nobodys_mail(
    server: Inbox, ada: User, caplog: pytest.LogCaptureFixture, address: str, data: str
) -> None:
    server.to_address, server.to_data = address, data
    outgoing.send_password_link(ada)
    outgoing.send_password_link(UserFactory(username="ben", email="ben@example.org"))
    send_waiting_mail()
    assert server.connections == 1
    assert outgoing.is_paused()
    assert "refuses to take our mail" in caplog.text
    assert not User.objects.exclude(mail_stopped_at=None).exists()
    server.to_address = server.to_data = "250 OK"
    send_waiting_mail()
    assert server.letters == []
    MailPause.objects.update(until=timezone.now())
    OutgoingMail.objects.update(next_try_at=None)
    send_waiting_mail()
    assert len(server.letters) == 2


def refused_until_it_is_given_up(person: User) -> None:
    outgoing.tell(person, OutgoingMail.Kind.PASSWORD_CHANGED)
    send_waiting_mail()
    OutgoingMail.objects.update(next_try_at=None, not_after=timezone.now())
    send_waiting_mail()


@pytest.mark.parametrize(
    ("answer", "stops"),
    [
        ("452 4.2.2 mailbox full", True),
        ("450 not now", True),
        ("450 4.7.1 greylisted", False),
        ("452 4.3.1 our disk is full", False),
    ],
)
def test_mails_that_a_mailbox_never_took_on_three_days_count_as_a_dead_address(
    server: Inbox, ada: User, answer: str, stops: bool
) -> None:
    server.to_address = answer
    with time_machine.travel(timezone.now()) as clock:
        for _ in range(2):
            refused_until_it_is_given_up(ada)
            clock.shift(timedelta(days=1))
        ada.refresh_from_db()
        assert ada.can_be_mailed
        refused_until_it_is_given_up(ada)
    ada.refresh_from_db()
    assert (ada.mail_stopped_for, ada.can_be_mailed) == ("soft bounces on 3 days" if stops else "", not stops)


def test_pause_says_since_when_the_server_refuses_and_begins_anew_once_it_took_a_mail(server: Inbox, ada: User) -> None:
    began = timezone.now()
    with time_machine.travel(began, tick=False) as clock:
        server.to_address = "550 5.7.1 relaying denied"
        outgoing.send_password_link(ada)
        send_waiting_mail()
        clock.shift(timedelta(minutes=11))
        send_waiting_mail()
        assert (outgoing.pause_of_now().since, outgoing.pause_of_now().said[:4]) == (began, "SMTP")
        server.to_address = "250 OK"
        clock.shift(timedelta(minutes=11))
        OutgoingMail.objects.update(next_try_at=None)
        send_waiting_mail()
        assert len(server.letters) == 1
        clock.shift(timedelta(minutes=11))
        server.to_address = "550 5.7.1 relaying denied"
        outgoing.send_password_link(ada)
        send_waiting_mail()
        assert outgoing.pause_of_now().since == timezone.now()
        # Nobody has asked for a mail since: whether the server refused meanwhile is not known.
        clock.shift(timedelta(days=2))
        send_waiting_mail()
        assert outgoing.pause_of_now().since == timezone.now()


def test_one_refused_address_holds_no_other_mail_up(server: Inbox, ada: User) -> None:
    ben = UserFactory(username="ben", email="ben@example.org")
    outgoing.send_password_link(ada)
    outgoing.send_password_link(ben)
    server.to_address = "550 no"
    send_waiting_mail()
    assert OutgoingMail.objects.exclude(failed_at=None).count() == 2


def test_server_that_hangs_up_is_left_alone_until_the_next_turn(server: Inbox, ada: User) -> None:
    ben = UserFactory(username="ben", email="ben@example.org")
    server.to_data = None
    outgoing.send_password_link(ada)
    outgoing.send_password_link(ben)
    send_waiting_mail()
    tried, untried = OutgoingMail.objects.order_by("pk")
    assert tried.next_try_at - timezone.now() == pytest.approx(timedelta(minutes=1), abs=timedelta(seconds=20))
    assert untried.lease_until is None
    assert untried.next_try_at <= timezone.now()


def test_mail_that_nobody_waits_for_any_more_is_not_sent(server: Inbox, ada: User) -> None:
    outgoing.send_password_link(ada)
    OutgoingMail.objects.update(not_after=timezone.now() - timedelta(minutes=1))
    send_waiting_mail()
    assert server.letters == []
    assert ended() == (False, True, "nobody sent it in time")


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"email": None}, "the person has no address"), ({"is_active": False}, "the account is closed")],
)
def test_mail_to_somebody_who_cannot_be_reached_any_more_is_given_up(
    server: Inbox, ada: User, change: dict[str, object], reason: str
) -> None:
    outgoing.send_password_link(ada)
    User.objects.filter(pk=ada.pk).update(**change)
    send_waiting_mail()
    assert ended() == (False, True, reason)
    assert server.letters == []


def test_confirmation_of_an_address_that_was_confirmed_meanwhile_is_not_sent(server: Inbox, ada: User) -> None:
    address = EmailAddress.objects.create(user=ada, email="new@example.org")
    outgoing.send_confirmation(address)
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    send_waiting_mail()
    assert ended() == (False, True, "the address is confirmed already")


def test_fault_in_one_mail_keeps_no_other_from_being_sent(
    server: Inbox, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    outgoing.send_password_link(ada)
    # As an older release may have left it.
    OutgoingMail.objects.update(kind="of_old")
    outgoing.send_password_link(UserFactory(username="ben", email="ben@example.org"))
    send_waiting_mail()
    assert [letter["To"] for letter in server.letters] == ["ben@example.org"]
    assert OutgoingMail.objects.get(person=ada).last_error == "KeyError"
    assert "could not be made" in caplog.text


def test_rows_of_ended_mail_go_after_a_month(ada: User) -> None:
    outgoing.send_password_link(ada)
    clear_old_mail()
    assert OutgoingMail.objects.count() == 1
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=31))
    clear_old_mail()
    assert not OutgoingMail.objects.exists()
