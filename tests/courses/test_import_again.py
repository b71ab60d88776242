"""The same course imported again: in place, with nothing of anybody lost."""

import pytest
from django.test import Client

from courses.models import Activity, Course, CourseFile, KeptItem, Module
from courses.packages.draft import CourseDraft, ModuleDraft
from courses.packages.reasons import NO_LONGER_THERE
from courses.services import authoring
from files.models import File
from progress.models import Completion
from progress.services import ticks
from tests.courses import searching
from tests.courses.test_imports import bring, lesson, link, page, quiz, rivers, sheet, structure, studying
from tests.factories import courses as make

FILES = {"map.pdf": b"%PDF-1.4"}


def draft(spring: str = "<p>Water</p>") -> CourseDraft:
    source = ModuleDraft("m1", "Source", items=[page("spring", spring), sheet("map", "map.pdf"), quiz("q1")])
    return rivers(source, ModuleDraft("m2", "Mouth", items=[link("delta"), page("sea")]))


@pytest.fixture
def course(db: None) -> Course:
    return bring(draft(), FILES)


def ids() -> dict[str, int]:
    return dict(Activity.objects.exclude(origin="").values_list("origin", "pk"))


def revisions() -> dict[str, int]:
    return dict(Activity.objects.values_list("origin", "revision"))


def test_importing_the_same_package_twice_changes_nothing(course: Course) -> None:
    tables = (Course, Module, Activity, CourseFile, File, KeptItem)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    assert bring(draft(), FILES) == course
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_only_what_changed_is_to_be_looked_at_again(course: Course) -> None:
    before = ids()
    changed = draft(spring="<p>Cold water</p>")
    changed.modules[1].items[0].url = "https://example.org/other"
    bring(changed, {"map.pdf": b"%PDF-1.7"})
    assert ids() == before
    assert revisions() == {"spring": 2, "map": 2, "delta": 2, "sea": 1}
    assert "Cold water" in lesson(studying(course), "spring")


def test_ticks_stay_and_say_that_the_page_has_changed(course: Course, client: Client) -> None:
    student = make.EnrolmentFactory(cohort__course=course)
    spring = Activity.objects.get(origin="spring")
    ticks.complete(student, spring, how="marked", evidence={}, by=student.user)
    bring(draft(spring="<p>Cold water</p>"), FILES)
    assert Completion.objects.standing().get().activity == spring
    client.force_login(student.user)
    page = client.get(f"/courses/{course.pk}/").content.decode()
    assert "1 of 4 done" in page
    assert "Changed since you did it" in page


def test_what_a_person_set_by_hand_is_kept(course: Course) -> None:
    Activity.objects.filter(origin="spring").update(
        minutes=45, minutes_by_hand=True, rule="marked", published=False, required=False
    )
    Module.objects.filter(origin="m2").update(published=False)
    bring(draft(spring="<p>Cold water</p>"), FILES)
    spring = Activity.objects.get(origin="spring")
    assert (spring.minutes, spring.rule, spring.published, spring.required) == (45, "marked", False, False)
    assert not Module.objects.get(origin="m2").published


def test_titles_follow_the_package(course: Course) -> None:
    renamed = draft()
    renamed.modules[0].title, renamed.modules[0].items[0].title = "The source", "The spring"
    bring(renamed, FILES)
    assert structure(course)[0] == ("The source", ["The spring", "Map"])


def test_own_activities_and_modules_stand_after_the_packages(course: Course) -> None:
    source = Module.objects.get(origin="m1")
    own = make.reading(source, title="My own", position=50)
    module = authoring.add_module(course, Module(title="My module"))
    authoring.move(own, by=-1)
    authoring.move(module, by=-1)
    bring(draft(), FILES)
    assert structure(course) == [
        ("Source", ["Spring", "Map", "My own"]),
        ("Mouth", ["Delta", "Sea"]),
        ("My module", []),
    ]
    assert Activity.objects.get(title="My own").pk == own.pk


