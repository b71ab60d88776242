"""Files of work, as a page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.defaultfilters import filesizeformat

from feedback.models import Submission, WorkFile
from feedback.selectors import files as selectors


@dataclass(frozen=True)
class ShownFile:
    key: UUID
    name: str
    size: int
    address: str


@dataclass(frozen=True)
class ShownWork:
    submission: Submission
    files: list[ShownFile]


def work_shown(submission: Submission, *, nameless: bool = False) -> ShownWork:
    """For `feedback/work_shown.html`, in two queries."""
    found = selectors.of_submission(submission)
    return ShownWork(submission, [ShownFile(one.pk, one.file.name, one.file.size, address_of(one)) for one in found])


def address_of(found: WorkFile, name: str = "-") -> str:
    return f"/work/files/{found.pk}/{name}"


def listed(found: Sequence[WorkFile]) -> list[dict[str, Any]]:
    """For a form, and for its script."""
    return [
        {"key": str(one.pk), "name": one.file.name, "size": filesizeformat(one.file.size), "address": address_of(one)}
        for one in found
    ]
