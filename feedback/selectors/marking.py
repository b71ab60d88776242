"""A piece of work as its marker has it on the screen."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from courses.models import Cohort, EffectiveDue, Enrolment
from courses.permissions import MARKING
from feedback.models import BankComment, Comment, PageImage, Remark, Submission, WorkFile

MOST_FOUND = 8


@dataclass(frozen=True)
class Screen:
    """`attempts` are all that stand, oldest first; alone in it where the work is the first and only one."""

    files: list[WorkFile]
    comments: list[Comment]
    attempts: list[Submission]
    remarks: list[Remark]
    due_at: datetime | None


def screen(submission: Submission, now: datetime) -> Screen:
    """In three to six queries."""
    is_released = submission.release_at is not None and submission.release_at <= now
    return Screen(
        files_of(submission),
        comments_of(submission),
        _attempts(submission) if submission.attempt > 1 or is_released else [submission],
        list(submission.remarks.select_related("author", "comment")) if is_released else [],
        _due(submission),
    )


def files_of(submission: Submission) -> list[WorkFile]:
    pages = Prefetch("pages", PageImage.objects.select_related("file"))
    return list(submission.files.select_related("file").prefetch_related(pages).order_by("file__created_at", "pk"))


def comments_of(submission: Submission) -> list[Comment]:
    """In the order of the work."""
    standing = submission.comments.filter(deleted_at=None).select_related("by")
    return list(standing.order_by("work_file", "page", "start", "created_at"))


def _attempts(submission: Submission) -> list[Submission]:
    """Without their texts, with their feedback."""
    mine = Submission.objects.filter(
        enrolment=submission.enrolment_id, activity=submission.activity_id, taken_back_at=None
    )
    return list(mine.select_related("feedback__rubric").defer("source", "html").order_by("attempt"))


def _due(submission: Submission) -> datetime | None:
    due = EffectiveDue.objects.filter(enrolment=submission.enrolment_id, activity=submission.activity_id)
    return due.values_list("due_at", flat=True).first()


def markers(cohort: Cohort) -> QuerySet[User]:
    """Who marks in a cohort, by name."""
    those = Enrolment.objects.active().filter(cohort=cohort, role__in=MARKING).values("user")
    return User.objects.filter(pk__in=those, is_active=True).order_by("display_name", "pk")


def bank(viewer: User, course: int, words: str = "") -> QuerySet[BankComment]:
    """What is used most comes first. Nobody's bank is so large that it wants an index."""
    offered = BankComment.objects.offered_to(viewer, course)
    offered = offered.filter(source__icontains=words) if words else offered
    return offered.select_related("owner").order_by("-used", "-used_at", "pk")
