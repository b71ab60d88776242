"""Fetching work with the right to it checked: 404 for outsiders, 403 for members without the right."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from common.access import require
from courses.access import enrolment_with, known_cohort_with_rights, readable_activity, studied_activity
from courses.models import Activity, Cohort, Enrolment
from courses.permissions import Permission
from feedback.models import Assignment, Marking, PageImage, Submission, WorkFile


@dataclass(frozen=True)
class Standing:
    """What somebody who marks may do in one cohort."""

    viewer: User
    rights: frozenset[Permission]
    # Whether assistants release what they marked.
    assistants_release: bool = False

    @property
    def marks(self) -> bool:
        return Permission.MARK in self.rights

    @property
    def releases(self) -> bool:
        return Permission.RELEASE in self.rights or (self.marks and self.assistants_release)

    @property
    def decides(self) -> bool:
        """Gives work to others, pauses promises, and sets how they are counted."""
        return Permission.RELEASE in self.rights


def own_assignment(viewer: User, activity_id: int) -> tuple[Activity, Enrolment]:
    """For a student who writes and hands in; `activity.assignment` is there."""
    activity, enrolment = studied_activity(viewer, activity_id)
    activity.assignment = get_object_or_404(Assignment, activity=activity)
    return activity, enrolment


def studied(viewer: User, activity_id: int) -> tuple[Activity, Enrolment]:
    """As `own_assignment`, for a page that reads the assignment itself."""
    activity, enrolment = studied_activity(viewer, activity_id)
    if activity.kind != "assignment":
        raise Http404
    return activity, enrolment


def readable_assignment(viewer: User, activity_id: int) -> Activity:
    activity, _ = readable_activity(viewer, activity_id)
    activity.assignment = get_object_or_404(Assignment, activity=activity)
    return activity


def own_submission(viewer: User, submission_id: int) -> Submission:
    """With its feedback, which may not be shown before `release_at` has come."""
    related = ("activity__module__course", "activity__assignment", "enrolment__cohort", "enrolment__user", "rubric")
    said = ("feedback__rubric", "feedback__saved_by")
    mine = Submission.objects.of(viewer).with_their_way().select_related(*related, *said)
    return get_object_or_404(mine, pk=submission_id)


def marking_in(viewer: User, cohort_id: int) -> tuple[Cohort, Standing]:
    """A cohort whose work `viewer` marks."""
    cohort, rights = known_cohort_with_rights(viewer, cohort_id)
    standing = Standing(viewer, rights, Marking.objects.filter(cohort=cohort, assistants_release=True).exists())
    require(standing.marks)
    return cohort, standing


def decided_cohort(viewer: User, cohort_id: int) -> Cohort:
    """One whose promises `viewer` may move."""
    cohort, standing = marking_in(viewer, cohort_id)
    require(standing.decides)
    return cohort


def marked_submission(viewer: User, submission_id: int) -> tuple[Submission, Standing]:
    """Work that `viewer` marks. To its own student who may mark elsewhere it is what it is to any student."""
    related = (
        "activity__module__course",
        "activity__assignment",
        "enrolment__cohort__course",
        "enrolment__user",
        "rubric",
        "marker",
        "feedback__rubric",
    )
    found = Submission.objects.standing().select_related(*related).filter(pk=submission_id).first()
    if found is None:
        raise Http404
    found.enrolment.cohort, standing = marking_in(viewer, found.enrolment.cohort_id)
    return found, standing


def released_by(viewer: User, submission_id: int) -> tuple[Submission, Standing]:
    found, standing = marked_submission(viewer, submission_id)
    require(standing.releases)
    return found, standing


def student_of_marker(viewer: User, enrolment_id: int) -> Enrolment:
    return enrolment_with(viewer, enrolment_id, Permission.MARK)


def readable_work_file(viewer: User, file_id: UUID) -> WorkFile:
    related = ("file", "enrolment", "activity__assignment")
    return get_object_or_404(WorkFile.objects.readable_by(viewer).select_related(*related), pk=file_id)


def readable_page(viewer: User, page_id: int) -> PageImage:
    """Of a file, as the file is."""
    readable = WorkFile.objects.readable_by(viewer).values("pk")
    return get_object_or_404(PageImage.objects.filter(work_file__in=readable).select_related("file"), pk=page_id)
