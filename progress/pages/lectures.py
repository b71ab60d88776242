"""A lecture as its page and the player in it are given it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import CaptionTrack, Enrolment
from progress.selectors.lectures import Lecture


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
