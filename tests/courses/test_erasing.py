"""What was deleted is erased after thirty days, row by row, with its files; what must not go is kept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from accounts.models import User
from common.removal import KEPT
from courses.models import (
    Activity,
    Cohort,
    Course,
    CourseFile,
    CourseImport,
    Enrolment,
    LectureContent,
    Module,
    ReportFault,
    ReportFold,
    ReportLine,
)
from courses.services import deleting
from courses.tasks import erase_what_was_deleted
from files.models import File
from progress.models import Completion
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import lectures
from tests.factories.people import UserFactory

MODELS = (Activity, Module, Enrolment, Cohort, Course, User)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24T10:00Z", tick=False) as traveller:
        yield traveller


def marked() -> int:
    return sum(model.everything.filter(deleted_at__isnull=False).count() for model in MODELS)


def does(enrolment: Enrolment, activity: Activity) -> None:
    ticks.complete(enrolment, activity, how="marked", evidence={}, by=enrolment.user)


def test_nothing_goes_before_thirty_days_and_everything_after(cast: Cast, clock: time_machine.Traveller) -> None:
    deleting.delete(cast.draft, by=cast.editor)
    clock.shift(KEPT)
    assert erase_what_was_deleted() == 0
    clock.shift(1)
    assert erase_what_was_deleted() == 1
    assert not Activity.everything.filter(pk=cast.draft.pk).exists()
    assert erase_what_was_deleted() == 0


def test_what_was_brought_back_or_archived_stays(cast: Cast, clock: time_machine.Traveller) -> None:
    deleting.delete(cast.draft, by=cast.editor)
    deleting.restore(cast.draft)
    deleting.archive(cast.link, by=cast.editor)
    clock.shift(KEPT + timedelta(days=400))
    assert erase_what_was_deleted() == 0
    assert Activity.everything.filter(pk=cast.link.pk).exists()


def test_file_goes_with_the_last_activity_that_shows_it(
    cast: Cast, clock: time_machine.Traveller, django_capture_on_commit_callbacks: object
) -> None:
    # Not the file of the cast, whose bytes all tests share.
    sheet = make.file_activity(cast.module, "own.pdf", title="A sheet of its own", position=6)
    kept = sheet.file_content.course_file
    again = make.ActivityFactory(module=cast.module, kind="file", rule="opened", title="The same sheet", position=8)
    again.file_uses.create(course_file=kept)
    blob = kept.file.blob
    deleting.delete(sheet, by=cast.editor)
    clock.shift(KEPT + timedelta(seconds=1))
    erase_what_was_deleted()
    assert CourseFile.objects.filter(pk=kept.pk).exists()
    deleting.delete(again, by=cast.editor)
    clock.shift(KEPT + timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        erase_what_was_deleted()
    assert not CourseFile.objects.filter(pk=kept.pk).exists()
    assert not File.objects.filter(pk=kept.file_id).exists()
    assert not blob.storage.exists(blob.name)


def test_recording_and_captions_go_with_their_lecture(cast: Cast, clock: time_machine.Traveller) -> None:
    lecture = lectures.lecture(cast.module, title="Bees on film", position=7)
    file = lecture.lecture.recording.file_id
    deleting.delete(lecture, by=cast.editor)
    clock.shift(KEPT + timedelta(seconds=1))
    erase_what_was_deleted()
    assert not LectureContent.objects.exists()
    assert not File.objects.filter(pk=file).exists()


def test_whole_course_goes_with_cohorts_work_and_files(cast: Cast, clock: time_machine.Traveller) -> None:
    lectures.lecture(cast.module, title="Bees on film", position=7)
    does(cast.enrolment, cast.reading)
    make.ended_import([{"outcome": "imported"}], [{"where": "a", "message": "b"}], course=cast.course)
    deleting.archive(cast.reading, by=cast.editor)
    deleting.delete(cast.course, by=cast.admin, students=1)
    clock.shift(KEPT + timedelta(seconds=1))
    erase_what_was_deleted()
    assert marked() == 0
    assert not any(model.everything.exists() for model in (Activity, Module, Enrolment, Cohort, Course))
    assert not any(model.objects.exists() for model in (Completion, CourseFile, File, CourseImport))
    assert not any(model.objects.exists() for model in (ReportLine, ReportFold, ReportFault))
    assert User.objects.filter(pk=cast.student.pk).exists()


def test_account_goes_with_its_places(cast: Cast, clock: time_machine.Traveller) -> None:
    person = UserFactory(username="typo")
    Enrolment.objects.create(user=person, cohort=cast.cohort, role="student", started_on="2026-01-05")
    deleting.delete(person, by=cast.admin)
    clock.shift(KEPT + timedelta(seconds=1))
    erase_what_was_deleted()
    assert not User.everything.filter(pk=person.pk).exists()
    assert not Enrolment.everything.filter(user=person.pk).exists()


def test_work_that_nobody_counted_is_archived_and_not_lost(cast: Cast, clock: time_machine.Traveller) -> None:
    # A tick that was on its way when the editor deleted what nobody had done yet.
    deleting.delete(cast.reading, by=cast.editor)
    does(cast.enrolment, cast.reading)
    clock.shift(KEPT + timedelta(seconds=1))
    assert erase_what_was_deleted() == 0
    assert Activity.everything.get(pk=cast.reading.pk).archived
    assert Completion.objects.count() == 1


def test_row_that_cannot_go_keeps_no_other_from_going(
    cast: Cast, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE holds (activity_id bigint REFERENCES courses_activity)")
        cursor.execute("INSERT INTO holds VALUES (%s)", [cast.draft.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    deleting.delete(cast.draft, by=cast.editor)
    clock.shift(1)
    deleting.delete(cast.link, by=cast.editor)
    clock.shift(KEPT + timedelta(seconds=1))
    assert erase_what_was_deleted() == 1
    assert Activity.everything.filter(pk=cast.draft.pk).exists()
    assert not Activity.everything.filter(pk=cast.link.pk).exists()
    assert f"Activity {cast.draft.pk} could not be erased" in caplog.text
