"""Saving a text records which files it shows, and nothing else opens a file."""

import io
from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Activity, Course, CourseFile, FileContent, FileUse, Reading
from courses.services import texts
from courses.services.course_files import add_file
from courses.services.references import CourseReferences
from tests.cast import Cast
from tests.factories import courses as make

SignIn = Callable[[User | None], Client]


def picture(course: Course, name: str = "bees.png") -> CourseFile:
    return add_file(course, io.BytesIO(name.encode()), name)


def address(found: CourseFile) -> str:
    return f"/files/{found.pk}/{found.file.name}"


def write(activity: Activity, source: str, format: str = "markdown") -> None:
    references = CourseReferences(activity.module.course)
    texts.write(activity, source=source, format=format, references=references)


def shown(activity: Activity) -> set[CourseFile]:
    return {use.course_file for use in activity.file_uses.select_related("course_file")}


@pytest.mark.parametrize(
    ("format", "source"),
    [
        ("markdown", "![Bees](file:bees.png)"),
        ("markdown", "[The picture](file:bees.png)"),
        ("markdown", "[The picture]({address})"),
        ("markdown", "[The picture](https://learn.example.org{address})"),
        ("html", '<p><img src="{address}?size=2" alt="Bees"></p>'),
        ("html", '<video controls><source src="{address}"></video>'),
        ("html", '<iframe src="{address}"></iframe>'),
    ],
)
def test_a_text_records_the_files_that_it_shows(format: str, source: str, cast: Cast, as_user: SignIn) -> None:
    found = picture(cast.course)
    client = as_user(cast.student)
    assert client.get(address(found)).status_code == 404
    write(cast.reading, source.format(address=address(found)), format)
    assert shown(cast.reading) == {found}
    assert client.get(address(found)).status_code == 200


def test_a_text_saved_without_a_file_shows_it_no_more(cast: Cast, as_user: SignIn) -> None:
    first, second = picture(cast.course, "a.png"), picture(cast.course, "b.png")
    write(cast.reading, "![a](file:a.png) ![b](file:b.png)")
    assert shown(cast.reading) == {first, second}
    write(cast.reading, "![b](file:b.png)")
    assert shown(cast.reading) == {second}
    assert as_user(cast.student).get(address(first)).status_code == 404


def test_saving_the_same_text_again_keeps_what_it_shows(cast: Cast) -> None:
    found = picture(cast.course)
    write(cast.reading, "![a](file:bees.png)")
    before = FileUse.objects.get(activity=cast.reading).pk
    write(cast.reading, "![a](file:bees.png)")
    assert FileUse.objects.get(activity=cast.reading).pk == before
    assert shown(cast.reading) == {found}


def test_what_is_only_in_the_source_is_not_shown(cast: Cast) -> None:
    found = picture(cast.course)
    write(cast.reading, f'<p>Bees</p><style>a {{ background: url("{address(found)}") }}</style>', "html")
    assert shown(cast.reading) == set()


def test_the_address_of_another_courses_file_in_a_text_opens_nothing(cast: Cast, as_user: SignIn) -> None:
    """An author of one course writes the address of another's file: neither course's students get it by that."""
    theirs = make.ModuleFactory(position=0)
    found = picture(theirs.course)
    write(cast.reading, f"![Bees]({address(found)})")
    for role in ("student", "teacher", "editor"):
        assert as_user(cast.person(role)).get(address(found)).status_code == 404
    # A row that is wrong all the same gives no right either.
    FileUse.objects.create(activity=cast.reading, course_file=found)
    assert as_user(cast.student).get(address(found)).status_code == 404


def test_a_file_that_a_draft_and_a_lesson_show_is_the_lessons_students_too(cast: Cast, as_user: SignIn) -> None:
    found = picture(cast.course)
    write(cast.draft, "![a](file:bees.png)")
    assert as_user(cast.student).get(address(found)).status_code == 404
    write(cast.reading, "![a](file:bees.png)")
    assert as_user(cast.student).get(address(found)).status_code == 200


