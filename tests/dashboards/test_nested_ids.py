"""A right to the outer thing is no right to what is named inside it."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client

from courses.models import Activity, Cohort, Enrolment
from tests.cast import Cast
from tests.dashboards.steps import NOW, due
from tests.factories import courses as make


def snapshot() -> dict[str, list[dict]]:
    """Every row of the tables that a course is made of."""
    models = [*apps.get_app_config("courses").get_models(), *apps.get_app_config("progress").get_models()]
    return {m._meta.label: list(m.objects.order_by("pk").values()) for m in models if m._meta.managed}


class Foreign:
    """A course with everything in it, of which the people of the cast know nothing."""

    def __init__(self) -> None:
        self.cohort: Cohort = make.CohortFactory(name="Foreign group")
        self.module = make.ModuleFactory(course=self.cohort.course, position=0)
        self.first: Activity = make.reading(self.module, position=0)
        self.second: Activity = make.reading(self.module, position=1)
        self.enrolment: Enrolment = make.EnrolmentFactory(cohort=self.cohort)
        due(self.cohort, self.first, NOW)


WALL = {"suggested_wall": "2026-12-10T16:00"}
AGREED = {"agreed_wall": "2026-12-10T16:00", "reason": ""}
READING = {"title": "Taken", "rule": "read", "format": "markdown", "source": "Taken."}
Call = Callable[[Cast, Foreign], tuple[str, str, dict]]
CALLS: dict[str, Call] = {
    "date of a foreign activity": lambda c, f: (
        "teacher", f"/teach/cohorts/{c.cohort.pk}/dates/{f.first.pk}/", WALL),
    "date of a foreign activity taken away": lambda c, f: (
        "teacher", f"/teach/cohorts/{c.cohort.pk}/dates/{f.first.pk}/", {"remove": ""}),
    "date in a foreign cohort": lambda c, f: (
        "teacher", f"/teach/cohorts/{f.cohort.pk}/dates/{c.reading.pk}/", WALL),
    "date in the neighbour cohort": lambda c, f: (
        "teacher", f"/teach/cohorts/{c.elsewhere.pk}/dates/{c.reading.pk}/", WALL),
    "extension for a foreign student": lambda c, f: (
        "teacher", f"/teach/students/{f.enrolment.pk}/extensions/{f.first.pk}/", AGREED),
    "extension for a foreign activity": lambda c, f: (
        "teacher", f"/teach/students/{c.enrolment.pk}/extensions/{f.first.pk}/", AGREED),
    "accommodation for a foreign student": lambda c, f: (
        "teacher", f"/teach/students/{f.enrolment.pk}/accommodation/", {"extra_days": 9, "time_percent": 100}),
    "tick on a foreign activity": lambda c, f: ("student", f"/lessons/{f.first.pk}/done/", {}),
    "tick on a hidden activity": lambda c, f: ("student", f"/lessons/{c.draft.pk}/done/", {}),
    "change of a foreign activity": lambda c, f: ("editor", f"/edit/activities/{f.first.pk}/", READING),
    "move of a foreign activity": lambda c, f: ("editor", f"/edit/activities/{f.second.pk}/move/", {"up": ""}),
    "new activity in a foreign module": lambda c, f: ("editor", f"/edit/modules/{f.module.pk}/new/reading/", READING),
    "new module in a foreign course": lambda c, f: (
        "editor", f"/edit/courses/{f.cohort.course_id}/modules/new/", {"title": "Taken"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_inner_id_of_somebody_else_is_not_found_and_changes_no_row(cast: Cast, client: Client, name: str) -> None:
    foreign = Foreign()
    role, path, data = CALLS[name](cast, foreign)
    client.force_login(cast.person(role))
    before = snapshot()
    assert client.post(path, data).status_code == 404
    assert snapshot() == before


@pytest.mark.parametrize("target", ["foreign", "words", "gone", "nothing"])
def test_person_is_not_moved_into_what_is_no_cohort_of_the_course(cast: Cast, client: Client, target: str) -> None:
    foreign = Foreign()
    sent = {"foreign": foreign.cohort.pk, "words": "all", "gone": 10**12, "nothing": ""}[target]
    client.force_login(cast.admin)
    before = snapshot()
    assert client.post(f"/manage/enrolments/{cast.enrolment.pk}/state/", {"cohort": sent}).status_code == 302
    assert snapshot() == before


def test_state_that_does_not_exist_is_not_set(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    before = snapshot()
    client.post(f"/manage/enrolments/{cast.enrolment.pk}/state/", {"state": "king"})
    assert snapshot() == before


def test_fields_that_a_form_does_not_have_are_not_written(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    due(cast.cohort, cast.reading, NOW)
    sent = {**AGREED, "by_student": "on", "granted_by": cast.admin.pk, "enrolment": 1, "zone": "UTC"}
    client.post(f"/teach/students/{cast.enrolment.pk}/extensions/{cast.reading.pk}/", sent)
    found = cast.enrolment.extensions.get()
    assert (found.granted_by, found.by_student, str(found.zone)) == (cast.teacher, False, "Europe/Berlin")


def test_looking_at_every_page_of_a_teacher_changes_no_row(cast: Cast, client: Client) -> None:
    due(cast.cohort, cast.reading, NOW)
    client.force_login(cast.admin)
    before = snapshot()
    for path in (
        f"/teach/cohorts/{cast.cohort.pk}/",
        f"/teach/cohorts/{cast.cohort.pk}/dates/?remove=",
        f"/teach/cohorts/{cast.cohort.pk}/dates/{cast.reading.pk}/?remove=",
        f"/teach/students/{cast.enrolment.pk}/?agreed_wall=2026-12-10T16:00",
        f"/manage/cohorts/{cast.cohort.pk}/?state=left",
        f"/edit/activities/{cast.reading.pk}/?title=Taken",
        f"/edit/courses/{cast.course.pk}/editors/?remove=1",
    ):
        assert client.get(path).status_code == 200
    assert snapshot() == before
