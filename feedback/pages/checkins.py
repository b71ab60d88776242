"""Check-ins as their teacher sees them: whom one would go to, what became of each, and the answers over the weeks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from common import drawing
from courses.models import Enrolment
from feedback import segments
from feedback.models import Asked
from feedback.names import line_name
from feedback.pages.talks import answer_of
from feedback.selectors.talks import Pulses
from feedback.services.checkins import PLACES


@dataclass(frozen=True)
class Person:
    """A student to whom a check-in may go; `reads` is what they would read, `step` what is proposed to them."""

    key: int
    name: str
    step: str
    is_ticked: bool
    is_alone: bool
    line_name: str
    line: str
    reads: str


def people(
    found: Sequence[Enrolment],
    *,
    ticked: Collection[int],
    alone: Collection[int],
    lines: Mapping[int, str],
    steps: Mapping[int, str],
    texts: Mapping[int, str],
) -> list[Person]:
    return [
        Person(
            one.pk,
            str(one.user),
            steps.get(one.pk, ""),
            one.pk in ticked,
            one.pk in alone,
            line_name(one.pk),
            lines.get(one.pk, ""),
            texts.get(one.pk, ""),
        )
        for one in found
    ]


def segment_label(code: str) -> str:
    """What an app that has gone registered is named by its code."""
    if code == segments.TICKED:
        return gettext("Students ticked one by one")
    return str(segments.SEGMENTS[code].label) if code in segments.SEGMENTS else code


def as_sent(source: str) -> str:
    """For the teacher who wrote it: everybody read something of their own in the place of a gap."""
    return PLACES.sub("…", source)


@dataclass(frozen=True)
class SentRow:
    key: int
    source: str
    sent_at: datetime
    to: str
    n: int
    answered: int
    open: int
    waiting: int


def sent_rows(found: Sequence[Any]) -> list[SentRow]:
    return [
        SentRow(
            one.pk,
            as_sent(one.source),
            one.sent_at,
            segment_label(one.segment),
            one.n,
            one.answered,
            one.open,
            one.waiting,
        )
        for one in found
    ]


@dataclass(frozen=True)
class AskedRow:
    name: str
    # What the teacher added for them alone.
    line: str
    answer: str
    said: str
    state: str
    at: datetime | None
    talk: int | None


def asked_rows(found: Sequence[Any], now: datetime) -> list[AskedRow]:
    return [
        AskedRow(
            str(one.enrolment.user), one.line, answer_of(one), one.said, _state(one, now), one.answered_at, one.talk
        )
        for one in found
    ]


def _state(asked: Asked, now: datetime) -> str:
    if asked.answered_at is not None:
        return ""
    if asked.opened_at is None:
        return gettext("waits its turn")
    assert asked.expires_at  # as the constraint has it
    return gettext("no answer yet") if asked.expires_at > now else gettext("closed without an answer")


def drawn(found: Sequence[Pulses]) -> drawing.Drawing | None:
    """Answers over the weeks: a lane for each pulse, in which every check-in has a bar. None where nobody answered."""
    if not found:
        return None
    days = [date_format(one.sent_at, "j M") for one in found]
    counts = {pulse: [one.counts[pulse] for one in found] for pulse in Asked.Pulse}
    most = max(max(row) for row in counts.values())
    lanes = [
        drawing.Lane(
            str(pulse.label),
            gettext("In the latest check-in: %(n)d.") % {"n": row[-1]},
            [str(most), "0"],
            [drawing.Shape("bars", drawing.bars(row, most))],
            drawing.grid(len(found), 1),
        )
        for pulse, row in counts.items()
    ]
    rows = [[day, *map(str, row)] for day, *row in zip(days, *counts.values(), strict=True)]
    heads = [gettext("Sent"), *(str(pulse.label) for pulse in counts)]
    table = drawing.Table(gettext("Answers to each check-in"), heads, rows[::-1])
    return drawing.Drawing("pulses", drawing.width(len(found)), days[0], days[-1], lanes, table)
