"""The teacher's class: who is how far, who is late, who was seen when."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from lxml import html

from accounts.models import User
from courses.kinds import Who
from courses.models import Accommodation, Cohort, Enrolment
from progress.services import visits, waits
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, text
from tests.factories import courses as make

pytestmark = pytest.mark.usefixtures("clock")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    client.force_login(cast.teacher)
    return client


def table(client: Client, path: str) -> list[dict[str, str]]:
    """The rows as a reader sees them: the words of each cell under its heading, the name under "Student"."""
    rows = []
    for line in html.fromstring(text(client, path)).iterfind(".//tbody/tr"):
        for drawn in line.findall(".//svg"):
            drawn.drop_tree()
        cells = {cell.get("data-label", "Student"): " ".join("".join(cell.itertext()).split()) for cell in line}
        rows.append(cells)
    return rows


def row(name: str, **cells: str) -> dict[str, str]:
    """A whole row: that of somebody who has done nothing of three, but for what is said."""
    nothing = {"Done": "0/3", "Last_visit": "never", "Fortnight": "0 min", "Late": "none", "To_mark": "none"}
    return {"Student": name} | {label.replace("_", " "): words for label, words in {**nothing, **cells}.items()}


def rows(cast: Cast, client: Client) -> list[dict[str, str]]:
    return table(client, f"/teach/cohorts/{cast.cohort.pk}/")


@pytest.fixture
def names(cast: Cast) -> tuple[str, str]:
    """The student's and the other student's, of whom the first comes first."""
    for user, name in ((cast.student, "Ada Ek"), (cast.other_student, "Bo Friis")):
        User.objects.filter(pk=user.pk).update(display_name=name)
    return "Ada Ek", "Bo Friis"


def bars(client: Client, cast: Cast) -> list[str]:
    page = client.get(f"/teach/cohorts/{cast.cohort.pk}/")
    return [one.bars for one in page.context["rows"]]


def test_done_counts_each_students_own_required_steps(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    make.reading(cast.module, title="Extra", position=9, required=False)
    do(cast.enrolment, cast.reading, cast.file)
    assert rows(cast, teacher) == [row(names[0], Done="2/3"), row(names[1])]


def test_teacher_sees_the_same_progress_as_the_student_after_the_module_grew(
    cast: Cast, teacher: Client, names: tuple[str, str]
) -> None:
    do(cast.enrolment, cast.reading, cast.file, cast.link, at=NOW - 2 * DAY)
    make.reading(cast.module, title="Bee ears", position=9, published_at=NOW - DAY)
    assert rows(cast, teacher) == [row(names[0], Done="3/3 1 new"), row(names[1], Done="0/4")]
    assert "3 of 3 done" in text(teacher, f"/teach/students/{cast.enrolment.pk}/")


def test_late_is_what_was_due_is_open_and_is_not_done(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    due(cast.cohort, cast.file, NOW - DAY, closes=NOW - HOUR)
    due(cast.cohort, cast.link, NOW + DAY)
    due(cast.cohort, cast.draft, NOW - DAY)
    assert rows(cast, teacher) == [row(names[0], Late="1"), row(names[1], Late="1")]
    do(cast.enrolment, cast.reading)
    assert rows(cast, teacher) == [row(names[0], Done="1/3"), row(names[1], Late="1")]


def test_what_waits_for_an_answer_is_the_teachers_turn_and_not_late(
    cast: Cast, teacher: Client, names: tuple[str, str]
) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    waits.begin_wait(cast.enrolment, cast.reading, waits_for=Who.TEACHER)
    assert rows(cast, teacher) == [row(names[0], To_mark="1"), row(names[1], Late="1")]


def test_whoever_has_an_extension_is_not_late_before_it_ends(
    cast: Cast, teacher: Client, clock: time_machine.Traveller, names: tuple[str, str]
) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    cast.enrolment.extensions.create(activity=cast.reading, agreed_wall="2026-11-25T10:00", zone="UTC")
    assert rows(cast, teacher) == [row(names[0]), row(names[1], Late="1")]
    clock.shift(2 * DAY)
    assert rows(cast, teacher) == [row(names[0], Late="1"), row(names[1], Late="1")]


@pytest.mark.parametrize(
    ("back", "said"), [(None, "never"), (HOUR, "today"), (DAY, "yesterday"), (9 * DAY, "9 days ago")]
)
def test_last_visit_is_told_in_days(
    cast: Cast, teacher: Client, names: tuple[str, str], back: timedelta | None, said: str
) -> None:
    Enrolment.objects.filter(user=cast.other_student).update(last_seen_at=NOW - 100 * DAY)
    Enrolment.objects.filter(user=cast.student).update(last_seen_at=back and NOW - back)
    assert rows(cast, teacher) == [row(names[0], Last_visit=said), row(names[1], Last_visit="100 days ago")]


def test_minutes_are_those_of_the_last_fourteen_days_by_the_day(
    cast: Cast, teacher: Client, names: tuple[str, str]
) -> None:
    for back, minutes in ((0, 5), (1, 20), (13, 7), (14, 50)):
        start = int((NOW - back * DAY).timestamp())
        visits.add_visible(cast.enrolment, cast.reading, [(start, start + minutes * 60)], zone="Europe/Berlin")
    assert rows(cast, teacher) == [row(names[0], Fortnight="32 min"), row(names[1])]
    # An hour fills the height of sixteen; every minute can be seen.
    assert bars(teacher, cast) == ["M0 16v-2h3.5v2M60 16v-6h3.5v6M65 16v-2h3.5v2", ""]


def test_more_than_an_hour_does_not_leave_the_drawing(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    start = int((NOW - 5 * HOUR).timestamp())
    visits.add_visible(cast.enrolment, cast.reading, [(start, start + 5 * 3600)], zone="UTC")
    assert rows(cast, teacher) == [row(names[0], Fortnight="5 h"), row(names[1])]
    assert bars(teacher, cast) == ["M65 16v-16h3.5v16", ""]


def test_only_active_students_of_the_own_cohort_are_listed(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    assert rows(cast, teacher) == [row(names[0]), row(names[1])]
    Enrolment.objects.filter(user=cast.other_student).update(state="suspended")
    assert rows(cast, teacher) == [row(names[0])]


def test_extra_time_is_marked(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=2)
    assert rows(cast, teacher) == [row(f"{names[0]} Extra time"), row(names[1])]
    # What stays once the days are taken away is a note.
    Accommodation.objects.update(extra_days=0, note="Reads slowly")
    assert rows(cast, teacher) == [row(names[0]), row(names[1])]


def test_class_can_start_with_those_who_were_not_seen_for_longest(
    cast: Cast, teacher: Client, names: tuple[str, str]
) -> None:
    path = f"/teach/cohorts/{cast.cohort.pk}/?by=visit"
    Enrolment.objects.filter(user=cast.student).update(last_seen_at=NOW - DAY)
    Enrolment.objects.filter(user=cast.other_student).update(last_seen_at=NOW - 2 * DAY)
    assert [one["Student"] for one in table(teacher, path)] == [names[1], names[0]]
    Enrolment.objects.filter(user=cast.student).update(last_seen_at=None)
    assert [one["Student"] for one in table(teacher, path)] == [*names]


def test_class_can_start_with_those_furthest_behind(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    path = f"/teach/cohorts/{cast.cohort.pk}/?by=late"
    due(cast.cohort, cast.reading, NOW - DAY)
    do(cast.enrolment, cast.reading)
    assert [one["Student"] for one in table(teacher, path)] == [names[1], names[0]]
    other = Enrolment.objects.get(user=cast.other_student)
    do(other, cast.reading, cast.file)
    # As late as each other: who has done less comes first.
    assert [one["Student"] for one in table(teacher, path)] == [*names]


def test_order_and_what_was_sought_are_kept_together(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/?by=late&q=Ada+%26")
    assert "No student here has that name." in page
    assert '<input type="hidden" name="by" value="late">' in page
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/?q=E")
    assert 'href="?by=visit&amp;q=E"' in page


def test_order_that_does_not_exist_is_that_of_names(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    listed = table(teacher, f"/teach/cohorts/{cast.cohort.pk}/?by=height")
    assert [one["Student"] for one in listed] == [*names]


def test_fifty_students_stand_on_a_page(cast: Cast, teacher: Client) -> None:
    for _ in range(49):
        make.EnrolmentFactory(cohort=cast.cohort)
    path = f"/teach/cohorts/{cast.cohort.pk}/"
    first, second = (table(teacher, f"{path}?page={number}") for number in (1, 2))
    assert (len(first), len(second)) == (50, 1)
    shown = [one["Student"] for one in first + second]
    assert shown == sorted(set(shown))
    assert "Page 2" in text(teacher, f"{path}?page=2")
    for elsewhere in ("99", "first", "-1", "0", "9" * 40):
        assert table(teacher, f"{path}?page={elsewhere}") == first


def test_a_student_is_found_by_a_part_of_the_name(cast: Cast, teacher: Client, names: tuple[str, str]) -> None:
    path = f"/teach/cohorts/{cast.cohort.pk}/"
    assert table(teacher, f"{path}?q=fri") == [row(names[1])]
    assert table(teacher, f"{path}?q=zzz") == []
    assert "No student here has that name." in text(teacher, f"{path}?q=zzz")


def test_empty_cohort_says_what_will_stand_there(cast: Cast, teacher: Client) -> None:
    Enrolment.objects.filter(cohort=cast.cohort, role="student").update(state="left")
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")
    assert "No one is in this cohort yet" in page
    assert "Add students" not in page


def test_cohorts_of_a_teacher_are_only_their_own_with_their_numbers(cast: Cast, teacher: Client) -> None:
    page = text(teacher, "/teach/")
    assert "Morning group" in page
    assert "2 students" in page
    assert "Evening group" not in page


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [("2026-12-18", "5 Jan – 18 Dec 2026"), ("2027-01-09", "5 Jan 2026 – 9 Jan 2027"), (None, "from 5 Jan 2026")],
)
def test_days_of_a_cohort_name_both_years_where_they_differ(
    cast: Cast, teacher: Client, ends_on: str | None, said: str
) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(starts_on="2026-01-05", ends_on=ends_on)
    assert said in " ".join(text(teacher, "/teach/").split())
