"""The page that shows what a development machine would have mailed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tasks import send_waiting_mail
from tests.accounts.steps import choose_password, sign_in, signed_in_as
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/outbox/"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def page(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_mail_is_shown_with_subject_receiver_and_text(client: Client) -> None:
    send_mail("Grüße & more", "Dear Ada,\n\nsee you.", None, ["ada@example.org"])
    shown = page(client)
    assert "Grüße &amp; more" in shown
    assert "ada@example.org" in shown
    assert "<p>Dear Ada,</p>" in shown


def test_page_before_any_mail_says_so(client: Client, folder: Path) -> None:
    assert not folder.exists()
    assert "No emails yet" in page(client)


def test_newest_mail_stands_first_whatever_its_file_is_called(client: Client, folder: Path) -> None:
    folder.mkdir()
    for name, age in (("20260101-100000-9", 30), ("20260101-100000-1", 20), ("20260101-100000-5", 10)):
        written = folder / f"{name}.log"
        written.write_text(f"Subject: Letter {age}\nTo: ada@example.org\n\nText\n" + "-" * 79 + "\n")
        os.utime(written, (1_800_000_000 - age, 1_800_000_000 - age))
    shown = page(client)
    assert shown.index("Letter 10") < shown.index("Letter 20") < shown.index("Letter 30")


def test_two_mails_of_one_connection_are_two(client: Client) -> None:
    letters = [EmailMultiAlternatives(f"Part {n}", "Text", None, ["ada@example.org"]) for n in range(2)]
    get_connection().send_messages(letters)
    shown = page(client)
    assert shown.count("<article") == 2
    assert shown.index("Part 1") < shown.index("Part 0")


def test_markup_in_a_mail_is_shown_as_text(client: Client) -> None:
    send_mail("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", None, ["ada@example.org"])
    shown = page(client)
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


def test_text_of_a_mail_with_html_is_the_plain_one(client: Client) -> None:
    letter = EmailMultiAlternatives("Both", "Plain words", None, ["ada@example.org"])
    letter.attach_alternative("<p>Formatted words</p>", "text/html")
    letter.send()
    assert "Plain words" in page(client)
    assert "Formatted words" not in page(client)


def test_no_more_than_fifty_are_shown(client: Client) -> None:
    for number in range(53):
        send_mail(f"Letter {number}", "Text", None, ["ada@example.org"])
    assert page(client).count("<article") == 50


def test_forgotten_password_can_be_mended_by_reading_the_page(client: Client) -> None:
    ada = UserFactory(username="ada", email="ada@example.org")
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    send_waiting_mail()
    link = page(client).split('<a href="http://testserver', 1)[1].split('"', 1)[0]
    choose_password(client, link, "quiet-river-stone")
    sign_in(client, "ada", "quiet-river-stone")
    assert signed_in_as(client) == ada.pk


def test_the_foot_leads_there_for_whom_it_is_meant(as_user: Callable[[User | None], Client]) -> None:
    links = f'href="{PAGE}"'
    assert links in as_user(None).get("/help/").content.decode()
    assert links in as_user(UserFactory(is_staff=True)).get("/help/").content.decode()
    assert links not in as_user(UserFactory()).get("/help/").content.decode()


@pytest.mark.parametrize("signed_in", [False, True])
def test_page_is_not_there_on_a_real_site(
    signed_in: bool, settings: Settings, as_user: Callable[[User | None], Client]
) -> None:
    send_mail("Secret link", "Text", None, ["ada@example.org"])
    settings.DEMO_ALLOWED = False
    response = as_user(UserFactory(is_staff=True) if signed_in else None).get(PAGE)
    assert response.status_code == 404
    assert "Secret link" not in response.content.decode()
