"""Accounts, as a site admin makes them: nobody but the person ever knows the password."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.steps import delivered
from tests.cast import Cast
from tests.dashboards.steps import refused, text
from tests.factories.people import UserFactory

PERSON = {"display_name": "Ina Holt", "username": "ina.holt", "timezone": "Europe/Oslo", "is_active": "on"}


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.admin)
    return client


def made(admin: Client, **more: str) -> User:
    response = admin.post("/manage/people/new/", {**PERSON, **more}, follow=True)
    assert "Account created for Ina Holt. Now give them a password link." in response.content.decode()
    return User.objects.get(username="ina.holt")


def chosen(path: str) -> Client:
    """Follow a link in a browser of one's own, choose a password, and come in with it."""
    visitor = Client()
    form = visitor.get(path, follow=True)
    sent = {"password1": "seven-quiet-bees", "password2": "seven-quiet-bees"}
    assert visitor.post(form.request["PATH_INFO"], sent).status_code == 302
    visitor = Client()
    visitor.post("/account/login/", {"login": "ina.holt", "password": "seven-quiet-bees"})
    return visitor


def test_person_without_an_address_gets_a_link_to_hand_over(admin: Client) -> None:
    person = made(admin)
    assert person.email is None
    assert not person.has_usable_password()
    page = admin.post(f"/manage/people/{person.pk}/link/").content.decode()
    link = re.search(r"<code[^>]*>http://testserver(/[^<]+)</code>", page)[1]
    assert delivered() == []
    assert "Ina Holt" in chosen(link).get("/me/").content.decode()


def test_link_works_once(admin: Client) -> None:
    person = made(admin)
    page = admin.post(f"/manage/people/{person.pk}/link/").content.decode()
    link = re.search(r"<code[^>]*>http://testserver(/[^<]+)</code>", page)[1]
    chosen(link)
    assert 'name="password1"' not in Client().get(link, follow=True).content.decode()


def test_person_with_an_address_gets_the_link_by_mail_and_nobody_sees_it(admin: Client) -> None:
    person = made(admin, email="Ina@Example.org")
    response = admin.post(f"/manage/people/{person.pk}/link/", follow=True)
    assert "We are emailing ina@example.org a link to choose a password." in response.content.decode()
    (mail,) = delivered()
    assert mail.to == ["ina@example.org"]
    link = re.search(r"http://testserver(/\S+)", mail.body)[1]
    assert link not in response.content.decode()
    assert "Ina Holt" in chosen(link).get("/me/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"username": "STUDENT"}, {"username": ""}, {"email": "student@EXAMPLE.org"}, {"email": "no address"}]
    + [{"timezone": "Mars/Olympus"}, {"display_name": ""}],
)
def test_refused_person_keeps_what_was_typed(admin: Client, wrong: dict) -> None:
    before = User.objects.count()
    page = refused(admin.post("/manage/people/new/", {**PERSON, "email": "ina@example.org", **wrong}))
    assert User.objects.count() == before
    for field in {"display_name", "username", "email"} - set(wrong):
        assert {"display_name": "Ina Holt", "username": "ina.holt", "email": "ina@example.org"}[field] in page


def test_nobody_is_given_a_password_or_a_role_that_the_form_does_not_have(admin: Client) -> None:
    person = made(admin, password="known", is_superuser="on", joined_at="2001-01-01")
    assert not person.has_usable_password()
    assert not person.is_staff


def test_two_people_without_an_address_do_not_collide(admin: Client) -> None:
    made(admin)
    admin.post("/manage/people/new/", {**PERSON, "username": "other.holt", "email": ""})
    assert User.objects.filter(email=None).count() == 2


def test_person_who_may_not_sign_in_is_out_at_the_next_click(cast: Cast, admin: Client) -> None:
    student = Client()
    student.force_login(cast.student)
    assert student.get("/").status_code == 200
    sent = {**PERSON, "username": "student", "email": "student@example.org"}
    del sent["is_active"]
    assert admin.post(f"/manage/people/{cast.student.pk}/", sent).status_code == 302
    assert student.get("/")["Location"].startswith("/account/login/")
    assert "Cannot sign in" in text(admin, "/manage/people/?q=student")


def test_changed_person_is_refused_without_a_change(cast: Cast, admin: Client) -> None:
    refused(admin.post(f"/manage/people/{cast.student.pk}/", {**PERSON, "username": "teacher"}))
    cast.student.refresh_from_db()
    assert (cast.student.username, cast.student.display_name) == ("student", "Student")


def test_account_made_from_a_cohort_is_in_it_and_leads_back(cast: Cast, admin: Client) -> None:
    path = f"/manage/people/new/?cohort={cast.cohort.pk}"
    response = admin.post(path, PERSON, follow=True)
    assert response.request["PATH_INFO"] == f"/manage/cohorts/{cast.cohort.pk}/"
    assert "Account created for Ina Holt, who is now in “Morning group”." in response.content.decode()
    assert cast.cohort.enrolments.get(user__username="ina.holt").role == "student"
    response = admin.post(path, {**PERSON, "username": "ina.two", "another": ""}, follow=True)
    assert response.context["form"].is_bound is False
    assert cast.cohort.enrolments.filter(user__username="ina.two").exists()


@pytest.mark.parametrize("words", ["ina", "INA.H", "holt", "ina@exam"])
def test_people_are_found_by_any_of_their_names(admin: Client, words: str) -> None:
    made(admin, email="ina@example.org")
    page = text(admin, f"/manage/people/?q={words}")
    assert "Ina Holt" in page
    assert "Outsider" not in page


@pytest.mark.parametrize("words", ["nobody-at-all", "%25", "no%00body", "'--", "%5C"])
def test_search_for_nobody_says_so(admin: Client, words: str) -> None:
    assert "No one found." in text(admin, f"/manage/people/?q={words}")


def test_people_stand_fifty_to_a_page_and_the_search_goes_along(admin: Client) -> None:
    for number in range(51):
        UserFactory(username=f"crowd{number:02}", password="x")
    page = text(admin, "/manage/people/?q=crowd")
    assert "Page 1" in page
    assert "q=crowd&amp;page=2" in page
    assert "Crowd50" in text(admin, "/manage/people/?q=crowd&page=2")


def test_page_of_a_person_names_their_cohorts(cast: Cast, admin: Client) -> None:
    page = text(admin, f"/manage/people/{cast.student.pk}/")
    assert "Morning group" in page
    assert "Bees and flowers" in page
    assert "Not in a cohort yet." in text(admin, f"/manage/people/{cast.outsider.pk}/")
