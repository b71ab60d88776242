"""Instances out of hand-written statements are the same as those the ORM makes."""

from zoneinfo import ZoneInfo

from common.rows import Select
from courses.models import Cohort, Enrolment
from progress.models import Completion
from progress.services import ticks
from tests.cast import Cast

STUDENTS = Select(
    {"e": Enrolment, "h": Cohort},
    "FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id WHERE e.user_id = %(user)s",
)
TICKS = Select({"t": Completion}, "FROM progress_completion t WHERE t.enrolment_id = %(enrolment)s")


def test_every_column_comes_as_its_field_reads_it(cast: Cast) -> None:
    enrolment, cohort = STUDENTS.first(user=cast.student.pk)
    for made, wanted in ((enrolment, cast.enrolment), (cohort, cast.cohort)):
        wanted.refresh_from_db()
        for field in type(wanted)._meta.concrete_fields:
            assert getattr(made, field.attname) == getattr(wanted, field.attname), field
    assert cohort.timezone == ZoneInfo(str(cast.cohort.timezone))


def test_json_is_read_and_the_instance_can_be_saved(cast: Cast) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="read", evidence={"visible_seconds": 7}, by=cast.student)
    ((tick,),) = TICKS.all(enrolment=cast.enrolment.pk)
    assert tick.evidence == {"visible_seconds": 7}
    enrolment, _ = STUDENTS.first(user=cast.student.pk)
    enrolment.save(update_fields=["state"])
    assert not enrolment._state.adding


def test_nothing_is_found_as_none_and_as_an_empty_list(cast: Cast) -> None:
    assert STUDENTS.first(user=0) is None
    assert STUDENTS.all(user=0) == []
