"""What a page asks before it shows a form that saves itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from accounts.models import User
from common.rows import Select
from drafts.fields import sent_with
from drafts.models import Draft
from drafts.querysets import DraftQuerySet

# `DraftQuerySet.open` of one person, by hand: every thread that can be replied to asks for it.
OPEN = Select(
    {"d": Draft},
    """
  FROM drafts_draft d
 WHERE d.person_id = %(person)s AND d.place = ANY(%(places)s::varchar[])
   AND d.sent_at IS NULL AND d.discarded_at IS NULL
""",
)


@dataclass(frozen=True)
class Writing:
    """What a form starts with, for `{% draft writing %}` and `rows/draft.html`.

    `resumed` when a text was found that its writer had not sent. `unsaved` when the form came back from a sending
    with what was typed, whatever the server holds.
    """

    person: int
    place: str
    key: UUID
    revision: int = 0
    base: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    files: list[UUID] = field(default_factory=list)
    saved_at: datetime | None = None
    resumed: bool = False
    # Whether what the text was started over is no longer what it was.
    outdated: bool = False
    unsaved: bool = False

    @property
    def initial(self) -> dict[str, str]:
        """For a form; empty where nothing was found, so that the form's own values stay."""
        return {**self.fields, **self.choices}


def writing(person: User, place: str, *, base: str = "", posted: Mapping[str, Any] | None = None) -> Writing:
    """The draft of a person at a place, or a fresh one; in one query, and without writing anything.

    `base` is the version of what the text changes, as it is now. `posted` is what the form was sent with, where it
    comes back: the text in it is newer than any draft, and its key stays.
    """
    if posted is not None:
        stamp = sent_with(posted)
        return Writing(person.pk, place, stamp.key, stamp.revision, stamp.base or base, unsaved=True)
    row = OPEN.first(person=person.pk, places=[place])
    return _begun(person, place, base, row[0] if row else None)


def writings(person: User, bases: Mapping[str, str]) -> dict[str, Writing]:
    """The same of several places, each with its base; in one query."""
    found = {draft.place: draft for (draft,) in OPEN.all(person=person.pk, places=list(bases))}
    return {place: _begun(person, place, base, found.get(place)) for place, base in bases.items()}


def _begun(person: User, place: str, base: str, found: Draft | None) -> Writing:
    if found is None:
        return Writing(person.pk, place, uuid4(), base=base)
    if found.is_blank:
        return Writing(person.pk, place, found.key, found.revision, base)
    return Writing(
        person.pk,
        place,
        found.key,
        found.revision,
        found.base,
        found.fields,
        found.choices,
        found.files,
        saved_at=found.saved_at,
        resumed=True,
        outdated=found.base != base,
    )


def unsent(person: User) -> DraftQuerySet:
    """Without the texts themselves, which may be long."""
    return Draft.objects.shown_to(person).defer("fields", "choices").order_by("-saved_at", "-pk")


def named(files: Iterable[UUID]) -> set[UUID]:
    """Which of these files a text names that is not sent yet; what was just discarded counts, as it may come back."""
    wanted = set(files)
    rows = Draft.objects.filter(sent_at=None, files__overlap=list(wanted)).values_list("files", flat=True)
    return wanted.intersection(*[set().union(*rows)])
