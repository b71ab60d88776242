"""Fetching one thing with the right to it checked: an outsider gets 404, a member without the right 403."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from accounts.models import User
from common.access import require
from courses.models import Activity, Cohort, Course, CourseFile, CourseImport, Enrolment, Module
from courses.permissions import GRANTS, Permission


@dataclass(frozen=True)
class Membership:
    """How a person stands to a course. `enrolment` is None for those who write it or run the site."""

    course: Course
    enrolment: Enrolment | None

    @property
    def student(self) -> Enrolment | None:
        """The enrolment that progress is recorded on; None for everybody who does not study."""
        return self.enrolment if self.enrolment and self.enrolment.is_student else None


def enrolment_in(viewer: User, course_id: int) -> Enrolment | None:
    """The one a person acts with: as a student before any other role, the latest cohort first."""
    mine = Enrolment.objects.of(viewer).filter(cohort__course=course_id).select_related("cohort__course")
    ranked = sorted(mine, key=lambda enrolment: (not enrolment.is_student, -enrolment.pk))
    return ranked[0] if ranked else None


def readable_course(viewer: User, course_id: int) -> Membership:
    if enrolment := enrolment_in(viewer, course_id):
        return Membership(enrolment.cohort.course, enrolment)
    return Membership(get_object_or_404(Course.objects.readable_by(viewer), pk=course_id), None)


def readable_activity(viewer: User, activity_id: int) -> tuple[Activity, Membership]:
    """What is shown is open to every member, whatever the role: the commonest case asks the shortest question."""
    found = Activity.objects.shown().with_content().filter(pk=activity_id).first()
    if found and (enrolment := enrolment_in(viewer, found.module.course_id)):
        return found, Membership(found.module.course, enrolment)
    activity = get_object_or_404(Activity.objects.readable_by(viewer).with_content(), pk=activity_id)
    return activity, Membership(activity.module.course, enrolment_in(viewer, activity.module.course_id))


def studied_activity(viewer: User, activity_id: int) -> tuple[Activity, Enrolment]:
    """For writes to one's own progress: members who do not study get 403."""
    activity, membership = readable_activity(viewer, activity_id)
    student = membership.student
    if student is None:
        raise PermissionDenied(gettext("Only students of this course have progress in it."))
    return activity, student


def readable_file(viewer: User, file_id: str) -> CourseFile:
    return get_object_or_404(CourseFile.objects.readable_by(viewer).select_related("file"), pk=file_id)


def editable_course(viewer: User, course_id: int) -> Course:
    course = get_object_or_404(Course.objects.readable_by(viewer), pk=course_id)
    require(Course.objects.editable_by(viewer).filter(pk=course.pk).exists())
    return course


def editable_module(viewer: User, module_id: int) -> Module:
    module = Module.objects.select_related("course").filter(pk=module_id).first()
    if module is None:
        raise Http404
    editable_course(viewer, module.course_id)
    return module


def editable_activity(viewer: User, activity_id: int) -> Activity:
    activity = get_object_or_404(Activity.objects.readable_by(viewer).with_content(), pk=activity_id)
    require(Activity.objects.editable_by(viewer).filter(pk=activity.pk).exists())
    return activity


def cohort_with(viewer: User, cohort_id: int, permission: Permission) -> Cohort:
    """A cohort in which `viewer` holds `permission`; site admins hold every one."""
    cohort = get_object_or_404(Cohort.objects.known_to(viewer).select_related("course"), pk=cohort_id)
    if not viewer.is_staff:
        roles = Enrolment.objects.of(viewer).filter(cohort=cohort).values_list("role", flat=True)
        require(any(permission in GRANTS[role] for role in roles))
    return cohort


def enrolment_with(viewer: User, enrolment_id: int, permission: Permission) -> Enrolment:
    """A student's enrolment in a cohort in which `viewer` holds `permission`. A classmate gets 404."""
    mine = Enrolment.objects.taught_by(viewer).students().select_related("cohort__course", "user")
    enrolment = get_object_or_404(mine, pk=enrolment_id)
    cohort_with(viewer, enrolment.cohort_id, permission)
    return enrolment


def visible_import(viewer: User, import_id: int) -> CourseImport:
    return get_object_or_404(CourseImport.objects.visible_to(viewer).select_related("course"), pk=import_id)
