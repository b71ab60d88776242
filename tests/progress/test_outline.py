from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from progress.outline import Outline, Part, Stands, State, Step, settle
from tests.conftest import SOAK

DAY = datetime(2026, 1, 1, tzinfo=UTC)
NOW = (DAY + timedelta(days=30)).timestamp()


def step(
    number: int, *, published: int = 0, done: int | None = None, opened: int | None = None, **more: object
) -> Step:
    """An activity published, opened and done on days counted from DAY."""
    values = {
        "id": number, "title": f"Step {number}", "heading": "", "kind": "reading", "minutes": 10, "required": True,
        "published": at(published), "revision": 1, "rule": "read", "dwell_seconds": 5, "done": at(done),
        "done_revision": None if done is None else 1, "opened": at(opened), "due": None, "closes": None,
        "zone": None, "stands": Stands.NOT_YET_DUE if done is None else Stands.DONE,
    }  # fmt: skip
    return Step(**{**values, **more})


def at(day: int | None) -> float | None:
    return None if day is None else (DAY + timedelta(days=day)).timestamp()


def outline(*modules: list[Step]) -> Outline:
    found = Outline(1, 1, [Part(number, f"Module {number}", steps) for number, steps in enumerate(modules)])
    settle(found)
    return found


def states(found: Outline) -> list[str]:
    return [one.state.value for one in found.steps]


def test_states_of_a_course_in_the_middle() -> None:
    assert states(outline([step(1, done=1), step(2, opened=2), step(3)])) == ["done", "started", "todo"]


def test_what_is_added_after_a_module_was_finished_is_new_and_costs_nothing() -> None:
    found = outline([step(1, done=1), step(2, done=2), step(3, published=5)], [step(4)])
    assert states(found) == ["done", "done", "new", "todo"]
    assert (found.done, found.total, found.new) == (2, 3, 1)


def test_what_is_added_before_a_module_was_finished_is_simply_to_do() -> None:
    assert states(outline([step(1, done=1), step(2, done=9), step(3, published=5)])) == ["done", "done", "todo"]


def test_a_module_added_after_the_course_was_finished_is_new() -> None:
    found = outline([step(1, done=1)], [step(2, published=5), step(3, published=5)])
    assert states(found) == ["done", "new", "new"]
    assert found.finished


def test_what_was_handed_back_and_has_closed_is_not_new_to_whoever_handed_it_in() -> None:
    handed_back = step(2, published=5, opened=6, stands=Stands.MISSING, waiting=at(7), closes=at(9))
    found = outline([step(1, done=1), handed_back])
    assert states(found) == ["done", "started"]
    assert (found.done, found.total, found.new) == (1, 2, 0)


def test_a_new_activity_that_is_done_counts() -> None:
    found = outline([step(1, done=1), step(2, published=5, done=6)])
    assert (found.done, found.total) == (2, 2)


def test_revised_activity_stays_done_and_says_changed() -> None:
    found = outline([step(1, done=1, revision=2)])
    assert found.steps[0].changed
    assert found.finished


def test_next_step_goes_on_where_the_student_was() -> None:
    found = outline([step(1), step(2, done=3, opened=3), step(3), step(4)])
    assert found.next_step(NOW).id == 3


def test_next_step_returns_to_what_was_skipped_when_the_end_is_reached() -> None:
    assert outline([step(1), step(2, done=3, opened=3)]).next_step(NOW).id == 1


def test_next_step_leaves_optional_ones_for_the_end() -> None:
    assert outline([step(1, required=False), step(2)]).next_step(NOW).id == 2
    assert outline([step(1, required=False), step(2, done=1)]).next_step(NOW).id == 1


def test_next_step_is_none_when_all_is_done() -> None:
    assert outline([step(1, done=1)]).next_step(NOW) is None
    assert outline().next_step(NOW) is None


def test_what_is_closed_is_not_proposed() -> None:
    dated = {"due": at(20), "closes": at(25)}
    closed = {**dated, "stands": Stands.MISSING}
    assert outline([step(1, **closed), step(2)]).next_step(NOW).id == 2
    assert outline([step(1, **closed)]).next_step(NOW) is None
    assert outline([step(1, **dated, stands=Stands.LATE)]).next_step(at(24)).id == 1


STEPS = st.builds(
    lambda published, done, required: (published, done if done is None or done >= published else published, required),
    st.integers(0, 10), st.one_of(st.none(), st.integers(0, 20)), st.booleans(),
)  # fmt: skip


@settings(max_examples=2000 if SOAK else 100, deadline=None)
@given(modules=st.lists(st.lists(STEPS, min_size=1, max_size=5), min_size=1, max_size=4), where=st.integers(0, 3))
def test_adding_to_a_finished_course_never_takes_it_away(modules: list, where: int) -> None:
    built = [
        [step(10 * m + n, published=p, done=d if d is not None else 20, required=r) for n, (p, d, r) in enumerate(part)]
        for m, part in enumerate(modules)
    ]
    before = outline(*[[replace(one) for one in part] for part in built])
    built[where % len(built)].append(step(999, published=30))
    after = outline(*built)
    assert after.done == before.done
    assert after.finished == before.finished or not before.total
    assert {one.id for one in before.steps if one.state == State.DONE} <= {
        one.id for one in after.steps if one.state == State.DONE
    }


def test_next_step_is_what_is_late_or_due_within_three_days_and_of_these_the_first() -> None:
    started = step(1, opened=20)
    assert outline([started, step(2, due=NOW + 2 * 86400), step(3, due=NOW + 86400)]).next_step(NOW).id == 3
    assert outline([started, step(2, due=NOW + 4 * 86400)]).next_step(NOW).id == 1
    assert outline([started, step(2, due=NOW - 86400)]).next_step(NOW).id == 2
    assert outline([started, step(2, due=NOW + 86400, done=3)]).next_step(NOW).id == 1
    assert outline([started, step(2, due=NOW + 86400, waiting=NOW, stands=Stands.WITH_TEACHER)]).next_step(NOW).id == 1
