"""Who teaches me, who studies with me, and whom a teacher asks for a change."""

import pytest
from django.test import Client

from accounts.models import User
from courses.models import CourseEditor, Enrolment
from tests.cast import Cast
from tests.factories import courses as make


def page(client: Client, cast: Cast, who: str) -> str:
    client.force_login(cast.person(who))
    return client.get(f"/courses/{cast.course.pk}/").content.decode()


def named(cast: Cast, **names: str) -> None:
    for who, name in names.items():
        User.objects.filter(pk=cast.person(who).pk).update(display_name=name)


def test_a_student_sees_the_teachers_of_their_own_cohort(cast: Cast, client: Client) -> None:
    named(
        cast, teacher="Ingrid Solheim", assistant="Priya Rao", elsewhere_teacher="Tomas Okafor", observer="Olga Watch"
    )
    text = page(client, cast, "student")
    assert "Ingrid Solheim" in text
    assert "Priya Rao" in text
    assert "Tomas Okafor" not in text
    assert "Olga" not in text
    assert 'href="/help/#teacher"' in text
    assert 'id="teacher"' in client.get("/help/").content.decode()


def test_a_helper_under_18_is_shown_as_classmates_see_them(cast: Cast, client: Client) -> None:
    named(cast, assistant="Priya Venkatesan")
    User.objects.filter(pk=cast.assistant.pk).update(minor=True)
    text = page(client, cast, "student")
    assert "Priya V." in text
    assert "Venkatesan" not in text


def test_classmates_are_counted_and_not_named(cast: Cast, client: Client) -> None:
    named(cast, other_student="Maya Lindqvist", elsewhere_student="Ben Far")
    text = page(client, cast, "student")
    assert "1 other person studies with you in “Morning group”." in text
    assert "Maya" not in text
    for _ in range(2):
        make.EnrolmentFactory(cohort=cast.cohort)
    make.EnrolmentFactory(cohort=cast.cohort, state=Enrolment.State.LEFT)
    assert "3 others study with you" in page(client, cast, "student")


@pytest.mark.parametrize("gone", ["left", "blocked"])
def test_who_no_longer_teaches_is_not_named(cast: Cast, client: Client, gone: str) -> None:
    named(cast, teacher="Ingrid Solheim")
    if gone == "left":
        Enrolment.objects.filter(user=cast.teacher).update(state="left")
    else:
        User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    assert "Ingrid Solheim" not in page(client, cast, "student")


def test_a_group_without_a_teacher_says_whom_to_ask(cast: Cast, client: Client) -> None:
    Enrolment.objects.filter(role__in=["teacher", "assistant"]).update(state="left")
    assert "No one teaches your group yet." in page(client, cast, "student")


@pytest.mark.parametrize("who", ["teacher", "assistant", "elsewhere_teacher"])
def test_a_teacher_who_may_not_edit_is_told_whom_to_ask(cast: Cast, client: Client, who: str) -> None:
    named(cast, editor="Ina Holt")
    text = page(client, cast, who)
    assert "only its editors can change it" in text
    assert "Ask Ina Holt." in text


def test_without_an_editor_it_is_an_admin(cast: Cast, client: Client) -> None:
    CourseEditor.objects.all().delete()
    assert "It has no editors yet: ask an admin of your school." in page(client, cast, "teacher")


@pytest.mark.parametrize("who", ["student", "observer", "editor", "admin"])
def test_nobody_else_reads_of_editors(cast: Cast, client: Client, who: str) -> None:
    assert "only its editors can change it" not in page(client, cast, who)


def test_a_teacher_who_is_an_editor_too_just_edits(cast: Cast, client: Client) -> None:
    CourseEditor.objects.create(course=cast.course, user=cast.teacher)
    text = page(client, cast, "teacher")
    assert "only its editors can change it" not in text
    assert "Edit the course" in text
