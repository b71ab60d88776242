"""Fetching one thing with the right to it checked: an outsider gets 404, a member without the right 403."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from accounts.models import User
from common.access import Gone, require
from common.numbers import row_key
from common.rows import Select
from courses.models import (
    Activity,
    Announcement,
    CaptionTrack,
    Cohort,
    Course,
    CourseFile,
    CourseImport,
    Enrolment,
    LectureContent,
    Module,
    Reading,
    Recording,
)
from courses.permissions import GRANTS, Permission
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from files.models import File


@dataclass(frozen=True)
class Membership:
    """How a person stands to a course. `enrolment` is None for those who write it or run the site."""

    course: Course
    enrolment: Enrolment | None

    @property
    def student(self) -> Enrolment | None:
        """The enrolment that progress is recorded on; None for everybody who does not study."""
        return self.enrolment if self.enrolment and self.enrolment.is_student else None

    @property
    def sees_drafts(self) -> bool:
        """Whether what students are not shown yet is shown to this person, in lists and in search."""
        return self.enrolment is None or Permission.SEE_DRAFTS in GRANTS[self.enrolment.role]


# The enrolment a person acts with in a course, which is `c`: as a student before any other role, the latest first.
_ACTING = """
  JOIN courses_cohort h ON h.course_id = c.id
  JOIN courses_enrolment e ON e.cohort_id = h.id AND e.user_id = %(viewer)s AND {active}
 WHERE {condition}
 ORDER BY e.role = 'student' DESC, e.id DESC
 LIMIT 1
"""
OF_COURSE = "FROM courses_course c" + _ACTING.format(condition="c.id = %(course)s", active=ACTIVE_SQL)
MEMBER_OF = Select({"c": Course, "h": Cohort, "e": Enrolment}, OF_COURSE)
_AT = "FROM courses_activity a JOIN courses_module m ON m.id = a.module_id JOIN courses_course c ON c.id = m.course_id"
_SHOWN = _ACTING.format(condition=f"a.id = %(activity)s AND {SHOWN_SQL}", active=ACTIVE_SQL)
MEMBER_AT = Select({"c": Course, "h": Cohort, "e": Enrolment, "m": Module, "a": Activity}, _AT + _SHOWN)
# Most lessons are texts: the page of one asks for it along the way, which is a tenth of its time less.
READER_OF = Select(
    {"c": Course, "h": Cohort, "e": Enrolment, "m": Module, "a": Activity, "r": Reading},
    f"{_AT} LEFT JOIN courses_reading r ON r.activity_id = a.id {_SHOWN}",
)


def member(course: Course, cohort: Cohort, enrolment: Enrolment) -> Membership:
    cohort.course, enrolment.cohort = course, cohort
    return Membership(course, enrolment)


def _membership(viewer: User, course_id: int) -> Membership | None:
    found = MEMBER_OF.first(viewer=viewer.pk, course=course_id)
    return member(*found) if found else None


def readable_course(viewer: User, course_id: int) -> Membership:
    if found := _membership(viewer, course_id):
        return found
    return Membership(get_object_or_404(Course.objects.readable_by(viewer), pk=course_id), None)


def readable_activity(viewer: User, activity_id: int) -> tuple[Activity, Membership]:
    """What is shown is open to every member, whatever the role: the commonest case asks the shortest question."""
    if found := MEMBER_AT.first(viewer=viewer.pk, activity=activity_id):
        return _shown(*found)
    return _readable_to_few(viewer, activity_id)


def readable_lesson(viewer: User, activity_id: int) -> tuple[Activity, Membership]:
    """As `readable_activity`, with the text of a reading."""
    if found := READER_OF.first(viewer=viewer.pk, activity=activity_id):
        *known, reading = found
        shown, membership = _shown(*known)
        if reading:
            shown.reading = reading
        return shown, membership
    return _readable_to_few(viewer, activity_id)


def _shown(
    course: Course, cohort: Cohort, enrolment: Enrolment, module: Module, activity: Activity
) -> tuple[Activity, Membership]:
    membership = member(course, cohort, enrolment)
    module.course, activity.module = membership.course, module
    return activity, membership


def _readable_to_few(viewer: User, activity_id: int) -> tuple[Activity, Membership]:
    readable = Activity.objects.readable_by(viewer).select_related("module__course")
    activity = readable.filter(pk=activity_id).first()
    if activity is None:
        raise _gone(viewer, activity_id)
    course = activity.module.course
    return activity, _membership(viewer, course.pk) or Membership(course, None)


def _gone(viewer: User, activity_id: int) -> Http404:
    """To a member of the course: what was on the screen a moment ago has been taken out of it, and nothing is lost."""
    deleted = Activity.everything.filter(pk=activity_id, deleted_at__isnull=False).select_related("module__course")
    activity = deleted.first()
    if activity is None or not Course.objects.readable_by(viewer).filter(pk=activity.module.course_id).exists():
        return Http404()
    words = gettext("This lesson is no longer part of “%(course)s”. What you did in it is kept, in case it comes back.")
    return Gone(words % {"course": activity.module.course})


def studied_activity(viewer: User, activity_id: int) -> tuple[Activity, Enrolment]:
    """For writes to one's own progress: members who do not study get 403."""
    activity, membership = readable_activity(viewer, activity_id)
    student = membership.student
    if student is None:
        raise PermissionDenied(gettext("Only students on this course have progress in it."))
    return activity, student


