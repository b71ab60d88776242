"""Which files of a course an activity shows: what makes them readable to its students."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from courses.models import Activity, CourseFile, FileUse

# The address that `courses:file` makes, wherever it stands in a text: nobody reads a file by another one.
ADDRESS = re.compile(r"/files/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/")


def record_text(activity: Activity, html: str) -> None:
    """Take down the files that a cleaned text shows; to be called in the transaction that stores the text."""
    record(activity, {UUID(found) for found in ADDRESS.findall(html)})


@transaction.atomic
def record(activity: Activity, shown: Iterable[UUID]) -> None:
    """Take down which files `activity` shows from now on, by the ids of their addresses.

    Those of other courses are passed over: to write an address into one's own text opens nothing.
    """
    known = set(FileUse.objects.filter(activity=activity).values_list("course_file_id", flat=True))
    wanted = set(shown)
    if gone := known - wanted:
        FileUse.objects.filter(activity=activity, course_file__in=gone).delete()
    if added := wanted - known:
        ours = CourseFile.objects.filter(course=activity.module.course_id, pk__in=added).values_list("pk", flat=True)
        FileUse.objects.bulk_create(
            [FileUse(activity=activity, course_file_id=key) for key in ours], ignore_conflicts=True
        )
