"""Files of work: as a form lists them before they are handed in, and as pages show them after."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from common.rows import Select
from courses.models import Activity, Enrolment
from feedback.models import PageImage, Submission, WorkFile
from files.models import File


def brought(enrolment: Enrolment, activity: Activity, keys: Iterable[UUID]) -> list[WorkFile]:
    """Those of one's own that a form names and that are still here, in the form's order; in one query."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return []
    mine = WorkFile.objects.filter(enrolment=enrolment, activity=activity).select_related("file").in_bulk(wanted)
    return [mine[key] for key in wanted if key in mine]


OF_SUBMISSION = Select(
    {"w": WorkFile, "f": File, "p": PageImage, "d": File},
    """
  FROM feedback_workfile_submissions s
  JOIN feedback_workfile w ON w.file_id = s.workfile_id
  JOIN files_file f ON f.id = w.file_id
  LEFT JOIN feedback_pageimage p ON p.work_file_id = w.file_id
  LEFT JOIN files_file d ON d.id = p.file_id
 WHERE s.submission_id = %(submission)s
 ORDER BY f.created_at, w.file_id, p.number
""",
)


def of_submission(submission: Submission) -> list[WorkFile]:
    """With their pages, as if prefetched, in the order in which they were brought; in one query."""
    found: dict[UUID, Any] = {}
    for work_file, file, page, drawn in OF_SUBMISSION.all(submission=submission.pk):
        one = found.setdefault(work_file.pk, work_file)
        if one is work_file:
            one.file, one._prefetched_objects_cache = file, {"pages": []}
        if page is not None:
            page.file = drawn
            one.pages.all().append(page)
    return list(found.values())
