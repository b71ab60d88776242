"""One student's page: their way, and what can be agreed with them."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from lxml import html

from courses.models import Accommodation, Activity, Extension
from courses.services import agreements
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, refused, text
from tests.undoing import offered, undo

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    due(cast.cohort, cast.reading, NOW.replace(day=26, hour=17))
    client.force_login(cast.teacher)
    return client


def path(cast: Cast, *more: object) -> str:
    return f"/teach/students/{cast.enrolment.pk}/" + "".join(f"{part}/" for part in more)


def test_page_shows_the_way_so_far_and_the_zone_of_the_student(cast: Cast, teacher: Client) -> None:
    do(cast.enrolment, cast.link)
    cast.student.timezone = "Asia/Tokyo"
    cast.student.save()
    page = text(teacher, path(cast))
    assert "1 of 3 done" in page
    assert "Time zone: Tokyo" in page
    assert "24 November 2026" in page
    # In the teacher's own zone, with its name.
    assert "Thursday 26 November, 18:00 (Berlin)" in page


def test_student_without_dates_cannot_be_given_a_later_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    assert "Nothing in this cohort has a date yet." in text(client, path(cast))


def test_no_later_date_is_offered_for_what_is_done(cast: Cast, teacher: Client) -> None:
    assert "extensions/" in text(teacher, path(cast))
    do(cast.enrolment, cast.reading)
    page = text(teacher, path(cast))
    assert "Everything that has a date is done." in page
    assert "extensions/" not in page


def test_agreed_date_shows_at_once_in_the_zone_of_the_cohort(cast: Cast, teacher: Client) -> None:
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": "A week at sea"}
    response = teacher.post(path(cast, "extensions", cast.reading.pk), sent, follow=True)
    page = response.content.decode()
    assert "New date agreed. Student can see it now." in page
    assert "Tuesday 1 December, 20:00 (Berlin)" in page
    found = Extension.objects.get()
    assert (found.reason, found.granted_by, found.by_student) == ("A week at sea", cast.teacher, False)
    teacher.force_login(cast.student)
    assert "Tuesday 1 December, 20:00 (Berlin)" in text(teacher, f"/lessons/{cast.reading.pk}/")


@pytest.mark.parametrize("agreed", ["2026-11-20T20:00", "2026-11-26T18:00"])
def test_date_that_gives_no_more_time_is_refused(cast: Cast, teacher: Client, agreed: str) -> None:
    page = refused(teacher.post(path(cast, "extensions", cast.reading.pk), {"agreed_wall": agreed, "reason": ""}))
    assert "Student has at least that long already. Choose a later date." in page
    assert not Extension.objects.exists()


def test_date_within_the_extra_days_is_refused_too(cast: Cast, teacher: Client) -> None:
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=7)
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": ""}
    refused(teacher.post(path(cast, "extensions", cast.reading.pk), sent))


def test_later_date_that_has_passed_says_that_it_gives_no_time(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.link, NOW - timedelta(days=9))
    sent = {"agreed_wall": "2026-11-20T20:00", "reason": ""}
    page = teacher.post(path(cast, "extensions", cast.link.pk), sent, follow=True).content.decode()
    assert "It has already passed, so it gives Student no more time." in page


def test_agreed_date_and_reason_stand_in_the_form_and_can_be_taken_back(cast: Cast, teacher: Client) -> None:
    assert "Remove the new date" not in text(teacher, path(cast))
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": "A week at sea"}
    page = teacher.post(path(cast, "extensions", cast.reading.pk), sent, follow=True).content.decode()
    assert 'value="2026-12-01T20:00"' in page
    assert 'value="A week at sea"' in page
    said = teacher.post(path(cast, "extensions", cast.reading.pk), {"take_back": ""}, follow=True)
    assert "The new date for “Bee eyes” was removed." in said.content.decode()
    assert not Extension.objects.exists()
    undo(teacher, said)
    assert Extension.objects.get().reason == "A week at sea"


def test_extension_is_undone_to_what_was_agreed_before(cast: Cast, teacher: Client) -> None:
    first, second = (
        teacher.post(path(cast, "extensions", cast.reading.pk), {"agreed_wall": day, "reason": ""}, follow=True)
        for day in ("2026-12-01T20:00", "2026-12-08T20:00")
    )
    before = agreements.plain(Extension.objects.get())
    assert "changed again since then" in undo(teacher, first)
    assert agreements.plain(Extension.objects.get()) == before
    assert "for Student" in undo(teacher, second)
    assert Extension.objects.get().agreed_wall == datetime(2026, 12, 1, 20)
    undo(teacher, first)
    assert not Extension.objects.exists()


def test_extra_days_are_undone(cast: Cast, teacher: Client) -> None:
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=2, time_percent=150, note="Reads slowly")
    before = agreements.plain(Accommodation.objects.get())
    said = teacher.post(path(cast, "accommodation"), {"extra_days": "0", "note": ""}, follow=True)
    assert "Student has no extra days." in said.content.decode()
    assert "as it was before" in undo(teacher, said)
    assert agreements.plain(Accommodation.objects.get()) == before


def test_undo_of_an_agreement_asks_for_the_right_again(cast: Cast, teacher: Client) -> None:
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": ""}
    agreed = teacher.post(path(cast, "extensions", cast.reading.pk), sent, follow=True)
    days = teacher.post(path(cast, "accommodation"), {"extra_days": "3", "note": ""}, follow=True)
    cast.teacher.enrolments.update(role="observer")
    for said in (agreed, days):
        teacher.post(offered(said))
    assert (Extension.objects.count(), Accommodation.objects.count()) == (1, 1)


@pytest.mark.parametrize("agreed", ["", "next week", "2026-13-01T20:00"])
def test_refused_date_keeps_what_was_typed_and_leads_to_the_field(cast: Cast, teacher: Client, agreed: str) -> None:
    sent = {"agreed_wall": agreed, "reason": "A week at sea"}
    page = refused(teacher.post(path(cast, "extensions", cast.reading.pk), sent))
    assert 'value="A week at sea"' in page
    assert not agreed or f'value="{agreed}"' in page
    anchor = page.split('href="#')[2 if 'href="#main"' in page else 1].split('"')[0]
    assert page.count(f'id="{anchor}"') == 1
    assert not Extension.objects.exists()


def test_only_the_form_that_was_refused_shows_its_faults(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.link, NOW.replace(day=27))
    page = refused(teacher.post(path(cast, "extensions", cast.link.pk), {"agreed_wall": "", "reason": "Mine"}))
    assert page.count('value="Mine"') == 1
    assert page.count("<details open>") == 1


def test_accommodation_is_kept_and_moves_the_date(cast: Cast, teacher: Client) -> None:
    sent = {"extra_days": "2", "note": "Reads slowly"}
    response = teacher.post(path(cast, "accommodation"), sent, follow=True)
    page = response.content.decode()
    assert "Saved. 1 date of Student has moved; they hear of it in ten minutes." in page
    assert "Saturday 28 November, 18:00 (Berlin)" in page
    assert 'value="Reads slowly"' in page
    assert Accommodation.objects.get().granted_by == cast.teacher


@pytest.mark.parametrize(
    "sent",
    [
        {"extra_days": "-1"},
        {"extra_days": "366"},
        {"extra_days": "two"},
        {"extra_days": ""},
    ],
)
def test_refused_accommodation_keeps_what_was_typed(cast: Cast, teacher: Client, sent: dict) -> None:
    page = refused(teacher.post(path(cast, "accommodation"), {**sent, "note": "Reads slowly"}))
    assert 'value="Reads slowly"' in page
    assert not Accommodation.objects.exists()


def test_note_of_an_accommodation_is_for_teachers_alone(cast: Cast, client: Client) -> None:
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=2, note="Reads slowly")
    client.force_login(cast.student)
    for page in ("/", f"/courses/{cast.course.pk}/", f"/lessons/{cast.reading.pk}/", "/me/"):
        assert "Reads slowly" not in text(client, page)


@pytest.mark.parametrize("role", ["teacher", "observer"])
def test_whoever_does_not_study_has_no_student_page(cast: Cast, teacher: Client, role: str) -> None:
    enrolment = cast.person(role).enrolments.get()
    assert teacher.get(f"/teach/students/{enrolment.pk}/").status_code == 404
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": ""}
    assert teacher.post(f"/teach/students/{enrolment.pk}/extensions/{cast.reading.pk}/", sent).status_code == 404
    assert not Extension.objects.exists()


def test_days_that_are_taken_away_are_asked_about_where_they_make_the_student_late(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.link, NOW - timedelta(days=2))
    due(cast.cohort, cast.file, NOW - timedelta(days=30))
    assert teacher.post(path(cast, "accommodation"), {"extra_days": "10", "note": ""}).status_code == 302
    asked = teacher.post(path(cast, "accommodation"), {"extra_days": "1", "note": ""})
    assert asked.status_code == 422
    page = asked.content.decode()
    # With the file the student is late as it is.
    assert "is late with 1 lesson straight away:</strong> A bee garden" in page
    assert Accommodation.objects.get().extra_days == 10
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', page)[1]
    sent = {"extra_days": "1", "note": "", "confirmed": confirmed}
    assert teacher.post(path(cast, "accommodation"), sent).status_code == 302
    assert Accommodation.objects.get().extra_days == 1


def test_more_days_say_what_is_late_all_the_same(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.link, NOW - timedelta(days=9))
    page = teacher.post(path(cast, "accommodation"), {"extra_days": "2", "note": ""}, follow=True).text
    assert "2 dates of Student have moved; they hear of it in ten minutes. Still late: “A bee garden”." in page
    page = teacher.post(path(cast, "accommodation"), {"extra_days": "2", "note": "Reads slowly"}, follow=True).text
    assert "Saved. No date has moved. Still late: “A bee garden”." in page


def test_steps_lead_to_their_lessons_and_optional_ones_say_so(cast: Cast, teacher: Client) -> None:
    Activity.objects.filter(pk=cast.link.pk).update(required=False)
    page = html.fromstring(teacher.get(f"/teach/students/{cast.enrolment.pk}/").content)
    for activity, tags in ((cast.reading, []), (cast.link, ["Optional"])):
        (step,) = page.xpath(f'//li[contains(@class, "step")][a[@href="/lessons/{activity.pk}/"]]')
        assert step.xpath('.//*[@class="tag"]/text()') == tags
