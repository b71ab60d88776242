"""Check-ins as their teacher sees them: whom one would go to, what became of each, and the answers over the weeks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from common import drawing
from courses.models import Enrolment
from feedback import segments
from feedback.models import Asked
from feedback.names import line_name
from feedback.pages.talks import answer_of
from feedback.selectors.talks import Pulses


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
        SentRow(one.pk, one.source, one.sent_at, segment_label(one.segment), one.n, one.answered, one.open, one.waiting)
        for one in found
    ]


@dataclass(frozen=True)
class AskedRow:
    name: str
    answer: str
    said: str
    state: str
    at: datetime | None
    talk: int | None


def asked_rows(found: Sequence[Any], now: datetime) -> list[AskedRow]:
    return [
        AskedRow(str(one.enrolment.user), answer_of(one), one.said, _state(one, now), one.answered_at, one.talk)
        for one in found
    ]


def _state(asked: Asked, now: datetime) -> str:
    if asked.answered_at is not None:
        return ""
    if asked.opened_at is None:
        return gettext("waits its turn")
    assert asked.expires_at  # as the constraint has it
    return gettext("no answer yet") if asked.expires_at > now else gettext("closed without an answer")


@dataclass(frozen=True)
class Drawn:
    """Answers over the weeks: a bar for each check-in, with a part for each pulse, and the same as a table."""

    labels: Sequence[str]
    lines: Sequence[tuple[datetime, Sequence[int]]]
    width: int
    # A path for each pulse, in the order of `labels`.
    paths: Sequence[str]


def drawn(found: Sequence[Pulses]) -> Drawn:
    lines = [(one.sent_at, [one.counts[pulse] for pulse in Asked.Pulse.values]) for one in found]
    labels = [str(label) for label in Asked.Pulse.labels]
    return Drawn(labels, lines, drawing.width(len(found)), drawing.stacked([counts for _, counts in lines]))
