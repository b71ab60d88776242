from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tasks import clear_expired_sessions
from tests.accounts.steps import sign_in
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def browser(login: str, agent: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    sign_in(client, login)
    return client


def test_list_shows_every_session_of_the_reader_and_of_nobody_else() -> None:
    UserFactory(username="ada")
    UserFactory(username="ben")
    phone, _laptop = browser("ada", "Phone browser"), browser("ada", "Laptop browser")
    browser("ben", "Browser of Ben")
    page = phone.get(reverse("usersessions_list")).content.decode()
    assert "Phone browser" in page
    assert "Laptop browser" in page
    assert "Browser of Ben" not in page


def test_ending_the_other_sessions_leaves_this_one_and_those_of_others() -> None:
    UserFactory(username="ada")
    UserFactory(username="ben")
    phone, laptop, ben = browser("ada", "Phone"), browser("ada", "Laptop"), browser("ben", "Ben")
    phone.post(reverse("usersessions_list"))
    assert laptop.get("/me/").status_code == 302
    assert phone.get("/me/").status_code == 200
    assert ben.get("/me/").status_code == 200
    assert "Laptop" not in phone.get(reverse("usersessions_list")).content.decode()


def test_sign_in_without_the_tick_ends_with_the_browser() -> None:
    UserFactory(username="ada")
    short, kept = Client(), Client()
    sign_in(short, "ada")
    sign_in(kept, "ada", remember="on")
    assert short.cookies["sessionid"]["max-age"] == ""
    assert kept.cookies["sessionid"]["max-age"] == 30 * 24 * 3600


def test_clean_up_removes_expired_sessions_only() -> None:
    now = timezone.now()
    ends = {"old": -timedelta(days=3), "just now": -timedelta(seconds=1), "soon": timedelta(minutes=1)}
    for key, delta in ends.items():
        Session.objects.create(session_key=key, session_data="", expire_date=now + delta)
    clear_expired_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["soon"]


def test_clean_up_signs_nobody_out() -> None:
    UserFactory(username="ada")
    client = browser("ada", "Phone")
    clear_expired_sessions()
    assert client.get("/me/").status_code == 200
