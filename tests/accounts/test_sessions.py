import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services import sessions
from accounts.tasks import clear_expired_sessions
from accounts.templatetags.devices import device
from tests.accounts.steps import sign_in
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0"


def browser(login: str, agent: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    sign_in(client, login)
    return client


def test_list_shows_every_session_of_the_reader_and_of_nobody_else() -> None:
    UserFactory(username="ada")
    UserFactory(username="ben")
    phone, _laptop = browser("ada", PIXEL), browser("ada", LAPTOP)
    browser("ben", IPHONE)
    page = phone.get(reverse("usersessions_list")).content.decode()
    assert re.findall(r"<strong>(.+?)</strong>( <span)?", " ".join(page.split())) == [
        ("Chrome on Android", " <span"),  # which says that it is this one
        ("Edge on Windows", ""),
    ]
    assert "Mozilla" not in page
    assert "127.0.0.1" not in page


def test_last_use_is_kept_once_a_day() -> None:
    UserFactory(username="ada")
    phone = browser("ada", PIXEL)
    UserSession.objects.update(
        last_seen_at=timezone.now() - timedelta(days=3), created_at=timezone.now() - timedelta(5)
    )
    phone.get("/me/")
    assert "Last used 3 days ago, signed in 5 days ago" in phone.get(reverse("usersessions_list")).content.decode()
    sessions.record_use.cache_clear()  # as on another day, or in another process
    phone.get("/me/")
    assert "Last used today, signed in 5 days ago" in phone.get(reverse("usersessions_list")).content.decode()


def test_the_session_used_longest_ago_ends_when_there_are_more_than_anybody_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 2)
    UserFactory(username="ada")
    first, second = browser("ada", PIXEL), browser("ada", LAPTOP)
    UserSession.objects.filter(session_key=second.session.session_key).update(
        last_seen_at=timezone.now() - timedelta(days=3)
    )
    third = browser("ada", IPHONE)
    assert [one.get("/me/").status_code for one in (first, second, third)] == [200, 302, 200]
    assert UserSession.objects.count() == 2


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


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (IPHONE, "Safari on iPhone"),
        (MAC, "Firefox on Mac"),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
            "Chrome on Chromebook",
        ),
        ("Something/1.0 (Linux)", "A browser on Linux"),
        ("Firefox/133.0", "Firefox"),
        ("", "An unknown browser"),
    ],
)
def test_device_is_named_as_a_person_would(header: str, said: str) -> None:
    assert device(header) == said
