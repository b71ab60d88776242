"""A device in another time zone is offered its own, and asked once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import DueDate
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study


@pytest.fixture
def bees() -> Study:
    made = study(timezone="Europe/Berlin")
    day = timezone.now().date() + timedelta(days=5)
    due = datetime.combine(day, datetime.min.time()).replace(hour=9)
    DueDate.objects.create(cohort=made.cohort, activity=made.file, zone="UTC", suggested_wall=due)
    return made


@pytest.fixture
def page(bees: Study, open_browser: OpenBrowser) -> Page:
    page = open_browser(bees.student, timezone_id="Asia/Tokyo").new_page()
    page.goto("/")
    return page


def test_times_are_shown_in_the_zone_of_the_device_once_it_is_accepted(bees: Study, page: Page) -> None:
    expect(page.locator("#zone-offer")).to_contain_text(
        "Times are shown in Berlin time, but this device is set to Tokyo."
    )
    expect(page.locator("main time").first).to_contain_text("(Berlin)")
    page.get_by_role("button", name="Use this device’s time zone").click()
    expect(page.get_by_role("status")).to_have_text("All times are now shown in your time zone.")
    expect(page.locator("main time").first).to_contain_text("18:00 (Tokyo)")
    expect(page.locator("#zone-offer")).to_be_hidden()
    bees.student.refresh_from_db()
    assert str(bees.student.timezone) == "Asia/Tokyo"


def test_whoever_keeps_their_zone_is_not_asked_again(bees: Study, page: Page) -> None:
    page.get_by_role("button", name="Keep this time zone").click()
    expect(page.locator("#zone-offer")).to_have_count(0)
    page.reload()
    expect(page.locator("main time").first).to_contain_text("(Berlin)")
    expect(page.locator("#zone-offer")).to_be_hidden()


def test_a_device_in_the_same_zone_is_asked_nothing(bees: Study, open_browser: OpenBrowser) -> None:
    page = open_browser(bees.student, timezone_id="Europe/Berlin").new_page()
    page.goto("/")
    expect(page.locator("main time").first).to_contain_text("(Berlin)")
    expect(page.locator("#zone-offer")).to_be_hidden()


@pytest.mark.parametrize("device", ["Asia/Kolkata", "Asia/Calcutta"])
def test_a_device_with_another_name_for_the_same_zone_is_asked_nothing(device: str, open_browser: OpenBrowser) -> None:
    made = study(timezone="Asia/Kolkata")
    page = open_browser(made.student, timezone_id=device).new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    expect(page.locator("#zone-offer")).to_be_hidden()


def test_the_place_of_the_device_is_first_and_one_press_away(bees: Study, open_browser: OpenBrowser) -> None:
    page = open_browser(bees.student, timezone_id="Asia/Tokyo").new_page()
    page.goto("/me/")
    field = page.get_by_label("Time zone")
    expect(field).to_have_value("Berlin, Germany")
    page.get_by_role("button", name="Use this device’s time zone: Tokyo").click()
    assert page.evaluate("document.querySelector('[data-zone-field]').list.options[0].value") == "Tokyo, Japan"
    expect(field).to_be_focused()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(field).to_have_value("Tokyo, Japan")
    bees.student.refresh_from_db()
    assert str(bees.student.timezone) == "Asia/Tokyo"


def test_a_city_is_typed_without_javascript(bees: Study, open_browser: OpenBrowser) -> None:
    page = open_browser(bees.student, java_script_enabled=False).new_page()
    page.goto("/me/")
    page.get_by_label("Time zone").fill("buenos aires")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Time zone")).to_have_value("Buenos Aires, Argentina")
