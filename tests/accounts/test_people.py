"""Accounts as a site admin makes and changes them, and what the database refuses."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.forms import PersonForm
from accounts.models import User
from accounts.services.people import save_person
from tests.accounts.steps import delivered
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
FIELDS = {"display_name": "Ada Marsh", "username": "ada", "email": "", "timezone": "UTC", "is_active": "on"}


def form(person: User | None = None, **sent: str) -> PersonForm:
    return PersonForm({**FIELDS, **sent}, instance=person, by=UserFactory(is_staff=True))


@pytest.mark.parametrize(
    ("name", "minor", "seen"),
    [
        ("Mia Sofie Berg", True, "Mia B."),
        ("Mia Berg", True, "Mia B."),
        ("Mia", True, "Mia"),
        ("Mia Berg", False, "Mia Berg"),
        ("  Mia   Berg ", True, "Mia B."),
        ("李 小龙", True, "李 小."),
        ("", True, "m.berg"),
        ("   ", True, "m.berg"),
    ],
)
def test_classmates_see_the_given_name_and_initial_of_a_minor(name: str, minor: bool, seen: str) -> None:
    assert User(username="m.berg", display_name=name, minor=minor).peer_name == seen


def test_person_is_made_without_a_password_and_with_an_address_of_their_own() -> None:
    made = form(email="Ada@Example.org")
    assert made.is_valid(), made.errors
    person = save_person(made.instance)
    assert not person.has_usable_password()
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.primary, address.verified) == ("ada@example.org", True, True)


def test_form_never_edits_a_password() -> None:
    person = UserFactory(username="ada", email=None)
    edited = form(person, password="chosen-by-the-admin", password1="chosen-by-the-admin")
    assert edited.is_valid(), edited.errors
    save_person(edited.instance)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert not [name for name in edited.fields if "password" in name]


@pytest.mark.parametrize("taken", ["ben@example.org", "BEN@example.org", "second@example.org"])
def test_address_of_somebody_else_is_refused(taken: str) -> None:
    ben = UserFactory(username="ben", email="ben@example.org")
    EmailAddress.objects.create(user=ben, email="second@example.org", verified=True)
    refused = form(email=taken)
    assert refused.errors == {"email": ["Someone else uses this address."]}


def test_own_address_is_no_clash() -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    assert form(ada, email="ADA@example.org").is_valid()


@pytest.mark.parametrize("taken", ["ben", "BEN", " Ben "])
def test_username_of_somebody_else_is_refused(taken: str) -> None:
    UserFactory(username="ben")
    assert form(username=taken).errors == {"username": ["Someone else has this username."]}


def test_username_is_kept_in_small_letters() -> None:
    made = form(username="Ada.Marsh")
    assert made.is_valid(), made.errors
    assert save_person(made.instance).username == "ada.marsh"


def test_new_address_takes_the_place_of_the_old_one() -> None:
    ada = UserFactory(username="ada", email="old@example.org")
    edited = form(ada, email="new@example.org")
    assert edited.is_valid(), edited.errors
    save_person(edited.instance)
    assert list(EmailAddress.objects.filter(user=ada).values_list("email", "primary")) == [("new@example.org", True)]


@pytest.mark.parametrize(
    ("signed_in_before", "told"), [(True, ["ada@example.org"]), (False, [])], ids=["was here", "was never here"]
)
def test_old_address_hears_that_an_admin_changed_it(signed_in_before: bool, told: list[str]) -> None:
    person = UserFactory(username="ada", email="ada@example.org")
    person.last_login = timezone.now() if signed_in_before else None
    save_person(person)
    person.email = "new@example.org"
    save_person(person)
    assert [address for letter in delivered() for address in letter.to] == told


def test_address_can_be_taken_away_and_given_to_somebody_else() -> None:
    ada = UserFactory(username="ada", email="shared@example.org")
    edited = form(ada, email="")
    assert edited.is_valid(), edited.errors
    save_person(edited.instance)
    assert not EmailAddress.objects.filter(user=ada).exists()
    assert form(username="ben", email="shared@example.org").is_valid()


def test_saving_a_person_again_keeps_one_address() -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    for _ in range(2):
        save_person(ada)
    assert EmailAddress.objects.filter(user=ada).count() == 1


@pytest.mark.parametrize("path", ["/manage/people/new/", "/manage/people/{pk}/"])
def test_page_of_a_person_that_cannot_be_saved_says_why(path: str, as_user: Callable[[User | None], Client]) -> None:
    UserFactory(username="ben", email="ben@example.org")
    person = UserFactory(username="ada")
    admin = as_user(UserFactory(is_staff=True))
    response = admin.post(path.format(pk=person.pk), {**FIELDS, "username": "ben", "email": "ben@example.org"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Someone else has this username." in page
    assert "Someone else uses this address." in page


@pytest.mark.parametrize(
    "values",
    [
        {"username": "Ada"},
        {"username": "ada", "playback_percent": 20},
        {"username": "ada", "playback_percent": 400},
    ],
)
def test_database_refuses_what_no_form_would_send(values: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(display_name="Ada", **values)])


@pytest.mark.parametrize("email", ["ADA@example.org", ""])
def test_database_refuses_an_address_that_is_empty_or_in_capitals(email: str) -> None:
    ada = UserFactory(username="ada")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=ada.pk).update(email=email)


def test_people_are_found_by_name_username_and_address() -> None:
    ada = UserFactory(username="amarsh", display_name="Ada Lovely", email="first@example.org")
    UserFactory(username="ben")
    for words in ("LOVELY", "amar", "First@"):
        assert list(User.objects.named_like(words)) == [ada]


def test_nobody_but_an_admin_manages_people() -> None:
    ada, admin = UserFactory(), UserFactory(is_staff=True)
    assert set(User.objects.manageable_by(admin)) == {ada, admin}
    assert not User.objects.manageable_by(ada).exists()
