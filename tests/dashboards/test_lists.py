"""Every list of the product asks the same at ten rows and at hundreds, and shows fifty of them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import fill_lists, inside
from common.paging import PAGE
from courses.models import Course
from progress.selectors.standings import not_studied
from tests.cast import Cast
from tests.factories import courses as make

MOST, MOST_OF_A_STUDENT = 12, 8


def asked(lists: fill_lists.Lists) -> dict[str, int]:
    """Queries of a second visit: the first also writes that somebody was there."""
    found = {}
    for one in fill_lists.every_list(lists):
        client = Client()
        client.force_login(getattr(lists, one.who))
        client.get(one.path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(one.path).status_code == 200, one.name
        found[one.name] = len(captured)
    return found


def test_every_list_asks_the_same_at_ten_rows_and_at_three_hundred(db: None) -> None:
    lists = fill_lists.begin()
    fill_lists.grow(lists, 0, 10)
    few = asked(lists)
    fill_lists.grow(lists, 10, 300)
    inside.analyse()
    many = asked(lists)
    assert {name: (few[name], count) for name, count in many.items() if count != few[name]} == {}
    students = {one.name for one in fill_lists.every_list(lists) if one.who == "student"}
    over = {name: count for name, count in few.items() if count > (MOST_OF_A_STUDENT if name in students else MOST)}
    assert over == {}


def test_no_list_shows_more_than_a_page(db: None) -> None:
    lists = fill_lists.begin()
    fill_lists.grow(lists, 0, 130)
    for one in fill_lists.every_list(lists):
        client = Client()
        client.force_login(getattr(lists, one.who))
        if "found" not in one.name and one.name not in ("Today", "overview"):
            page = client.get(one.path).content.decode()
            assert "Page 1" in page, one.name
            after = client.get(f"{one.path}{'&' if '?' in one.path else '?'}{one.turns}=2").content.decode()
            assert "Page 2" in after, one.name
            rows = page.count("<li") + page.count("<tr")
            # A report has two lists; a row of an author's course holds its activity.
            assert rows < 3 * PAGE + 20, one.name


WALKED = {
    "courses of a teacher",
    "cohorts of a teacher",
    "cohorts of a teacher, found",
    "class",
    "class, found",
    "cohorts of a person",
    "members",
    "members, found",
    "people of a cohort, as a teacher",
    "people of a cohort, found, as a teacher",
}


def links(client: Client, path: str) -> list[str]:
    return re.findall(r'href="(/[^"]+)"', client.get(path).content.decode().partition("<main")[2])


def test_a_page_is_the_same_whether_few_are_gathered_or_many_are_walked(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = fill_lists.begin()
    fill_lists.grow(lists, 0, 130)
    # A course that the teacher also studies is no longer among the others.
    studied = make.CohortFactory(course=Course.objects.get(title="Listed course 10 bees"))
    make.EnrolmentFactory(user=lists.teacher, cohort=studied)
    for one in fill_lists.every_list(lists):
        if one.name not in WALKED:
            continue
        client = Client()
        client.force_login(getattr(lists, one.who))
        for number in (1, 2):
            path = f"{one.path}{'&' if '?' in one.path else '?'}{one.turns}={number}"
            monkeypatch.setattr("common.walks.FEW", 10_000)
            gathered = links(client, path)
            monkeypatch.setattr("common.walks.FEW", 10)
            assert links(client, path) == gathered, path
            assert len(set(gathered)) > PAGE // 10, path
            others = [course.pk for course in not_studied(lists.teacher)[0:200]]
            assert (len(others), studied.course_id in others) == (131, False)


def test_overview_shows_the_newest_and_leads_to_all(db: None, client: Client) -> None:
    lists = fill_lists.begin()
    fill_lists.grow(lists, 0, 30)
    client.force_login(lists.admin)
    page = client.get("/manage/").content.decode()
    for where, last, first in (
        ("courses", "Listed course 29 ", "Listed course 3 "),
        ("cohorts", "Group of Listed course 29 ", "Group of Listed course 3 "),
        ("imports", "listed29.imscc", "listed3.imscc"),
    ):
        assert last in page
        assert first not in page
        assert f'href="/manage/{where}/"' in page
        assert first in client.get(f"/manage/{where}/").content.decode()


def test_more_than_a_thousand_are_not_counted(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("courses.selectors", "common.templatetags.ui", "dashboards.selectors.newest"):
        monkeypatch.setattr(f"{module}.COUNTED", 20)
    lists = fill_lists.begin()
    fill_lists.grow(lists, 0, 30)
    client.force_login(lists.admin)
    assert "See all 20+ people with an account" in client.get("/manage/").content.decode()
    found = client.get("/manage/cohorts/?q=full+group").content.decode()
    assert "20+ students · 1 teacher" in found


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/manage/courses/?q=zzz", "No course has that in its title."),
        ("/manage/cohorts/?q=zzz", "No cohort or course has that in its name."),
        ("/manage/imports/?q=zzz", "No imported file has that in its name."),
        ("/manage/cohorts/{c.cohort.pk}/?q=zzz", "No one here has that name, username or email address."),
        ("/manage/enrolments/{c.enrolment.pk}/move/?q=zzz", "No other cohort of this course has that in its name."),
        ("/edit/courses/{c.course.pk}/editors/?q=zzz", "No editor of this course has that name"),
        ("/cohorts/{c.cohort.pk}/people/?q=zzz", "No one here has that name."),
        ("/teach/?q=zzz", "None of your cohorts has that in its name or course."),
        ("/teach/cohorts/{c.cohort.pk}/?q=zzz", "No student here has that name."),
        ("/teach/cohorts/{c.cohort.pk}/dates/?q=zzz", "No activity has that in its title."),
        ("/teach/cohorts/{c.cohort.pk}/lectures/?q=zzz", "No lecture has that in its title."),
        ("/courses/?q=zzz", "None of your courses has that in its title."),
        ("/courses/{c.course.pk}/notes/?q=zzz", "None of your notes contain that."),
        ("/courses/{c.course.pk}/search/?q=zzz", "No results"),
    ],
)
def test_a_search_that_finds_nothing_says_so_and_can_be_changed(
    cast: Cast, client: Client, path: str, said: str
) -> None:
    client.force_login(cast.admin)
    page = client.get(path.format(c=cast)).content.decode()
    assert said in page
    assert 'value="zzz"' in page


@pytest.mark.parametrize(
    ("path", "found", "left_out"),
    [
        ("/manage/courses/?q=BEES", "Bees and flowers", "Course of rivers"),
        ("/manage/cohorts/?q=morn", "Morning group", "Evening group"),
        ("/manage/cohorts/{c.cohort.pk}/?q=other.stu", "Other.Student", "Teacher "),
        ("/cohorts/{c.cohort.pk}/people/?q=other.stu", "Other.Student", "Assistant"),
        ("/manage/enrolments/{c.enrolment.pk}/move/?q=noon", "Noon group", "Evening group"),
        ("/edit/courses/{c.course.pk}/editors/?q=edit", "Editor", "Nobody who may"),
        ("/teach/cohorts/{c.cohort.pk}/dates/?q=sheet", "Counting sheet", "Bee eyes"),
    ],
)
def test_a_list_is_searched_by_a_part_of_the_name(
    cast: Cast, client: Client, path: str, found: str, left_out: str
) -> None:
    make.CourseFactory(title="Course of rivers")
    make.CohortFactory(course=cast.course, name="Noon group")
    client.force_login(cast.admin)
    page = client.get(path.format(c=cast)).content.decode().partition("<main")[2]
    assert found in page
    assert f">{left_out}" not in page
