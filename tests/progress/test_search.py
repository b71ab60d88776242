"""The pages of search: of one course and of all one's courses, and the way to them from every page of a course."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Course
from courses.permissions import SEEING_DRAFTS
from courses.querysets import edits, enrolled
from courses.selectors import searched_by
from courses.services import texts
from courses.services.cohorts import enrol, set_state
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import lectures

COURSE, EVERYWHERE = "/courses/{course}/search/", "/search/"
MOST_QUERIES = 6


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def shown(client: Client, path: str, **asked: object) -> str:
    response = client.get(path, asked)
    assert response.status_code == 200
    return response.content.decode()


def lesson_titles(client: Client, path: str, **asked: object) -> list[str]:
    found = client.get(path, asked).context["found"]
    return [lesson.title for lesson in found.lessons]


@pytest.fixture(params=[COURSE, EVERYWHERE])
def path(request: pytest.FixtureRequest, cast: Cast) -> str:
    return request.param.format(course=cast.course.pk)


@pytest.mark.parametrize(
    ("words", "found"),
    [("ultraviolet", 1), ("seeing", 1), ('"ultraviolet light"', 1), ("wasps", 0), ("ultraviolet -light", 0)],
)
def test_search_finds_words_as_people_write_them(student: Client, path: str, words: str, found: int) -> None:
    assert len(lesson_titles(student, path, q=words)) == found


def test_search_lands_on_the_passage(cast: Cast, student: Client, path: str) -> None:
    text = shown(student, path, q="ultraviolet")
    assert f'href="/lessons/{cast.reading.pk}/#p-2"' in text
    assert "<mark>ultraviolet</mark>" in text
    assert 'id="p-2"' in shown(student, f"/lessons/{cast.reading.pk}/")


def test_a_heading_that_was_found_is_shown_once(cast: Cast, student: Client, path: str) -> None:
    activity = make.reading(cast.module, "## Where a honeycomb hangs\n\nIn the dark.", position=9)
    text = shown(student, path, q="honeycomb")
    assert text.count("hangs") == 1
    assert f'href="/lessons/{activity.pk}/#p-' in text
    assert "Where a <mark>honeycomb</mark> hangs" in text


def test_search_leads_to_a_further_part_of_a_long_text_without_its_number(cast: Cast, student: Client) -> None:
    activity = make.reading(cast.module, "bees fly " * 3000 + "honeycomb", position=9)
    text = shown(student, COURSE.format(course=cast.course.pk), q="honeycomb")
    assert f'href="/lessons/{activity.pk}/#p-1"' in text


def test_search_keeps_drafts_from_students_and_shows_them_to_teachers(cast: Cast, client: Client, path: str) -> None:
    for role, sees in [("student", False), ("observer", False), ("teacher", True), ("editor", True), ("admin", True)]:
        client.force_login(cast.person(role))
        assert (lesson_titles(client, path, q="yet") == ["Unfinished"]) == sees, role


def test_search_everywhere_looks_through_ones_own_courses_alone(cast: Cast, student: Client) -> None:
    other = make.ModuleFactory(course__title="Wasps and fruit")
    make.reading(other, "Wasps see ultraviolet too.", title="Wasp eyes")
    assert lesson_titles(student, EVERYWHERE, q="ultraviolet") == ["Bee eyes"]
    enrolment = enrol(cast.student, make.CohortFactory(course=other.course), role="student", by=cast.admin)
    assert sorted(lesson_titles(student, EVERYWHERE, q="ultraviolet")) == ["Bee eyes", "Wasp eyes"]
    assert "Wasps and fruit</bdi> · " in shown(student, EVERYWHERE, q="ultraviolet")
    set_state(enrolment, "left", by=cast.admin)
    assert lesson_titles(student, EVERYWHERE, q="ultraviolet") == ["Bee eyes"]


def test_a_teacher_of_one_course_sees_no_drafts_of_another(cast: Cast, client: Client) -> None:
    other = make.ModuleFactory()
    make.reading(other, "Not yet.", title="Hidden", published=False)
    enrol(cast.teacher, make.CohortFactory(course=other.course), role="student", by=cast.admin)
    client.force_login(cast.teacher)
    assert lesson_titles(client, EVERYWHERE, q="yet") == ["Unfinished"]


def test_an_outsider_finds_nothing_anywhere(cast: Cast, client: Client) -> None:
    client.force_login(cast.outsider)
    assert "No results" in shown(client, EVERYWHERE, q="ultraviolet")


def test_each_course_is_searched_in_its_own_language(cast: Cast, student: Client) -> None:
    finnish = make.ModuleFactory(course__language="fi")
    make.reading(finnish, "Mehiläiset näkevät kukkia.", title="Mehiläinen")
    enrol(cast.student, make.CohortFactory(course=finnish.course), role="student", by=cast.admin)
    assert lesson_titles(student, EVERYWHERE, q="kukka") == ["Mehiläinen"]
    assert lesson_titles(student, EVERYWHERE, q="seeing") == ["Bee eyes"]


def test_search_escapes_what_it_quotes(cast: Cast, student: Client, path: str) -> None:
    make.reading(cast.module, "`<script>alert(1)</script>` ultraviolet", title="Code", position=8)
    text = shown(student, path, q="ultraviolet script")
    assert "<script>alert" not in text
    assert "&lt;<mark>script</mark>&gt;alert" in text
    assert "&lt;b&gt;" in shown(student, path, q="<b>")


@pytest.mark.parametrize("page", ["0", "-1", "2", "999999999999999999999", "x", "٣", ""])
def test_a_page_that_is_none_is_the_nearest(student: Client, path: str, page: str) -> None:
    assert lesson_titles(student, path, q="ultraviolet", page=page) == ["Bee eyes"]


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_search_asks_six_times_at_most_and_the_same_of_more(cast: Cast, student: Client, path: str) -> None:
    before = queries(student, f"{path}?q=bees light")
    for language in ("en", "de", "fi", "zh"):
        module = make.ModuleFactory(course__language=language)
        make.reading(module, "Bees see ultraviolet light.\n\nMore bees.")
        enrol(cast.student, make.CohortFactory(course=module.course), role="student", by=cast.admin)
    assert queries(student, f"{path}?q=bees light") == before <= MOST_QUERIES


PAGES = ["/courses/{course}/", "/courses/{course}/notes/", "/lessons/{lecture}/", "/lessons/{lecture}/transcript/en/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["student", "teacher", "editor", "admin"])
def test_every_page_of_a_course_has_its_search_in_the_head(cast: Cast, client: Client, page: str, role: str) -> None:
    client.force_login(cast.person(role))
    lecture = lectures.lecture(cast.module, position=9)
    head = shown(client, page.format(course=cast.course.pk, lecture=lecture.pk)).split("<main")[0]
    address = COURSE.format(course=cast.course.pk)
    assert f'role="search" aria-label="Search this course" action="{address}"' in head
    assert f'<a class="head-search-link" href="{address}" aria-label="Search this course">' in head


@pytest.mark.parametrize("page", ["/", "/courses/"])
def test_today_and_the_list_of_courses_search_all_of_them(student: Client, page: str) -> None:
    head = shown(student, page).split("<main")[0]
    assert 'role="search" aria-label="Search all your courses" action="/search/"' in head


@pytest.mark.parametrize(
    "page", ["/me/", "/help/", "/inbox/", "/forum/", "/conversations/", "/courses/{course}/feedback/"]
)
def test_every_other_page_of_a_student_leads_to_search(cast: Cast, student: Client, page: str) -> None:
    head = shown(student, page.format(course=cast.course.pk)).split("<main")[0]
    assert head.count('class="head-search-link" href="/search/"') == 1


@pytest.mark.parametrize("page", ["/courses/{course}/search/", "/search/"])
def test_a_page_of_search_has_none_in_the_head(cast: Cast, student: Client, page: str) -> None:
    assert "head-search" not in shown(student, page.format(course=cast.course.pk)).split("<main")[0]


def test_one_word_that_is_nowhere_is_looked_at_for_its_spelling(student: Client, path: str) -> None:
    assert "try only the start of the word" in shown(student, path, q="retreival")
    assert "try fewer words" in shown(student, path, q="retreival practice")


def test_two_courses_do_not_share_a_remembered_head(cast: Cast, client: Client) -> None:
    other = make.CourseFactory()
    client.force_login(cast.admin)
    for course in (cast.course, other):
        assert COURSE.format(course=course.pk) in shown(client, f"/courses/{course.pk}/").split("<main")[0]


def test_minutes_and_seconds_follow_what_a_reader_sees(cast: Cast) -> None:
    words = "bees " * 2_000
    for html in (f"<div>{words}</div>", f"{words}<br>{words}", f"<details><summary>More</summary>{words}</details>"):
        activity = make.ActivityFactory(module=cast.module)
        texts.write(activity, source=html, format="html", references=lambda address: None)
        activity.refresh_from_db()
        assert activity.minutes >= 11
        assert activity.dwell_seconds >= 300


def test_all_ones_courses_are_those_that_the_querysets_name(cast: Cast) -> None:
    make.CourseFactory()
    make.EnrolmentFactory(user=cast.student, cohort__course=make.CourseFactory(), state="suspended")
    make.EnrolmentFactory(user=cast.student, cohort=make.CohortFactory(course=cast.course, name="Another"))
    make.EnrolmentFactory(user=cast.student, cohort=make.CohortFactory(), role="teacher")
    for viewer in User.objects.all():
        named = Course.objects.readable_by(viewer)
        drafted = (
            named if viewer.is_staff else named.filter(enrolled(viewer, "pk", SEEING_DRAFTS) | edits(viewer, "pk"))
        )
        assert dict(searched_by(viewer)) == {course: course in drafted for course in named}
