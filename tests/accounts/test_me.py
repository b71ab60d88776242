"""What people set for themselves: name, zone, looks."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from courses.models import CourseImport
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
NAMED = {"display_name": "Ada", "timezone": "Europe/Berlin"}
LOOKS = {
    "theme": "dark",
    "text_size": "large",
    "reading_font": "spaced",
    "playback_percent": "150",
    "low_data": "on",
}
SENT = NAMED | LOOKS


@pytest.fixture
def ada() -> User:
    return UserFactory(username="ada", display_name="Ada", timezone="Europe/Berlin")


@pytest.fixture
def client(ada: User, as_user: SignIn) -> Client:
    return as_user(ada)


def test_name_and_zone_are_saved(ada: User, client: Client) -> None:
    assert client.post("/me/", {**SENT, "display_name": "Ada M", "timezone": "Asia/Tokyo"})["Location"] == "/me/"
    ada.refresh_from_db()
    assert (ada.display_name, str(ada.timezone)) == ("Ada M", "Asia/Tokyo")
    assert ada.zone_confirmed_at is not None


def test_saving_the_name_alone_confirms_no_zone(ada: User, client: Client) -> None:
    client.post("/me/", {**SENT, "display_name": "Ada M"})
    ada.refresh_from_db()
    assert ada.display_name == "Ada M"
    assert ada.zone_confirmed_at is None


def test_looks_are_saved_and_seen_on_the_next_page(ada: User, client: Client) -> None:
    client.post("/me/", SENT)
    ada.refresh_from_db()
    assert (ada.playback_percent, ada.low_data, ada.captions) == (150, True, False)
    page = client.get("/help/").content.decode()
    assert 'data-theme="dark" data-text="large" data-font="spaced"' in " ".join(page.split())


def test_one_button_saves_name_and_looks_together(ada: User, client: Client) -> None:
    client.post("/me/", {**SENT, "display_name": "Ada M"})
    ada.refresh_from_db()
    assert (ada.display_name, ada.theme) == ("Ada M", "dark")
    assert client.get("/me/").text.split("<main")[1].count('class="button primary"') == 1


def test_what_is_refused_keeps_all_that_was_typed(client: Client) -> None:
    page = client.post("/me/", {**SENT, "display_name": "Ada M", "playback_percent": "9000"}).text
    assert 'value="Ada M"' in page
    assert '<option value="dark" selected>' in page


@pytest.mark.parametrize(
    "field", ["is_staff", "minor", "is_active", "username", "email", "password", "is_superuser", "last_login"]
)
def test_field_that_is_not_ones_own_to_set_is_ignored(field: str, ada: User, client: Client) -> None:
    before = User.objects.filter(pk=ada.pk).values().get()
    client.post("/me/", {**SENT, field: "on"})
    after = User.objects.filter(pk=ada.pk).values().get()
    assert {name for name in after if after[name] != before[name]} <= set(LOOKS) | {"captions"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({**SENT, "display_name": ""}, "display_name"),
        ({**SENT, "timezone": "Mars/Olympus"}, "timezone"),
        ({**SENT, "theme": "neon"}, "theme"),
        ({**SENT, "playback_percent": "9000"}, "playback_percent"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_the_field(
    sent: dict[str, str], field: str, ada: User, client: Client
) -> None:
    before = User.objects.filter(pk=ada.pk).values().get()
    response = client.post("/me/", sent)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert User.objects.filter(pk=ada.pk).values().get() == before


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "17:30 (Berlin)"),
        ("America/New_York", "11:30 (New York)"),
        ("Asia/Kolkata", "22:00 (Kolkata)"),
        ("Pacific/Kiritimati", "Friday 16 January, 06:30 (Kiritimati)"),
        ("UTC", "16:30 (UTC)"),
    ],
)
def test_every_time_is_in_the_zone_of_the_reader(zone: str, said: str, as_user: SignIn) -> None:
    admin = UserFactory(is_staff=True, timezone=zone)
    CourseImport.objects.create(file_name="a.imscc", requested_at="2026-01-15T16:30Z")
    assert said in as_user(admin).get("/manage/").content.decode()


def test_zone_of_one_reader_is_not_left_for_the_next(as_user: SignIn) -> None:
    CourseImport.objects.create(file_name="a.imscc", requested_at="2026-01-15T16:30Z")
    tokyo, berlin = (UserFactory(is_staff=True, timezone=zone) for zone in ("Asia/Tokyo", "Europe/Berlin"))
    as_user(tokyo).get("/manage/")
    assert "17:30 (Berlin)" in as_user(berlin).get("/manage/").content.decode()


# Asia/Calcutta and Europe/Kiev are what some browsers still call them.
@pytest.mark.parametrize(
    ("zone", "stored", "shown"),
    [
        ("Asia/Tokyo", "Asia/Tokyo", "Tokyo, Japan"),
        ("UTC", "UTC", "UTC"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires", "Buenos Aires, Argentina"),
        ("Asia/Calcutta", "Asia/Kolkata", "Kolkata, India"),
        ("Europe/Kiev", "Europe/Kyiv", "Kyiv, Ukraine"),
        ("Etc/GMT+5", "Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_zone_of_the_browser_is_taken_when_the_reader_says_yes(
    zone: str, stored: str, shown: str, ada: User, client: Client
) -> None:
    assert client.post("/me/zone/", {"timezone": zone})["Location"] == "/"
    ada.refresh_from_db()
    assert str(ada.timezone) == stored
    assert ada.zone_confirmed_at is not None
    # What the page then shows as chosen can be sent back as it is.
    assert f'value="{shown}"' in client.get("/me/").content.decode()
    ada.zone_confirmed_at = None
    ada.save()
    assert client.post("/me/", {**SENT, "timezone": shown}).status_code == 302
    ada.refresh_from_db()
    assert (str(ada.timezone), ada.zone_confirmed_at) == (stored, None)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("GB-Eire", "London"), ("W-SU", "Moscow"), ("Iceland", "Reykjavik"), ("US/Eastern", "New York")],
)
def test_a_zone_stored_under_an_older_name_is_that_of_today(stored: str, shown: str, ada: User, client: Client) -> None:
    User.objects.filter(pk=ada.pk).update(timezone=stored)
    assert f'value="{shown}, ' in client.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("são paulo", "America/Sao_Paulo"),
        ("  NEW york ", "America/New_York"),
        ("Saigon", "Asia/Ho_Chi_Minh"),
        ("France", "Europe/Paris"),
        ("Oslo, Norway", "Europe/Oslo"),
    ],
)
def test_a_city_is_typed(typed: str, stored: str, ada: User, client: Client) -> None:
    assert client.post("/me/", {**SENT, "timezone": typed}).status_code == 302
    ada.refresh_from_db()
    assert str(ada.timezone) == stored


@pytest.mark.parametrize("typed", ["Springfield", "EST", "CET", "12", "/", "Europe/", "e" * 101, "<b>"])
def test_what_is_no_place_comes_back_as_it_was_typed(typed: str, ada: User, client: Client) -> None:
    response = client.post("/me/", {**SENT, "timezone": typed})
    assert response.status_code == 422
    text = response.content.decode()
    assert f'value="{escape(typed)}"' in text
    assert "We do not know that place." in text or "100 characters or fewer" in text


@pytest.mark.parametrize(
    "zone",
    [
        "", " ", "Mars/Olympus", "europe", "Europe", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\x00",
        "a" * 64, "zone.tab", "tzdata.zi", "__init__.py", "<script>", "UTC+25", "🐝", "Europe/Berlin/",
        "Europe//Berlin", ".",
    ],
)  # fmt: skip
def test_nonsense_is_no_zone(zone: str, ada: User, client: Client) -> None:
    assert client.post("/me/zone/", {"timezone": zone, "next": "/courses/"})["Location"] == "/me/"
    ada.refresh_from_db()
    assert str(ada.timezone) == "Europe/Berlin"
    assert ada.zone_confirmed_at is None


@pytest.mark.parametrize("path", ["/courses/", "/lessons/1/?a=b#c", "/me/"])
def test_reader_comes_back_to_the_page_of_the_offer(path: str, client: Client) -> None:
    assert client.post("/me/zone/", {"timezone": "Asia/Tokyo", "next": path})["Location"] == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.test", "https://evil.test/", "http:evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)",
        "data:text/html,x", "///evil.test", "http:///evil.test", " //evil.test", "/\t/evil.test",
        "//testserver@evil.test",
        "https://testserver.evil.test/", "\x00//evil.test", "/\r\n/evil.test", "http://[::1", "",
    ],
)  # fmt: skip
def test_reader_is_never_led_to_another_host(path: str, client: Client) -> None:
    response = client.post("/me/zone/", {"timezone": "Asia/Tokyo", "next": path})
    assert response.status_code == 302
    assert response["Location"] == "/"
