"""Links inside a course: what an author types, what a package says, and what a page shows."""

import io

import pytest

from common.richtext import LATER, from_html
from courses.models import Course, KeptItem, Reading
from courses.services import texts
from courses.services.course_files import add_file
from courses.services.references import CourseReferences
from tests.factories import courses as make


@pytest.fixture
def course(db: None) -> Course:
    course = make.CourseFactory()
    module = make.ModuleFactory(course=course)
    make.reading(module, origin="bee eyes/1", title="Bee eyes")
    add_file(course, io.BytesIO(b"GIF89a"), "images/a bee.gif")
    return course


@pytest.mark.parametrize("scheme", ["activity:", "package-item:"])
@pytest.mark.parametrize("written", ["bee%20eyes%2F1", "bee eyes/1"])
def test_link_to_an_activity_leads_to_its_lesson(course: Course, scheme: str, written: str) -> None:
    lesson = course.modules.get().activities.get().pk
    assert CourseReferences(course)(scheme + written) == f"/lessons/{lesson}/"


def test_link_into_an_activity_keeps_the_place_under_the_id_that_the_page_gives_it(course: Course) -> None:
    lesson = course.modules.get().activities.get().pk
    assert CourseReferences(course)("activity:bee%20eyes%2F1#far") == f"/lessons/{lesson}/#c-far"


@pytest.mark.parametrize("place", ["%D0%B3%D0%BB", "гл", "a%20b", "ы" * 300, "x" * 200])
def test_link_into_an_activity_has_the_name_that_its_page_gives_the_place(course: Course, place: str) -> None:
    lesson = course.modules.get().activities.get().pk
    html = from_html(f'<p id="{place}">here</p>', lambda address: None).html
    address = CourseReferences(course)(f"activity:bee%20eyes%2F1#{place}")
    assert isinstance(address, str)
    assert f'id="{address.removeprefix(f"/lessons/{lesson}/#")}"' in html


def keep(course: Course, identifier: str) -> None:
    values = {"package": "p", "kind": "quiz", "title": "Quiz", "position": 0, "raw": {}}
    KeptItem.objects.create(course=course, identifier=identifier, **values)


def test_what_is_kept_for_later_is_known_and_has_no_address(course: Course) -> None:
    keep(course, "bee quiz")
    references = CourseReferences(course)
    assert references("package-item:bee%20quiz") is LATER
    assert references("package-item:bee%20quiz#q1") is LATER
    assert CourseReferences(make.CourseFactory())("package-item:bee%20quiz") is None


def test_link_to_what_is_kept_comes_alive_when_it_arrives(course: Course) -> None:
    keep(course, "bee quiz")
    activity = course.modules.get().activities.get()
    source = '<p>Do <a href="package-item:bee%20quiz">the quiz</a>.</p>'
    texts.write(activity, source=source, format="html", references=CourseReferences(course))
    stored = Reading.objects.get(activity=activity)
    assert "<a " not in stored.html
    assert "not available here yet" in stored.html
    assert stored.source == source

    arrived = make.reading(activity.module, origin="bee quiz", position=1)
    texts.write(activity, source=source, format="html", references=CourseReferences(course))
    stored.refresh_from_db()
    assert f'<a href="/lessons/{arrived.pk}/"' in stored.html
    assert "not available" not in stored.html


@pytest.mark.parametrize(
    "address", ["file:images/a bee.gif", "package-file:images/a%20bee.gif", "file:images/a bee.gif#x"]
)
def test_link_to_a_file_leads_to_the_file(course: Course, address: str) -> None:
    found = course.files.get()
    assert CourseReferences(course)(address) == f"/files/{found.pk}/a%20bee.gif"


def test_link_to_the_list_of_modules_leads_to_the_page_of_the_course(course: Course) -> None:
    assert CourseReferences(course)("package-course:") == f"/courses/{course.pk}/"


@pytest.fixture
def kept(course: Course) -> KeptItem:
    values = {"package": "p", "kind": "quiz", "title": "Tides", "position": 1, "raw": {}}
    return KeptItem.objects.create(course=course, identifier="tides/1", **values)


def test_link_to_what_was_kept_comes_alive_when_it_becomes_an_activity(course: Course, kept: KeptItem) -> None:
    module = make.ModuleFactory(course=course, position=7)
    page = make.reading(module, title="Sea")
    source = '<p><a href="package-item:tides%2F1">Tides</a></p>'
    texts.write(page, source=source, format="html", references=CourseReferences(course))
    assert "<a href" not in Reading.objects.get(activity=page).html
    arrived = make.reading(module, origin="tides/1", title="Tides")
    assert texts.render_again(course, ["tides/1"]) == 1
    while texts.renew_some():
        pass
    assert f'href="/lessons/{arrived.pk}/"' in Reading.objects.get(activity=page).html


@pytest.mark.parametrize(
    "address", ["activity:wasps", "file:wasps.gif", "package-item:", "file:", "javascript:alert(1)"]
)
def test_what_is_not_in_the_course_has_no_address(course: Course, address: str) -> None:
    assert CourseReferences(course)(address) is None


def test_course_knows_nothing_of_what_another_course_holds(course: Course) -> None:
    other = CourseReferences(make.CourseFactory())
    assert other("activity:bee%20eyes%2F1") is None
    assert other("file:images/a bee.gif") is None


def test_address_on_this_site_stays_as_it_is(course: Course) -> None:
    assert CourseReferences(course)("/lessons/7/#c-far") == "/lessons/7/#c-far"


# Browsers read a backslash as a slash and skip tabs and line ends, so each of these leads to another host.
@pytest.mark.parametrize(
    "address",
    ["//evil.example/a", "/\\evil.example/a", "/\t/evil.example/a", "/\n/evil.example/a", "/%5Cevil.example/a"],
)
def test_address_that_only_looks_like_one_of_this_site_is_none(course: Course, address: str) -> None:
    assert CourseReferences(course)(address) is None


def test_text_shows_addresses_and_its_source_keeps_what_was_typed(course: Course) -> None:
    activity = course.modules.get().activities.get()
    source = "[Eyes](activity:bee%20eyes%2F1), ![A bee](file:images/a%20bee.gif), [lost](activity:wasps)"
    texts.write(activity, source=source, format="markdown", references=CourseReferences(course))
    stored = Reading.objects.get(activity=activity)
    assert stored.source == source
    assert f'href="/lessons/{activity.pk}/"' in stored.html
    assert f'src="/files/{course.files.get().pk}/a%20bee.gif" alt="A bee"' in stored.html
    assert "wasps" not in stored.html
    assert ", lost</p>" in stored.html
