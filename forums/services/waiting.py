"""By when a question should have an answer: a working day of its cohort after it was asked."""

from collections.abc import Sequence
from datetime import datetime

from courses.models import Cohort
from courses.services import calendars
from courses.working_days import after
from forums.models import Thread

# In working days of the cohort: then the question has waited long.
ANSWERED_WITHIN = 1
AT_ONCE = 500


def answer_by(cohort: Cohort, asked_at: datetime) -> datetime:
    return after(asked_at, ANSWERED_WITHIN, calendars.calendar_of(cohort))


def count_again(cohorts: Sequence[int]) -> None:
    """Of the questions that still wait, when the working days of their cohorts have changed."""
    found = Cohort.objects.in_bulk(cohorts)
    known = calendars.calendars_of(list(found.values()))
    moved = []
    for thread in Thread.objects.filter(cohort__in=found).unanswered().only("cohort", "opened_at", "answer_by"):
        due = after(thread.opened_at, ANSWERED_WITHIN, known[thread.cohort_id])
        if due != thread.answer_by:
            thread.answer_by = due
            moved.append(thread)
    Thread.objects.bulk_update(moved, ["answer_by"], batch_size=AT_ONCE)
