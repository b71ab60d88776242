"""Unsent texts in words: where each belongs, and how it is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import User
from common.dates import local
from drafts.kinds import labels
from drafts.models import Draft


@dataclass(frozen=True)
class Row:
    draft: Draft
    # "" where the place is gone, or out of reach.
    title: str
    address: str


def rows(person: User, drafts: Sequence[Draft]) -> list[Row]:
    """In as many queries as there are apps whose places are among them."""
    known = labels(person, [draft.place for draft in drafts])
    return [Row(draft, *known.get(draft.place, ("", ""))) for draft in drafts]


def saved(moment: datetime) -> str:
    """ "Saved 10:04", by the reader's clock."""
    here = local(moment)
    today = here.date() == timezone.localdate()
    return gettext("Saved %(time)s") % {"time": date_format(here, "H:i" if today else "j F, H:i")}
