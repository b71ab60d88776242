"""What happened here that people should hear of: one row each, and `courses.notices` finds out who."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from courses.models import Accommodation, Activity, Cohort, Course, CourseImport, DueDate, Enrolment, Extension
from notifications.services import events, planning

DATE_MOVED = "date_moved"
EXTENSION_AGREED = "extension_agreed"
DAYS_CHANGED = "days_changed"
CONTENT_NEW = "content_new"
ADDED = "added_to_cohort"
RECORDING_READY = "recording_ready"
IMPORT_FINISHED = "import_finished"

# Until an edit is over: what is corrected or undone meanwhile is told once, or not at all.
DATES_SETTLE, CONTENT_SETTLES, RECORDINGS_SETTLE = timedelta(minutes=10), timedelta(hours=1), timedelta(minutes=5)

# What dates of every sort consist of.
DATED = ("suggested_wall", "cutoff_wall", "suggested_days", "cutoff_days", "time_of_day")
KEPT = {
    DueDate: (*DATED, "zone"),
    Extension: ("agreed_wall", "zone", "reason", "by_student", "granted_by_id", "granted_at"),
    Accommodation: ("extra_days", "time_percent", "note", "granted_by_id", "granted_at"),
}
Agreement = DueDate | Extension | Accommodation


def plain(row: Agreement | None) -> dict[str, Any] | None:
    """An agreement as plain data, to undo a change of it or to tell of one."""
    if row is None:
        return None
    values = {name: getattr(row, name) for name in KEPT[type(row)]}
    if "zone" in values:
        values["zone"] = str(values["zone"])
    return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in values.items()}


def date_moved(cohort: Cohort, activity: Activity, *, before: DueDate | None) -> None:
    """`before` is the row as it was, None where there was none."""
    values = {"before": plain(before)}
    events.record(DATE_MOVED, activity.pk, context=cohort.pk, values=values, quiet=DATES_SETTLE)
    planning.soon()


def extension_changed(enrolment: Enrolment, activity: Activity, *, before: Extension | None) -> None:
    values = {"before": plain(before)}
    events.record(EXTENSION_AGREED, activity.pk, context=enrolment.pk, values=values, quiet=DATES_SETTLE)
    planning.soon()


def days_changed(enrolment: Enrolment, *, before: Accommodation | None) -> None:
    """How many days more a student has for all of their dates."""
    values = {"before": before.extra_days if before else 0}
    events.record(DAYS_CHANGED, enrolment.cohort_id, context=enrolment.pk, values=values, quiet=DATES_SETTLE)
    planning.soon()


def content_changed(course: Course | int, *, since: datetime) -> None:
    """Lessons of the course were shown or revised since then; which, the worker looks up."""
    key = course if isinstance(course, int) else course.pk
    events.record(CONTENT_NEW, key, values={"since": since}, quiet=CONTENT_SETTLES)


def came_in(cohort: Cohort, *, by: User | None, since: datetime) -> None:
    """Somebody put people into the cohort since then."""
    if by is not None:
        events.record(ADDED, cohort.pk, actor=by, values={"since": since})


def moved(enrolment: Enrolment, *, by: User) -> None:
    """Somebody was put into another cohort of their course."""
    since = enrolment.state_changed_at
    events.record(ADDED, enrolment.cohort_id, context=enrolment.pk, actor=by, values={"since": since})


def recording_prepared(course_id: int, *, brought_by: int | None) -> None:
    if brought_by is not None:
        values = {"since": timezone.now()}
        events.record(RECORDING_READY, course_id, context=brought_by, values=values, quiet=RECORDINGS_SETTLE)


def import_finished(run: CourseImport) -> None:
    if run.requested_by_id is not None:
        events.record(IMPORT_FINISHED, run.pk)
