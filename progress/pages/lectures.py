"""A lecture as its page and the player in it are given it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from common.addresses import quick_url
from courses.models import CaptionTrack, Enrolment
from progress.selectors.lectures import Lecture


def player(lecture: Lecture, shown: CaptionTrack | None, viewer: User, student: Enrolment | None) -> dict[str, Any]:
    """What the player in the browser starts from; `shown` are the captions to show. Instants are Unix milliseconds."""
    watch, activity = lecture.watch, lecture.content.activity_id
    return {
        "address": quick_url("progress:watch", activity) if student else "",
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


def transcript_comes(lecture: Lecture, shown: CaptionTrack | None, viewer: User) -> str:
    """What brings the transcript to its place, in htmx's words: the page itself, playing, or a click on its link."""
    if viewer.low_data:
        return "click"
    return "click, play from:#player once" if shown and shown.pk in lecture.heavy else "load"


def _unix_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