def readable_file(viewer: User, file_id: str) -> CourseFile:
    return get_object_or_404(CourseFile.objects.readable_by(viewer).select_related("file"), pk=file_id)


def readable_recording(viewer: User, recording_id: int) -> Recording:
    return get_object_or_404(Recording.objects.readable_by(viewer).select_related("file"), pk=recording_id)


def readable_poster(viewer: User, recording_id: int) -> File:
    with_poster = Recording.objects.readable_by(viewer).exclude(poster=None).select_related("poster")
    return get_object_or_404(with_poster, pk=recording_id).poster


def readable_track(viewer: User, track_id: int) -> CaptionTrack:
    return get_object_or_404(CaptionTrack.objects.readable_by(viewer).only("vtt"), pk=track_id)


def editable_course(viewer: User, course_id: int) -> Course:
    course = get_object_or_404(Course.objects.readable_by(viewer), pk=course_id)
    require(Course.objects.editable_by(viewer).filter(pk=course.pk).exists())
    return course


def editable_module(viewer: User, module_id: int) -> Module:
    module = get_object_or_404(Module.objects.readable_by(viewer).select_related("course"), pk=module_id)
    require(Course.objects.editable_by(viewer).filter(pk=module.course_id).exists())
    return module


def editable_activity(viewer: User, activity_id: int) -> Activity:
    activity = get_object_or_404(Activity.objects.readable_by(viewer).select_related("module__course"), pk=activity_id)
    require(Activity.objects.editable_by(viewer).filter(pk=activity.pk).exists())
    return activity


def editable_lecture(viewer: User, activity_id: int) -> Activity:
    """An activity that is a lecture, with it and its recording."""
    activity = editable_activity(viewer, activity_id)
    activity.lecture = get_object_or_404(LectureContent.objects.select_related("recording"), activity=activity)
    return activity


def removable_activity(viewer: User, activity_id: int) -> Activity:
    """As for editing; also one that was deleted, so that it can be brought back. The same for those below."""
    activity = get_object_or_404(Activity.everything.select_related("module__course"), pk=activity_id)
    editable_course(viewer, activity.module.course_id)
    return activity


def removable_module(viewer: User, module_id: int) -> Module:
    module = get_object_or_404(Module.everything.select_related("course"), pk=module_id)
    editable_course(viewer, module.course_id)
    return module


def removable_course(viewer: User, course_id: int) -> Course:
    course = get_object_or_404(Course.everything.readable_by(viewer), pk=course_id)
    require(Course.everything.editable_by(viewer).filter(pk=course.pk).exists())
    return course


def removable_cohort(viewer: User, cohort_id: int) -> Cohort:
    """For whom it was deleted, it still has those who were in it then."""
    cohort = get_object_or_404(Cohort.everything.select_related("course"), pk=cohort_id)
    if not viewer.is_staff:
        mine = Enrolment.everything.filter(cohort=cohort, user=viewer, state=Enrolment.State.ACTIVE)
        roles = list(mine.filter(deleted_at=cohort.deleted_at).values_list("role", flat=True))
        if not roles:
            raise Http404
        require(any(Permission.DELETE_COHORT in GRANTS[role] for role in roles))
    return cohort


