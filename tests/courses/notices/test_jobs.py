"""That a recording or an import is ready, or failed: to whoever brought it."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from courses.models import Activity, Course, CourseImport, LectureContent, Recording
from courses.services import import_runs, lectures
from courses.tasks import do_media_jobs
from notifications.models import Event, Notice
from tests.cast import Cast
from tests.courses.notices.days import OURS, statements_about_events, subjects, text, titles, told, wait
from tests.factories import courses as make
from tests.factories import lectures as films
from tests.factories.cartridges import Cartridge

pytestmark = pytest.mark.django_db


def upload(cast: Cast, title: str, position: int, *, by: object, broken: bool = False) -> Recording:
    recording = lectures.record(cast.course, io.BytesIO(films.film(1)), f"{title}.mp4", by=by)
    activity = make.ActivityFactory(module=cast.module, kind="lecture", rule="watched", title=title, position=position)
    LectureContent.objects.create(activity=activity, recording=recording)
    if broken:
        recording.file.blob.save("broken", io.BytesIO(b"no film at all"))
    return recording


def test_recording_is_ready_for_whoever_uploaded_it(cast: Cast, clock: time_machine.Traveller) -> None:
    upload(cast, "Bee dance", 10, by=cast.editor)
    do_media_jobs()
    wait(clock, minutes=6)
    assert titles(cast.editor) == ["The recording of “Bee dance” is ready"]
    assert text(cast.editor) == "Students can watch it, or listen to the sound alone on a slow connection."
    assert subjects(cast.editor) == []
    for other in (cast.teacher, cast.student, cast.admin):
        assert told(other) == []


def test_recordings_of_an_afternoon_are_one_notice(cast: Cast, clock: time_machine.Traveller) -> None:
    upload(cast, "Bee dance", 10, by=cast.editor)
    upload(cast, "Bee song", 11, by=cast.editor)
    upload(cast, "Bee walk", 12, by=cast.admin)
    do_media_jobs()
    wait(clock, minutes=6)
    assert titles(cast.editor) == ["2 recordings are ready in “Bees and flowers”"]
    assert titles(cast.admin) == ["The recording of “Bee walk” is ready"]


def test_recording_that_kills_its_worker_three_times_is_given_up_and_said_so(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    recording = upload(cast, "Bee dance", 10, by=cast.editor)
    past = timezone.now() - timedelta(seconds=1)
    Recording.objects.filter(pk=recording.pk).update(prepare_attempts=3, prepare_lease_until=past)
    assert lectures.claim_unprepared() is None
    recording.refresh_from_db()
    assert recording.prepared_at
    wait(clock, minutes=6)
    assert text(cast.editor) == "One plays as you sent it: we could not make a picture or a sound-only version of it."
    lectures.claim_unprepared()
    assert Event.objects.count() == 1


def test_recording_that_was_thrown_away_is_not_told(cast: Cast, clock: time_machine.Traveller) -> None:
    upload(cast, "Bee dance", 10, by=cast.editor)
    do_media_jobs()
    Activity.objects.filter(title="Bee dance").update(deleted_at=timezone.now())
    wait(clock, minutes=6)
    assert told(cast.editor) == []


def requested(tmp_path: Path, cast: Cast, content: bytes = b"") -> CourseImport:
    package = Cartridge(title="Rivers").page("a").module("One").save(tmp_path)
    return import_runs.request_import(io.BytesIO(content or package.read_bytes()), "rivers.imscc", by=cast.admin)


def test_import_tells_whoever_asked_for_it_how_it_ended(
    cast: Cast, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    requested(tmp_path, cast)
    do_media_jobs()
    wait(clock, minutes=1)
    requested(tmp_path, cast, b"no package")
    do_media_jobs()
    wait(clock, minutes=1)
    assert titles(cast.admin) == ["“Rivers” has been imported", "“rivers.imscc” could not be imported"]
    assert text(cast.admin) == CourseImport.objects.get(state="failed").sentence
    assert subjects(cast.admin) == []
    assert not Notice.objects.exclude(person=cast.admin).filter(kind__in=OURS).exists()


def test_import_of_the_command_line_tells_nobody(cast: Cast, tmp_path: Path) -> None:
    run = CourseImport.objects.create(file_name="a.imscc", state="running")
    package = Cartridge(title="Rivers").page("a").module("One").save(tmp_path)
    import_runs.execute(run, package, into=None, by=None)
    assert not Event.objects.filter(kind="import_finished").exists()


def test_report_of_a_course_that_was_deleted_leaves_the_inbox(
    cast: Cast, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    run = requested(tmp_path, cast)
    do_media_jobs()
    wait(clock, minutes=1)
    assert Notice.objects.inbox_of(cast.admin).count() == 1
    run.refresh_from_db()
    Course.objects.filter(pk=run.course_id).update(deleted_at=timezone.now())
    assert not Notice.objects.inbox_of(cast.admin).exists()


def test_end_of_a_job_costs_one_statement(cast: Cast) -> None:
    recording = upload(cast, "Bee dance", 10, by=cast.editor)
    assert statements_about_events(lambda: lectures.prepare(recording)) == 1
