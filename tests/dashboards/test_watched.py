"""What a class has watched, second by second: every number is of this cohort's students and exact."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Activity, Enrolment
from dashboards.selectors import watched
from forums.services import lost
from progress.played import Report
from progress.services.watching import add
from tests.cast import Cast
from tests.dashboards.steps import NOW, text
from tests.factories import courses
from tests.factories import lectures as make
from tests.factories.forums import thread

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


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if one or two students were enough to be told of."""
    monkeypatch.setattr(watched, "FEWEST", 0)


def a_class(cast: Cast, size: int) -> list[Enrolment]:
    return [courses.EnrolmentFactory(cohort=cast.cohort) for _ in range(size)]


def drawn(client: Client, cast: Cast, lecture: Activity) -> watched.Watched:
    response = client.get(f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")
    assert response.status_code == 200
    return response.context["watched"]


def told(page: str) -> list[list[str]]:
    """The cells of the table's rows."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return [re.findall(r"<t[hd][^>]*>(?:<bdi>)?\s*([^<]*?)\s*<", row) for row in body.split("</tr>")[:-1]]


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


@pytest.mark.usefixtures("exact")
def test_chapters_are_told_in_whole_students_and_their_share_of_the_class(
    cast: Cast, teacher: Client, lecture: Activity
) -> None:
    play(cast.student, lecture, (0, 30))
    play(cast.other_student, lecture, (0, 15), (45, 60))
    found = drawn(teacher, cast, lecture)
    assert (found.students, found.began, found.seconds, found.most) == (2, 2, 60, 2)
    assert [(row.title, row.clock, row.mean, row.share) for row in found.rows] == [
        ("Eyes", "0:00–0:30", 1.5, 100),
        ("Flowers", "0:30–1:00", 0.5, 50),
    ]
    assert found.path == "M0 40V0.0H15V20.0H30V40.0H45V20.0H60V40Z"
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")
    assert "2 of 2 students have started it." in page
    assert told(page)[0] == ["Eyes", "0:00–0:30", "2", "100%", "0", "0"]


@pytest.mark.usefixtures("exact")
def test_lecture_without_chapters_is_cut_into_equal_parts(cast: Cast, teacher: Client) -> None:
    long = make.bare_lecture(cast.module, seconds=205, position=8)
    play(cast.student, long, (0, 21), (204, 205))
    rows = drawn(teacher, cast, long).rows
    assert [row.clock for row in rows[:2]] == ["0:00–0:21", "0:21–0:42"]
    assert (len(rows), rows[-1].clock) == (10, "3:09–3:25")
    assert [(row.mean, row.share) for row in rows] == [(1.0, 50), *[(0, 0)] * 8, (1 / 16, 0)]


@pytest.mark.usefixtures("exact")
def test_parts_are_ten_seconds_at_least_and_the_last_ends_with_the_lecture(cast: Cast, teacher: Client) -> None:
    short = make.bare_lecture(cast.module, seconds=24.2, position=8)
    play(cast.student, short, (0, 24.2))
    found = drawn(teacher, cast, short)
    assert [row.clock for row in found.rows] == ["0:00–0:10", "0:10–0:20", "0:20–0:25"]
    assert [row.mean for row in found.rows] == [1, 1, 1]


@pytest.mark.usefixtures("exact")
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


def test_what_fewer_than_five_watched_is_neither_drawn_nor_told(cast: Cast, teacher: Client, lecture: Activity) -> None:
    students = a_class(cast, 5)
    for student in students:
        play(student.user, lecture, (0, 30))
    for student in students[:4]:
        play(student.user, lecture, (30, 60))
    found = drawn(teacher, cast, lecture)
    assert (found.began, found.most) == (5, 5)
    # Seven study here, so five fill so much of the height; the four are as nobody.
    assert found.path == "M0 40V11.4H30V40.0H60V40Z"
    assert [(row.mean, row.share) for row in found.rows] == [(5, 71), (None, None)]
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")
    assert told(page)[1] == ["Flowers", "0:30–1:00", "fewer than 5", "–", "fewer than 5", "0"]


def test_taps_are_counted_by_heads_and_only_from_five_on(cast: Cast, teacher: Client, lecture: Activity) -> None:
    students = a_class(cast, 6)
    for student in students[:5]:
        lost.note(student, lecture, 20)
    for student in students[:4]:
        lost.note(student, lecture, 40)
    # Of another cohort, and of nobody any more.
    lost.note(Enrolment.objects.get(user=cast.elsewhere_student), lecture, 40)
    lost.note(students[5], lecture, 20)
    Enrolment.objects.filter(pk=students[5].pk).update(state="suspended")
    play(students[0].user, lecture, (0, 9))
    found = drawn(teacher, cast, lecture)
    assert [(cell.clock, cell.lost) for cell in found.lost] == [("0:20–0:30", 5)]
    assert [row.lost for row in found.rows] == [5, None]
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")
    assert page.count("<rect") == 1
    assert f'<a href="/lessons/{lecture.pk}/?at=20">0:20–0:30</a>' in page


def test_in_a_long_lecture_the_minutes_with_the_most_taps_stand_first(cast: Cast, teacher: Client) -> None:
    long = make.bare_lecture(cast.module, seconds=1200, position=8)
    students = a_class(cast, 8)
    for minute, count in enumerate((5, 6, 4, 8, 5, 7, 6)):
        for student in students[:count]:
            # Twice in a minute is one student.
            lost.note(student, long, minute * 60)
            lost.note(student, long, minute * 60 + 50)
    found = drawn(teacher, cast, long)
    assert [cell.lost for cell in found.lost] == [5, 6, 8, 5, 7, 6]
    assert [(cell.clock, cell.lost) for cell in found.worst] == [
        ("0:00–1:00", 5),
        ("1:00–2:00", 6),
        ("3:00–4:00", 8),
        ("5:00–6:00", 7),
        ("6:00–7:00", 6),
    ]


def test_questions_have_a_lane_a_column_and_a_list(cast: Cast, teacher: Client, lecture: Activity) -> None:
    found = thread(cast.cohort, cast.student, "Why <so>?", activity=lecture, at_ms=40_000)
    thread(cast.elsewhere, cast.elsewhere_student, "Theirs?", activity=lecture, at_ms=50_000)
    thread(cast.cohort, cast.student, "Of a longer recording?", activity=lecture, at_ms=90_000)
    watched_now = drawn(teacher, cast, lecture)
    assert watched_now.asked == [40]
    assert [row.asked for row in watched_now.rows] == [0, 1]
    page = text(teacher, f"/teach/cohorts/{cast.cohort.pk}/lectures/{lecture.pk}/")
    assert f'<a href="/threads/{found.pk}/" dir="auto">Why &lt;so&gt;?</a>' in page
    assert '<path d="M40 0v6"/>' in page
    assert "Theirs?" not in page


@pytest.mark.parametrize("path", ["/teach/cohorts/{c}/lectures/", "/teach/cohorts/{c}/lectures/{a}/"])
def test_pages_ask_the_same_at_one_and_at_three(cast: Cast, teacher: Client, lecture: Activity, path: str) -> None:
    path, counts = path.format(c=cast.cohort.pk, a=lecture.pk), []
    for number in range(3):
        student = courses.EnrolmentFactory(cohort=cast.cohort).user
        play(student, lecture, (number, 9), (20, 30))
        play(student, make.lecture(cast.module, position=20 + number), (0, 9))
        lost.note(Enrolment.objects.get(user=student), lecture, number)
        thread(cast.cohort, student, activity=lecture, at_ms=number * 1000)
        teacher.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert teacher.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[2] <= FOR_STAFF
