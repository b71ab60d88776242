"""The numbers of the operator's page in words, and drawn; and one person's messages with what became of each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import OutgoingMail, User
from common.dates import local
from dashboards.pages.reasons import in_words
from dashboards.selectors.notices import Settled, first_hour
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services import letters

HOURS = 24
# Of the drawing, in its own units: an hour is a bar and a gap.
WIDE, GAP, HIGH = 20, 4, 100


@dataclass(frozen=True)
class Line:
    """A row of the table: an hour or a kind."""

    label: str
    told: int
    mailed: int
    skipped: int
    held_out: int


@dataclass(frozen=True)
class LastDay:
    hours: list[Line]
    kinds: list[Line]
    total: Line
    # Reasons in words, the commonest first.
    not_told: list[tuple[str, int]]
    not_mailed: list[tuple[str, int]]
    # What was told, and above it what was not, as outlines of bars.
    told_path: str
    rest_path: str
    most: int


def last_day(settled: Sequence[Settled], now: datetime) -> LastDay:
    hours = [first_hour(now) + timedelta(hours=number) for number in range(HOURS)]
    by_hour = [_line(date_format(local(hour), "D H:i"), [one for one in settled if one.hour == hour]) for hour in hours]
    names = sorted({one.kind for one in settled})
    most = max((line.told + line.skipped + line.held_out for line in by_hour), default=0)
    told_path, rest_path = _drawn(by_hour, most)
    return LastDay(
        hours=by_hour,
        kinds=[_line(_label(name), [one for one in settled if one.kind == name]) for name in names],
        total=_line(gettext("In all"), settled),
        not_told=_reasons((one.reason, one.count) for one in settled if one.state in ("skipped", "retracted")),
        not_mailed=_reasons((one.mail_reason, one.count) for one in settled if one.state == "told"),
        told_path=told_path,
        rest_path=rest_path,
        most=most,
    )


def _line(label: str, settled: Sequence[Settled]) -> Line:
    states: Counter[str] = Counter()
    for one in settled:
        states[one.state] += one.count
    mailed = sum(one.count for one in settled if one.mailed)
    return Line(label, states["told"], mailed, states["skipped"] + states["retracted"], states["held out"])


def _label(kind: str) -> str:
    return str(KINDS[kind].label) if kind in KINDS else kind


def _reasons(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    reasons: Counter[str] = Counter()
    for reason, count in counted:
        reasons[reason] += count if reason else 0
    return [(in_words(reason), count) for reason, count in reasons.most_common() if count]


def _drawn(hours: Sequence[Line], most: int) -> tuple[str, str]:
    told, rest = [], []
    for number, line in enumerate(hours):
        low = round(line.told * HIGH / most, 1) if most else 0
        high = round((line.skipped + line.held_out) * HIGH / most, 1) if most else 0
        told.append(_bar(number, HIGH, low))
        rest.append(_bar(number, HIGH - low, high))
    return "".join(told), "".join(rest)


def _bar(number: int, foot: float, height: float) -> str:
    return f"M{number * WIDE} {foot:g}v-{height:g}h{WIDE - GAP}v{height:g}z" if height else ""


@dataclass(frozen=True)
class Told:
    """One message of one person: its words as they read them, and what became of it."""

    at: datetime
    title: str
    kind: str
    explained: str
    what: str
    why: str
    read_at: datetime | None
    is_told: bool


def told(person: User, notices: Sequence[Notice]) -> list[Told]:
    # A nudge, a letter or a digest gets what it says as it goes: one to come, or that never went, has no words.
    written = [notice for notice in notices if notice.values]
    with translation.override(person.language), timezone.override(person.timezone):
        words = letters.in_words(written)
    titles = {notice.pk: one.title for notice, one in zip(written, words, strict=True)}
    return [_told(notice, titles.get(notice.pk, _label(notice.kind))) for notice in notices]


def _told(notice: Notice, title: str) -> Told:
    kind = KINDS.get(notice.kind)
    return Told(
        at=notice.settled_at or notice.not_before,
        title=gettext("Only this person sees what it says") if kind and kind.is_personal else title,
        kind=_label(notice.kind),
        explained=str(kind.explained) if kind else "",
        what=_what(notice),
        why=in_words(notice.reason) if notice.state != Notice.State.TOLD else in_words(notice.mail_reason),
        read_at=notice.read_at,
        is_told=notice.state == Notice.State.TOLD,
    )


def _what(notice: Notice) -> str:
    if notice.state == Notice.State.PLANNED:
        return gettext("Planned")
    if notice.state == Notice.State.HELD_OUT:
        return gettext("Held out, to learn whether such a nudge helps")
    if notice.state != Notice.State.TOLD:
        return gettext("Not sent")
    return _where(notice)


def _where(notice: Notice) -> str:
    if notice.mailed_at:
        return gettext("Inbox and email") if notice.in_inbox else gettext("Email")
    if notice.mail_id:
        return gettext("Inbox, email on its way") if notice.in_inbox else gettext("Email on its way")
    if notice.mail_reason:
        return gettext("Inbox, no email")
    return gettext("Inbox, email later") if notice.mail_by else gettext("Inbox")


def mail_line(mail: OutgoingMail) -> tuple[str, OutgoingMail, str]:
    """Its subject, and what became of it."""
    label = str(OutgoingMail.Kind(mail.kind).label) if mail.kind in OutgoingMail.Kind.values else mail.kind
    if mail.sent_at:
        return label, mail, gettext("sent")
    state = gettext("not sent: %(why)s") % {"why": mail.last_error} if mail.failed_at else gettext("waiting")
    return label, mail, state
