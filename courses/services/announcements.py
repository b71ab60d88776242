"""Announcements: written and sent, corrected, deleted and brought back. Who hears of it is worked out by a worker."""

import json
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from courses.models import Announcement, Cohort
from courses.models.announcement import LONGEST_EXCERPT
from courses.querysets import AUDIENCE_SQL
from courses.services.references import from_elsewhere, own_path
from notifications.kinds import Reason
from notifications.models import Notice
from notifications.services import events, planning, revising

KIND = "announcement"
# Three thousand words: it is mailed whole, to everybody.
LONGEST = 20_000
# Each of them is a mail to everybody.
MOST_A_DAY, MOST_TELLINGS = 20, 5
MEDIA = re.compile(r"<(?:img|audio|video)\b")
RENEWED_AT_ONCE = 20
DAY = timedelta(days=1)
WRITTEN = ("title", "source", "html", "excerpt", "cleaned_by", "wall", "zone", "publish_at")
NOTICES = """
SELECT a.person AS person_id, %(subject)s::bigint AS subject, coalesce(a.cohort, 0) AS context,
       %(lead)s::smallint AS lead, (%(now)s::timestamptz AT TIME ZONE a.zone)::date AS local_day,
       %(words)s::jsonb || jsonb_build_object('course', a.course) AS "values", %(now)s::timestamptz AS not_before,
       NULL::timestamptz AS not_after
  FROM ({audience}) a
""".replace("{audience}", AUDIENCE_SQL)

logger = logging.getLogger(__name__)


class Refused(Exception):
    """Nothing has changed; its text says why."""


class ChangedMeanwhile(Refused):
    """Another tab, or somebody else, has saved it since this form was opened."""


@dataclass(frozen=True)
class Written:
    """What a form holds. `wall` is the hour that was set, on the clocks of `zone`; None for straight away."""

    title: str
    source: str
    zone: ZoneInfo
    wall: datetime | None = None
    cohorts: Sequence[Cohort] = field(default_factory=tuple)
    for_everybody: bool = False


def rendered(source: str) -> richtext.RichText:
    """As pages show it. Raises richtext.TooMuch, with a sentence; of what is fetched, a mail would show nothing."""
    made = richtext.from_markdown(source, own_path)
    if MEDIA.search(made.html):
        raise richtext.TooMuch(gettext("An announcement can't show pictures or recordings. Link to them instead."))
    return made


@lru_cache(maxsize=16)
def mailed(source: str) -> str:
    """As a mail shows it, where every link needs the name of this site. Remembered for all who get the same."""
    try:
        return richtext.from_markdown(source, from_elsewhere).html
    except richtext.TooMuch:
        return richtext.from_words(source).html


def instant(wall: datetime | None, zone: ZoneInfo) -> datetime:
    """Only Postgres makes an instant of a wall time; now where none was set."""
    if wall is None:
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamp AT TIME ZONE %s", [wall, str(zone)])
        return cursor.fetchone()[0]


@transaction.atomic
def publish(key: UUID, written: Written, *, by: User) -> tuple[Announcement, bool]:
    """Send it now or at its hour. A form that is sent twice makes one announcement; whether this was the first time.

    Raises Refused.
    """
    if sent := Announcement.everything.filter(key=key).first():
        return sent, False
    if Announcement.everything.filter(author=by, created_at__gt=timezone.now() - DAY).count() >= MOST_A_DAY:
        words = gettext("You have written %(most)d announcements in the past day. Write more tomorrow.")
        raise Refused(words % {"most": MOST_A_DAY})
    fresh = Announcement(author=by, for_everybody=written.for_everybody)
    _write(fresh, written)
    given = {name: getattr(fresh, name) for name in (*WRITTEN, "author", "for_everybody")}
    found, made = Announcement.everything.get_or_create(key=key, defaults=given)
    if made:
        found.cohorts.set([] if written.for_everybody else written.cohorts)
        _changed(found)
    return found, made


def _write(announcement: Announcement, written: Written) -> None:
    made = rendered(written.source)
    announcement.title, announcement.source, announcement.html = written.title, written.source, made.html
    announcement.excerpt = Truncator(" · ".join(block.text for block in made.blocks)).chars(LONGEST_EXCERPT)
    announcement.cleaned_by = richtext.VERSION
    if announcement.pk is None or not announcement.is_published:
        announcement.wall, announcement.zone = written.wall, written.zone
        announcement.publish_at = instant(written.wall, written.zone)


