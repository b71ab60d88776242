"""Only a confirmed address belongs to anybody: claims hold up nobody, and take nothing from anybody."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.forms import PersonForm
from accounts.models import User
from accounts.services.people import save_person
from tests.accounts.steps import activate_totp, delivered, fresh_client, sign_in, signed_in_as
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WANTED = "new.teacher@school.test"
FIELDS = {"display_name": "Neve Teal", "username": "neve", "timezone": "UTC", "is_active": "on"}


def claim(person: User, address: str = WANTED) -> Client:
    """Ask for an address as one's own, through the pages, and never open the mail."""
    client = fresh_client(person)
    asked = client.post(reverse("account_email"), {"action_add": "", "email": address})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD, "next": reverse("account_email")})
    return client


def confirm(person: User, address: str = WANTED) -> HttpResponse:
    found = EmailAddress.objects.get(user=person, email=address)
    return Client().post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(found).key]))


def person_form(person: User | None = None, **sent: str) -> PersonForm:
    return PersonForm({**FIELDS, "email": WANTED, **sent}, instance=person, by=UserFactory(is_staff=True))


@pytest.mark.parametrize("email", ["student@example.org", None])
def test_claimed_address_keeps_no_admin_from_giving_it_to_its_owner(email: str | None) -> None:
    student = UserFactory(email=email)
    claim(student)
    made = person_form()
    assert made.is_valid(), made.errors
    teacher = save_person(made.instance)
    assert list(EmailAddress.objects.filter(email=WANTED).values_list("user", "verified")) == [(teacher.pk, True)]


def test_claimed_address_keeps_nobody_from_being_renamed_to_it() -> None:
    claim(UserFactory())
    edited = person_form(UserFactory(username="neve"))
    assert edited.is_valid(), edited.errors
    assert save_person(edited.instance).email == WANTED


def test_link_of_a_claim_that_lost_leads_nowhere() -> None:
    student = UserFactory(username="ada", email="ada@example.org")
    claim(student)
    key = EmailConfirmationHMAC(EmailAddress.objects.get(email=WANTED)).key
    made = person_form()
    assert made.is_valid(), made.errors
    save_person(made.instance)
    assert Client().post(reverse("account_confirm_email", args=[key])).status_code == 404
    student.refresh_from_db()
    assert student.email == "ada@example.org"


def test_first_to_confirm_has_it_and_the_claim_of_the_other_ends() -> None:
    one, two = UserFactory(), UserFactory()
    claim(one)
    claim(two)
    confirm(two)
    two.refresh_from_db()
    assert two.email == WANTED
    assert list(EmailAddress.objects.filter(email=WANTED).values_list("user", flat=True)) == [two.pk]


def test_address_that_somebody_has_without_a_row_of_allauth_is_not_taken_over() -> None:
    User.objects.create_user("owner", WANTED, "a-password-of-the-owner")
    student = UserFactory(email="student@example.org")
    claim(student)
    assert confirm(student).status_code in (200, 302)
    student.refresh_from_db()
    assert student.email == "student@example.org"


def test_unconfirmed_address_cannot_be_made_ones_own() -> None:
    student = UserFactory(email=None)
    client = claim(student)
    client.post(reverse("account_email"), {"action_primary": "", "email": WANTED})
    student.refresh_from_db()
    assert student.email is None
    assert not EmailAddress.objects.filter(user=student, primary=True).exists()


@pytest.mark.parametrize("action", ["action_add", "action_remove"])
def test_address_is_changed_only_after_the_password(action: str) -> None:
    ada = UserFactory(email="ada@example.org")
    client = fresh_client(ada)
    answer = client.post(reverse("account_email"), {action: "", "email": {"action_add": WANTED}.get(action, ada.email)})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    client.post(answer["Location"], {"password": "a-wrong-guess", "next": reverse("account_email")})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["ada@example.org"]


def test_account_with_a_factor_shows_that_before_the_address_changes() -> None:
    ada = UserFactory()
    activate_totp(fresh_client(ada))
    client = Client()
    client.force_login(User.objects.get(pk=ada.pk))
    answer = client.post(reverse("account_email"), {"action_add": "", "email": WANTED})
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))


def test_old_address_hears_of_the_change() -> None:
    ada = UserFactory(email="ada@example.org")
    claim(ada)
    delivered().clear()
    confirm(ada)
    (letter,) = delivered()
    assert letter.to == ["ada@example.org"]
    assert "address" in letter.subject
    ada.refresh_from_db()
    assert ada.email == WANTED


@pytest.mark.parametrize("typed", ["Ada@Example.org", "ＡDA@example.org", "ada@ｅxample.org", "ſam@example.org"])
def test_look_alike_of_an_address_is_that_address(typed: str) -> None:
    UserFactory(username="one", email="ada@example.org")
    UserFactory(username="two", email="sam@example.org")
    assert person_form(email=typed).errors.get("email") in (
        ["Someone else uses this address."],
        ["Enter an email address, such as name@example.org."],
    )


@pytest.mark.parametrize("name", ["аda", "ada@example.org", "ada marsh", "ada\u200b", "@ada", "mia+1", ".ada"])
def test_new_username_is_plain_and_cannot_be_taken_for_an_address(name: str) -> None:
    assert "username" in person_form(username=name).errors


@pytest.mark.parametrize("name", ["ada", "Ada.Marsh", "ａda", "ada_m-2", WANTED])
def test_new_username_may_be_plain_letters_or_ones_own_address(name: str) -> None:
    assert person_form(username=name).is_valid()


def test_username_of_before_the_rule_stays_and_is_no_address_of_somebody_else() -> None:
    old = UserFactory(username="twin@example.org", email=None)
    assert person_form(old, username="twin@example.org").is_valid()
    assert person_form(email="twin@example.org").errors == {"email": ["Someone else uses this address."]}
    student = UserFactory()
    claim(student, "twin@example.org")
    confirm(student, "twin@example.org")
    student.refresh_from_db()
    assert student.email != "twin@example.org"


@pytest.mark.parametrize("typed", ["ＡDA", "ada@ｅxample.org"])
def test_sign_in_reads_wide_letters_as_the_plain_ones(typed: str) -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    client = Client()
    sign_in(client, typed)
    assert signed_in_as(client) == ada.pk
