"""The dates of a cohort: by the calendar, by each student's own days, and taken away again."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from courses.models import Cohort, DueDate, Enrolment
from courses.services import agreements
from courses.services import cohorts as services
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, refused, text
from tests.factories.courses import EnrolmentFactory
from tests.undoing import undo

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    client.force_login(cast.teacher)
    return client


@pytest.fixture
def self_paced(cast: Cast) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(pacing="self-paced")


def path(cast: Cast, activity: object | None = None) -> str:
    return f"/teach/cohorts/{cast.cohort.pk}/dates/" + (f"{activity.pk}/" if activity else "")


def test_list_holds_what_students_can_see_in_order(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.link, NOW, closes=NOW.replace(hour=12))
    due(cast.elsewhere, cast.reading, NOW)
    page = text(teacher, path(cast))
    assert page.index("Bee eyes") < page.index("Counting sheet") < page.index("A bee garden")
    assert "Unfinished" not in page
    assert page.count("no date") == 2
    assert "Tue 24 Nov 2026, 10:00" in page
    assert "Tue 24 Nov 2026, 12:00" in page


def test_date_is_set_as_typed_in_the_zone_of_the_cohort(cast: Cast, teacher: Client) -> None:
    cast.teacher.timezone = "America/New_York"
    cast.teacher.save()
    sent = {"suggested_wall": "2026-12-10T16:00", "cutoff_wall": "2026-12-12T16:00"}
    response = teacher.post(path(cast, cast.reading), sent, follow=True)
    page = response.content.decode()
    assert "Date set for “Bee eyes”." in page
    # The teacher picks 16:00 and sees 16:00.
    assert "Thu 10 Dec 2026, 16:00" in page
    found = DueDate.objects.get()
    assert (found.suggested_wall, str(found.zone)) == (datetime(2026, 12, 10, 16), "Europe/Berlin")
    assert 'value="2026-12-10T16:00"' in text(teacher, path(cast, cast.reading))
    teacher.force_login(cast.student)
    assert "Thursday 10 December, 16:00 (Berlin)" in text(teacher, f"/lessons/{cast.reading.pk}/")


def test_date_that_is_set_again_is_changed(cast: Cast, teacher: Client) -> None:
    first = due(cast.cohort, cast.reading, NOW, closes=NOW)
    teacher.post(path(cast, cast.reading), {"suggested_wall": "2026-12-10T16:00", "cutoff_wall": ""})
    found = DueDate.objects.get()
    assert (found.pk, found.suggested_wall, found.cutoff_wall) == (first.pk, datetime(2026, 12, 10, 16), None)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"suggested_wall": "", "cutoff_wall": "2026-12-12T16:00"}, "Fill in this field."),
        (
            {"suggested_wall": "2026-12-12T16:01", "cutoff_wall": "2026-12-12T16:00"},
            "The closing date cannot be before the due date.",
        ),
        ({"suggested_wall": "soon", "cutoff_wall": "2026-12-12T16:00"}, "Enter a valid date"),
    ],
)
def test_refused_date_keeps_what_was_typed(cast: Cast, teacher: Client, sent: dict, said: str) -> None:
    page = refused(teacher.post(path(cast, cast.reading), sent))
    assert said in page
    assert 'value="2026-12-12T16:00"' in page
    assert not DueDate.objects.exists()


@pytest.mark.usefixtures("self_paced")
def test_self_paced_date_is_set_in_days(cast: Cast, teacher: Client) -> None:
    cast.cohort.enrolments.update(started_on="2026-11-20")
    sent = {"suggested_days": "7", "cutoff_days": "10", "time_of_day": "20:00"}
    response = teacher.post(path(cast, cast.reading), sent, follow=True)
    page = response.content.decode()
    assert "day 7, 20:00" in page
    assert "day 10" in page
    form = text(teacher, path(cast, cast.reading))
    assert 'value="20:00"' in form
    teacher.force_login(cast.student)
    assert "Friday 27 November, 20:00 (Berlin)" in text(teacher, f"/courses/{cast.course.pk}/")


@pytest.mark.usefixtures("self_paced")
@pytest.mark.parametrize(
    "sent",
    [
        {"suggested_days": "", "time_of_day": "20:00"},
        {"suggested_days": "7", "time_of_day": ""},
        {"suggested_days": "7", "cutoff_days": "6", "time_of_day": "20:00"},
        {"suggested_days": "-1", "time_of_day": "20:00"},
    ],
)
def test_refused_days_set_nothing(cast: Cast, teacher: Client, sent: dict) -> None:
    refused(teacher.post(path(cast, cast.reading), sent))
    assert not DueDate.objects.exists()


@pytest.mark.usefixtures("self_paced")
def test_calendar_date_of_a_cohort_that_changed_its_pace_is_replaced_by_days(cast: Cast, teacher: Client) -> None:
    first = due(cast.cohort, cast.reading, NOW, closes=NOW)
    assert 'value="2026-' not in text(teacher, path(cast, cast.reading))
    teacher.post(path(cast, cast.reading), {"suggested_days": "700", "time_of_day": "20:00"})
    found = DueDate.objects.get()
    assert (found.pk, found.suggested_wall, found.cutoff_wall, found.suggested_days) == (first.pk, None, None, 700)


@pytest.mark.parametrize("pacing", ["scheduled", "self-paced"])
def test_date_is_taken_away_and_only_this_one(cast: Cast, teacher: Client, pacing: str) -> None:
    Cohort.objects.update(pacing=pacing)
    for cohort, activity in ((cast.cohort, cast.reading), (cast.cohort, cast.link), (cast.elsewhere, cast.reading)):
        due(cohort, activity, NOW)
    response = teacher.post(path(cast, cast.reading), {"remove": ""}, follow=True)
    assert "“Bee eyes” no longer has a date." in response.content.decode()
    assert DueDate.objects.count() == 2
    assert not DueDate.objects.filter(cohort=cast.cohort, activity=cast.reading).exists()


def test_agreement_outlives_a_date_that_is_taken_away_and_set_again(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW)
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": ""}
    teacher.post(f"/teach/students/{cast.enrolment.pk}/extensions/{cast.reading.pk}/", sent)
    teacher.post(path(cast, cast.reading), {"remove": ""})
    teacher.post(path(cast, cast.reading), {"suggested_wall": "2026-11-30T20:00"})
    assert "Tuesday 1 December, 20:00 (Berlin)" in text(teacher, f"/teach/students/{cast.enrolment.pk}/")


def test_date_agreed_in_another_zone_than_the_cohort_has_now_is_shown_with_its_zone(
    cast: Cast, teacher: Client
) -> None:
    DueDate.objects.create(
        cohort=cast.cohort, activity=cast.reading, zone="America/New_York", suggested_wall="2026-12-10T16:00"
    )
    row = text(teacher, path(cast)).split("Bee eyes")[1].split("</tr>")[0]
    assert "16:00" in row
    assert "New York" in row
    assert "was set in New York time. If you save it, it will be in Berlin time." in text(
        teacher, path(cast, cast.reading)
    )
    assert "was set in" not in text(teacher, path(cast, cast.link))


def ask(client: Client, address: str, wall: str, **more: str) -> HttpResponse:
    return client.post(address, {"suggested_wall": wall, "cutoff_wall": "", **more})


def confirmed(response: HttpResponse) -> str:
    """What the button of the question sends."""
    return re.search(r'name="confirmed" value="([^"]+)"', response.content.decode())[1]


def test_date_that_makes_students_late_is_asked_about_before_it_is_set(cast: Cast, teacher: Client) -> None:
    address = path(cast, cast.reading)
    asked = ask(teacher, address, "2025-11-24T10:00")
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "This date makes 2 students late straight away:" in page
    for person in (cast.student, cast.other_student):
        assert str(person) in page
    assert not DueDate.objects.exists()
    said = ask(teacher, address, "2025-11-24T10:00", confirmed=confirmed(asked))
    assert said.status_code == 302
    assert DueDate.objects.get().suggested_wall == datetime(2025, 11, 24, 10)


def test_who_has_done_it_or_has_a_later_date_is_not_made_late(cast: Cast, teacher: Client) -> None:
    do(cast.enrolment, cast.reading)
    other = Enrolment.objects.get(user=cast.other_student)
    services.extend(other, cast.reading, datetime(2026, 12, 24, 10), reason="", by=cast.teacher)
    assert ask(teacher, path(cast, cast.reading), "2025-11-24T10:00").status_code == 302


def test_who_was_late_already_is_not_made_late_again(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW - timedelta(days=3))
    assert ask(teacher, path(cast, cast.reading), "2026-11-22T10:00").status_code == 302


def test_suspended_students_and_teachers_are_not_counted(cast: Cast, teacher: Client) -> None:
    Enrolment.objects.filter(user=cast.other_student).update(state="suspended")
    page = ask(teacher, path(cast, cast.reading), "2025-11-24T10:00").content.decode()
    assert "This date makes 1 student late straight away:" in page


def test_more_than_five_are_counted_and_five_named(cast: Cast, teacher: Client) -> None:
    for _ in range(6):
        EnrolmentFactory(cohort=cast.cohort)
    page = ask(teacher, path(cast, cast.reading), "2025-11-24T10:00").content.decode()
    assert "This date makes 8 students late straight away:" in page
    assert "and 3 more" in page


def test_days_after_the_start_are_asked_about_too(cast: Cast, teacher: Client, self_paced: None) -> None:
    sent = {"suggested_days": "7", "cutoff_days": "", "time_of_day": "20:00"}
    asked = teacher.post(path(cast, cast.reading), sent)
    assert "late straight away" in asked.content.decode()
    assert teacher.post(path(cast, cast.reading), {**sent, "confirmed": confirmed(asked)}).status_code == 302


def test_date_after_the_last_day_of_the_cohort_is_asked_about(cast: Cast, teacher: Client) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(ends_on=date(2027, 1, 29))
    address = path(cast, cast.reading)
    assert ask(teacher, address, "2027-01-29T23:59").status_code == 302
    asked = ask(teacher, address, "2027-02-15T10:00")
    page = asked.content.decode()
    assert "This date is after the last day of the cohort, Friday 29 January 2027." in page
    assert "late straight away" not in page
    assert DueDate.objects.get().suggested_wall == datetime(2027, 1, 29, 23, 59)
    assert ask(teacher, address, "2027-02-15T10:00", confirmed=confirmed(asked)).status_code == 302
    assert DueDate.objects.get().suggested_wall == datetime(2027, 2, 15, 10)


def test_another_date_than_was_confirmed_is_asked_about_again(cast: Cast, teacher: Client) -> None:
    asked = ask(teacher, path(cast, cast.reading), "2025-11-24T10:00")
    other = ask(teacher, path(cast, cast.reading), "2025-01-01T10:00", confirmed=confirmed(asked))
    assert other.status_code == 422
    assert not DueDate.objects.exists()


def test_date_is_undone_to_what_it_was(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW + timedelta(days=3), closes=NOW + timedelta(days=5))
    before = agreements.plain(DueDate.objects.get())
    sent = {"suggested_wall": "2026-12-10T16:00", "cutoff_wall": ""}
    said = teacher.post(path(cast, cast.reading), sent, follow=True)
    assert "“Bee eyes” is back to Friday 27 November, 10:00." in undo(teacher, said)
    assert agreements.plain(DueDate.objects.get()) == before
    removed = teacher.post(path(cast, cast.reading), {"remove": ""}, follow=True)
    assert not DueDate.objects.exists()
    undo(teacher, removed)
    assert agreements.plain(DueDate.objects.get()) == before


def test_first_date_is_undone_to_none_and_a_date_of_days_to_its_days(
    cast: Cast, teacher: Client, self_paced: None
) -> None:
    sent = {"suggested_days": "700", "cutoff_days": "", "time_of_day": "20:00"}
    first = teacher.post(path(cast, cast.reading), sent, follow=True)
    second = teacher.post(path(cast, cast.reading), {**sent, "suggested_days": "900"}, follow=True)
    undo(teacher, second)
    assert (DueDate.objects.get().suggested_days, DueDate.objects.get().time_of_day) == (700, time(20))
    assert "“Bee eyes” has no date again." in undo(teacher, first)
    assert not DueDate.objects.exists()


def test_undo_does_not_touch_a_date_that_was_changed_again(cast: Cast, teacher: Client) -> None:
    first = teacher.post(path(cast, cast.reading), {"suggested_wall": "2026-12-10T16:00"}, follow=True)
    teacher.post(path(cast, cast.reading), {"suggested_wall": "2026-12-20T16:00"})
    assert "changed again since then" in undo(teacher, first)
    assert DueDate.objects.get().suggested_wall == datetime(2026, 12, 20, 16)


def test_before_a_date_is_set_the_page_says_whom_it_concerns_and_who_hears_of_it(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW + timedelta(days=7))
    do(cast.enrolment, cast.reading)
    other = Enrolment.objects.get(user=cast.other_student)
    services.extend(other, cast.reading, datetime(2026, 12, 24, 10), reason="", by=cast.teacher)
    page = " ".join(text(teacher, path(cast, cast.reading)).split())
    assert "The date is for 2 students." in page
    assert "1 of them has agreed a later date, and keeps it while it is later." in page
    assert "1 has done it already." in page
    assert "hear of a new date ten minutes after you set it" in page


def test_an_earlier_date_says_who_loses_time_and_who_keeps_theirs_before_it_is_set(cast: Cast, teacher: Client) -> None:
    standing = due(cast.cohort, cast.reading, NOW + timedelta(days=7))
    done = EnrolmentFactory(cohort=cast.cohort)
    do(done, cast.reading)
    other = Enrolment.objects.get(user=cast.other_student)
    services.extend(other, cast.reading, datetime(2026, 12, 24, 10), reason="", by=cast.teacher)
    asked = ask(teacher, path(cast, cast.reading), "2026-11-29T10:00")
    page = " ".join(asked.content.decode().split())
    assert asked.status_code == 422
    assert "This date is earlier for 1 student who still has it to do." in page
    assert "1 student keeps an agreed later date." in page
    assert "It makes no one late straight away." in page
    assert DueDate.objects.get().suggested_wall == standing.suggested_wall
    assert ask(teacher, path(cast, cast.reading), "2026-11-29T10:00", confirmed=confirmed(asked)).status_code == 302
    # A later one takes nothing from anybody.
    assert ask(teacher, path(cast, cast.reading), "2026-12-09T10:00").status_code == 302
