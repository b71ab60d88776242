"""REQUIRE_STAFF_SECOND_FACTOR: pages about other people's work open only to an account with a second step."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.accounts.steps import activate_totp, fresh_client
from tests.cast import Cast

STAFF_PAGES = ["/teach/", "/manage/", "/manage/people/", "/edit/courses/new/"]
SignIn = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> Iterator[None]:
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_staff_page_leads_to_the_second_step(path: str, cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.admin)
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_index")
    assert "Add a second step first" in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("role", ["teacher", "assistant", "editor"])
def test_every_role_with_other_peoples_work_is_asked(role: str, cast: Cast, as_user: SignIn) -> None:
    path = f"/edit/courses/{cast.course.pk}/" if role == "editor" else f"/teach/cohorts/{cast.cohort.pk}/"
    assert as_user(cast.person(role)).get(path)["Location"] == reverse("mfa_index")


def test_post_to_a_staff_page_changes_nothing_without_a_second_step(cast: Cast, as_user: SignIn) -> None:
    path = reverse("manage:set_state", args=[cast.enrolment.pk])
    assert as_user(cast.admin).post(path, {"state": "suspended"})["Location"] == reverse("mfa_index")
    assert cast.enrolment.state == "active"


def test_student_pages_ask_nobody(cast: Cast, as_user: SignIn) -> None:
    for person in (cast.student, cast.teacher, cast.admin):
        client = as_user(person)
        for path in ("/me/", "/courses/", f"/lessons/{cast.reading.pk}/"):
            assert client.get(path).status_code == 200


def test_staff_pages_open_once_a_second_step_exists(cast: Cast) -> None:
    client = fresh_client(cast.admin)
    assert client.get("/manage/people/").status_code == 302
    activate_totp(client)
    for path in STAFF_PAGES:
        assert client.get(path).status_code == 200


def test_staff_pages_close_again_when_the_second_step_is_removed(cast: Cast) -> None:
    client = fresh_client(cast.admin)
    activate_totp(client)
    assert client.get("/manage/people/").status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get("/manage/people/").status_code == 302


def test_somebody_signed_out_is_sent_to_the_sign_in_page(cast: Cast, as_user: SignIn) -> None:
    response = as_user(None).get("/manage/people/")
    assert response["Location"] == f"{reverse('account_login')}?next=/manage/people/"


def test_nobody_is_asked_where_it_is_not_required(cast: Cast, as_user: SignIn, settings: Settings) -> None:
    settings.REQUIRE_STAFF_SECOND_FACTOR = False
    assert as_user(cast.admin).get("/manage/people/").status_code == 200
