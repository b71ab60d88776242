"""Where people land, and which places the navigation offers them."""

import re

import pytest
from django.test import Client

from courses.models import Enrolment
from tests.cast import Cast
from tests.dashboards.steps import text
from tests.factories import feedback


def places(page: str) -> list[str]:
    bar = page.split('class="places">')[1].split("</ul>")[0]
    return [re.sub(r"<[^>]+>", "", item).strip() for item in bar.split("</li>")][:-1]


@pytest.mark.parametrize(
    ("role", "lands"),
    [("student", "/"), ("outsider", "/"), ("observer", "/"), ("editor", "/")]
    + [("teacher", "/teach/"), ("assistant", "/teach/"), ("admin", "/manage/")],
)
def test_each_lands_on_the_page_of_what_they_do(cast: Cast, client: Client, role: str, lands: str) -> None:
    client.force_login(cast.person(role))
    response = client.get("/", follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == lands


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("student", ["Today", "Courses", "Forum", "Inbox", "Me"]),
        ("outsider", ["Today", "Courses", "Inbox", "Me"]),
        ("observer", ["Today", "Courses", "Forum", "Inbox", "Me"]),
        ("teacher", ["Courses", "Forum", "Teaching", "Inbox", "Me"]),
        ("assistant", ["Courses", "Forum", "Teaching", "Inbox", "Me"]),
        ("admin", ["Courses", "Forum", "Manage", "Inbox", "Me"]),
    ],
)
def test_navigation_offers_the_places_one_has(cast: Cast, client: Client, role: str, offered: list[str]) -> None:
    client.force_login(cast.person(role))
    assert places(text(client, "/courses/")) == offered


def test_teacher_who_studies_too_has_both_and_lands_on_today(cast: Cast, client: Client) -> None:
    Enrolment.objects.create(user=cast.teacher, cohort=cast.elsewhere, role="student", started_on="2026-01-05")
    client.force_login(cast.teacher)
    assert places(text(client, "/")) == ["Today", "Courses", "Forum", "Teaching", "Inbox", "Me"]


def test_place_that_is_lost_goes_from_the_navigation_of_every_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    Enrolment.objects.filter(user=cast.teacher).update(state="left")
    assert places(text(client, "/me/")) == ["Today", "Courses", "Inbox", "Me"]


def test_page_one_is_on_is_marked(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    client.get("/")
    assert re.search(r'<a href="/teach/" aria-current="page">', text(client, "/teach/"))
    for address in ("/me/", "/account/email/", "/account/2fa/", "/account/sessions/"):
        assert re.findall(r'<a href="(\S+)" aria-current="page">', text(client, address)) == ["/me/"]


def test_what_only_admins_do_with_a_course_is_part_of_managing(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    course = f"/edit/courses/{cast.course.pk}/"
    for address, place in (
        ("/edit/courses/new/", "/manage/"),
        ("/edit/imports/new/", "/manage/"),
        (f"{course}delete/", "/manage/"),
        (course, "/courses/"),
        (f"/courses/{cast.course.pk}/", "/courses/"),
    ):
        assert re.findall(r'<a href="(\S+)" aria-current="page">', text(client, address)) == [place]
    client.force_login(cast.editor)
    assert re.findall(r'<a href="(\S+)" aria-current="page">', text(client, f"{course}delete/")) == ["/courses/"]


def test_teacher_without_a_cohort_is_told_what_will_stand_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.outsider)
    assert "You are not teaching a cohort yet" in text(client, "/teach/")


def test_styleguide_shows_the_error_pattern(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    page = text(client, "/styleguide/")
    assert "There is a problem" in page
    assert "Fill in this field." in page


def test_teacher_lands_on_a_sentence_about_who_waits(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    assert "No one is waiting for you." in text(client, "/teach/")
    feedback.hand_in(cast.enrolment, feedback.assignment(cast.module))
    assert "1 piece of work to mark" in text(client, "/teach/")
    client.force_login(cast.elsewhere_teacher)
    assert "No one is waiting for you." in text(client, "/teach/")
