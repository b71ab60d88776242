"""Erasing for good what was deleted long enough ago, one row at a time; its files go with it."""

import logging
import time
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from common.removal import KEPT
from courses.models import Activity, Announcement, Cohort, Course, CourseFile, Enrolment, LectureContent, Module
from courses.services import deleting, lectures
from files import services as files

logger = logging.getLogger(__name__)
AT_ONCE = 500
# What lies inside goes first, each with a savepoint of its own.
ORDER: list[type[Any]] = [Announcement, Activity, Module, Enrolment, Cohort, Course, User]


def erase_expired(until: float) -> int:
    """How many rows were erased before the clock of `time.monotonic` showed `until`; the next run goes on."""
    erased = 0
    for model in ORDER:
        expired = model.everything.filter(deleted_at__lt=timezone.now() - KEPT, archived=False)
        for key in list(expired.order_by("deleted_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
            if time.monotonic() > until:
                return erased
            erased += _tried(model, key)
    return erased


def _tried(model: type[Any], key: object) -> bool:
    try:
        with transaction.atomic():
            # Somebody may bring it back at this moment, and another worker may be at it.
            marked = model.everything.filter(pk=key, deleted_at__lt=timezone.now() - KEPT, archived=False)
            row = marked.select_for_update(skip_locked=True, of=("self",)).first()
            return row is not None and _erased(row)
    except DatabaseError:
        # A row that cannot go keeps no other from going.
        logger.exception("%s %s could not be erased.", model.__name__, key)
        return False


def _erased(row: Any) -> bool:
    """What a student did after it was looked at, or before anybody looked, is not lost: it is archived instead."""
    # What was written to students is no work of theirs.
    counted = isinstance(row, Announcement) or (row.deleted_by is not None and row.deleted_by.is_staff)
    if not counted and deleting.work_of(row).students:
        type(row).everything.filter(pk=row.pk).update(archived=True)
        return False
    match row:
        case Activity():
            _erase_activity(row)
        case Module():
            _erase_module(row)
        case Cohort():
            _erase_cohort(row)
        case Course():
            _erase_course(row)
        case _:
            row.delete()
    return True


def _erase_activity(activity: Activity) -> None:
    shown = list(CourseFile.objects.filter(uses__activity=activity).values_list("pk", flat=True))
    lecture = LectureContent.objects.filter(activity=activity).select_related("recording").first()
    activity.delete()
    _erase_files(CourseFile.objects.filter(pk__in=shown, uses=None, used_as_activity=None))
    if lecture and not LectureContent.objects.filter(recording=lecture.recording).exists():
        lectures.discard(lecture.recording)


def _erase_files(found: Any) -> None:
    gone = list(found.select_related("file"))
    CourseFile.objects.filter(pk__in=[one.pk for one in gone]).delete()
    files.delete([one.file for one in gone])


def _erase_module(module: Module) -> None:
    for activity in Activity.everything.filter(module=module):
        _erase_activity(activity)
    module.delete()


def _erase_cohort(cohort: Cohort) -> None:
    Enrolment.everything.filter(cohort=cohort).delete()
    to_others = Announcement.cohorts.through.objects.exclude(cohort=cohort).values("announcement")
    Announcement.everything.filter(cohorts=cohort).exclude(pk__in=to_others).delete()
    cohort.delete()


def _erase_course(course: Course) -> None:
    for module in Module.everything.filter(course=course):
        _erase_module(module)
    for cohort in Cohort.everything.filter(course=course):
        _erase_cohort(cohort)
    for recording in course.recordings.filter(rendition_of=None):
        lectures.discard(recording)
    _erase_files(CourseFile.objects.filter(course=course))
    course.imports.all().delete()
    course.delete()
