"""Fetching work with the right to it checked: 404 for outsiders, 403 for members without the right."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.querysets import NAMED
from common.access import require
from common.rows import Select, joined
from courses.access import cohort_with, granted, studied_activity
from courses.models import Activity, Cohort, Course, Enrolment, Module
from courses.permissions import Permission
from courses.querysets import ACTIVE_SQL
from feedback.models import (
    Asked,
    Assignment,
    Conversation,
    Feedback,
    Message,
    PageImage,
    Rubric,
    Submission,
    WorkFile,
)
from feedback.querysets import DUE_SQL, still_teaches


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

    def may_write(self, submission: Submission) -> bool:
        """What was given back is read as it is saved, so to correct it is to release it."""
        return self.releases or submission.release_at is None

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
    """With its feedback, which may not be shown before `release_at` has come, and when it was due (`due_at`)."""
    related = ("activity__module__course", "activity__assignment", "enrolment__cohort", "enrolment__user", "rubric")
    said = ("feedback__rubric", "feedback__saved_by")
    mine = Submission.objects.of(viewer).with_their_way().with_due().select_related(*related, *said)
    return get_object_or_404(mine, pk=submission_id)


# By hand, as `MARKED` below is. Which cohort it is, is that of `courses.access.known_cohort`.
_ROLES = """ARRAY(SELECT e.role FROM courses_enrolment e
                   WHERE e.cohort_id = h.id AND e.user_id = %(viewer)s AND {active})""".replace("{active}", ACTIVE_SQL)
_ASSISTANTS_RELEASE = "EXISTS (SELECT FROM feedback_marking k WHERE k.cohort_id = h.id AND k.assistants_release)"
MARKING_IN = Select(
    {"h": Cohort, "c": Course},
    """
  FROM courses_cohort h
  JOIN courses_course c ON c.id = h.course_id
 WHERE h.id = %(cohort)s AND h.deleted_at IS NULL
""",
    also=(_ROLES, _ASSISTANTS_RELEASE),
)


def marking_in(viewer: User, cohort_id: int) -> tuple[Cohort, Standing]:
    """A cohort whose work `viewer` marks."""
    found = MARKING_IN.first(viewer=viewer.pk, cohort=cohort_id)
    if found is None:
        raise Http404
    cohort, course, roles, assistants_release = found
    if not roles and not viewer.is_staff:
        raise Http404
    joined(cohort, course=course)
    standing = Standing(viewer, granted(viewer, roles), assistants_release)
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
        _ROLES,
        _ASSISTANTS_RELEASE,
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


def written_submission(viewer: User, submission_id: int) -> tuple[Submission, Standing]:
    """For whoever writes feedback on it; `marked_submission` is for whoever looks."""
    found, standing = marked_submission(viewer, submission_id)
    require(standing.may_write(found))
    return found, standing


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


@dataclass(frozen=True)
class Talk:
    """A conversation, and as whom `viewer` reads it: one of its two, or one who looks after minors."""

    conversation: Conversation
    viewer: User
    # Whether its teacher still teaches there.
    is_taught: bool

    @property
    def is_student(self) -> bool:
        return self.conversation.enrolment.user_id == self.viewer.pk

    @property
    def is_teacher(self) -> bool:
        return self.conversation.teacher_id == self.viewer.pk

    @property
    def may_write(self) -> bool:
        there = self.is_taught and self.conversation.enrolment.state == Enrolment.State.ACTIVE
        return there and (self.is_student or self.is_teacher)

    @property
    def may_hide(self) -> bool:
        return not self.is_student


def readable_talk(viewer: User, conversation_id: int) -> Talk:
    """One's own, and what is written with a minor for whoever looks after them; 404 for everybody else."""
    related = ("enrolment__user", "enrolment__cohort__course", "teacher")
    there = ExpressionWrapper(still_teaches("teacher", "enrolment__cohort"), output_field=BooleanField())
    readable: Any = Conversation.objects.read_by(viewer).select_related(*related).annotate(is_taught=there)
    found = get_object_or_404(readable, pk=conversation_id)
    return Talk(found, viewer, bool(found.is_taught))


def written_talk(viewer: User, conversation_id: int) -> Talk:
    talk = readable_talk(viewer, conversation_id)
    require(talk.may_write)
    return talk


def held_talk(viewer: User, conversation_id: int) -> Talk:
    """For its teacher."""
    talk = readable_talk(viewer, conversation_id)
    require(talk.is_teacher)
    return talk


def hideable_message(viewer: User, message_id: int) -> Message:
    message = get_object_or_404(Message, pk=message_id, conversation__in=Conversation.objects.read_by(viewer))
    require(readable_talk(viewer, message.conversation_id).may_hide)
    return message


def own_asked(viewer: User, asked_id: int) -> Asked:
    """A check-in that came to `viewer`."""
    related = ("check_in__author", "enrolment__cohort__course", "message")
    return get_object_or_404(Asked.objects.of(viewer).select_related(*related), pk=asked_id)


def linked_asked(asked_id: int) -> Asked | None:
    """By a link of a mail, for whoever has it: as it was sent, and only while it is its student's to answer."""
    there = Asked.objects.filter(opened_at__isnull=False, enrolment__user__is_active=True)
    there = there.filter(enrolment__user__deleted_at=None)
    return there.select_related("enrolment__user", "enrolment__cohort").filter(pk=asked_id).first()


def checking_in(viewer: User, cohort_id: int) -> Cohort:
    """A cohort whose students `viewer` may write to."""
    return cohort_with(viewer, cohort_id, Permission.CHECK_IN)
