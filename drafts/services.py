"""Texts that are being written: saved, sent, discarded, and cleared when nobody needs them any more.

What one person does comes one after the other, under a lock of that person's.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.models import User
from common import undo
from drafts.fields import Content, Stamp
from drafts.models import LONGEST_EXCERPT, Draft

# A reading has 200,000 characters at most (common/richtext/limits.py), and a title besides.
LONGEST = 220_000
# Of one person, at all places together.
MOST, MOST_CHARACTERS = 200, 2_000_000
# As long as a sending may come a second time, from a page that was left open.
SENT_KEPT = timedelta(days=30)
DISCARDED_KEPT = undo.LASTS
UNTOUCHED_KEPT = timedelta(days=180)


class Full(Exception):
    """A limit is reached; its text says which, and what to do."""


@dataclass(frozen=True)
class Saved:
    """The text is on the server, as `revision` of the draft with that key. `closed` where it was sent before."""

    key: UUID
    revision: int
    saved_at: datetime
    closed: bool = False


@dataclass(frozen=True)
class Conflict:
    """Nothing was written: somebody wrote `draft` whose words this writer has not seen."""

    draft: Draft


@transaction.atomic
def save(person: User, place: str, stamp: Stamp, content: Content) -> Saved | Conflict:
    """Keep a text that is being written. What the server holds is replaced only by who saw it, or wrote it.

    The same save again changes nothing, however late. With the key of what was sent, the same text counts as sent, and
    another one is a draft again, so that sending it can be offered as a change. Raises Full, and then writes nothing.
    """
    found = _locked(person, place)
    if not _holds_something(content) and (found is None or (found.is_closed and found.key != stamp.key)):
        # A form that was only opened: what was sent here before is still known as sent.
        return Saved(stamp.key, 0, timezone.now())
    if found is None:
        return _written(Draft(person=person, place=place, revision=int(time.time())), stamp, content)
    late = stamp.writer == found.writer and stamp.seq <= found.seq
    if found.is_closed:
        if stamp.key == found.key and (late or _alike(content.fields, found.fields)):
            return Saved(found.key, found.revision, found.saved_at, closed=True)
        return _written(found, stamp, content)
    if content == Content(found.fields, found.choices, found.files):
        return Saved(found.key, found.revision, found.saved_at)
    if not late and (found.is_blank or (found.key == stamp.key and _knows(stamp, found))):
        return _written(found, stamp, content)
    return Conflict(found)


def _locked(person: User, place: str) -> Draft | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('drafts'), %s)", [person.pk % 2**31])
    return Draft.objects.select_for_update().of(person).filter(place=place).first()


def _knows(stamp: Stamp, found: Draft) -> bool:
    return stamp.writer == found.writer or stamp.revision == found.revision


def _alike(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two forms say the same: what receives one strips its ends, and leaves out what is empty."""
    stripped = [{name: text.strip() for name, text in fields.items() if text.strip()} for fields in (one, other)]
    return stripped[0] == stripped[1]


def _holds_something(content: Content) -> bool:
    """A file alone is worth keeping too: it takes longer to send than a text to type. So is what is chosen in a form
    whose choices say something by themselves, such as a rubric."""
    has_words = any(text.strip() for text in content.fields.values())
    return has_words or bool(content.files) or (content.weighs and any(content.choices.values()))


def _written(draft: Draft, stamp: Stamp, content: Content) -> Saved:
    _refuse_too_much(draft, content)
    draft.key, draft.writer, draft.seq, draft.base = stamp.key, stamp.writer, stamp.seq, stamp.base
    _hold(draft, content)
    draft.files, draft.sent_at, draft.discarded_at = content.files, None, None
    draft.save(force_insert=draft._state.adding)
    return Saved(draft.key, draft.revision, draft.saved_at)


def _hold(draft: Draft, content: Content) -> None:
    draft.fields, draft.choices, draft.size = content.fields, content.choices, content.size
    beginnings = [text.strip()[:LONGEST_EXCERPT] for text in content.fields.values()]
    words = " · ".join(" ".join(text.split()) for text in beginnings if text)
    # Where there is none, a sign in the place of words says that something is kept all the same.
    draft.excerpt = Truncator(words).chars(LONGEST_EXCERPT) or ("…" if _holds_something(content) else "")
    draft.revision, draft.saved_at = draft.revision + 1, timezone.now()


