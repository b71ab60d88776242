"""Fetching work with the right to it checked: 404 for outsiders, 403 for members without the right."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.querysets import NAMED
from common.access import require
from common.rows import Select, joined
from courses.access import granted, known_cohort_with_rights, studied_activity
from courses.models import Activity, Cohort, Course, Enrolment, Module
from courses.permissions import Permission
from courses.querysets import ACTIVE_SQL
from feedback.models import Assignment, Feedback, Marking, PageImage, Rubric, Submission, WorkFile
from feedback.querysets import DUE_SQL


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


# By hand, as every step of marking waits for it: the ORM takes longer to build such a statement than Postgres to
# answer. Which work it is, is that of `SubmissionQuerySet.standing`. An assignment comes without its texts.
_ASSIGNMENT = {"activity", "scale", "most_points", "levels", "takes_text", "takes_files", "takes_links", "nameless"}
MARKED = Select(
    {
        "s": Submission,
        "a": Activity,
        "m": Module,
        "g": Assignment,
        "t": Enrolment,
        "u": User,
        "h": Cohort,
        "c": Course,
        "r": Rubric,
        "v": User,
        "f": Feedback,
        "q": Rubric,
    },
    """
  FROM feedback_submission s
  JOIN courses_enrolment t ON t.id = s.enrolment_id AND t.deleted_at IS NULL
  JOIN courses_cohort h ON h.id = t.cohort_id AND h.deleted_at IS NULL
  JOIN courses_course c ON c.id = h.course_id
  JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
  JOIN courses_module m ON m.id = a.module_id
  JOIN accounts_user u ON u.id = t.user_id
  LEFT JOIN feedback_assignment g ON g.activity_id = a.id
  LEFT JOIN accounts_user v ON v.id = s.marker_id
  LEFT JOIN feedback_rubric r ON r.id = s.rubric_id
  LEFT JOIN feedback_feedback f ON f.submission_id = s.id
  LEFT JOIN feedback_rubric q ON q.id = f.rubric_id AND q.id IS DISTINCT FROM s.rubric_id
 WHERE s.id = %(submission)s AND s.taken_back_at IS NULL
""",
    also=(
        """ARRAY(SELECT e.role FROM courses_enrolment e
                WHERE e.cohort_id = h.id AND e.user_id = %(viewer)s AND {active})""".replace("{active}", ACTIVE_SQL),
        "EXISTS (SELECT FROM feedback_marking k WHERE k.cohort_id = h.id AND k.assistants_release)",
        DUE_SQL,
        "EXISTS (SELECT FROM feedback_workfile_submissions b WHERE b.submission_id = s.id)",
    ),
    only={"g": frozenset(_ASSIGNMENT), "u": NAMED, "v": NAMED},
)


def marked_submission(viewer: User, submission_id: int) -> tuple[Submission, Standing]:
    """Work that `viewer` marks. To its own student who may mark elsewhere it is what it is to any student.

    Also with what its screen asks of it: `due_at`, and whether it has files (`has_files`).
    """
    found = MARKED.first(viewer=viewer.pk, submission=submission_id)
    if found is None:
        raise Http404
    *rows, roles, assistants_release, due_at, has_files = found
    if not roles and not viewer.is_staff:
        raise Http404
    submission: Any = _put_together(*rows)
    submission.due_at, submission.has_files = due_at, has_files
    standing = Standing(viewer, granted(viewer, roles), assistants_release)
    require(standing.marks)
    return submission, standing


def _put_together(
    submission: Submission,
    activity: Activity,
    module: Module,
    assignment: Assignment | None,
    enrolment: Enrolment,
    student: User,
    cohort: Cohort,
    course: Course,
    rubric: Rubric | None,
    marker: User | None,
    feedback: Feedback | None,
    other_rubric: Rubric | None,
) -> Submission:
    joined(module, course=course)
    joined(activity, module=module, assignment=assignment)
    joined(cohort, course=course)
    joined(enrolment, user=student, cohort=cohort)
    if feedback is not None:
        same = rubric if feedback.rubric_id == submission.rubric_id else other_rubric
        joined(feedback, submission=submission, rubric=same)
    joined(submission, enrolment=enrolment, activity=activity, rubric=rubric, marker=marker, feedback=feedback)
    return submission


def released_by(viewer: User, submission_id: int) -> tuple[Submission, Standing]:
    found, standing = marked_submission(viewer, submission_id)
    require(standing.releases)
    return found, standing


def readable_work_file(viewer: User, file_id: UUID) -> WorkFile:
    related = ("file", "enrolment", "activity__assignment")
    return get_object_or_404(WorkFile.objects.readable_by(viewer).select_related(*related), pk=file_id)


def readable_page(viewer: User, page_id: int) -> PageImage:
    """Of a file, as the file is."""
    readable = WorkFile.objects.readable_by(viewer).values("pk")
    return get_object_or_404(PageImage.objects.filter(work_file__in=readable).select_related("file"), pk=page_id)
