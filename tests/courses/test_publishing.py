"""Showing a whole course or module with one button, what stays hidden, and taking it back."""

import pytest
from django.test import Client

from courses.models import Activity, Course, Module, Reading
from courses.packages.draft import ModuleDraft
from courses.selectors import visibility
from courses.services import imports, publishing
from progress.selectors import outlines
from progress.services import ticks
from tests.cast import Cast
from tests.courses.test_imports import Folder, bring, page, rivers
from tests.factories import courses as make
from tests.undoing import undo


def hidden(course: Course, *, published: bool = False) -> Module:
    """A module as most exports bring it, with an answer key and a page without a word."""
    module = make.ModuleFactory(course=course, title="Winter", position=5, published=False)
    make.reading(module, "Bees keep warm.", title="Warm", position=0, published=published)
    make.reading(module, "They shiver.", title="Shiver", position=1, published=published)
    make.reading(module, "42", title="Answers", position=2, published=published, for_instructors=True)
    make.reading(module, "", title="Blank", position=3, published=published)
    return module


def seen(course: Course) -> set[str]:
    return {activity.title for activity in Activity.objects.filter(module__course=course).shown()}


@pytest.mark.parametrize("published", [False, True])
def test_course_is_shown_without_what_is_for_instructors_or_empty(cast: Cast, client: Client, published: bool) -> None:
    hidden(cast.course, published=published)
    client.force_login(cast.editor)
    assert "Students can’t see 5 of 8 lessons yet." in client.get(f"/edit/courses/{cast.course.pk}/").content.decode()
    said = client.post(f"/edit/courses/{cast.course.pk}/publish/", follow=True)
    assert "Students now see 3 more lessons." in said.content.decode()
    assert seen(cast.course) == {"Bee eyes", "Counting sheet", "A bee garden", "Unfinished", "Warm", "Shiver"}
    assert "1 for instructors, 1 that is empty" in " ".join(said.content.decode().split())
    assert "3 lessons are hidden again." in undo(client, said) or published
    assert seen(cast.course) == {"Bee eyes", "Counting sheet", "A bee garden"}
    assert set(Activity.objects.filter(module__title="Winter").values_list("published", flat=True)) == {published}


def test_module_is_shown_alone(cast: Cast, client: Client) -> None:
    module = hidden(cast.course)
    client.force_login(cast.editor)
    said = client.post(f"/edit/modules/{module.pk}/publish/", follow=True)
    assert "Students now see 2 more lessons." in said.content.decode()
    assert "Unfinished" not in seen(cast.course)
    undo(client, said)
    module.refresh_from_db()
    assert not module.published


def test_second_click_says_that_there_was_nothing_left(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    client.post(f"/edit/courses/{cast.course.pk}/publish/")
    again = client.post(f"/edit/courses/{cast.course.pk}/publish/", follow=True).content.decode()
    assert "nothing left to show" in again
    assert "Show the whole course" not in again


def test_module_with_nothing_to_show_stays_as_it_is(cast: Cast) -> None:
    empty = make.ModuleFactory(course=cast.course, title="Empty", position=6, published=False)
    publishing.publish(cast.course)
    empty.refresh_from_db()
    assert not empty.published


def test_what_is_shown_late_is_new_and_nobody_is_behind_with_it(cast: Cast) -> None:
    for activity in (cast.reading, cast.file, cast.link):
        ticks.complete(cast.enrolment, activity, how="marked", evidence={}, by=cast.student)
    hidden(cast.course)
    publishing.publish(cast.course)
    outline = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    assert (outline.done, outline.total, outline.new) == (3, 3, 3)


def test_undo_leaves_what_was_changed_since(cast: Cast, client: Client) -> None:
    hidden(cast.course)
    client.force_login(cast.editor)
    said = client.post(f"/edit/courses/{cast.course.pk}/publish/", follow=True)
    Activity.objects.filter(title="Unfinished").update(published_at="2026-12-01T00:00Z")
    undo(client, said)
    assert "Unfinished" in seen(cast.course)


@pytest.mark.parametrize(
    ("text", "empty"),
    [("", True), ("   \n", True), ("Two words", False), ("![A bee](https://example.org/b.png)", False), ("---", True)],
)
def test_empty_is_a_text_without_a_word_or_picture(cast: Cast, text: str, empty: bool) -> None:
    module = make.ModuleFactory(course=cast.course, position=6)
    make.reading(module, text, title="One", published=False)
    assert visibility(cast.course).empty == empty


def test_file_link_and_lecture_without_their_content_are_empty(cast: Cast) -> None:
    module = make.ModuleFactory(course=cast.course, position=6)
    for kind in ("file", "link", "lecture"):
        make.ActivityFactory(module=module, kind=kind, rule="opened", published=False)
    assert visibility(cast.course).empty == 3


def test_thousand_lessons_can_be_hidden_again(cast: Cast, client: Client) -> None:
    module = make.ModuleFactory(course=cast.course, position=6)
    made = Activity.objects.bulk_create(
        make.ActivityFactory.build(module=module, title=f"Page {n}", position=n, published=False) for n in range(1000)
    )
    Reading.objects.bulk_create(Reading(activity=one, words=3, html="<p>One two three</p>") for one in made)
    client.force_login(cast.editor)
    said = client.post(f"/edit/modules/{module.pk}/publish/", follow=True)
    assert "1000 lessons are hidden again." in undo(client, said)


def test_import_shows_what_is_new_and_leaves_what_a_person_hid(cast: Cast) -> None:
    def draft(*names: str) -> object:
        found = rivers(ModuleDraft("m1", "Springs", False, [page(name, published=False) for name in names]))
        found.files = []
        return found

    def apply(found: object, *, publish: bool) -> Course:
        return imports.apply(found, Folder({}), into=None, by=None, progress=lambda *step: None, publish=publish)

    course = apply(draft("a"), publish=True)
    assert seen(course) == {"A"}
    Activity.objects.filter(origin="a").update(published=False)
    apply(draft("a", "b"), publish=True)
    assert seen(course) == {"B"}
    apply(draft("a", "b", "c"), publish=False)
    assert seen(course) == {"B"}


def test_blank_page_of_a_package_is_not_shown_with_the_others(cast: Cast) -> None:
    course = bring(rivers(ModuleDraft("m1", "Springs", False, [page("a"), page("blank", "<p> </p>", published=False)])))
    publishing.publish(course)
    assert seen(course) == {"A"}