def test_reordering_and_moving_between_modules_keeps_every_id(course: Course) -> None:
    before = ids()
    moved = draft()
    first, second = moved.modules
    second.items.insert(1, first.items.pop(0))
    first.items.insert(0, second.items.pop())
    moved.modules = [second, first]
    bring(moved, FILES)
    assert structure(course) == [("Mouth", ["Delta", "Spring"]), ("Source", ["Sea", "Map"])]
    assert ids() == before
    assert set(revisions().values()) == {1}


def test_moving_an_activity_from_a_module_that_comes_first_and_back(course: Course) -> None:
    before = ids()
    moved = draft()
    moved.modules[1].items.insert(0, moved.modules[0].items.pop(0))
    bring(moved, FILES)
    assert structure(course) == [("Source", ["Map"]), ("Mouth", ["Spring", "Delta", "Sea"])]
    bring(draft(), FILES)
    assert structure(course) == [("Source", ["Spring", "Map"]), ("Mouth", ["Delta", "Sea"])]
    assert ids() == before


def test_what_the_package_no_longer_holds_stays_and_is_reported(course: Course) -> None:
    student = make.EnrolmentFactory(cohort__course=course)
    ticks.complete(student, Activity.objects.get(origin="sea"), how="marked", evidence={}, by=student.user)
    smaller = draft()
    smaller.modules[1].items.pop()
    bring(smaller, FILES)
    assert structure(course)[1] == ("Mouth", ["Delta", "Sea"])
    assert Completion.objects.standing().count() == 1
    assert [(line.identifier, line.outcome) for line in smaller.lines] == [("sea", "left as it is")]
    assert smaller.lines[0].reason == NO_LONGER_THERE


def test_module_that_the_package_no_longer_holds_stands_at_the_end(course: Course) -> None:
    smaller = draft()
    del smaller.modules[0]
    bring(smaller, FILES)
    assert structure(course) == [("Mouth", ["Delta", "Sea"]), ("Source", ["Spring", "Map"])]


def test_kept_items_are_updated_and_not_doubled(course: Course) -> None:
    kept = KeptItem.objects.get()
    again = draft()
    again.modules[1].items.append(again.modules[0].items.pop())
    again.modules[1].items[-1].title = "Quiz, corrected"
    bring(again, FILES)
    found = KeptItem.objects.get()
    assert (found.pk, found.title, found.module.title) == (kept.pk, "Quiz, corrected", "Mouth")


def test_replaced_file_keeps_its_address_and_the_old_bytes_go(
    course: Course, django_capture_on_commit_callbacks: object
) -> None:
    address, old = CourseFile.objects.get().pk, File.objects.get()
    blob = old.blob
    with django_capture_on_commit_callbacks(execute=True):
        bring(draft(), {"map.pdf": b"%PDF-1.7"})
    assert CourseFile.objects.get().pk == address
    with CourseFile.objects.get().file.blob.open() as stored:
        assert stored.read() == b"%PDF-1.7"
    assert not blob.storage.exists(blob.name)
    assert File.objects.count() == 1


def test_item_that_has_become_another_kind_gets_a_rule_of_that_kind(course: Course) -> None:
    other = draft()
    other.modules[0].items[0] = link("spring", "https://example.org/spring")
    bring(other, FILES)
    spring = Activity.objects.get(origin="spring")
    assert (spring.kind, spring.rule) == ("link", "opened")
    studying(course).post(f"/lessons/{spring.pk}/open/")
    assert Completion.objects.standing().filter(activity=spring, how="opened").exists()


def test_item_that_has_become_another_kind_keeps_its_tick_and_is_to_be_looked_at_again(course: Course) -> None:
    student = make.EnrolmentFactory(cohort__course=course)
    spring = Activity.objects.get(origin="spring")
    ticks.complete(student, spring, how="read", evidence={}, by=student.user)
    other = draft()
    other.modules[0].items[0] = link("spring", "https://example.org/spring")
    bring(other, FILES)
    assert Completion.objects.standing().get().activity == spring
    assert revisions()["spring"] == 2


def test_language_that_the_package_corrects_is_searched_in_at_once(course: Course) -> None:
    words = "<p>She was running home</p>"
    corrected = draft(words)
    corrected.language = "en"
    bring(corrected, FILES)
    again = draft(words)
    again.language = "is"
    found = bring(again, FILES)
    assert searching.found(found, "running") == ["She was running home"]
