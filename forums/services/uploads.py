"""Pictures and attachments that somebody brings for a post that is not written yet."""

from datetime import timedelta
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from courses.models import Cohort
from files import pictures
from files import services as files
from forums.models import PostFile

LARGEST = pictures.LARGEST
MOST_A_DAY = 60
DAY = timedelta(days=1)
# What classes pass around; nothing that a browser would run, and no archives, of which nobody sees what they hold.
OTHERS = {
    ".pdf", ".txt", ".md", ".csv", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".py", ".r", ".ipynb", ".tex",
    ".mp3", ".m4a", ".ogg",
}  # fmt: skip


class Refused(Exception):
    """Nothing was kept; its text says why."""


def bring(cohort: Cohort, stream: BinaryIO, name: str, size: int, *, by: User) -> PostFile:
    """Keep a file until a post shows it; a picture is written anew first. Raises Refused."""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in pictures.ENDINGS | OTHERS:
        raise Refused(gettext("Files of this kind can’t be posted. Pictures, PDF, text and office files can."))
    if size > LARGEST:
        raise Refused(gettext("This file is too large. The limit is 10 MB."))
    today = PostFile.objects.filter(brought_by=by, file__created_at__gt=timezone.now() - DAY)
    if today.count() >= MOST_A_DAY:
        raise Refused(gettext("You have added 60 files in the past day. Add more tomorrow."))
    is_image = ending in pictures.ENDINGS
    if is_image:
        try:
            stream, name = pictures.written_anew(stream, name)
        except pictures.NotAPicture as refusal:
            raise Refused(refusal.args[0]) from None
    with transaction.atomic():
        stored = files.store(stream, name, by=by, claimed=False)
        return PostFile.objects.create(file=stored, cohort=cohort, brought_by=by, is_image=is_image)


def address_of(found: PostFile) -> str:
    # Of the signs that may stand in an address, some would end it in a text.
    return reverse("forums:file", args=[found.pk, "-"]).removesuffix("-") + quote(found.file.name, safe="")


def markdown_of(found: PostFile, alternative: str) -> str:
    """What shows it in a post. A picture needs words for those who do not see it."""
    words = alternative if found.is_image else found.file.name
    return richtext.link(words, address_of(found), shown=found.is_image)
