"""A lecture as its page and the player in it are given it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from common import timecode
from courses.models import CaptionTrack, Enrolment
from progress.selectors.lectures import Lecture


def chapters(lecture: Lecture) -> SafeString:
    """A line for each, made in Python for the reason that `progress/pages/rows.py` gives; '' where there are none."""
    track = lecture.chapter_track
    lines = [
        f'<li><a href="?at={start // 1000}" data-from="{start}"><time>{timecode.clock(start)}</time>'
        f" {escape(text)}</a></li>"
        for start, _end, text in (track.cues if track else ())
    ]
    return mark_safe("".join(lines))  # noqa: S308  the words are escaped where they are put in


def player(lecture: Lecture, shown: CaptionTrack | None, viewer: User, student: Enrolment | None) -> dict[str, Any]:
    """What the player in the browser starts from; `shown` are the captions to show. Instants are Unix milliseconds."""
    watch, activity = lecture.watch, lecture.content.activity_id
    return {
        "address": reverse("progress:watch", args=[activity]) if student else "",
        "key": f"{student.pk}:{activity}" if student else "",
        "duration": lecture.recording.duration_ms,
        "covered": lecture.covered,
        "position": lecture.position_ms,
        "positionAt": _unix_ms(watch.position_at) if watch else 0,
        "now": _unix_ms(timezone.now()),
        "speed": viewer.playback_percent / 100,
        "captions": viewer.captions,
        "language": shown.language if shown else "",
        "light": shown is None or shown.pk not in lecture.heavy,
    }


def _unix_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