def _refuse_too_much(draft: Draft, content: Content) -> None:
    if content.size > LONGEST:
        words = gettext(
            "This has %(length)s characters. Only up to %(most)s can be saved before you send it. Copy a part of it "
            "into a file of your own."
        )
        raise Full(words % {"length": f"{content.size:,}", "most": f"{LONGEST:,}"})
    others = Draft.objects.of(draft.person).exclude(place=draft.place)
    held = others.aggregate(count=Count("pk"), size=Sum("size", default=0))
    count, size = held["count"] + 1 - MOST, held["size"] + content.size - MOST_CHARACTERS
    if count <= 0 and size <= 0:
        return
    if not _clear(others.filter(~Q(sent_at=None) | ~Q(discarded_at=None) | Q(excerpt="", files=[])), count, size):
        raise Full(
            gettext(
                "You have too many unsent texts, so this one is not saved. Send or discard some under Unsent texts."
            )
        )


def _clear(spare: QuerySet[Draft], count: int, size: int) -> bool:
    """Delete the oldest until there is room for `count` rows and `size` characters; False where that is too few."""
    gone = []
    for key, its_size in spare.order_by("saved_at", "pk").values_list("pk", "size"):
        if count <= 0 and size <= 0:
            break
        gone.append(key)
        count, size = count - 1, size - its_size
    if count > 0 or size > 0:
        return False
    Draft.objects.filter(pk__in=gone).delete()
    return True


@transaction.atomic
def add(person: User, place: str, stamp: Stamp, content: Content) -> None:
    """Keep a text whose writer has not seen what stands at the place: after that, where it says something else.

    Raises Full, and then writes nothing.
    """
    outcome = save(person, place, stamp, content)
    if isinstance(outcome, Conflict):
        found = outcome.draft
        fields = {name: _beneath(found.fields.get(name, ""), text) for name, text in content.fields.items()}
        seen = Stamp(found.key, found.revision, base=found.base)
        save(person, place, seen, Content({**found.fields, **fields}, found.choices, found.files))


def _beneath(above: str, text: str) -> str:
    if text in above:
        return above
    return f"{above}\n\n{text}" if "\n" in above + text else f"{above} / {text}"


@transaction.atomic
def sent(person: User, place: str, stamp: Stamp, content: Content) -> bool:
    """Say that a text was sent; by the app above, in the transaction that makes of it what it is.

    False where the very same was sent with this key before: whoever keeps no keys does nothing then. Words of another
    device that the sender had not seen stay an open draft, and so do those that were typed after the press. A row is
    written even where there was none, so that a save which is still on its way opens no draft of what is sent.
    """
    found = _locked(person, place)
    seq = max(stamp.seq, found.seq) if found and found.writer == stamp.writer else stamp.seq
    if found and not found.is_blank:
        is_same = _alike(found.fields, content.fields)
        if found.sent_at and found.key == stamp.key and is_same and _alike(found.choices, content.choices):
            return False
        # An earlier press may arrive after more was typed, or even sent.
        may_close = found.is_closed or (found.key == stamp.key and _knows(stamp, found))
        if not is_same and (seq > stamp.seq or not may_close):
            return True
    draft = found or Draft(person=person, place=place, revision=int(time.time()))
    draft.key, draft.writer, draft.seq, draft.base = stamp.key, stamp.writer, seq, stamp.base
    _hold(draft, content)
    draft.files, draft.sent_at, draft.discarded_at = [], draft.saved_at, None
    draft.save(force_insert=draft._state.adding)
    return True


@transaction.atomic
def discard(person: User, place: str) -> Draft | None:
    """Close a draft that its writer no longer wants. It can be opened again for an hour. None where there is none."""
    found = _locked(person, place)
    if found is None or found.is_closed:
        return None
    found.discarded_at = timezone.now()
    found.save(update_fields=["discarded_at"])
    return found


@transaction.atomic
def restore(person: User, key: UUID, revision: int) -> bool:
    """Open what was discarded; False where it is cleared, or something else was written in its place."""
    gone = Draft.objects.of(person).filter(pk=key, revision=revision, discarded_at__isnull=False)
    return bool(gone.update(discarded_at=None))


def clear_old() -> int:
    now = timezone.now()
    old = (
        Q(sent_at__lt=now - SENT_KEPT)
        | Q(discarded_at__lt=now - DISCARDED_KEPT)
        | Q(saved_at__lt=now - UNTOUCHED_KEPT, sent_at=None)
    )
    return Draft.objects.filter(old).delete()[0]
