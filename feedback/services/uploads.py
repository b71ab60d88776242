"""Files that somebody brings for an assignment. Each waits with the draft that names it until the work is handed in."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePosixPath
from typing import BinaryIO
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common.enqueue import wake
from courses.models import Activity, Enrolment
from drafts import selectors as drafts
from drafts import services as writing
from drafts.fields import Content, Stamp
from feedback.models import WorkFile
from feedback.names import place_of
from feedback.services import shapes
from feedback.services.handing_in import MOST_FILES
from files import services as files

LARGEST = 50 * 1024 * 1024
MOST_A_DAY = 60
DAY = timedelta(days=1)
LONGEST_NAME = 120
DRAW = "feedback.tasks.draw_work"
# Folders of whoever brought it, and characters that turn the direction of what is written around them.
UNWANTED = re.compile("[\\x00-\\x1f\\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class Refused(Exception):
    """Nothing was kept; its text says why."""


def bring(enrolment: Enrolment, activity: Activity, stream: BinaryIO, name: str, size: int, *, by: User) -> WorkFile:
    """Keep a file of any type until it is handed in. Raises Refused.

    What a page may show of it is drawn by a worker; whatever has no such form is downloaded, and rendered nowhere.
    """
    if size > LARGEST:
        raise Refused(gettext("This file is too large. The limit is 50 MB."))
    if not size:
        raise Refused(gettext("This file is empty. Save it again in the program you made it with."))
    today = WorkFile.objects.filter(enrolment__user=by, file__created_at__gt=timezone.now() - DAY)
    if today.count() >= MOST_A_DAY:
        raise Refused(gettext("You have added 60 files in the past day. Add more tomorrow."))
    name = cleaned(name)
    found = shapes.look(stream, name)
    waits = found.shape in (WorkFile.Shape.IMAGE, WorkFile.Shape.PAGES)
    state = WorkFile.State.WAITING if waits else WorkFile.State.READY
    with transaction.atomic():
        stored = files.store(stream, name, by=by, claimed=False, content_type=found.content_type)
        made = WorkFile.objects.create(
            file=stored, enrolment=enrolment, activity=activity, shape=found.shape, state=state
        )
        if waits:
            wake(DRAW)
    return made


def cleaned(name: str) -> str:
    """A name that says what it is, in any list and on any system."""
    name = " ".join(UNWANTED.sub(" ", name.replace("\\", "/")).rpartition("/")[2].split())
    ending = PurePosixPath(name).suffix[:12]
    stem = name.removesuffix(ending).strip(". ")[: LONGEST_NAME - len(ending)]
    return (stem or gettext("file")) + ending


def add_to_draft(enrolment: Enrolment, activity: Activity, key: UUID) -> None:
    """For who has no script, which would do it. Raises Refused where there are ten, and drafts.services.Full."""

    def added(held: list[UUID]) -> list[UUID]:
        if len(held) >= MOST_FILES:
            raise Refused(gettext("You can hand in up to 10 files. Remove one first."))
        return [*held, key]

    _in_draft(enrolment, activity, added)


def remove_from_draft(enrolment: Enrolment, activity: Activity, key: UUID) -> None:
    _in_draft(enrolment, activity, lambda held: [one for one in held if one != key])


def _in_draft(enrolment: Enrolment, activity: Activity, change: Callable[[list[UUID]], list[UUID]]) -> None:
    place = place_of(activity.pk)
    held = drafts.writing(enrolment.user, place)
    content = Content(held.fields, held.choices, held.files)
    stamp = Stamp(held.key, held.revision, uuid4(), base=held.base)
    writing.save(enrolment.user, place, stamp, replace(content, files=change(held.files)))


@transaction.atomic
def throw_away(enrolment: Enrolment, key: UUID) -> None:
    """Delete a file that was brought and not handed in; one that was stays with the work."""
    mine = WorkFile.objects.filter(pk=key, enrolment=enrolment, file__claimed_at=None, submissions=None)
    if found := mine.select_for_update(of=("self",)).first():
        found.delete()
