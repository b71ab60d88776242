"""Writing a running course: order, publication, revision; and what authors do at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from courses.models import Activity, Module
from courses.services import authoring
from progress.outline import State
from progress.selectors import outlines
from progress.services import ticks
from tests.cast import Cast, gather
from tests.factories import courses as make

READING = {"format": "markdown", "source": "Words."}


def titles(module: Module) -> list[str]:
    return list(module.activities.order_by("position").values_list("title", flat=True))


def at_once(*jobs: Callable[[], object]) -> None:
    """Run every job in a thread of its own, with a connection of its own, all let go together."""
    barrier, faults = threading.Barrier(len(jobs)), []

    def work(job: Callable[[], object]) -> None:
        try:
            barrier.wait()
            job()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_moving_changes_places_with_the_neighbour(cast: Cast) -> None:
    authoring.move(cast.reading, by=1)
    assert titles(cast.module) == ["Counting sheet", "Bee eyes", "A bee garden", "Unfinished"]
    authoring.move(cast.link, by=-1)
    assert titles(cast.module) == ["Counting sheet", "A bee garden", "Bee eyes", "Unfinished"]


def test_moving_beyond_an_end_does_nothing(cast: Cast) -> None:
    before = titles(cast.module)
    authoring.move(cast.reading, by=-1)
    authoring.move(cast.draft, by=1)
    assert titles(cast.module) == before


def test_moving_over_a_hole_in_the_positions_moves_by_one_place(cast: Cast) -> None:
    Activity.objects.filter(pk=cast.draft.pk).update(position=90)
    authoring.move(cast.link, by=1)
    assert titles(cast.module) == ["Bee eyes", "Counting sheet", "Unfinished", "A bee garden"]


def test_module_moves_among_the_modules_of_its_own_course(cast: Cast) -> None:
    make.ModuleFactory(title="Of another course", position=1)
    second = authoring.add_module(cast.course, Module(title="Pollen"))
    authoring.move(second, by=-1)
    assert list(cast.course.modules.order_by("position").values_list("title", flat=True)) == ["Pollen", "Nectar"]


def test_new_module_and_new_activity_stand_at_the_end(cast: Cast) -> None:
    module = authoring.add_module(cast.course, Module(title="Pollen"))
    assert module.position == cast.module.position + 1
    first = authoring.save_activity(Activity(module=module, kind="reading", rule="read", title="One"), dict(READING))
    authoring.save_activity(Activity(module=cast.module, kind="reading", rule="read", title="Last"), dict(READING))
    assert first.position == 0
    assert titles(cast.module)[-1] == "Last"


def test_publishing_notes_the_instant_once(cast: Cast) -> None:
    assert cast.draft.published_at is not None
    activity = Activity(module=cast.module, kind="reading", rule="read", title="New", published=False)
    authoring.save_activity(activity, dict(READING))
    assert activity.published_at is None
    activity.published = True
    authoring.save_activity(activity, dict(READING))
    first = activity.published_at
    assert first is not None
    for published in (False, True):
        activity.published = published
        authoring.save_activity(activity, dict(READING))
    activity.refresh_from_db()
    assert activity.published_at == first


def test_look_again_raises_the_revision_and_saving_alone_does_not(cast: Cast) -> None:
    content = {"format": "markdown", "source": "## Quite another text"}
    authoring.save_activity(cast.reading, content)
    assert cast.reading.revision == 1
    authoring.save_activity(cast.reading, content, look_again=True)
    cast.reading.refresh_from_db()
    assert cast.reading.revision == 2


def test_activity_whose_content_cannot_be_stored_is_not_stored_at_all(cast: Cast) -> None:
    before = Activity.objects.count()
    with pytest.raises(KeyError):
        authoring.save_activity(Activity(module=cast.module, kind="reading", rule="read", title="Half"), {})
    assert Activity.objects.count() == before


def test_module_that_is_shown_after_a_student_finished_is_new_to_them(cast: Cast) -> None:
    """Until its module was shown nobody could see it, so nobody can have been behind with it."""
    hidden = make.ModuleFactory(course=cast.course, title="Pollen", position=5, published=False)
    make.reading(hidden, title="Dust")
    for activity in (cast.reading, cast.file, cast.link):
        ticks.complete(cast.enrolment, activity, how="marked", evidence={}, by=cast.student)
    hidden.published = True
    authoring.save_module(hidden)
    found = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    assert found.steps[-1].state == State.NEW
    assert (found.done, found.total) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_moves_at_once_keep_the_order_whole() -> None:
    cast = gather()
    everything = [cast.reading, cast.file, cast.link, cast.draft]
    for _ in range(3):
        at_once(*[lambda one=one, by=by: authoring.move(one, by=by) for one in everything for by in (1, -1)])
    positions = sorted(cast.module.activities.values_list("position", flat=True))
    assert positions == [0, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_move_that_waited_for_another_goes_one_place_from_where_it_is_then() -> None:
    cast = gather()
    waiting = threading.Event()

    def second() -> None:
        waiting.wait()
        authoring.move(cast.file, by=1)

    def first() -> None:
        with transaction.atomic():
            authoring.move(cast.reading, by=1)
            waiting.set()
            until_somebody_waits()

    at_once(first, second)
    # The sheet went up one place, and then down one.
    assert titles(cast.module)[:2] == ["Bee eyes", "Counting sheet"]


def until_somebody_waits() -> None:
    """Asks Postgres until another connection of this database stands at a lock."""
    with connection.cursor() as cursor:
        for _ in range(100_000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            # The view is a snapshot that is kept for a whole transaction.
            seen = cursor.fetchone()[0]
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            if seen:
                return
    raise AssertionError("nobody came to wait")


@pytest.mark.django_db(transaction=True)
def test_activities_added_at_once_all_get_a_place() -> None:
    cast = gather()

    def add(title: str) -> Callable[[], object]:
        new = Activity(module=cast.module, kind="reading", rule="read", title=title)
        return lambda: authoring.save_activity(new, dict(READING))

    at_once(*[add(f"New {number}") for number in range(4)])
    positions = list(cast.module.activities.order_by("position").values_list("position", flat=True))
    assert positions == list(range(8))
