"""Instances out of hand-written statements are the same as those the ORM makes."""

from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.querysets import NAMED
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


def test_what_was_left_out_is_loaded_when_it_is_asked_for(cast: Cast) -> None:
    named = Select({"u": User}, "FROM accounts_user u WHERE u.id = %(user)s", only={"u": NAMED})
    (found,) = named.first(user=cast.student.pk)
    assert found.get_deferred_fields() == {one.attname for one in User._meta.concrete_fields} - NAMED - {"id"}
    assert str(found) == str(cast.student)
    assert found.email == cast.student.email


def test_a_part_is_the_rows_of_its_places(cast: Cast) -> None:
    every = Select({"u": User}, "FROM accounts_user u ORDER BY u.id")
    whole = every.all()
    assert every.part(slice(2)) == whole[:2]
    assert every.part(slice(1, 3)) == whole[1:3]
    assert every.part(slice(len(whole), len(whole) + 1)) == []


def test_a_shared_row_is_made_once_and_every_other_row_by_itself(cast: Cast) -> None:
    rest = "FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id LEFT JOIN accounts_user u ON u.id = 0"
    only = {"u": NAMED}
    tables = {"e": Enrolment, "h": Cohort, "u": User}
    rows = Select(tables, f"{rest} ORDER BY e.id", only=only, shared=frozenset("hu")).all()
    alone = Select(tables, f"{rest} ORDER BY e.id", only=only).all()
    assert rows == alone
    assert len({id(cohort) for _, cohort, _ in rows}) == len({cohort.pk for _, cohort, _ in rows}) < len(rows)
    assert len({id(enrolment) for enrolment, _, _ in rows}) == len(rows)
    assert {nobody for *_, nobody in rows} == {None}