def test_another_file_in_a_file_activity_takes_the_place_of_the_first(cast: Cast, as_user: SignIn) -> None:
    first = cast.file.file_content.course_file
    sent = {"title": "Sheet", "required": "on", "published": "on", "rule": "opened", "note": ""}
    upload = io.BytesIO(b"%PDF-1.4 second")
    upload.name = "second.pdf"
    response = as_user(cast.editor).post(f"/edit/activities/{cast.file.pk}/", {**sent, "upload": upload})
    assert response.status_code == 302
    second = FileContent.objects.get(activity=cast.file).course_file
    assert shown(cast.file) == {second} != {first}
    assert as_user(cast.student).get(address(second)).status_code == 200
    assert as_user(cast.student).get(address(first)).status_code == 404


def test_deleting_an_activity_takes_its_files_out_of_sight(cast: Cast, as_user: SignIn) -> None:
    found = picture(cast.course)
    write(cast.reading, "![a](file:bees.png)")
    cast.reading.delete()
    assert as_user(cast.student).get(address(found)).status_code == 404


def test_what_was_saved_before_is_recorded_by_the_migration(cast: Cast) -> None:
    migration = import_module("courses.migrations.0006_file_use_of_stored_texts")
    found, foreign = picture(cast.course), picture(make.CourseFactory())
    kept = cast.file.file_content.course_file
    # As the cleaner of before left them, with a thing that only looks like an id.
    html = f'<img src="{address(found)}"><a href="{address(foreign)}">x</a><a href="/files/{"-" * 36}/x">y</a>'
    Reading.objects.filter(activity=cast.reading).update(html=html)
    far = make.ActivityFactory(id=migration.BATCH * 3, module=cast.module, position=90)
    Reading.objects.create(activity=far, html=html)
    FileUse.objects.all().delete()
    with connection.schema_editor() as editor:
        migration.record(apps, editor)
        migration.record(apps, editor)
    assert set(FileUse.objects.values_list("activity", "course_file")) == {
        (cast.reading.pk, found.pk),
        (far.pk, found.pk),
        (cast.file.pk, kept.pk),
    }


def test_a_file_costs_one_query_more_than_knowing_who_asks(cast: Cast, as_user: SignIn) -> None:
    found = picture(cast.course)
    for number in range(3):
        write(cast.reading, "![a](file:bees.png)" * (number + 1))
        client = as_user(cast.student)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address(found)).status_code == 200
        assert len(queries) <= 3, [query["sql"] for query in queries]


def upload_to(client: Client, activity: Activity, content: bytes) -> CourseFile:
    sent = {"title": "Sheet", "required": "on", "published": "on", "rule": "opened", "note": ""}
    upload = io.BytesIO(content)
    upload.name = "sheet.pdf"
    assert client.post(f"/edit/activities/{activity.pk}/", {**sent, "upload": upload}).status_code == 302
    return FileContent.objects.get(activity=activity).course_file


def test_an_upload_never_takes_the_place_of_another_activitys_file(cast: Cast, as_user: SignIn) -> None:
    """Two lessons bring a file of one name: what students see keeps its bytes, and what they do not stays hidden."""
    seen = cast.file.file_content.course_file
    draft = make.file_activity(cast.module, "old.pdf", b"%PDF-1.4 old", title="Key", position=9, published=False)
    client = as_user(cast.editor)
    hidden = upload_to(client, draft, b"%PDF-1.4 the key")
    assert (hidden.path, hidden.pk == seen.pk) == ("sheet (2).pdf", False)
    assert as_user(cast.student).get(address(seen)).getvalue() == b"%PDF-1.4 sheet"
    assert upload_to(client, draft, b"%PDF-1.4 another key").path == "sheet (3).pdf"
    # Its own file is replaced in place, so that its address stays.
    assert upload_to(client, cast.file, b"%PDF-1.4 new sheet") == seen
    assert as_user(cast.student).get(address(seen)).getvalue() == b"%PDF-1.4 new sheet"
