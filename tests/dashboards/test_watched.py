"""What a class has watched, second by second: every number is of this cohort's students and exact."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Activity, Enrolment
from dashboards.selectors import watched
from progress.played import Report
from progress.services.watching import add
from tests.cast import Cast
from tests.dashboards.steps import NOW, text
from tests.factories import courses
from tests.factories import lectures as make

pytestmark = pytest.mark.usefixtures("clock")
FOR_STAFF = 12


@pytest.fixture
def lecture(cast: Cast) -> Activity:
    """A minute long, in two chapters of half a minute; watched at 50 percent."""
    return make.lecture(cast.module, title="Bees on film", position=7, needed_percent=50)


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    client.force_login(cast.teacher)
    return client


def play(user: object, activity: Activity, *ranges: tuple[int, int]) -> None:
    """From second to second."""
    enrolment = Enrolment.objects.get(user=user)
    report = Report([(round(start * 1000), round(end * 1000)) for start, end in ranges], 0, NOW)
    add(enrolment, activity, report, opened_at=NOW - timedelta(hours=1))


def drawn(client: Client, cast: Cast, lecture: Activity) -> watched.Watched:
    response = client.get(f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")
    assert response.status_code == 200
    return response.context["watched"]


def overview(client: Client, cast: Cast) -> list[tuple[str, int, int, int]]:
    shown = client.get(f"/teach/cohorts/{cast.cohort.pk}/lectures/").context["lectures"]
    return [(one.activity.title, one.began, one.enough, one.mean_percent) for one in shown]


def test_overview_counts_who_began_who_has_enough_and_the_mean_share(
    cast: Cast, teacher: Client, lecture: Activity
) -> None:
    assert overview(teacher, cast) == [("Bees on film", 0, 0, 0)]
    assert "no one yet" in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/")
    play(cast.student, lecture, (0, 30))
    play(cast.other_student, lecture, (0, 10), (20, 39.75))
    assert overview(teacher, cast) == [("Bees on film", 2, 1, 50)]
    play(cast.other_student, lecture, (59.75, 60))
    assert overview(teacher, cast) == [("Bees on film", 2, 2, 50)]


def test_opening_without_playing_is_no_beginning(cast: Cast, teacher: Client, lecture: Activity) -> None:
    play(cast.student, lecture)
    assert overview(teacher, cast) == [("Bees on film", 0, 0, 0)]
    assert drawn(teacher, cast, lecture).began == 0
    assert "Once a student plays it" in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")


def test_chapters_are_told_in_students_and_share_of_the_class(cast: Cast, teacher: Client, lecture: Activity) -> None:
    play(cast.student, lecture, (0, 30))
    play(cast.other_student, lecture, (0, 15), (45, 60))
    found = drawn(teacher, cast, lecture)
    assert (found.students, found.began, found.seconds, found.most) == (2, 2, 60, 2)
    assert [(row.title, row.clock, row.mean, row.share) for row in found.rows] == [
        ("Eyes", "0:00–0:30", 1.5, 75),
        ("Flowers", "0:30–1:00", 0.5, 25),
    ]
    assert found.path == "M0 40V0.0H15V20.0H30V40.0H45V20.0H60V40Z"
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")
    assert "2 of 2 students have started it." in page
    row = '<th scope="row"><bdi>Eyes</bdi></th> <td>0:00–0:30</td><td>2</td><td>75%</td>'
    assert row in " ".join(page.split())


def test_lecture_without_chapters_is_cut_into_equal_parts(cast: Cast, teacher: Client) -> None:
    long = make.bare_lecture(cast.module, seconds=205, position=8)
    play(cast.student, long, (0, 21), (204, 205))
    rows = drawn(teacher, cast, long).rows
    assert [row.clock for row in rows[:2]] == ["0:00–0:21", "0:21–0:42"]
    assert (len(rows), rows[-1].clock) == (10, "3:09–3:25")
    assert [(row.mean, row.share) for row in rows] == [(1.0, 50), *[(0, 0)] * 8, (1 / 16, 3)]


def test_parts_are_ten_seconds_at_least_and_the_last_ends_with_the_lecture(cast: Cast, teacher: Client) -> None:
    short = make.bare_lecture(cast.module, seconds=24.2, position=8)
    play(cast.student, short, (0, 24.2))
    found = drawn(teacher, cast, short)
    assert [row.clock for row in found.rows] == ["0:00–0:10", "0:10–0:20", "0:20–0:25"]
    assert [row.mean for row in found.rows] == [1, 1, 1]


def test_second_that_was_touched_twice_counts_once(cast: Cast, teacher: Client, lecture: Activity) -> None:
    play(cast.student, lecture, (3.2, 3.4), (3.6, 5.1))
    found = drawn(teacher, cast, lecture)
    assert found.most == 1
    assert found.path == "M0 40V40.0H3V20.0H6V40.0H60V40Z"


def test_chapters_of_a_longer_recording_end_with_this_one(cast: Cast, teacher: Client) -> None:
    short = make.bare_lecture(cast.module, seconds=40, position=8)
    chapters = "WEBVTT\n\n00:00.000 --> 00:20.000\nA\n\n00:20.000 --> 00:50.000\nB\n\n00:50.000 --> 01:00.000\nC\n"
    make.caption(short, chapters, kind="chapters")
    play(cast.student, short, (0, 40))
    assert [(row.title, row.clock) for row in drawn(teacher, cast, short).rows] == [
        ("A", "0:00–0:20"),
        ("B", "0:20–0:40"),
    ]


def test_only_active_students_of_this_cohort_count(cast: Cast, teacher: Client, lecture: Activity) -> None:
    play(cast.elsewhere_student, lecture, (0, 60))
    play(cast.other_student, lecture, (0, 60))
    Enrolment.objects.filter(user=cast.other_student).update(state="suspended")
    play(cast.observer, lecture, (0, 60))
    assert overview(teacher, cast) == [("Bees on film", 0, 0, 0)]
    found = drawn(teacher, cast, lecture)
    assert (found.students, found.began, found.most) == (1, 0, 0)
    teacher.force_login(cast.elsewhere_teacher)
    shown = teacher.get(f"/teach/cohorts/{cast.elsewhere.pk}/lectures/").context["lectures"]
    assert [(one.began, one.enough, one.mean_percent) for one in shown] == [(1, 1, 100)]


def test_lectures_stand_in_the_order_of_the_course_and_hidden_ones_do_not(
    cast: Cast, teacher: Client, lecture: Activity
) -> None:
    make.bare_lecture(courses.ModuleFactory(course=cast.course, position=9), title="Last", position=0)
    make.bare_lecture(cast.module, title="First", position=5)
    make.bare_lecture(cast.module, title="Hidden", position=6, published=False)
    assert [title for title, *_ in overview(teacher, cast)] == ["First", "Bees on film", "Last"]


def test_course_without_lectures_says_how_to_get_one(cast: Cast, teacher: Client) -> None:
    assert "This course has no lectures" in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/")


def test_lecture_of_another_course_and_what_is_none_are_not_found(cast: Cast, teacher: Client) -> None:
    theirs = make.bare_lecture(courses.ModuleFactory())
    for activity in (theirs, cast.reading):
        assert teacher.get(f"/teach/cohorts/{cast.cohort.pk}/lectures/{activity.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/teach/cohorts/{c}/lectures/", "/teach/cohorts/{c}/lectures/{a}/"])
def test_pages_ask_the_same_at_one_and_at_three(cast: Cast, teacher: Client, lecture: Activity, path: str) -> None:
    path, counts = path.format(c=cast.cohort.pk, a=lecture.pk), []
    for number in range(3):
        student = courses.EnrolmentFactory(cohort=cast.cohort).user
        play(student, lecture, (number, 9), (20, 30))
        play(student, make.lecture(cast.module, position=20 + number), (0, 9))
        teacher.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert teacher.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[2] <= FOR_STAFF
