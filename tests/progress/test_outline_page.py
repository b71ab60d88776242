"""The page of a course: what stands on a row, what is said once, and which modules stand open."""

import re

import pytest
from django.test import Client

from progress.pages.outlines import SHOWN_WHOLE
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make

RULE = "open on your screen"


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def page(client: Client, cast: Cast, query: str = "") -> str:
    return client.get(f"/courses/{cast.course.pk}/{query}").content.decode()


def row(text: str, title: str) -> str:
    return next(one for one in re.findall(r"<li class=\"step.*?</li>", text, re.S) if title in one)


def opened(text: str) -> list[str]:
    """The titles of modules that stand open."""
    modules = re.findall(r'<h2 id="module-\d+"[^>]*>(.*?)</h2>\s*<details( open)?>', text)
    assert modules
    return [title for title, is_open in modules if is_open]


def done(cast: Cast, *activities: object) -> None:
    for activity in activities:
        ticks.complete(cast.enrolment, activity, how="marked", by=cast.student, evidence={})


def test_a_rule_is_said_once_however_many_lessons_follow_it(student: Client, cast: Cast) -> None:
    for place in range(9):
        make.reading(cast.module, title=f"Chapter {place}", dwell_seconds=60 + 60 * place, position=10 + place)
    text = page(student, cast)
    assert text.count(RULE) == 1
    assert "Ticked" not in row(text, "Chapter 4")
    assert text.count("Ticked when you open the file, or when you mark it as done.") == 1


def test_a_row_says_a_rule_that_most_of_its_kind_do_not_follow(student: Client, cast: Cast) -> None:
    make.reading(cast.module, title="Chapter one", position=10)
    make.reading(cast.module, title="Say when you have slept", rule="marked", position=11)
    text = page(student, cast)
    assert "Ticked when you mark it as done." in row(text, "Say when you have slept")
    assert "Ticked" not in row(text, "Chapter one")


def test_each_row_shows_and_says_its_kind(student: Client, cast: Cast) -> None:
    text = page(student, cast)
    for activity, icon, label in ((cast.reading, "reading", "Reading"), (cast.file, "file", "File")):
        assert f"icons.svg#{icon}" in row(text, activity.title)
        assert f'<span class="unseen">{label}, </span>' in row(text, activity.title)


def test_a_row_with_nothing_unusual_is_one_line(student: Client, cast: Cast) -> None:
    make.reading(cast.module, title="As usual", position=10)
    make.reading(cast.module, title="If you like", required=False, position=11)
    text = page(student, cast)
    assert "step-facts" not in row(text, "As usual")
    assert "Optional" in row(text, "If you like")


def test_an_optional_lesson_that_is_done_still_says_that_it_is_optional(student: Client, cast: Cast) -> None:
    extra = make.reading(cast.module, title="If you like", required=False, position=11)
    done(cast, extra, cast.reading)
    text = page(student, cast)
    assert "Optional" in row(text, "If you like")
    assert "step-facts" not in row(text, cast.reading.title)


def test_a_finished_module_is_folded_and_the_one_with_the_next_step_is_open(student: Client, cast: Cast) -> None:
    second = make.ModuleFactory(course=cast.course, title="Second", position=5)
    make.reading(second, title="Next one", position=0)
    done(cast, cast.reading, cast.file, cast.link)
    text = page(student, cast)
    assert opened(text) == ["Second"]
    assert 'aria-current="step"' in row(text, "Next one")
    assert opened(page(student, cast, f"?open={cast.module.pk}")) == [cast.module.title, "Second"]


@pytest.mark.parametrize("asked", ["", "0", "x", "9" * 30, "-1", "²"])
def test_what_nobody_can_open_is_no_fault(student: Client, cast: Cast, asked: str) -> None:
    assert opened(page(student, cast, f"?open={asked}")) == [cast.module.title]


def test_what_is_new_in_a_finished_module_opens_it_again(student: Client, cast: Cast) -> None:
    second = make.ModuleFactory(course=cast.course, title="Second", position=5)
    make.reading(second, title="Still to do", position=0)
    done(cast, cast.reading, cast.file, cast.link)
    make.reading(cast.module, title="Came late", position=20)
    assert opened(page(student, cast)) == [cast.module.title, "Second"]


def test_a_long_course_is_a_list_of_its_modules(student: Client, cast: Cast) -> None:
    for number in range(SHOWN_WHOLE // 10 + 1):
        module = make.ModuleFactory(course=cast.course, title=f"Week {number}", position=5 + number)
        for place in range(10):
            make.reading(module, position=place)
    assert opened(page(student, cast)) == [cast.module.title]


def test_the_way_back_from_a_lesson_opens_its_module(student: Client, cast: Cast) -> None:
    text = student.get(f"/lessons/{cast.reading.pk}/").content.decode()
    assert f"/courses/{cast.course.pk}/?open={cast.module.pk}#module-{cast.module.pk}" in text


def test_a_teacher_reads_the_rules_and_no_states(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    text = page(client, cast)
    assert text.count(RULE) == 1
    assert "Not started" not in text
    assert "3 activities" in text or "4 activities" in text
