"""The second step, through the pages: an authenticator app, recovery codes, and staff pages that ask for it."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.letters import password_link
from tests.accounts.steps import (
    activate_totp,
    choose_password,
    committing,
    delivered,
    fresh_client,
    prove,
    recovery_codes,
    sign_in,
    signed_in_as,
    totp,
)
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SECOND_STEP = "mfa_authenticate"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still, so that no code is typed at the turn of its thirty seconds."""
    with time_machine.travel(timezone.now(), tick=False) as stopped:
        yield stopped


@pytest.fixture
def ada(clock: time_machine.Traveller) -> User:
    return UserFactory(username="ada", email="ada@example.org")


def code(client: Client, typed: str) -> int:
    """The status that the page for the second step answers with."""
    return client.post(reverse(SECOND_STEP), {"code": typed}).status_code


def test_totp_agrees_with_the_vectors_of_the_rfc() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [totp(secret, at) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_password_is_asked_again_before_a_second_step_is_set_up(ada: User) -> None:
    response = fresh_client(ada).get(reverse("mfa_activate_totp"))
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_wrong_code_activates_nothing(ada: User) -> None:
    client = fresh_client(ada)
    prove(client, reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert answer.context["form"].errors["code"]
    assert not Authenticator.objects.exists()


def test_activated_app_is_asked_for_at_the_next_sign_in(ada: User) -> None:
    secret = activate_totp(fresh_client(ada))
    client = Client()
    assert sign_in(client, "ada")["Location"].startswith(reverse(SECOND_STEP))
    assert signed_in_as(client) is None
    assert code(client, totp(secret)) == 302
    assert signed_in_as(client) == ada.pk


def test_half_signed_in_session_reaches_no_page(ada: User) -> None:
    activate_totp(fresh_client(ada))
    client = Client()
    sign_in(client, "ada")
    for path in ("/", "/me/", "/courses/", reverse("mfa_index"), reverse("mfa_view_recovery_codes")):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/")


def test_wrong_code_does_not_sign_in(ada: User) -> None:
    secret = activate_totp(fresh_client(ada))
    client = Client()
    sign_in(client, "ada")
    assert code(client, f"{(int(totp(secret)) + 1) % 1_000_000:06}") == 200
    assert signed_in_as(client) is None


def test_code_is_good_once(ada: User) -> None:
    secret = activate_totp(fresh_client(ada))
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "ada")
    assert code(first, totp(secret)) == 302
    assert code(second, totp(secret)) == 200
    assert signed_in_as(second) is None


def test_code_of_two_minutes_ago_is_refused(ada: User, clock: time_machine.Traveller) -> None:
    secret = activate_totp(fresh_client(ada))
    old = totp(secret)
    clock.shift(timedelta(minutes=2))
    client = Client()
    sign_in(client, "ada")
    assert code(client, old) == 200


def test_guesses_at_the_code_are_limited(ada: User) -> None:
    secret = activate_totp(fresh_client(ada))
    client = Client()
    sign_in(client, "ada")
    wrong = f"{(int(totp(secret)) + 1) % 1_000_000:06}"
    for _ in range(10):
        code(client, wrong)
    code(client, totp(secret))
    assert signed_in_as(client) is None


def test_recovery_code_signs_in_once(ada: User) -> None:
    client = fresh_client(ada)
    activate_totp(client)
    codes = recovery_codes(client)
    assert len(set(codes)) == 10
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, "ada")
        code(browser, codes[0])
    assert signed_in_as(first) == ada.pk
    assert signed_in_as(second) is None
    assert codes[0] not in recovery_codes(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("email", "told"), [("ada@example.org", ["ada@example.org"]), (None, [])])
def test_owner_with_an_address_is_told_that_a_second_step_was_added(
    email: str | None, told: list[str], clock: time_machine.Traveller
) -> None:
    owner = UserFactory(username="owner", email=email)
    activate_totp(fresh_client(owner))
    cache.clear()
    assert [address for letter in delivered() for address in letter.to] == told
    assert Authenticator.objects.filter(user=owner, type="totp").exists()


def test_removed_app_is_not_asked_for_any_more(ada: User) -> None:
    client = fresh_client(ada)
    activate_totp(client)
    client.post(reverse("mfa_deactivate_totp"))
    again = Client()
    sign_in(again, "ada")
    assert signed_in_as(again) == ada.pk


def test_password_link_does_not_go_round_the_second_step(ada: User) -> None:
    activate_totp(fresh_client(ada))
    ada.refresh_from_db()
    client = Client()
    choose_password(client, password_link(ada), "quiet-river-stone")
    assert client.get("/me/").status_code == 302
    sign_in(client, "ada", "quiet-river-stone")
    assert signed_in_as(client) is None


def with_password_alone(person: User) -> Client:
    """A session that has typed the password twice and never shown the factor, such as one of years ago."""
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    record = {"method": "password", "at": time.time(), "reauthenticated": True}
    session = client.session
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


FACTOR_PAGES = [
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
]


@pytest.mark.parametrize("page", FACTOR_PAGES)
def test_password_alone_neither_shows_nor_changes_a_factor(page: str, ada: User) -> None:
    activate_totp(fresh_client(ada))
    held = set(Authenticator.objects.values_list("pk", flat=True))
    client = with_password_alone(ada)
    for answer in (client.get(reverse(page)), client.post(reverse(page))):
        assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert set(Authenticator.objects.values_list("pk", flat=True)) == held


def test_password_is_no_answer_where_a_factor_is_asked_for(ada: User) -> None:
    activate_totp(fresh_client(ada))
    client = with_password_alone(ada)
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("mfa_index")})
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("mfa_index")).status_code == 302


def test_factor_shown_at_the_sign_in_is_asked_for_again_before_it_is_removed(
    ada: User, clock: time_machine.Traveller
) -> None:
    secret = activate_totp(fresh_client(ada))
    client = Client()
    clock.shift(60)
    sign_in(client, "ada")
    code(client, totp(secret))
    asked = client.post(reverse("mfa_deactivate_totp"))
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.filter(type="totp").exists()
    clock.shift(60)
    client.post(asked["Location"], {"code": totp(secret), "next": reverse("mfa_deactivate_totp")})
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("change", ["add", "remove", "codes"])
def test_other_sessions_end_when_a_factor_changes_and_this_one_stays(change: str, ada: User) -> None:
    here = fresh_client(ada)
    if change != "add":
        activate_totp(here)
    # Signed in by other ways too: with and without a row in the list of sessions.
    others = [with_password_alone(ada), with_password_alone(ada)]
    assert [other.get("/me/").status_code for other in others] == [200, 200]
    with committing():
        if change == "add":
            activate_totp(here)
        else:
            page = {"remove": "mfa_deactivate_totp", "codes": "mfa_generate_recovery_codes"}[change]
            assert here.post(reverse(page)).status_code == 302
    assert [other.get("/me/").status_code for other in others] == [302, 302]
    assert here.get("/me/").status_code == 200


def test_list_of_sessions_holds_this_one_and_none_that_ended(ada: User) -> None:
    gone, here = fresh_client(ada), fresh_client(ada)
    activate_totp(here)
    assert UserSession.objects.get(user=ada).session_key == here.session.session_key
    assert gone.get("/me/").status_code == 302


def test_changed_password_ends_other_sessions_and_not_this_one(ada: User) -> None:
    other, here = fresh_client(ada), fresh_client(ada)
    new = "quiet-river-stone"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
