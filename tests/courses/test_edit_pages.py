"""The pages on which a course is written."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from courses.models import Activity, Course, CourseEditor, Module
from progress.models import Completion
from tests.cast import Cast
from tests.factories import courses as make
from tests.undoing import undo


@pytest.fixture
def editor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor)
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def refused(response: HttpResponse) -> str:
    assert response.status_code == 422
    page = text(response)
    assert "There is a problem" in page
    assert "<title>Error: " in page
    return page


def test_outline_shows_hidden_things_and_only_the_moves_there_are(cast: Cast, editor: Client) -> None:
    page = text(editor.get(f"/edit/courses/{cast.course.pk}/"))
    assert "Unfinished" in page
    assert "Hidden" in page
    assert 'aria-label="Move Bee eyes down"' in page
    assert 'aria-label="Move Bee eyes up"' not in page
    assert 'aria-label="Move Unfinished down"' not in page


def test_new_course_is_an_admins_and_opens_its_outline(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    response = client.post("/edit/courses/new/", {"title": "Moths", "language": "en"}, follow=True)
    assert response.redirect_chain[-1][0] == f"/edit/courses/{Course.objects.get(title='Moths').pk}/"
    assert "Start with a module" in text(response)


@pytest.mark.parametrize(
    ("typed", "stored"), [("English", "en"), ("Hebrew (עברית)", "he"), ("עברית", "he"), ("pt-br", "pt-BR")]
)
def test_a_course_is_in_a_language_that_browsers_know(cast: Cast, editor: Client, typed: str, stored: str) -> None:
    path = f"/edit/courses/{cast.course.pk}/details/"
    assert editor.post(path, {"title": "Bees", "language": typed}).status_code == 302
    assert Course.objects.get(pk=cast.course.pk).language == stored
    assert 'value="English"' in text(editor.get(f"/edit/courses/{cast.course.pk}/details/"))


def test_a_course_keeps_a_language_from_before_that_has_no_name(cast: Cast, editor: Client) -> None:
    Course.objects.filter(pk=cast.course.pk).update(language="Klingon")
    path = f"/edit/courses/{cast.course.pk}/details/"
    assert 'value="Klingon"' in text(editor.get(path))
    assert editor.post(path, {"title": "Bees", "language": "Klingon"}).status_code == 302
    assert "do not know that language" in refused(editor.post(path, {"title": "Bees", "language": "Vulcan"}))


@pytest.mark.parametrize("sent", [{"title": "", "language": "en"}, {"title": "Bees", "language": "en gb!"}])
def test_course_form_keeps_what_was_typed(cast: Cast, editor: Client, sent: dict) -> None:
    page = refused(editor.post(f"/edit/courses/{cast.course.pk}/details/", {**sent, "summary": "Kept words"}))
    assert "Kept words" in page
    cast.course.refresh_from_db()
    assert (cast.course.title, cast.course.summary) == ("Bees and flowers", "")


def test_new_module_without_a_name_is_refused(cast: Cast, editor: Client) -> None:
    refused(editor.post(f"/edit/courses/{cast.course.pk}/modules/new/", {"title": " "}))
    assert cast.course.modules.count() == 1


def test_module_is_renamed_and_hidden(cast: Cast, editor: Client) -> None:
    editor.post(f"/edit/modules/{cast.module.pk}/", {"title": "Pollen"})
    cast.module.refresh_from_db()
    assert (cast.module.title, cast.module.published) == ("Pollen", False)
    editor.force_login(cast.student)
    assert editor.get(f"/lessons/{cast.reading.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "content", "rule"),
    [
        ("reading", {"format": "markdown", "source": "One *two*."}, "read"),
        ("link", {"url": "https://example.org/moths", "note": "Look"}, "opened"),
        ("file", {"upload": SimpleUploadedFile("moths.pdf", b"%PDF")}, "marked"),
    ],
)
def test_activity_of_each_kind_is_made_and_students_see_it(
    cast: Cast, editor: Client, kind: str, content: dict, rule: str
) -> None:
    sent = {"title": "Moths", "rule": rule, "required": "on", "published": "on", **content}
    response = editor.post(f"/edit/modules/{cast.module.pk}/new/{kind}/", sent, follow=True)
    assert "“Moths” was added. Students can see it now." in text(response)
    made = Activity.objects.get(title="Moths")
    assert (made.kind, made.rule, made.position, made.minutes_by_hand) == (kind, rule, 4, False)
    editor.force_login(cast.student)
    assert editor.get(f"/lessons/{made.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "content", "kept"),
    [
        ("reading", {"format": "markdown", "source": "Words that took an hour"}, "Words that took an hour"),
        ("link", {"url": "javascript:alert(1)", "note": "My note"}, "My note"),
        ("file", {"note": "My note"}, "My note"),
    ],
)
def test_what_was_written_comes_back_when_a_form_is_refused(
    cast: Cast, editor: Client, kind: str, content: dict, kept: str
) -> None:
    sent = {"title": "", "rule": "marked", **content}
    assert kept in refused(editor.post(f"/edit/modules/{cast.module.pk}/new/{kind}/", sent))
    assert Activity.objects.filter(module=cast.module).count() == 4


@pytest.mark.parametrize("minutes", ["0", "1441", "-5", "ten"])
def test_minutes_outside_a_day_are_refused(cast: Cast, editor: Client, minutes: str) -> None:
    sent = {"title": "Bee eyes", "rule": "read", "minutes": minutes, "format": "markdown", "source": "One."}
    refused(editor.post(f"/edit/activities/{cast.reading.pk}/", sent))
    cast.reading.refresh_from_db()
    assert cast.reading.minutes == 1


def test_minutes_written_by_hand_stay_until_they_are_emptied(cast: Cast, editor: Client) -> None:
    sent = {"title": "Bee eyes", "rule": "read", "format": "markdown", "source": "bee " * 450}
    path = f"/edit/activities/{cast.reading.pk}/"
    editor.post(path, {**sent, "minutes": "30"})
    assert Activity.objects.values_list("minutes", "minutes_by_hand").get(pk=cast.reading.pk) == (30, True)
    assert 'value="30"' in text(editor.get(path))
    editor.post(path, {**sent, "minutes": ""})
    assert Activity.objects.values_list("minutes", "minutes_by_hand").get(pk=cast.reading.pk) == (2, False)
    assert 'name="minutes" value=' not in text(editor.get(path))


def test_rule_of_another_kind_is_refused(cast: Cast, editor: Client) -> None:
    sent = {"title": "Bee eyes", "rule": "opened", "format": "markdown", "source": "One."}
    refused(editor.post(f"/edit/activities/{cast.reading.pk}/", sent))


def test_hidden_module_is_none_to_a_student_and_forbidden_to_a_teacher(cast: Cast, client: Client) -> None:
    path = f"/edit/modules/{cast.module.pk}/"
    answers = {}
    for hidden in (False, True):
        cast.course.modules.update(published=not hidden)
        for who in (cast.student, cast.teacher):
            client.force_login(who)
            answers[who.username, hidden] = client.get(path).status_code
    student, teacher = cast.student.username, cast.teacher.username
    assert answers == {(student, False): 403, (teacher, False): 403, (student, True): 404, (teacher, True): 403}


def test_kind_that_does_not_exist_is_not_found(cast: Cast, editor: Client) -> None:
    assert editor.get(f"/edit/modules/{cast.module.pk}/new/hologram/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.bbc.co.uk/bitesize", "https://www.bbc.co.uk/bitesize"),
        (" example.org:8000?a=b ", "https://example.org:8000?a=b"),
        ("http://example.org/", "http://example.org/"),
    ],
)
def test_a_link_is_taken_as_people_say_it(cast: Cast, editor: Client, typed: str, stored: str) -> None:
    sent = {"title": "A bee garden", "rule": "opened", "url": typed}
    assert editor.post(f"/edit/activities/{cast.link.pk}/", sent).status_code == 302
    assert Activity.objects.get(pk=cast.link.pk).link_content.url == stored


@pytest.mark.parametrize("typed", ["bees", "javascript:alert(1)", "two words.org", "file:bees.pdf", "name@example.org"])
def test_what_is_no_web_address_is_none_with_https_before_it(cast: Cast, editor: Client, typed: str) -> None:
    refused(editor.post(f"/edit/activities/{cast.link.pk}/", {"title": "A", "rule": "opened", "url": typed}))


def test_moving_by_button_says_so(cast: Cast, editor: Client) -> None:
    response = editor.post(f"/edit/activities/{cast.file.pk}/move/", {"up": ""}, follow=True)
    assert "“Counting sheet” was moved." in text(response)
    assert text(response).index("Counting sheet") < text(response).index("Bee eyes")


def test_a_button_that_moves_keeps_the_place_and_the_focus(cast: Cast, editor: Client) -> None:
    course, path = f"/edit/courses/{cast.course.pk}/", f"/edit/activities/{cast.file.pk}/move/"
    assert editor.post(path, {"down": ""}).headers["Location"] == f"{course}#activity-{cast.file.pk}-down"
    for _ in range(2):
        editor.post(path, {"up": ""})
    # At the top there is no arrow up, so the other one is meant.
    last = editor.post(path, {"up": ""}).headers["Location"]
    assert last == f"{course}#activity-{cast.file.pk}-down"
    assert f'id="activity-{cast.file.pk}-down"' in text(editor.get(course))
    assert f'id="activity-{cast.file.pk}-up"' not in text(editor.get(course))


def test_with_a_script_the_outline_alone_is_swapped(cast: Cast, editor: Client) -> None:
    path = f"/edit/activities/{cast.file.pk}/move/"
    page = text(editor.post(path, {"up": ""}, headers={"HX-Request": "true"}))
    assert page.lstrip().startswith('<div id="outline"')
    assert 'hx-swap-oob="innerHTML:body > #live">“Counting sheet” was moved.' in page
    assert re.search(rf'id="activity-{cast.file.pk}-down"[^>]* autofocus', page)
    # It is said once, and not again on the next page.
    assert "was moved" not in text(editor.get(f"/edit/courses/{cast.course.pk}/"))


def test_an_activity_is_moved_to_another_module_and_back(cast: Cast, editor: Client) -> None:
    other = make.ModuleFactory(course=cast.course, title="Pollen")
    there = make.reading(other, title="Grains")
    Completion.objects.create(enrolment=cast.enrolment, activity=cast.reading, how="read", activity_revision=1)
    position, path = cast.reading.position, f"/edit/activities/{cast.reading.pk}/"
    sent = {"title": "Bee eyes", "rule": "read", "published": "on", "format": "markdown", "source": "One."}
    response = editor.post(path, {**sent, "module": other.pk}, follow=True)
    assert "“Bee eyes” is now in “Pollen”." in text(response)
    assert list(other.activities.order_by("position")) == [there, cast.reading]
    assert Completion.objects.filter(activity=cast.reading, withdrawn_at=None).exists()
    assert "“Bee eyes” is back in" in undo(editor, response)
    cast.reading.refresh_from_db()
    assert (cast.reading.module, cast.reading.position) == (cast.module, position)
    positions = list(cast.module.activities.values_list("position", flat=True))
    assert len(set(positions)) == len(positions)


def test_a_move_that_was_followed_by_another_is_not_undone(cast: Cast, editor: Client) -> None:
    second, third = (
        make.ModuleFactory(course=cast.course, title="Pollen"),
        make.ModuleFactory(course=cast.course, title="Wax"),
    )
    sent = {"title": "Bee eyes", "rule": "read", "published": "on", "format": "markdown", "source": "One."}
    path = f"/edit/activities/{cast.reading.pk}/"
    response = editor.post(path, {**sent, "module": second.pk}, follow=True)
    editor.post(path, {**sent, "module": third.pk})
    assert "changed again since then" in undo(editor, response)
    assert Activity.objects.get(pk=cast.reading.pk).module == third


def test_a_module_of_another_course_is_none_to_move_to(cast: Cast, editor: Client) -> None:
    make.ModuleFactory(course=cast.course, title="Pollen")
    elsewhere = make.ModuleFactory(course=make.CourseFactory(title="Elsewhere"), title="Far")
    sent = {"title": "Bee eyes", "rule": "read", "format": "markdown", "source": "One.", "module": elsewhere.pk}
    refused(editor.post(f"/edit/activities/{cast.reading.pk}/", sent))
    assert Activity.objects.get(pk=cast.reading.pk).module == cast.module


def test_what_comes_out_of_a_hidden_module_is_new_to_students(cast: Cast, editor: Client) -> None:
    hidden = make.ModuleFactory(course=cast.course, title="Loose", published=False)
    loose = make.reading(hidden, title="Loose page", published_at=make.LONG_AGO)
    sent = {"title": "Loose page", "rule": "read", "published": "on", "format": "markdown", "source": "One."}
    editor.post(f"/edit/activities/{loose.pk}/", {**sent, "module": cast.module.pk})
    assert Activity.objects.get(pk=loose.pk).published_at > make.LONG_AGO


def test_file_is_replaced_under_the_same_activity(cast: Cast, editor: Client) -> None:
    sent = {"title": "Counting sheet", "rule": "opened", "published": "on", "note": ""}
    path = f"/edit/activities/{cast.file.pk}/"
    assert editor.post(path, sent).status_code == 302
    editor.post(path, {**sent, "upload": SimpleUploadedFile("sheet.pdf", b"%PDF new")})
    editor.force_login(cast.student)
    response = editor.post(f"/lessons/{cast.file.pk}/open/", follow=True)
    assert b"".join(response.streaming_content) == b"%PDF new"


@pytest.mark.parametrize("kind", ["file", "lecture"])
def test_a_new_activity_asks_for_its_file_and_an_old_one_keeps_it(cast: Cast, editor: Client, kind: str) -> None:
    new = text(editor.get(f"/edit/modules/{cast.module.pk}/new/{kind}/"))
    label = re.search(r'<label for="id_upload">(.*?)</label>', new, re.S)
    assert label
    assert "optional" not in label[1]
    kept = text(editor.get(f"/edit/activities/{cast.file.pk}/"))
    assert "Choose a file only to replace “sheet.pdf”, which is there." in kept


def test_only_admins_say_who_may_write(cast: Cast, client: Client) -> None:
    path = f"/edit/courses/{cast.course.pk}/editors/"
    client.force_login(cast.editor)
    assert client.post(path, {"person": "outsider"}).status_code == 403
    client.force_login(cast.admin)
    page = refused(client.post(path, {"person": "nobody.here"}))
    assert "No account has that name or address." in page
    assert 'value="nobody.here"' in page
    client.post(path, {"person": "OUTSIDER"})
    assert CourseEditor.objects.filter(course=cast.course, user=cast.outsider).exists()
    client.force_login(cast.outsider)
    assert client.get(f"/edit/courses/{cast.course.pk}/").status_code == 200


@pytest.mark.parametrize("which", ["elsewhere", "words"])
def test_right_in_another_course_is_not_taken_from_here(cast: Cast, client: Client, which: str) -> None:
    other = CourseEditor.objects.create(course=make.CourseFactory(), user=cast.outsider)
    client.force_login(cast.admin)
    value = str(other.pk) if which == "elsewhere" else "all"
    client.post(f"/edit/courses/{cast.course.pk}/editors/", {"remove": value})
    assert CourseEditor.objects.count() == 2


def test_editor_of_one_course_finds_nothing_of_another(cast: Cast, editor: Client) -> None:
    module = make.ModuleFactory(title="Not theirs")
    activity = make.reading(module)
    for path in (f"courses/{module.course_id}/", f"modules/{module.pk}/", f"activities/{activity.pk}/"):
        assert editor.get(f"/edit/{path}").status_code == 404
    assert editor.post(f"/edit/modules/{module.pk}/", {"title": "Theirs"}).status_code == 404
    assert editor.post(f"/edit/modules/{module.pk}/new/link/", {"title": "x"}).status_code == 404
    assert Module.objects.get(pk=module.pk).title == "Not theirs"
