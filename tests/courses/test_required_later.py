"""What becomes required after somebody finished without it takes nothing away from them."""

from courses.services import authoring
from progress.outline import State
from progress.selectors import outlines
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make


def test_optional_activity_made_required_is_new_to_whoever_had_finished(cast: Cast) -> None:
    extra = make.reading(cast.module, "Extra.", required=False, position=8)
    for activity in (cast.reading, cast.file, cast.link):
        ticks.complete(cast.enrolment, activity, how="marked", evidence={}, by=cast.student)
    extra.required = True
    authoring.save_activity(extra, {"format": "markdown", "source": "Extra."})
    found = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    assert found.finished
    assert [step.title for step in found.steps if step.state == State.NEW] == [extra.title]
