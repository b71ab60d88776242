"""The page on which teachers say when they work."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from lxml import html

from accounts.models import User
from courses.forms.calendars import MOST_ROWS
from courses.models import DayOff, WorkingCalendar
from courses.services import calendars
from courses.services.calendars import Span, Wanted
from tests.cast import Cast
from tests.undoing import undo

pytestmark = pytest.mark.django_db
AsUser = Callable[[User | None], Client]
BREAK = Span(date(2026, 12, 21), date(2027, 1, 1), "Winter break")
USUAL = {"weekdays": ["1", "2", "3", "4", "5"], "country": "", "rows": "0"}


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(datetime(2026, 11, 30, 8, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/cohorts/{cast.cohort.pk}/calendar/"


@pytest.fixture
def teacher(cast: Cast, as_user: AsUser) -> Client:
    return as_user(cast.teacher)


def fields(response: HttpResponse) -> dict[str, object]:
    """What the form would send as it stands."""
    form = html.fromstring(response.content).forms
    return {
        name: sorted(value) if isinstance(value, html.CheckboxValues) else value or ""
        for name, value in next(one for one in form if "weekdays" in one.fields).fields.items()
    }


def main(response: HttpResponse) -> str:
    text = html.fromstring(response.content).get_element_by_id("main").text_content()
    return " ".join(text.split())


def row(number: int, first: str, last: str, name: str) -> dict[str, str]:
    return {f"first_{number}": first, f"last_{number}": last, f"name_{number}": name}


def test_a_teacher_sets_the_week_a_country_and_days_of_their_own(cast: Cast, teacher: Client, path: str) -> None:
    page = teacher.get(path)
    assert fields(page)["weekdays"] == ["1", "2", "3", "4", "5"]
    sent = {"weekdays": ["1", "2", "3", "4"], "country": "DE", "rows": "2"}
    sent |= row(0, "2026-12-21", "2027-01-01", "Winter break") | row(1, "2027-02-15", "", "Inset day")
    saved = teacher.post(path, sent, follow=True)
    assert "The working days were saved." in saved.content.decode()
    found, _ = calendars.wanted_of(cast.cohort)
    assert found == Wanted([1, 2, 3, 4], "DE", "", [BREAK, Span(date(2027, 2, 15), date(2027, 2, 15), "Inset day")])
    said = main(saved)
    assert "Winter break · Mon 21 Dec 2026 – Fri 1 Jan 2027" in said
    assert "Easter Monday · Mon 29 Mar 2027" in said
    assert "Good Friday" not in said, "On a day that is off every week, a holiday takes nothing away."


def test_what_was_saved_is_shown_and_can_be_saved_again(cast: Cast, teacher: Client, path: str) -> None:
    wanted = Wanted([1, 3], "DE", "BY", [BREAK])
    calendars.save(cast.cohort, wanted)
    shown = fields(teacher.get(path))
    assert shown["first_0"] == "2026-12-21"
    assert shown["rows"] == "2", "One more row, to be filled in."
    teacher.post(path, shown)
    assert calendars.wanted_of(cast.cohort) == (wanted, 2)


def test_a_saved_calendar_can_be_put_back_once(cast: Cast, teacher: Client, path: str) -> None:
    calendars.save(cast.cohort, Wanted([1, 2], "DE", "BY", [BREAK]))
    saved = teacher.post(path, USUAL, follow=True)
    assert not DayOff.objects.exists()
    assert "The working days are as they were before." in undo(teacher, saved)
    assert calendars.wanted_of(cast.cohort)[0] == Wanted([1, 2], "DE", "BY", [BREAK])
    assert "left as it is" in undo(teacher, saved)


def test_undo_is_for_those_who_may_still_set_it(cast: Cast, teacher: Client, path: str) -> None:
    saved = teacher.post(path, USUAL, follow=True)
    cast.cohort.enrolments.filter(user=cast.teacher).update(role="assistant")
    assert "can no longer be undone" in undo(teacher, saved)


def test_the_fullest_calendar_can_be_put_back(cast: Cast, teacher: Client, path: str) -> None:
    typed = [
        Span(
            date(2027, 1 + n % 12, 2 + n // 12 * 7),
            date(2027, 1 + n % 12, 5 + n // 12 * 7),
            f"Tage frei №{n:02} ÄÖÜ" * 3,
        )
        for n in range(MOST_ROWS)
    ]
    calendars.save(cast.cohort, Wanted([1, 2], "DE", "BY", sorted(typed, key=lambda span: span.first)))
    assert len(fields(teacher.get(path))) == 5 + 3 * MOST_ROWS
    saved = teacher.post(path, USUAL, follow=True)
    assert "as they were before" in undo(teacher, saved)


def test_regions_come_once_a_country_is_chosen(cast: Cast, teacher: Client, path: str) -> None:
    assert "subdivision" not in str(html.fromstring(teacher.get(path).content).xpath("//select/@name"))
    typed = USUAL | {"country": "DE", "rows": "1", "step": "region"} | row(0, "2026-12-21", "", "Half typed")
    step = teacher.post(path, typed)
    assert step.status_code == 200
    assert "Nothing is saved yet." in main(step)
    regions = html.fromstring(step.content).xpath("//select[@name='subdivision']/option/text()")
    assert [regions[0], "Bayern" in regions] == ["The whole country", True]
    assert fields(step)["name_0"] == "Half typed"
    assert not WorkingCalendar.objects.exists()
    teacher.post(path, fields(step) | {"subdivision": "BY"})
    assert DayOff.objects.filter(day="2027-01-06", name="Epiphany").exists()


def test_htmx_gets_the_regions_alone_and_hears_of_them(cast: Cast, teacher: Client, path: str) -> None:
    htmx = {"HTTP_HX_REQUEST": "true"}
    part = teacher.post(path, USUAL | {"country": "DE", "step": "region"}, **htmx).content.decode()
    assert part.lstrip().startswith('<div id="region"')
    assert "You can now choose a region." in part
    assert "<h1" not in part
    none = teacher.post(path, USUAL | {"country": "IE", "step": "region"}, **htmx).content.decode()
    assert "no regions to choose from" in none


def test_the_region_of_another_country_counts_for_nothing(cast: Cast, teacher: Client, path: str) -> None:
    teacher.post(path, USUAL | {"country": "AT", "subdivision": "BY"})
    found, _ = calendars.wanted_of(cast.cohort)
    assert (found.country, found.subdivision) == ("AT", "")


def test_rows_are_added_and_removed_without_being_saved(cast: Cast, teacher: Client, path: str) -> None:
    typed = USUAL | {"rows": "2"} | row(0, "2026-12-21", "", "One") | row(1, "2026-12-22", "", "Two")
    more = teacher.post(path, typed | {"step": "add"})
    assert fields(more)["rows"] == "3"
    assert re.search(r'name="first_2"[^>]* data-focus', more.content.decode())
    fewer = fields(teacher.post(path, fields(more) | {"step": "remove-0"}))
    assert [fewer["rows"], fewer["name_0"], fewer["name_1"]] == ["2", "Two", ""]
    assert not DayOff.objects.exists()
    teacher.post(path, fewer)
    assert DayOff.objects.get().name == "Two"


@pytest.mark.parametrize("step", ["remove-9", "remove-", "remove--1", "remove-x", "what"])
def test_a_step_that_is_none_changes_nothing(cast: Cast, teacher: Client, path: str, step: str) -> None:
    shown = fields(teacher.post(path, USUAL | {"rows": "1"} | row(0, "2026-12-21", "", "One") | {"step": step}))
    assert [shown["rows"], shown["name_0"]] == ["1", "One"]


def test_there_are_no_more_rows_than_a_year_needs(cast: Cast, teacher: Client, path: str) -> None:
    full = teacher.post(path, USUAL | {"rows": str(MOST_ROWS), "step": "add"})
    assert fields(full)["rows"] == str(MOST_ROWS)
    assert "Another row" not in main(full)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"weekdays": []}, "Tick at least one day."),
        (row(0, "", "", "Winter break"), "Fill in the first day, or empty the row."),
        (row(0, "2026-12-21", "", ""), "Say what it is, such as “Winter break”."),
        (row(0, "2026-12-21", "2026-12-20", "Break"), "The last day cannot be before the first day."),
        (row(0, "2026-01-01", "2026-12-31", "Sabbatical"), "A row can have 100 days at most."),
        (row(0, "1999-12-21", "", "Long ago"), "Choose a date between 2000 and 2099."),
        (row(0, "soon", "", "Break"), "Enter a valid date."),
        (
            {"rows": "2"} | row(0, "2026-12-21", "2026-12-24", "Break") | row(1, "2026-12-24", "", "Eve"),
            "Another row has this day already.",
        ),
        ({"country": "XX"}, "XX is not one of the available choices."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    cast: Cast, teacher: Client, path: str, sent: dict[str, object], said: str
) -> None:
    typed = USUAL | {"rows": "1"} | sent
    answer = teacher.post(path, typed)
    assert answer.status_code == 422
    assert said in main(answer)
    assert fields(answer).get("name_0", "") == typed.get("name_0", "")
    assert not WorkingCalendar.objects.exists()


def test_an_empty_row_is_none(cast: Cast, teacher: Client, path: str) -> None:
    teacher.post(path, USUAL | {"rows": "1"} | row(0, "", "", " "))
    assert WorkingCalendar.objects.exists()
    assert not DayOff.objects.exists()


def test_classes_and_admins_are_led_to_it_and_assistants_are_not(cast: Cast, as_user: AsUser, path: str) -> None:
    of_class, of_admin = f"/teach/cohorts/{cast.cohort.pk}/", f"/manage/cohorts/{cast.cohort.pk}/"
    link = f'href="{path}"'
    assert link in as_user(cast.teacher).get(of_class).content.decode()
    assert link in as_user(cast.admin).get(of_admin).content.decode()
    assert link not in as_user(cast.assistant).get(of_class).content.decode()
