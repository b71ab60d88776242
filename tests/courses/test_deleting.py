"""Deleting and archiving: who may, what goes, what everybody sees at once, and what comes back."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import people
from courses.models import Activity, Cohort, Course, Enrolment, Module
from courses.services import deleting
from progress.models import Note
from progress.selectors import outlines, tallies
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.people import UserFactory
from tests.undoing import undo


def does(enrolment: Enrolment, activity: Activity) -> None:
    ticks.complete(enrolment, activity, how="marked", evidence={}, by=enrolment.user)


def ask(client: Client, viewer: User, path: str, **sent: object) -> str:
    client.force_login(viewer)
    return client.post(path, sent, follow=True).content.decode()


@pytest.mark.parametrize("kind", ["activity", "module", "course", "cohort", "person"])
def test_what_was_made_by_mistake_goes_at_once_and_comes_back(cast: Cast, client: Client, kind: str) -> None:
    course = make.CourseFactory(title="Made by mistake")
    module = make.ModuleFactory(course=course, title="Made by mistake")
    rows = {
        "activity": (make.reading(module, title="Made by mistake"), "/edit/activities/{}/delete/"),
        "module": (module, "/edit/modules/{}/delete/"),
        "course": (course, "/edit/courses/{}/delete/"),
        "cohort": (make.CohortFactory(course=course, name="Made by mistake"), "/manage/cohorts/{}/delete/"),
        "person": (UserFactory(display_name="Made by mistake"), "/manage/people/{}/delete/"),
    }
    row, path = rows[kind]
    client.force_login(cast.admin)
    after = client.post(path.format(row.pk), follow=True)
    assert "“Made by mistake” was deleted." in after.content.decode()
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert "“Made by mistake” is back." in undo(client, after)
    assert type(row).objects.filter(pk=row.pk).exists()
    assert type(row).everything.get(pk=row.pk).deleted_by is None


@pytest.mark.parametrize(
    "path",
    [
        "/courses/{c.course.pk}/",
        "/lessons/{c.reading.pk}/",
        "/courses/{c.course.pk}/search/?q=ultraviolet",
        "/courses/{c.course.pk}/notes/",
        "/edit/courses/{c.course.pk}/",
        "/edit/activities/{c.reading.pk}/",
        "/edit/modules/{c.module.pk}/",
        "/teach/cohorts/{c.cohort.pk}/",
        "/teach/cohorts/{c.cohort.pk}/dates/",
        "/teach/students/{c.enrolment.pk}/",
        "/manage/cohorts/{c.cohort.pk}/",
        "/manage/courses/{c.course.pk}/cohorts/new/",
    ],
)
def test_everything_of_a_deleted_course_is_gone_for_everybody(cast: Cast, client: Client, path: str) -> None:
    address = path.format(c=cast)
    deleting.delete(cast.course, by=cast.admin)
    for person in ("student", "teacher", "editor", "admin"):
        client.force_login(cast.person(person))
        assert client.get(address).status_code == 404, person


def test_bytes_of_a_deleted_course_are_gone_for_its_admin_too(cast: Cast, client: Client) -> None:
    file = cast.file.file_content.course_file
    address = f"/files/{file.pk}/{file.file.name}"
    client.force_login(cast.admin)
    assert client.get(address).status_code == 200
    deleting.delete(cast.course, by=cast.admin)
    assert client.get(address).status_code == 404


def test_file_of_a_deleted_activity_is_closed_to_students(cast: Cast, client: Client) -> None:
    file = cast.file.file_content.course_file
    client.force_login(cast.student)
    deleting.delete(cast.file, by=cast.editor)
    assert client.get(f"/files/{file.pk}/{file.file.name}").status_code == 404


def test_lists_of_everybody_leave_out_a_deleted_course(cast: Cast, client: Client) -> None:
    deleting.delete(cast.course, by=cast.admin)
    for person, path in {
        "student": "/",
        "teacher": "/teach/",
        "editor": "/courses/",
        "admin": "/manage/courses/",
    }.items():
        client.force_login(cast.person(person))
        assert "Bees and flowers" not in client.get(path).content.decode(), path


def test_deleted_activity_leaves_search_outline_and_totals_at_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    assert "Bee eyes" in client.get(f"/courses/{cast.course.pk}/search/?q=ultraviolet").content.decode()
    before = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    deleting.delete(cast.reading, by=cast.editor)
    after = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    assert (before.total, after.total) == (3, 2)
    assert "Bee eyes" not in client.get(f"/courses/{cast.course.pk}/").content.decode()
    found = client.get(f"/courses/{cast.course.pk}/search/?q=ultraviolet").content.decode()
    assert "Bee eyes" not in found
    client.force_login(cast.editor)
    assert "Bee eyes" not in client.get(f"/courses/{cast.course.pk}/search/?q=ultraviolet").content.decode()


def test_class_list_counts_as_the_outline_does_after_a_deletion_and_after_its_undo(cast: Cast) -> None:
    for activity in (cast.reading, cast.file):
        does(cast.enrolment, activity)
    enrolment = cast.enrolment
    late = make.reading(cast.module, title="Came late", position=9, published_at=timezone.now())

    def standing() -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        outline = outlines.of_one(enrolment.pk, cast.course.pk)
        tally = tallies.of_class([enrolment.pk], cast.course.pk, timezone.now())[enrolment.pk]
        return (outline.done, outline.total, outline.new), (tally.done, tally.total, tally.new)

    assert standing() == ((2, 4, 0), (2, 4, 0))
    # Without the link all that was there before is done, so what came late is new.
    deleting.delete(cast.link, by=cast.editor)
    assert standing() == ((2, 2, 1), (2, 2, 1))
    deleting.archive(late, by=cast.editor)
    assert standing() == ((2, 2, 0), (2, 2, 0))
    deleting.restore(cast.link)
    deleting.restore(late)
    assert standing() == ((2, 4, 0), (2, 4, 0))


def test_work_of_students_is_archived_by_who_writes_the_course(cast: Cast, client: Client) -> None:
    does(cast.enrolment, cast.reading)
    said = ask(client, cast.editor, f"/edit/activities/{cast.reading.pk}/delete/")
    assert "work of 1 student" in said
    assert "1 tick." in said
    assert "Only an admin of your school can delete students’ work." in said
    assert Activity.objects.filter(pk=cast.reading.pk).exists()
    # Nor by a form of their own making.
    ask(client, cast.editor, f"/edit/activities/{cast.reading.pk}/delete/", students="1")
    assert Activity.objects.filter(pk=cast.reading.pk).exists()
    assert "was archived" in ask(client, cast.editor, f"/edit/activities/{cast.reading.pk}/delete/", archive="")
    found = Activity.everything.get(pk=cast.reading.pk)
    assert (found.archived, found.deleted_by) == (True, cast.editor)


def test_admin_counts_what_goes(cast: Cast, client: Client) -> None:
    other = Enrolment.objects.get(user=cast.other_student)
    for enrolment in (cast.enrolment, other):
        does(enrolment, cast.reading)
    does(cast.enrolment, cast.link)
    Note.objects.create(enrolment=cast.enrolment, activity=cast.reading, at_ms=0, text="Mine")
    path = f"/edit/courses/{cast.course.pk}/delete/"
    asked = ask(client, cast.admin, path)
    assert "work of 2 students: 3 ticks, 1 note." in re.sub(r"\s+", " ", asked)
    for typed in ("3", "two", "9" * 5000, "-2"):
        said = client.post(path, {"students": typed})
        assert said.status_code == 422
        assert "Nothing has been deleted." in said.content.decode()
    assert Course.objects.filter(pk=cast.course.pk).exists()
    assert "was deleted" in client.post(path, {"students": " 2 "}, follow=True).content.decode()
    assert not Course.objects.filter(pk=cast.course.pk).exists()


def test_work_that_came_after_the_question_is_asked_about_again(cast: Cast, client: Client) -> None:
    does(cast.enrolment, cast.reading)
    path = f"/edit/modules/{cast.module.pk}/delete/"
    ask(client, cast.admin, path)
    does(Enrolment.objects.get(user=cast.other_student), cast.reading)
    said = client.post(path, {"students": "1"})
    assert said.status_code == 422
    assert "Type 2, the number of students" in said.content.decode()


def test_archived_activity_in_a_module_still_counts_as_work_of_the_module(cast: Cast) -> None:
    does(cast.enrolment, cast.reading)
    deleting.archive(cast.reading, by=cast.editor)
    with pytest.raises(deleting.HoldsWork) as refusal:
        deleting.delete(cast.module, by=cast.editor)
    assert refusal.value.work.students == 1


def test_second_tab_is_told_that_it_was_first_archived_elsewhere(cast: Cast, client: Client) -> None:
    path = f"/manage/cohorts/{cast.cohort.pk}/delete/"
    ask(client, cast.teacher, path, archive="")
    assert "has already been archived." in ask(client, cast.teacher, path, archive="")
    assert "has already been archived." in client.get(path, follow=True).content.decode()


def test_who_archived_their_only_cohort_is_led_back_to_it_from_today(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    Enrolment.objects.filter(user=cast.teacher).exclude(cohort=cast.cohort).delete()
    deleting.archive(cast.cohort, by=cast.teacher)
    assert 'href="/deleted/"' in client.get("/").content.decode()
    client.force_login(cast.outsider)
    assert 'href="/deleted/"' not in client.get("/").content.decode()


def test_second_tab_is_told_that_it_was_first_deleted_elsewhere(cast: Cast, client: Client) -> None:
    path = f"/edit/activities/{cast.draft.pk}/delete/"
    ask(client, cast.editor, path)
    first = Activity.everything.get(pk=cast.draft.pk).deleted_at
    assert "“Unfinished” has already been deleted." in ask(client, cast.editor, path)
    assert "“Unfinished” has already been deleted." in client.get(path, follow=True).content.decode()
    assert Activity.everything.get(pk=cast.draft.pk).deleted_at == first


def test_form_that_was_open_does_not_bring_back_what_another_tab_deleted(cast: Cast) -> None:
    open_form = Activity.objects.get(pk=cast.draft.pk)
    deleting.delete(cast.draft, by=cast.editor)
    open_form.title = "Typed meanwhile"
    open_form.save()
    assert not Activity.objects.filter(pk=cast.draft.pk).exists()


def test_deleting_while_another_tab_saves_into_the_module_is_a_page_not_found(cast: Cast, client: Client) -> None:
    deleting.delete(cast.module, by=cast.editor)
    client.force_login(cast.editor)
    sent = {"title": "New", "url": "https://example.org/", "minutes": 5, "rule": "opened"}
    assert client.post(f"/edit/modules/{cast.module.pk}/new/link/", sent).status_code == 404


def test_what_lies_inside_comes_back_with_it_and_what_was_deleted_before_does_not(cast: Cast) -> None:
    deleting.delete(cast.draft, by=cast.editor)
    deleting.delete(cast.module, by=cast.editor)
    deleting.delete(cast.course, by=cast.admin)
    with pytest.raises(deleting.Refused, match="Bring that back first"):
        deleting.restore(Module.everything.get(pk=cast.module.pk))
    deleting.restore(cast.course)
    assert not cast.course.modules.exists()
    deleting.restore(cast.module)
    assert {one.title for one in cast.module.activities.all()} == {"Bee eyes", "Counting sheet", "A bee garden"}


def test_place_that_was_taken_meanwhile_is_kept_by_whoever_took_it(cast: Cast) -> None:
    deleting.delete(cast.reading, by=cast.editor)
    Activity.objects.filter(pk=cast.file.pk).update(position=cast.reading.position)
    deleting.restore(cast.reading)
    assert [one.title for one in cast.module.activities.order_by("position")][-1] == "Bee eyes"


def test_cohort_is_archived_by_its_teacher_who_can_bring_it_back(cast: Cast, client: Client) -> None:
    does(cast.enrolment, cast.reading)
    said = ask(client, cast.teacher, f"/manage/cohorts/{cast.cohort.pk}/delete/", archive="")
    assert "“Morning group” was archived." in said
    cast.student.refresh_from_db()
    cast.teacher.refresh_from_db()
    assert (cast.student.studies, cast.teacher.teaches, cast.teacher.has_staff_role) == (False, False, False)
    assert "Morning group" in client.get("/deleted/").content.decode()
    assert "is back" in ask(client, cast.teacher, f"/edit/deleted/cohort/{cast.cohort.pk}/restore/")
    cast.student.refresh_from_db()
    assert cast.student.studies
    assert outlines.of_one(cast.enrolment.pk, cast.course.pk).done == 1


def test_names_of_a_deleted_account_are_free_and_nobody_signs_in_with_them(cast: Cast, client: Client) -> None:
    person = UserFactory(username="typo", email="typo@example.org", display_name="Typo")
    client.force_login(person)
    deleting.delete(person, by=cast.admin)
    assert client.get("/").status_code == 302
    again = UserFactory(username="typo", email="typo@example.org", display_name="Right this time")
    with pytest.raises(deleting.Refused, match="Someone else now has"):
        deleting.restore(User.everything.get(pk=person.pk))
    again.username, again.email = "other", None
    people.save_person(again)
    deleting.restore(User.everything.get(pk=person.pk))
    back = User.objects.get(pk=person.pk)
    assert (back.username, back.email, back.former_names) == ("typo", "typo@example.org", {})


def test_deleted_account_leaves_its_classes_and_the_people(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.student.pk).update(display_name="Wanda Gone")
    deleting.delete(cast.student, by=cast.admin)
    client.force_login(cast.admin)
    for path in ("/manage/people/", f"/teach/cohorts/{cast.cohort.pk}/", f"/manage/cohorts/{cast.cohort.pk}/"):
        assert "Wanda Gone" not in client.get(path).content.decode(), path


def test_nobody_deletes_themselves(cast: Cast, client: Client) -> None:
    assert "own account" in ask(client, cast.admin, f"/manage/people/{cast.admin.pk}/delete/")
    assert User.objects.filter(pk=cast.admin.pk).exists()


def test_enrolment_of_a_person_deleted_meanwhile_does_not_come_back_with_the_cohort(cast: Cast) -> None:
    deleting.delete(cast.cohort, by=cast.admin)
    deleting.delete(cast.student, by=cast.admin)
    deleting.restore(cast.cohort)
    assert not Enrolment.objects.filter(user=cast.student).exists()
    assert Enrolment.objects.filter(user=cast.other_student).exists()
    deleting.restore(User.everything.get(pk=cast.student.pk))
    assert Enrolment.objects.filter(user=cast.student).exists()


def test_student_on_the_page_is_told_kindly(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    token = re.search(r'"token": "([^"]+)"', client.get(f"/lessons/{cast.reading.pk}/").content.decode())
    deleting.delete(cast.reading, by=cast.editor)
    report = {"opening": token[1], "visible": [[0, 1]]}
    told = client.post(f"/lessons/{cast.reading.pk}/beacon/", report, content_type="application/json")
    assert told.status_code == 410
    assert "no longer part of “Bees and flowers”" in told.json()["gone"]
    for response in (
        client.get(f"/lessons/{cast.reading.pk}/"),
        client.post(f"/lessons/{cast.reading.pk}/done/"),
    ):
        assert response.status_code == 404
        assert "What you did in it is kept" in response.content.decode()
    client.force_login(cast.outsider)
    assert "Bees" not in client.get(f"/lessons/{cast.reading.pk}/").content.decode()


@pytest.mark.parametrize("path", ["/deleted/", "/edit/courses/{c.course.pk}/deleted/"])
def test_where_nothing_was_deleted_the_page_says_what_will_appear(cast: Cast, client: Client, path: str) -> None:
    client.force_login(cast.admin)
    path = path.format(c=cast)
    assert "Nothing deleted or archived" in client.get(path).content.decode()
    deleting.delete(cast.draft if "edit" in path else cast.elsewhere, by=cast.admin)
    assert "Nothing deleted or archived" not in client.get(path).content.decode()


def test_cohort_of_a_deleted_course_is_not_listed_for_bringing_back_alone(cast: Cast, client: Client) -> None:
    deleting.delete(cast.course, by=cast.admin)
    client.force_login(cast.admin)
    page = client.get("/deleted/").content.decode()
    assert "Bees and flowers" in page
    assert "Morning group" not in page
    assert Cohort.everything.get(pk=cast.cohort.pk).deleted_at is not None


def test_account_with_work_is_asked_about_in_words_of_its_own(cast: Cast, client: Client) -> None:
    does(cast.enrolment, cast.reading)
    client.force_login(cast.admin)
    page = client.get(f"/manage/people/{cast.student.pk}/delete/").content.decode()
    assert "This account contains work: 1 tick." in " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "work of 1 student" not in page


def test_archiving_is_explained_where_it_is_offered(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    page = client.get(f"/edit/activities/{cast.draft.pk}/delete/").content.decode()
    assert "Archiving hides it too, but never erases it." in page
