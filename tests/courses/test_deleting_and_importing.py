"""A package that comes again after something of it was deleted, and deleting while one comes in."""

import pytest
from django.db import connection
from django.test import Client

from courses.models import Activity, Course, Module
from courses.packages.draft import Line, ModuleDraft
from courses.services import deleting
from tests.cast import Cast
from tests.courses.test_imports import bring, page, rivers
from tests.factories import courses as make
from tests.factories.people import UserFactory


def test_import_again_leaves_out_what_was_deleted_here_and_says_so(cast: Cast) -> None:
    course = bring(rivers(ModuleDraft("m1", "Springs", True, [page("a"), page("b")])))
    deleting.delete(Activity.objects.get(origin="a"), by=cast.admin)
    again = rivers(ModuleDraft("m1", "Springs", True, [page("a"), page("b"), page("c")]))
    again.lines = [Line(one, one.title(), "reading", "imported") for one in "abc"]
    assert bring(again) == course
    assert [one.origin for one in Activity.objects.filter(module__course=course).order_by("position")] == ["b", "c"]
    assert [(one.outcome, one.reason and one.reason.code) for one in again.lines] == [
        ("left out", "deleted_here"),
        ("imported", None),
        ("imported", None),
    ]


def test_import_again_leaves_a_deleted_module_away_with_all_in_it(cast: Cast) -> None:
    course = bring(
        rivers(ModuleDraft("m1", "Springs", True, [page("a")]), ModuleDraft("m2", "Mouths", True, [page("b")]))
    )
    deleting.delete(course.modules.get(origin="m1"), by=cast.admin)
    bring(rivers(ModuleDraft("m1", "Springs", True, [page("a"), page("new")]), ModuleDraft("m2", "Mouths", True, [])))
    assert [module.title for module in course.modules.all()] == ["Mouths"]
    deleting.restore(Module.everything.get(course=course, origin="m1"))
    assert {module.title for module in course.modules.all()} == {"Mouths", "Springs"}


def test_import_of_a_deleted_course_makes_a_new_one_and_both_can_be_there(cast: Cast) -> None:
    first = bring(rivers(ModuleDraft("m1", "Springs", True, [page("a")])))
    deleting.delete(first, by=cast.admin)
    second = bring(rivers(ModuleDraft("m1", "Springs", True, [page("a")])))
    assert first.pk != second.pk
    deleting.restore(first)
    assert Course.objects.filter(title="Rivers").count() == 2
    assert bring(rivers(ModuleDraft("m1", "Springs", True, [page("a")]))) == second


@pytest.mark.django_db(transaction=True)
def test_course_that_an_import_is_writing_is_deleted_when_that_is_over(client: Client) -> None:
    admin = UserFactory(is_staff=True)
    course = make.CourseFactory(title="Rivers")
    client.force_login(admin)
    importing = connection.copy()
    try:
        importing.set_autocommit(False)
        with importing.cursor() as cursor:
            cursor.execute("UPDATE courses_course SET summary = 'New' WHERE id = %s", [course.pk])
        said = client.post(f"/edit/courses/{course.pk}/delete/", follow=True).content.decode()
        assert "is being changed right now, perhaps by an import" in said
        importing.rollback()
    finally:
        importing.close()
    assert "was deleted" in client.post(f"/edit/courses/{course.pk}/delete/", follow=True).content.decode()
