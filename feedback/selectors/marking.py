"""A piece of work as its marker has it on the screen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from accounts.names import called
from courses.models import Cohort, Enrolment
from courses.permissions import MARKING
from feedback.models import BankComment, Feedback, FeedbackChange, Remark, Submission, WorkFile
from feedback.selectors import files
from progress.models import WorkStanding
from progress.outline import Stands

MOST_FOUND = 8


class Commented(NamedTuple):
    """A comment as it stands beside the work, and as `rows/work_comments.html` takes it apart."""

    pk: UUID
    file: UUID | None
    page: int | None
    start: int
    quote: str
    before: str
    after: str
    source: str
    html: str
    version: int
    # "" of somebody who left.
    by: str


@dataclass(frozen=True)
class Screen:
    """`attempts` are all that stand, oldest first; alone in it where the work is the first and only one."""

    files: list[WorkFile]
    comments: list[Commented]
    attempts: list[Submission]
    remarks: list[Remark]


def screen(submission: Any, now: datetime) -> Screen:
    """Of work as `feedback.access` reads it; in one to four queries."""
    is_released = submission.release_at is not None and submission.release_at <= now
    return Screen(
        files.of_submission(submission) if submission.has_files else [],
        comments_of(submission),
        _attempts(submission) if submission.attempt > 1 or is_released else [submission],
        list(submission.remarks.select_related("author", "comment")) if is_released else [],
    )


# By hand, as `feedback.access.MARKED` is.
_COMMENTS = """
SELECT c.id, c.work_file_id, c.page, c.start, c.quote, c.before, c.after, c.source, c.html, c.version,
       u.display_name, u.username
  FROM feedback_comment c LEFT JOIN accounts_user u ON u.id = c.by_id
 WHERE c.submission_id = %(submission)s AND c.deleted_at IS NULL
 ORDER BY c.work_file_id, c.page, c.start, c.created_at
"""


def comments_of(submission: Submission) -> list[Commented]:
    """In the order of the work."""
    with connection.cursor() as cursor:
        cursor.execute(_COMMENTS, {"submission": submission.pk})
        return [
            Commented._make((*said, called(name, username) if username else ""))
            for *said, name, username in cursor.fetchall()
        ]


def _attempts(submission: Submission) -> list[Submission]:
    """Without their texts, with their feedback."""
    mine = Submission.objects.filter(
        enrolment=submission.enrolment_id, activity=submission.activity_id, taken_back_at=None
    )
    return list(mine.select_related("feedback__rubric").defer("source", "html").order_by("attempt"))


def changes(feedback: Feedback) -> list[FeedbackChange]:
    """The oldest first."""
    return list(feedback.changes.select_related("by").order_by("at", "pk"))


def stands(submission: Submission) -> str:
    """Where the work stands, in the words of `progress.outline.Stands`."""
    found = WorkStanding.objects.filter(enrolment=submission.enrolment_id, activity=submission.activity_id)
    return found.values_list("state", flat=True).first() or Stands.WITH_TEACHER


def markers(cohort: Cohort) -> QuerySet[User]:
    """Who marks in a cohort, by name."""
    those = Enrolment.objects.active().filter(cohort=cohort, role__in=MARKING).values("user")
    return User.objects.filter(pk__in=those, is_active=True).order_by("display_name", "pk")


def bank(viewer: User, course: int, words: str = "") -> QuerySet[BankComment]:
    """What is used most comes first. Nobody's bank is so large that it wants an index."""
    offered = BankComment.objects.offered_to(viewer, course)
    offered = offered.filter(source__icontains=words) if words else offered
    return offered.select_related("owner").order_by("-used", "-used_at", "pk")
