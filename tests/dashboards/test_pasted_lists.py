"""A class list, from the paste to the first link of the last child."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services.people import save_person
from courses.forms.class_lists import MOST_CREATED
from courses.models import Enrolment
from tests.accounts.steps import choose_password, delivered, signed_in_as
from tests.cast import Cast
from tests.dashboards.steps import refused, text
from tests.factories.people import UserFactory

PASTED = """Lily Brown, Lily@Example.org
2. Ben Cohen
נועה לוי <noa.levi@example.org>
outsider
“Brown, Lily” <lily@example.org>;"""


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.admin)
    return client


class List:
    """A list in the hands of an admin: `send` reads it, `create` presses the button of the second step."""

    def __init__(self, cast: Cast, admin: Client, people: str = PASTED, role: str = "student") -> None:
        self.admin, self.path = admin, f"/manage/cohorts/{cast.cohort.pk}/enrolments/"
        self.sent = {"people": people, "role": role}

    def send(self) -> HttpResponse:
        return self.admin.post(self.path, self.sent, follow=True)

    def fields(self) -> dict[str, str]:
        page = self.send().content.decode()
        inputs = re.findall(r'<input type="(?:text|email)"[^>]* name="(\d+-\w+)"\s+id="[^"]*" value="([^"]*)"', page)
        ticked = re.findall(r'name="(\d+-take)" id="[^"]*" checked', page)
        return dict(inputs) | dict.fromkeys(ticked, "on")

    def create(self, changed: dict[str, str] | None = None) -> HttpResponse:
        sent = {**self.sent, **self.fields(), **(changed or {}), "create": ""}
        return self.admin.post(self.path, sent, follow=True)


def test_list_is_shown_first_and_nothing_is_saved(cast: Cast, admin: Client) -> None:
    before = User.objects.count(), Enrolment.objects.count()
    page = List(cast, admin).send().content.decode()
    assert "3 people have no account yet" in page
    assert "1 person has an account and is ready" in page
    assert "Line 5 names the same person as line 1" in page
    assert (User.objects.count(), Enrolment.objects.count()) == before


def test_usernames_are_proposed_from_names_in_any_script(cast: Cast, admin: Client) -> None:
    UserFactory(username="ben.cohen", display_name="Somebody")
    fields = List(cast, admin).fields()
    assert [fields[f"{key}-username"] for key in (0, 1, 2)] == ["lily.brown", "ben.cohen2", "nvah.lvy"]
    assert [fields[f"{key}-email"] for key in (0, 1, 2)] == ["Lily@Example.org", "", "noa.levi@example.org"]


def test_one_press_creates_and_enrols_everybody(cast: Cast, admin: Client) -> None:
    page = List(cast, admin).create({"2-username": "noa", "minor": "on"}).content.decode()
    assert "3 accounts created. 4 people added." in page
    lily, ben, noa = (User.objects.get(username=name) for name in ("lily.brown", "ben.cohen", "noa"))
    assert (lily.email, ben.email, noa.display_name) == ("lily@example.org", None, "נועה לוי")
    assert {str(one.timezone) for one in (lily, ben, noa)} == {"Europe/Berlin"}
    assert all(one.minor and not one.has_usable_password() for one in (lily, ben, noa))
    here = set(cast.cohort.enrolments.filter(role="student").values_list("user__username", flat=True))
    assert {"lily.brown", "ben.cohen", "noa", "outsider"} <= here


def test_a_made_account_is_as_one_that_was_made_alone(cast: Cast, admin: Client) -> None:
    """Also in the address book of allauth, by which somebody signs in and is mailed."""
    List(cast, admin, "Lily Brown, lily@example.org").create()
    alone = save_person(User(username="alone", email="alone@example.org", display_name="Alone"))
    made = User.objects.get(username="lily.brown")

    def book(person: User) -> list:
        return list(person.emailaddress_set.values_list("verified", "primary"))

    assert book(made) == book(alone) == [(True, True)]


def test_list_of_people_with_accounts_needs_no_second_step(cast: Cast, admin: Client) -> None:
    page = List(cast, admin, "outsider\nEditor <EDITOR@example.org>").send().content.decode()
    assert "2 people added." in page
    assert "No one new" in List(cast, admin, "outsider").send().content.decode()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nobody.here", "No account has this username."),
        ("Outsider, Ms Jane, Jr", "We cannot tell which part of this line is the name."),
        ("cy@example.org", "There is no name in this line."),
        ("MAY Ray", "There is already an account called MAY Ray: may."),
        ("Ben Cohen", "Line 1 has the same name."),
        ("Mia Ray, mia@example.org, ray@example.org", "There is more than one address in this line."),
    ],
)
def test_unclear_line_is_not_ticked_says_why_and_holds_nobody_up(
    cast: Cast, admin: Client, line: str, reason: str
) -> None:
    UserFactory(username="may", display_name="May Ray", email=None)
    made = List(cast, admin, f"Ben Cohen\n{line}")
    assert reason in made.send().content.decode()
    assert "1-take" not in made.fields()
    page = made.create().content.decode()
    assert "1 account created. 1 person added." in page
    assert "Left out: " in page


def test_who_looked_at_an_unclear_line_may_still_create_it(cast: Cast, admin: Client) -> None:
    page = List(cast, admin, "cy@example.org").create({"0-take": "on", "0-display_name": "Cy"}).content.decode()
    assert "1 account created. 1 person added." in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"0-username": "student"}, "Someone else has this username."),
        ({"0-username": "ben.cohen"}, "Someone else has this username."),
        ({"0-username": "נועה"}, "Use the letters a to z"),
        ({"0-email": "student@example.org"}, "Someone else uses this address."),
        ({"0-email": "no address"}, "Enter an email address"),
        ({"0-display_name": ""}, "Fill in this field."),
    ],
)
def test_one_wrong_row_creates_nobody_and_keeps_every_correction(
    cast: Cast, admin: Client, changed: dict, said: str
) -> None:
    before = User.objects.count()
    page = refused(List(cast, admin).create({"2-display_name": "Noa Levi", **changed}))
    assert said in page
    assert 'value="Noa Levi"' in page
    assert User.objects.count() == before


def test_second_press_creates_nobody_twice(cast: Cast, admin: Client) -> None:
    made = List(cast, admin)
    fields = made.fields()
    made.create()
    before = User.objects.count(), Enrolment.objects.count()
    page = admin.post(made.path, {**made.sent, **fields, "create": ""}, follow=True).content.decode()
    assert "No one new" in page
    assert (User.objects.count(), Enrolment.objects.count()) == before


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("Name, Email", "There is no one in this list."),
        ("\n".join(f"Ann Person, ann{n}@example.org" for n in range(MOST_CREATED + 1)), "Paste at most 200 of them"),
        ("x\n" * 501, "Paste at most 500 lines at a time."),
    ],
)
def test_list_that_cannot_be_taken_stays_in_its_box(cast: Cast, admin: Client, people: str, said: str) -> None:
    page = refused(List(cast, admin, people).send())
    assert said in page
    assert people.splitlines()[0] in page


def test_longest_list_is_created_with_one_press(cast: Cast, admin: Client) -> None:
    people = "\n".join(f"Ann Person, ann{n}@example.org" for n in range(MOST_CREATED))
    assert f"{MOST_CREATED} accounts created." in List(cast, admin, people).create().content.decode()
    assert User.objects.filter(username__startswith="ann.person").count() == MOST_CREATED


def test_first_links_are_mailed_and_printed(cast: Cast, admin: Client) -> None:
    List(cast, admin).create()
    path = f"/manage/cohorts/{cast.cohort.pk}/first-links/"
    page = text(admin, path)
    assert "Email their links to 2 people" in page
    assert "Make a slip to print for 1 person" in page
    admin.post(f"{path}mail/")
    assert sorted(mail.to[0] for mail in delivered()) == ["lily@example.org", "noa.levi@example.org"]
    assert text(admin, path).count("Emailed") == 2
    slips = admin.post(f"{path}slips/").content.decode()
    assert "Ben Cohen" in slips
    assert "ben.cohen" in slips
    assert "The link works once, until" in slips
    assert "Lily Brown" not in slips
    pupil = Client()
    choose_password(pupil, re.search(r"http://testserver(/[^<]+)</code>", slips)[1], "seven-quiet-bees")
    assert signed_in_as(pupil) == User.objects.get(username="ben.cohen").pk
    assert "Ben Cohen" not in text(admin, path)


def test_page_of_first_links_costs_the_same_for_a_large_class(cast: Cast, admin: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(admin, f"/manage/cohorts/{cast.cohort.pk}/first-links/")
        return len(asked)

    List(cast, admin, "Ben Cohen").create()
    few = cost()
    List(cast, admin, "\n".join(f"Ann Person, ann{n}@example.org" for n in range(30))).create()
    assert cost() == few <= 12