def track_of(activity: Activity, key: str) -> CaptionTrack:
    """Captions or chapters of a lecture, by the key that a form sent."""
    mine = CaptionTrack.objects.filter(recording=activity.lecture.recording)
    return get_object_or_404(mine, pk=row_key(key))


def cohort_with(viewer: User, cohort_id: int, permission: Permission) -> Cohort:
    """A cohort in which `viewer` holds `permission`; site admins hold every one."""
    cohort = get_object_or_404(Cohort.objects.known_to(viewer).select_related("course"), pk=cohort_id)
    require(holds(viewer, cohort, permission))
    return cohort


def holds(viewer: User, cohort: Cohort, permission: Permission) -> bool:
    return permission in rights(viewer, cohort)


def rights(viewer: User, cohort: Cohort) -> frozenset[Permission]:
    """For a page of a cohort that offers more to some than to others."""
    return granted(viewer, Enrolment.objects.of(viewer).filter(cohort=cohort).values_list("role", flat=True))


def granted(viewer: User, roles: Iterable[str]) -> frozenset[Permission]:
    return frozenset(Permission) if viewer.is_staff else frozenset().union(*(GRANTS[role] for role in roles))


def known_cohort(viewer: User, cohort_id: int) -> Cohort:
    """One that `viewer` is in, in whichever role."""
    return get_object_or_404(Cohort.objects.known_to(viewer).select_related("course"), pk=cohort_id)


def known_cohort_with_rights(viewer: User, cohort_id: int) -> tuple[Cohort, frozenset[Permission]]:
    """Both in one query."""
    roles = ArraySubquery(Enrolment.objects.of(viewer).filter(cohort=OuterRef("pk")).values("role"))
    known = Cohort.objects.known_to(viewer).select_related("course").annotate(roles=roles)
    cohort = get_object_or_404(known, pk=cohort_id)
    return cohort, granted(viewer, cohort.roles)


def readable_announcement(viewer: User, announcement_id: int) -> Announcement:
    found = Announcement.objects.readable_by(viewer).select_related("author")
    return get_object_or_404(found, pk=announcement_id)


def writable_announcement(viewer: User, announcement_id: int) -> Announcement:
    found = readable_announcement(viewer, announcement_id)
    require(Announcement.objects.writable_by(viewer).filter(pk=found.pk).exists())
    return found


def removable_announcement(viewer: User, announcement_id: int) -> Announcement:
    """As for writing; also one that was deleted, so that it can be brought back."""
    found = get_object_or_404(Announcement.everything.readable_by(viewer), pk=announcement_id)
    require(Announcement.everything.writable_by(viewer).filter(pk=found.pk).exists())
    return found


def enrolment_with(viewer: User, enrolment_id: int, permission: Permission) -> Enrolment:
    """A student's enrolment in a cohort in which `viewer` holds `permission`."""
    theirs = Enrolment.objects.students().filter(cohort__in=Cohort.objects.known_to(viewer))
    enrolment = get_object_or_404(theirs.select_related("cohort__course", "user"), pk=enrolment_id)
    cohort_with(viewer, enrolment.cohort_id, permission)
    return enrolment


def activity_of(enrolment: Enrolment, activity_id: int) -> Activity:
    """An activity that the student of `enrolment` is shown."""
    shown = Activity.objects.shown().filter(module__course=enrolment.cohort.course_id)
    return get_object_or_404(shown.select_related("module"), pk=activity_id)


def visible_import(viewer: User, import_id: int) -> CourseImport:
    """Its report is for those who may write the course, and before there is one for who asked.

    Without that report, which `courses.reports` reads a page at a time.
    """
    known = CourseImport.objects.known_to(viewer).select_related("course").defer("lines", "faults")
    run = get_object_or_404(known, pk=import_id)
    require(CourseImport.objects.visible_to(viewer).filter(pk=run.pk).exists())
    return run
