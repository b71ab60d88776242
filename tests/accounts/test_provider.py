"""A mail provider in the place of a mail server: its refusals, and what it reports of mails that have left."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from anymail.signals import AnymailTrackingEvent
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import OutgoingMail, SoftBounce, User
from accounts.services import outgoing, people, refusals
from accounts.tasks import clear_old_mail, send_waiting_mail
from tests.factories.people import UserFactory
from tests.factories.provider import Provider, mail_provider

pytestmark = pytest.mark.django_db
SECRET = "a-name-of-ours-only:a-password-of-ours"


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(username="ada", email="ada@example.org")


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with mail_provider(settings) as found:
        yield found


def asked_and_sent(person: User) -> OutgoingMail:
    outgoing.send_password_link(person)
    send_waiting_mail()
    return OutgoingMail.objects.get(person=person)


def can_be_mailed(person: User) -> bool:
    person.refresh_from_db()
    return person.can_be_mailed


def test_mail_leaves_by_the_provider(provider: Provider, ada: User) -> None:
    assert asked_and_sent(ada).sent_at
    [letter] = provider.letters
    assert letter["To"] == "ada@example.org"
    assert letter["Subject"] == "Your Ownpace account: choose a password"


@pytest.mark.parametrize("status", [401, 403, 422])
def test_refusal_of_our_account_pauses_and_gives_nobody_up(provider: Provider, ada: User, status: int) -> None:
    provider.status, provider.code, provider.message = status, 400, "The sender is not confirmed"
    row = asked_and_sent(ada)
    assert (row.sent_at, row.failed_at, row.last_error) == (None, None, f"Postmark {status}")
    assert outgoing.is_paused()
    assert can_be_mailed(ada)


@pytest.mark.parametrize("status", [429, 500, None])
def test_provider_that_is_away_is_asked_again(provider: Provider, ada: User, status: int | None) -> None:
    provider.status = status
    row = asked_and_sent(ada)
    assert (row.sent_at, row.failed_at, row.attempts) == (None, None, 1)
    assert not outgoing.is_paused()
    assert can_be_mailed(ada)
    provider.status = 200
    OutgoingMail.objects.update(next_try_at=None)
    send_waiting_mail()
    assert len(provider.letters) == 1


def test_address_that_the_provider_calls_invalid_gets_no_more_mail(provider: Provider, ada: User) -> None:
    provider.status, provider.code = 422, 300
    provider.message = "Invalid 'To' address: 'ada@example.org'."
    assert asked_and_sent(ada).failed_at
    assert not can_be_mailed(ada)


def test_address_that_the_provider_would_rather_not_mail_keeps_its_mail(provider: Provider, ada: User) -> None:
    provider.status, provider.code = 422, 406
    provider.message = "Found inactive addresses: ada@example.org. Inactive recipients are ones that bounced."
    assert asked_and_sent(ada).failed_at
    assert can_be_mailed(ada)


def test_provider_without_its_key_pauses_and_gives_nobody_up(settings: Settings, ada: User) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    row = asked_and_sent(ada)
    assert (row.sent_at, row.failed_at) == (None, None)
    assert outgoing.pause_of_now().said == "MAIL_PROVIDER_KEYS: incomplete"


# What the provider reports.


@pytest.fixture
def postmark(settings: Settings) -> None:
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}


def report(event: dict[str, Any], secret: str = SECRET) -> HttpResponse:
    headers = {"authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    client = Client(enforce_csrf_checks=True)
    return client.post("/mail/events/", json.dumps(event), content_type="application/json", headers=headers)


def bounce(type_: str = "HardBounce", **values: str) -> dict[str, Any]:
    at = timezone.now().isoformat()
    return {"RecordType": "Bounce", "Type": type_, "Email": "Ada@Example.org", "BouncedAt": at, "ID": 1, **values}


def complaint() -> dict[str, Any]:
    return {**bounce("SpamComplaint"), "RecordType": "SpamComplaint"}


@pytest.mark.parametrize(
    ("reported", "why"), [(bounce, "bounce (Postmark)"), (complaint, "complaint (Postmark)")], ids=["bounce", "spam"]
)
def test_reported_bounce_or_complaint_stops_mail_and_tells_its_owner(
    postmark: None, ada: User, client: Client, reported: Callable[[], dict[str, Any]], why: str
) -> None:
    assert report(reported()).status_code == 200
    assert not can_be_mailed(ada)
    assert ada.mail_stopped_for == why
    client.force_login(ada)
    for page in ("/", "/me/", "/inbox/"):
        assert "we have stopped sending them" in client.get(page).content.decode(), page


@pytest.mark.parametrize("type_", ["SoftBounce", "Transient", "Blocked", "DMARCPolicy", "AutoResponder"])
def test_what_is_no_fault_of_the_address_stops_nothing(postmark: None, ada: User, type_: str) -> None:
    assert report(bounce(type_)).status_code == 200
    assert can_be_mailed(ada)


def test_mail_that_bounces_softly_on_three_days_of_seven_stops_mail_and_tells_its_owner(
    postmark: None, ada: User, client: Client
) -> None:
    User.objects.update(reached_at=timezone.now() - timedelta(days=30))
    for days, mail in ((6, "first"), (3, "second"), (0, "third")):
        assert can_be_mailed(ada)
        with time_machine.travel(timezone.now() - timedelta(days=days), tick=False):
            report(bounce("SoftBounce", MessageID=mail))
    assert not can_be_mailed(ada)
    assert ada.mail_stopped_for == "soft bounces on 3 days (Postmark)"
    client.force_login(ada)
    assert "we have stopped sending them" in client.get("/").content.decode()


def test_soft_bounces_that_are_too_few_too_old_or_of_one_mail_stop_nothing(postmark: None, ada: User) -> None:
    User.objects.update(reached_at=timezone.now() - timedelta(days=30))
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        report(bounce("SoftBounce", MessageID="long ago"))
    for mail in ("one", "one", "one", "two"):
        report(bounce("SoftBounce", MessageID=mail))
    assert can_be_mailed(ada)
    clear_old_mail()
    assert sorted(SoftBounce.objects.values_list("mail", flat=True)) == ["Postmark one", "Postmark two"]


def test_soft_bounces_of_one_day_stop_nothing_however_many(postmark: None, ada: User) -> None:
    for number in range(5):
        report(bounce("SoftBounce", MessageID=str(number)))
    assert can_be_mailed(ada)


def test_soft_bounces_are_forgotten_with_a_link_that_was_followed_and_with_another_address(
    postmark: None, ada: User
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def bounced(mail: str, **more: str) -> None:
            clock.shift(timedelta(days=1))
            report(bounce("SoftBounce", MessageID=mail, **more))

        bounced("one")
        bounced("two")
        people.reached(ada)
        bounced("three")
        assert can_be_mailed(ada)
        bounced("four")
        User.objects.filter(pk=ada.pk).update(email="ada@example.com")
        people.reached(ada)
        bounced("five", Email="ada@example.com")
    assert can_be_mailed(ada)


def tracked(raw: dict[str, Any], type_: str = "bounced", **values: Any) -> AnymailTrackingEvent:
    return AnymailTrackingEvent(event_type=type_, esp_event=raw, **{"reject_reason": "bounced", **values})


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (tracked({"event": "soft_bounce"}), "soft"),  # Brevo, Mandrill
        (tracked({"event": "hard_bounce"}), "bounce"),
        (tracked({"type": "activity.soft_bounced"}), "soft"),  # MailerSend
        (tracked({"event": "bounce", "hard_bounce": False}), "soft"),  # Mailjet
        (tracked({"event": "bounce", "hard_bounce": False, "error": "greylisted"}, "deferred"), ""),
        (tracked({"msys": {"message_event": {"bounce_class": "22"}}}), "soft"),  # SparkPost
        (tracked({"msys": {"message_event": {"bounce_class": "30"}}}), "bounce"),
        (tracked({"eventType": "Bounce"}, description="Transient: MailboxFull"), "soft"),  # Amazon SES
        (tracked({"eventType": "Bounce"}, description="Permanent: General"), "bounce"),
        (tracked({"status": "soft_bounced"}, "deferred", reject_reason=None), "soft"),  # Unisender Go
    ],
)
def test_soft_bounce_is_told_from_a_hard_one_whoever_reports_it(event: AnymailTrackingEvent, why: str) -> None:
    assert refusals.reported(event, timezone.now()) == why


@pytest.mark.parametrize("secret", ["", "a-name-of-ours-only:another-password", "nonsense", ":"])
def test_report_without_our_secret_is_refused(postmark: None, ada: User, secret: str) -> None:
    assert report(bounce(), secret).status_code == 400
    assert can_be_mailed(ada)


def test_nobody_listens_where_no_secret_is_set(postmark: None, settings: Settings, ada: User) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": ""}
    assert report(bounce()).status_code == 404
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}
    settings.MAIL_PROVIDER = ""
    assert report(bounce()).status_code == 404
    assert can_be_mailed(ada)


def test_old_report_and_one_from_before_the_address_was_reached_are_too_late(postmark: None, ada: User) -> None:
    report(bounce(BouncedAt=(timezone.now() - timedelta(days=4)).isoformat()))
    assert can_be_mailed(ada)
    before = bounce(BouncedAt=(timezone.now() - timedelta(hours=1)).isoformat())
    people.reached(ada)
    report(before)
    assert can_be_mailed(ada)


def test_report_on_an_address_that_nobody_has_changes_nobody(postmark: None, ada: User) -> None:
    assert report(bounce(Email="somebody@example.org")).status_code == 200
    assert can_be_mailed(ada)


def mailgun_event(key: str) -> dict[str, Any]:
    now, token = str(int(time.time())), "a-token"
    signature = hmac.new(key.encode(), f"{now}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": now, "token": token, "signature": signature},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "timestamp": time.time(),
            "recipient": "ada@example.org",
            "id": "1",
            "message": {"headers": {"message-id": "1"}},
            "delivery-status": {"code": 550},
        },
    }


def test_provider_that_signs_has_to_sign(postmark: None, settings: Settings, ada: User) -> None:
    """Our secret alone is not enough, and neither is the signature."""
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_WEBHOOK_SIGNING_KEY": "a-signing-key"}
    assert report(mailgun_event("another-key")).status_code == 400
    assert report(mailgun_event("a-signing-key"), secret="").status_code == 400
    assert can_be_mailed(ada)
    assert report(mailgun_event("a-signing-key")).status_code == 200
    assert not can_be_mailed(ada)
