"""Imports that a worker does: claimed once, taken over from the dead, visible while they run."""

import io
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from courses.models import Course, CourseImport
from courses.services import import_runs
from courses.tasks import do_media_jobs
from files.models import File
from tests.factories.cartridges import Cartridge
from tests.factories.people import UserFactory


def package(tmp_path: Path, title: str = "Rivers") -> Path:
    return Cartridge(title=title).page("a").page("b").link("c").quiz("q").module("One").save(tmp_path)


def requested(tmp_path: Path, by: User, title: str = "Rivers") -> CourseImport:
    content = package(tmp_path, title).read_bytes()
    return import_runs.request_import(io.BytesIO(content), "rivers.imscc", by=by)


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(is_staff=True)


def test_oldest_waiting_import_is_claimed_first_and_each_once(admin: User, tmp_path: Path) -> None:
    runs = [requested(tmp_path, admin), requested(tmp_path, admin)]
    claimed = [import_runs.claim_next() for _ in range(3)]
    assert claimed == [*runs, None]
    assert {run.state for run in CourseImport.objects.all()} == {"running"}


def test_lease_of_a_dead_worker_is_taken_over_once_it_has_run_out(admin: User, tmp_path: Path) -> None:
    run = requested(tmp_path, admin)
    import_runs.claim_next()
    assert import_runs.claim_next() is None
    CourseImport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert import_runs.claim_next() == run
    assert import_runs.claim_next() is None


def test_import_of_the_command_line_has_no_lease_and_is_never_taken_over(db: None) -> None:
    CourseImport.objects.create(file_name="a.imscc", state="running")
    assert import_runs.claim_next() is None


def test_finished_imports_are_not_claimed(db: None) -> None:
    past = timezone.now() - timedelta(hours=1)
    for state in ("done", "failed"):
        CourseImport.objects.create(file_name="a.imscc", state=state, finished_at=past, lease_until=past)
    assert import_runs.claim_next() is None


def test_worker_drains_the_queue_and_throws_the_packages_away(
    admin: User, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    runs = [requested(tmp_path, admin, title) for title in ("Rivers", "Lakes")]
    damaged = import_runs.request_import(io.BytesIO(b"no zip"), "bad.imscc", by=admin)
    last = requested(tmp_path, admin, "Seas")
    blobs = [run.upload.blob for run in (*runs, damaged, last)]
    with django_capture_on_commit_callbacks(execute=True):
        do_media_jobs()
    assert list(CourseImport.objects.order_by("pk").values_list("state", flat=True)) == [
        "done",
        "done",
        "failed",
        "done",
    ]
    assert set(Course.objects.values_list("title", flat=True)) == {"Rivers", "Lakes", "Seas"}
    assert not CourseImport.objects.exclude(upload=None).exists()
    assert not File.objects.filter(name__endswith=".imscc").exists()
    assert not any(blob.storage.exists(blob.name) for blob in blobs)


def test_report_names_every_item_and_what_was_kept(admin: User, tmp_path: Path) -> None:
    run = requested(tmp_path, admin)
    do_media_jobs()
    run.refresh_from_db()
    assert run.course.title == "Rivers"
    assert (run.requested_by, run.steps_done, run.steps_total) == (admin, 8, 8)
    outcomes = dict(run.report_lines.values_list("title", "outcome"))
    assert {outcomes[title] for title in ("a", "b", "c")} == {"imported"}
    assert outcomes["q"] == "kept"
    assert " kept for later" in run.sentence


def test_report_says_whether_the_course_was_here_before(admin: User, tmp_path: Path) -> None:
    first, second = requested(tmp_path, admin), requested(tmp_path, admin)
    do_media_jobs()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.course == second.course
    assert "already here" not in first.sentence
    assert second.sentence.endswith("The course was already here and has been updated.")


def test_package_of_an_import_that_broke_off_is_thrown_away_too(admin: User, tmp_path: Path) -> None:
    run = requested(tmp_path, admin)
    # A fault that nobody foresaw, on the way into the database.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE courses_keptitem RENAME TO gone")
    with pytest.raises(Exception, match="courses_keptitem"):
        do_media_jobs()
    run.refresh_from_db()
    assert (run.state, run.upload) == ("failed", None)
    assert not Course.objects.exists()


def test_package_of_a_worker_that_was_stopped_is_left_to_the_next_one(admin: User, tmp_path: Path) -> None:
    run = requested(tmp_path, admin)

    def stop(execute: Callable, sql: str, *more: object) -> object:
        if sql.startswith('INSERT INTO "courses_module"'):
            raise KeyboardInterrupt
        return execute(sql, *more)

    with connection.execute_wrapper(stop), pytest.raises(KeyboardInterrupt):
        do_media_jobs()
    assert not Course.objects.exists()
    CourseImport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    do_media_jobs()
    run.refresh_from_db()
    assert (run.state, run.course.title) == ("done", "Rivers")


def test_import_that_killed_three_workers_is_given_up_with_a_sentence(admin: User, tmp_path: Path) -> None:
    run = requested(tmp_path, admin)
    for _ in range(3):
        assert import_runs.claim_next() == run
        CourseImport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    do_media_jobs()
    run.refresh_from_db()
    assert (run.state, run.upload) == ("failed", None)
    assert run.sentence == "The import stopped three times. Nothing has changed."
    assert not Course.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_gets_the_import(tmp_path: Path) -> None:
    run = requested(tmp_path, UserFactory(is_staff=True))
    barrier, claimed = threading.Barrier(2), []

    def claim() -> None:
        barrier.wait()
        claimed.append(import_runs.claim_next())
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found for found in claimed if found] == [run]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_by_others_while_the_import_is_still_open(tmp_path: Path) -> None:
    cartridge = Cartridge()
    for number in range(12):
        cartridge.page(f"page{number}")
    path = cartridge.module("One").save(tmp_path)
    run = CourseImport.objects.create(file_name=path.name, state="running")
    seen: list[tuple[int, int, int]] = []
    other = connections["default"].copy()

    def tell(done: int, total: int) -> None:
        if done in (11, 21):
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT steps_done, steps_total, (SELECT count(*) FROM courses_course) FROM courses_courseimport"
                )
                seen.append(cursor.fetchone())

    import_runs.execute(run, path, into=None, by=None, tell=tell)
    other.close()
    # Ten steps and twenty are visible; the course itself is not, before all of it is there.
    assert seen == [(10, 24, 0), (20, 24, 0)]
    assert Course.objects.count() == 1


def test_import_command_is_not_what_a_worker_waits_for(db: None, tmp_path: Path) -> None:
    call_command("import_course", package(tmp_path), stdout=io.StringIO())
    assert import_runs.claim_next() is None
