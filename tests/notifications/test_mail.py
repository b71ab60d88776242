"""The mail itself: at a real server, as its reader's program takes it apart."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import OutgoingMail, User
from accounts.tasks import send_waiting_mail
from courses.models import DueDate
from courses.services import cohorts
from notifications.models import Notice, Preference
from notifications.tasks import deliver
from progress.services.ticks import complete
from tests.cast import Cast
from tests.factories.notices import notice
from tests.factories.smtp import Inbox, mail_server

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 9, 11, 0, tzinfo=UTC)


@pytest.fixture
def server(settings: Settings) -> Iterator[Inbox]:
    with mail_server(settings) as inbox:
        yield inbox


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def due(cast: Cast, at: datetime = datetime(2026, 11, 10, 18, 0)) -> None:
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=at))


def planned(person: User, **values: object) -> Notice:
    """A reminder of tomorrow's date, ready to be told."""
    enrolment = person.enrolments.get()
    given = {"lead": 1, "local_day": NOON.date(), "context": enrolment.pk, "not_before": timezone.now()}
    return notice(person, state="planned", settled_at=None, **given, **values)


def letters_of(person: User, server: Inbox) -> list[EmailMessage]:
    return [letter for letter in server.letters if letter["To"] == person.email]


def sent_to(cast: Cast, server: Inbox) -> EmailMessage:
    due(cast)
    planned(cast.student, subject=cast.reading.pk)
    deliver()
    send_waiting_mail()
    [letter] = letters_of(cast.student, server)
    return letter


def test_mail_carries_the_headers_of_rfc_8058_and_two_bodies(
    cast: Cast, server: Inbox, clock: time_machine.Traveller
) -> None:
    letter = sent_to(cast, server)
    assert letter["Subject"].strip() == "“Bee eyes” is due tomorrow, Tue 10 November, 18:00 (Berlin)"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Id"] == "Ownpace <notices.testserver>"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Hello Student" in text
    assert "http://testserver/inbox/" in text
    assert "<img" not in html
    assert "Replies to this email are not read" in text


def test_one_click_works_from_the_raw_message_and_all_its_links_change_nothing(
    cast: Cast, server: Inbox, clock: time_machine.Traveller
) -> None:
    letter = sent_to(cast, server)
    address = urlsplit(letter["List-Unsubscribe"].strip(" <>"))
    before = list(Notice.objects.values())
    for part in letter.get_body(("html",)).get_content().split('href="')[1:]:
        Client().get(urlsplit(part.partition('"')[0]).path)
    assert list(Notice.objects.values()) == before
    assert not Preference.objects.exists()
    assert Client(enforce_csrf_checks=True).post(address.path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().mail == "never"


def test_links_are_of_the_public_origin_whatever_host_was_asked(
    cast: Cast, server: Inbox, clock: time_machine.Traveller, settings: Settings
) -> None:
    settings.PUBLIC_ORIGIN = "https://learn.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"Host": "evil.test"})
    client.force_login(cast.student)
    client.get("/inbox/")
    html = sent_to(cast, server).get_body(("html",)).get_content()
    assert "https://learn.example.org/inbox/" in html
    assert "evil.test" not in html


def test_site_with_an_address_for_replies_names_it(
    cast: Cast, server: Inbox, clock: time_machine.Traveller, settings: Settings
) -> None:
    settings.MAIL_REPLY_TO = "office@example.org"
    letter = sent_to(cast, server)
    assert letter["Reply-To"] == "office@example.org"
    assert "Your school reads replies" in letter.get_body(("plain",)).get_content()


def test_what_is_ready_for_one_person_goes_in_one_mail(
    cast: Cast, server: Inbox, clock: time_machine.Traveller
) -> None:
    for activity in (cast.reading, cast.file):
        cohorts.set_due_date(cast.cohort, activity, DueDate(suggested_wall=datetime(2026, 11, 10, 18, 0)))
        planned(cast.student, subject=activity.pk)
    deliver()
    send_waiting_mail()
    [letter] = letters_of(cast.student, server)
    assert letter["Subject"].endswith(", and 1 more")
    assert "Counting sheet" in letter.get_body(("plain",)).get_content()


def test_person_whose_address_was_never_reached_has_the_inbox_and_no_mail(
    cast: Cast, server: Inbox, clock: time_machine.Traveller
) -> None:
    User.objects.filter(pk=cast.student.pk).update(reached_at=None)
    due(cast)
    planned(cast.student, subject=cast.reading.pk)
    deliver()
    send_waiting_mail()
    assert server.letters == []
    told = Notice.objects.get()
    assert (told.state, told.mail_reason) == ("told", "no address")


def test_step_done_between_telling_and_sending_is_not_mailed(
    cast: Cast, server: Inbox, clock: time_machine.Traveller
) -> None:
    due(cast)
    planned(cast.student, subject=cast.reading.pk)
    deliver()
    complete(cast.enrolment, cast.reading, how="read", evidence={}, by=cast.student)
    send_waiting_mail()
    assert server.letters == []
    assert Notice.objects.get().mail_reason == "done"


def test_fourth_mail_of_a_day_waits_for_the_digest(cast: Cast, server: Inbox, clock: time_machine.Traveller) -> None:
    due(cast)
    for hour in range(4):
        clock.move_to(NOON + timedelta(hours=hour))
        # As if the one before had been told on another day: what counts here is how many mails went today.
        told = Notice.objects.filter(state="told", local_day=NOON.date())
        told.update(settled_at=NOON - timedelta(days=2), local_day=NOON.date() - timedelta(days=2 + hour))
        planned(cast.student, subject=cast.reading.pk)
        deliver()
        send_waiting_mail()
    assert len(letters_of(cast.student, server)) == 3
    left = Notice.objects.filter(mail_reason="three mails today")
    assert [one.mail_by for one in left] == ["daily"]


def test_server_that_hangs_up_gets_the_same_message_again(
    cast: Cast, server: Inbox, clock: time_machine.Traveller
) -> None:
    server.to_data = None
    due(cast)
    planned(cast.student, subject=cast.reading.pk)
    deliver()
    send_waiting_mail()
    assert server.letters == []
    server.to_data = "250 OK"
    clock.move_to(NOON + timedelta(minutes=2))
    send_waiting_mail()
    [letter] = server.letters
    assert letter["Message-ID"]
    assert OutgoingMail.objects.get().attempts == 2
    assert Notice.objects.get().mailed_at