@transaction.atomic
def correct(announcement: Announcement, written: Written, *, revision: int, tell_again: bool) -> Announcement:
    """Change what it says, where it lies in inboxes too. People hear of it again only where that is asked for.

    Before its hour it can be given another one. Raises Refused.
    """
    found = Announcement.objects.select_for_update(of=("self",)).filter(pk=announcement.pk, revision=revision).first()
    if found is None:
        raise ChangedMeanwhile(
            gettext(
                "Someone has saved this announcement since you opened it. Your text is below and is not saved yet. "
                "Look at how it reads now, then send yours only if it should take its place."
            )
        )
    if tell_again and found.tellings >= MOST_TELLINGS:
        words = gettext("Everyone has been sent this %(most)d times. Save it without sending it again.")
        raise Refused(words % {"most": MOST_TELLINGS})
    was_out = found.is_published
    _write(found, written)
    found.revision += 1
    if was_out:
        found.corrected_at = timezone.now()
        # What nobody was told of yet is told as it is now.
        found.tellings += 1 if tell_again and found.told == found.tellings else 0
    found.save()
    _changed(found)
    return found


@transaction.atomic
def delete(announcement: Announcement, *, by: User) -> bool:
    """Take it from every page and inbox; a mail that left stays where it went. False where somebody was first."""
    standing = Announcement.objects.filter(pk=announcement.pk)
    done = standing.update(deleted_at=timezone.now(), deleted_by=by)
    if done:
        _changed(announcement)
    return bool(done)


@transaction.atomic
def restore(announcement: Announcement) -> None:
    gone = Announcement.everything.filter(pk=announcement.pk, deleted_at__isnull=False)
    if gone.update(deleted_at=None, deleted_by=None):
        _changed(announcement)


def _changed(announcement: Announcement) -> None:
    """Have a worker bring inboxes in line now, and at its hour. Each hour that was ever set is an event of its own."""
    events.record(KIND, announcement.pk, actor=announcement.author)
    ahead = announcement.publish_at - timezone.now()
    if ahead > timedelta(0):
        hour = int(announcement.publish_at.timestamp())
        events.record(KIND, announcement.pk, context=hour, actor=announcement.author, quiet=ahead)


def bring_inboxes_in_line(ids: Iterable[int], now: datetime) -> int:
    """Tell what has not been told, reword what was, take back what was deleted; how many notices were new.

    Whatever happened, and however often this runs: it looks at how things stand.
    """
    locked = Announcement.everything.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return sum(_in_line(one, now) for one in locked.select_related("author"))


def _in_line(announcement: Announcement, now: datetime) -> int:
    mine = Notice.objects.filter(kind=KIND, subject=announcement.pk)
    if announcement.deleted_at is not None:
        revising.take_back(mine, Reason.GONE, now)
        return 0
    if announcement.publish_at > now:
        return 0
    revising.bring_back(mine)
    revising.reword(KIND, announcement.pk, words(announcement))
    if announcement.told == announcement.tellings:
        return 0
    Announcement.objects.filter(pk=announcement.pk).update(told=announcement.tellings)
    lead = lead_of(announcement)
    # It comes in the place of what was told before.
    revising.take_back(mine.filter(lead__gt=lead), Reason.LATER_ONE, now)
    given = {
        "subject": announcement.pk,
        "lead": lead,
        "words": json.dumps(words(announcement)),
        "cohorts": list(announcement.cohorts.values_list("pk", flat=True)),
        "everybody": announcement.for_everybody,
        "author": announcement.author_id,
    }
    return planning.insert(KIND, NOTICES, now, **given)


def lead_of(announcement: Announcement) -> int:
    """Of what is told again the later one is the nearer, as with days before a date."""
    return 1 - announcement.tellings


def words(announcement: Announcement) -> dict[str, str | bool]:
    """What the inbox says of it; the whole text is read from its row."""
    return {
        "title": announcement.title,
        "excerpt": announcement.excerpt,
        "by": announcement.author.peer_name if announcement.author else "",
        "corrected": announcement.corrected_at is not None,
    }


@transaction.atomic
def renew_some() -> int:
    """Make a few that an older cleaner made anew; how many. To their readers nothing has changed."""
    old = Announcement.everything.select_for_update(skip_locked=True).filter(cleaned_by__lt=richtext.VERSION)
    found = list(old.order_by("pk")[:RENEWED_AT_ONCE])
    for one in found:
        try:
            html = rendered(one.source).html
        except Exception:
            logger.exception("Announcement %s cannot be rendered again from its source", one.pk)
            html = richtext.from_words(one.html).html
        Announcement.everything.filter(pk=one.pk).update(html=html, cleaned_by=richtext.VERSION)
    return len(found)
