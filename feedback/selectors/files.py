"""Files of work: as a form lists them before they are handed in, and as pages show them after."""

from collections.abc import Iterable
from uuid import UUID

from courses.models import Activity, Enrolment
from feedback.models import Submission, WorkFile


def brought(enrolment: Enrolment, activity: Activity, keys: Iterable[UUID]) -> list[WorkFile]:
    """Those of one's own that a form names and that are still here, in the form's order; in one query."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return []
    mine = WorkFile.objects.filter(enrolment=enrolment, activity=activity).select_related("file").in_bulk(wanted)
    return [mine[key] for key in wanted if key in mine]


def of_submission(submission: Submission) -> list[WorkFile]:
    """With their pages, in the order in which they were brought; in two queries."""
    return list(
        submission.files.select_related("file").prefetch_related("pages__file").order_by("file__created_at", "pk")
    )
