"""States and percentages of an outline: what was reached is never taken away."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.templatetags.ui import percent
from progress.outline import Outline, Part, Stands, State, Step, settle
from tests.conftest import SOAK

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
NOW = (START + timedelta(days=30)).timestamp()


def day(number: int | None) -> float | None:
    return None if number is None else (START + timedelta(days=number)).timestamp()


def step(id: int, published: int, done: int | None = None, required: bool = True, opened: int | None = None) -> Step:
    return Step(
        id=id,
        title=f"Step {id}",
        heading="",
        kind="reading",
        minutes=5,
        required=required,
        published=day(published),
        revision=1,
        rule="read",
        dwell_seconds=5,
        done=day(done),
        done_revision=None if done is None else 1,
        opened=day(opened),
        due=None,
        closes=None,
        zone=None,
        stands=Stands.NOT_YET_DUE if done is None else Stands.DONE,
    )


def settled(*modules: list[Step]) -> Outline:
    outline = Outline(1, 1, [Part(number, f"Module {number}", steps) for number, steps in enumerate(modules)])
    settle(outline)
    return outline


def states(outline: Outline) -> list[str]:
    return [step.state.value for step in outline.steps]


def test_state_is_what_was_done_then_what_was_opened() -> None:
    outline = settled([step(1, 0, done=1, opened=1), step(2, 0, opened=2), step(3, 0)])
    assert states(outline) == ["done", "started", "todo"]
    assert (outline.done, outline.total, outline.finished) == (1, 3, False)


def test_done_stays_done_and_says_that_it_was_changed() -> None:
    changed = step(1, 0, done=1)
    changed.revision = 3
    outline = settled([changed])
    assert changed.changed
    assert states(outline) == ["done"]
    assert outline.finished


def test_module_extended_after_it_was_finished_keeps_its_percent() -> None:
    outline = settled([step(1, 0, done=1), step(2, 5)], [step(3, 0)])
    assert states(outline) == ["done", "new", "todo"]
    assert (outline.parts[0].done, outline.parts[0].total, outline.parts[0].new) == (1, 1, 1)
    assert (outline.done, outline.total) == (1, 2)


def test_new_module_after_the_whole_course_was_finished_is_new() -> None:
    outline = settled([step(1, 0, done=1)], [step(2, 5), step(3, 5)])
    assert states(outline) == ["done", "new", "new"]
    assert outline.finished
    assert outline.next_step(NOW).id == 2


def test_new_module_before_the_course_was_finished_is_simply_there() -> None:
    outline = settled([step(1, 0, done=9), step(2, 0)], [step(3, 5)])
    assert states(outline) == ["done", "todo", "todo"]
    assert (outline.done, outline.total) == (1, 3)


def test_what_was_added_before_the_last_step_was_done_is_not_new() -> None:
    assert states(settled([step(1, 0, done=9), step(2, 5)])) == ["done", "todo"]


def test_optional_steps_neither_finish_nor_hold_up_a_module() -> None:
    outline = settled([step(1, 0, done=1), step(2, 0, required=False), step(3, 5)])
    assert states(outline) == ["done", "todo", "new"]
    assert (outline.done, outline.total) == (1, 1)


def test_new_step_that_is_done_counts_on_both_sides() -> None:
    outline = settled([step(1, 0, done=1), step(2, 5, done=6)])
    assert (outline.done, outline.total, outline.finished) == (2, 2, True)


def test_two_steps_added_one_after_the_other_are_both_new() -> None:
    outline = settled([step(1, 0, done=1), step(2, 5), step(3, 6)])
    assert states(outline) == ["done", "new", "new"]
    assert percent(outline.done, outline.total) == 100


def test_step_added_after_a_new_one_stays_new_when_the_new_one_is_done_late() -> None:
    outline = settled([step(1, 0, done=1), step(2, 5, done=8), step(3, 6)])
    assert states(outline) == ["done", "done", "new"]
    assert outline.finished


@pytest.mark.parametrize(
    ("done", "total", "shown"), [(0, 0, 0), (0, 3, 0), (2, 3, 66), (3, 3, 100), (998, 999, 99), (999, 1000, 99)]
)
def test_percent_is_never_whole_before_the_end(done: int, total: int, shown: int) -> None:
    assert percent(done, total) == shown


@dataclass(frozen=True)
class Happening:
    """On its own day something is published in a module, or one of the steps that are there is done."""

    module: int
    required: bool
    does: int | None


happenings = st.builds(Happening, st.integers(0, 2), st.booleans() | st.just(True), st.none() | st.integers(0, 8))


@settings(max_examples=5000 if SOAK else 150, deadline=None)
@given(st.lists(happenings, min_size=2, max_size=16))
def test_what_was_finished_stays_finished_whatever_is_added(history: list[Happening]) -> None:
    published: list[tuple[int, int, bool]] = []
    done: dict[int, int] = {}
    finished: set[str] = set()
    for today, happening in enumerate(history):
        if happening.does is None:
            published.append((today, happening.module, happening.required))
        elif happening.does < len(published):
            done.setdefault(happening.does, today)
        outline = settled(
            *(
                [
                    step(number, when, done.get(number), required)
                    for number, (when, module, required) in enumerate(published)
                    if module == place
                ]
                for place in range(3)
            )
        )
        now = {part.title for part in outline.parts if part.total and part.done == part.total}
        now |= {"course"} if outline.finished else set()
        assert finished <= now
        assert not any(part.done > part.total for part in outline.parts)
        finished |= now


def test_next_step_goes_on_from_the_last_one_opened_and_around_the_end() -> None:
    assert settled([step(1, 0), step(2, 0, done=1, opened=1), step(3, 0)]).next_step(NOW).id == 3
    assert settled([step(1, 0), step(2, 0, done=1, opened=1)]).next_step(NOW).id == 1
    assert settled([step(1, 0, done=1)]).next_step(NOW) is None


def test_state_names_have_words() -> None:
    assert {str(step(1, 0).state_words), *(one.value for one in State)} >= {"Not started", "new"}
