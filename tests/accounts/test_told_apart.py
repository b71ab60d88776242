"""Nobody outside learns which accounts there are: by work, by words or by what is stored."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hashers, get_hashers_by_algorithm
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import OutgoingMail, User
from accounts.tasks import send_waiting_mail
from tests.accounts.steps import LINK, delivered, fresh_client, sign_in
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WORK = 1000


class Counted(PBKDF2PasswordHasher):
    """Takes down how many rounds every hash of it took."""

    iterations = WORK
    rounds: list[int] = []

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        self.rounds.append(iterations or self.iterations)
        return super().encode(password, salt, iterations)


@pytest.fixture
def rounds(settings: Settings) -> Iterator[list[int]]:
    settings.PASSWORD_HASHERS = ["tests.accounts.test_told_apart.Counted"]
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()
    UserFactory(username="ada", email="ada@example.org")
    UserFactory(username="gone", is_active=False)
    UserFactory(username="ada@example.org", email=None)
    User.objects.create_user("fresh", "fresh@example.org")
    old = UserFactory(username="old")
    User.objects.filter(pk=old.pk).update(password=Counted().encode(PASSWORD, "a" * 22, WORK // 4))
    Counted.rounds.clear()
    yield Counted.rounds
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()


@pytest.mark.parametrize(
    "name",
    ["ada", "ADA", "ada@example.org", "gone", "gone@example.org", "fresh", "fresh@example.org", "old"]
    + ["nobody", "nobody@example.org", "x" * 250],
)
def test_wrong_password_is_hashed_once_whatever_the_name(name: str, rounds: list[int]) -> None:
    assert sign_in(Client(), name, "not-the-password").status_code == 200
    assert sum(rounds) == WORK


def test_wrong_password_is_hashed_once_where_it_is_asked_again(rounds: list[int]) -> None:
    client = fresh_client(User.objects.get(username="ada"))
    rounds.clear()
    client.post(reverse("account_reauthenticate"), {"password": "not-the-password"})
    assert sum(rounds) == WORK
    rounds.clear()
    sent = {"oldpassword": "not-the-password", "password1": "quiet-river-stone", "password2": "quiet-river-stone"}
    client.post(reverse("account_change_password"), sent)
    assert sum(rounds) == WORK


def test_request_for_a_new_password_does_the_same_work_for_an_address_that_nobody_has(rounds: list[int]) -> None:
    asked = {}
    for email in ("ada@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as seen:
            answer = Client().post(reverse("account_reset_password"), {"email": email})
        asked[email] = (answer.status_code, answer["Location"], len(answer.cookies), len(seen))
    assert asked["ada@example.org"] == asked["nobody@example.org"]
    assert rounds == []
    assert OutgoingMail.objects.get().person.username == "ada"


def test_two_clicks_within_a_minute_make_one_mail() -> None:
    UserFactory(username="ada", email="ada@example.org")
    for _ in range(2):
        Client().post(reverse("account_reset_password"), {"email": "ada@example.org"})
    assert len(delivered()) == 1


def test_mail_server_that_is_down_breaks_no_page_and_gets_the_mail_later(settings: Settings) -> None:
    UserFactory(username="ada", email="ada@example.org")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email}).status_code
        for email in ("ada@example.org", "nobody@example.org")
    ]
    send_waiting_mail()
    row = OutgoingMail.objects.get()
    assert answers == [302, 302]
    assert (row.attempts, row.sent_at, row.last_error) == (1, None, "ConnectionRefusedError")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutgoingMail.objects.update(next_try_at=None)
    send_waiting_mail()
    assert LINK.search(mail.outbox[0].body)


@pytest.mark.parametrize("headers", [{"Host": "localhost"}, {"X-Forwarded-Host": "evil.test"}])
def test_link_in_a_mail_never_comes_from_the_request(headers: dict[str, str]) -> None:
    UserFactory(username="ada", email="ada@example.org")
    Client(headers=headers).post(reverse("account_reset_password"), {"email": "ada@example.org"})
    (letter,) = delivered()
    assert LINK.search(letter.body)
    assert "localhost" not in letter.body
    assert "evil" not in letter.body
