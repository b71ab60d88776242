"""A transcript as HTML, made here and not by the template engine: two hours of speech are two thousand lines."""

from dataclasses import dataclass
from html import escape

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from common.templatetags.ui import HIT_END, HIT_START, marked
from common.timecode import clock
from courses.models import Activity, CaptionTrack


@dataclass(frozen=True)
class Transcript:
    track: CaptionTrack
    languages: list[str]
    lines: SafeString
    # How many lines hold the words that were searched for; None when nothing was.
    found: int | None


def read(activity: Activity, language: str, words: str = "") -> Transcript:
    """The transcript in one language, or the lines of it that hold `words`. 404 where the language is not there."""
    tracks = CaptionTrack.objects.captions().filter(recording__used_as_activity__activity=activity)
    languages = list(tracks.values_list("language", flat=True))
    track = tracks.filter(language=language).only("language", "cues", "recording_id").first()
    if track is None:
        raise Http404
    cues = [cue for cue in track.cues if words.casefold() in cue[2].casefold()] if words else track.cues
    lesson = reverse("progress:lesson", args=[activity.pk])
    lines = mark_safe("".join(_line(lesson, start, end, text, words) for start, end, text in cues))  # noqa: S308  every word is escaped in _line
    return Transcript(track, languages, lines, len(cues) if words else None)


def _line(lesson: str, start: int, end: int, text: str, words: str) -> str:
    said = marked(_hit(text, words)) if words else escape(text)
    return (
        f'<li><a href="{lesson}?at={start // 1000}" data-from="{start}" data-to="{end}">'
        f"<time>{clock(start)}</time> <span>{said}</span></a></li>"
    )


def _hit(text: str, words: str) -> str:
    """The text with signs around each place of the words, however they are written."""
    folded, wanted, out, at = text.casefold(), words.casefold(), [], 0
    if len(folded) != len(text):
        # A letter whose small form is longer (as \u00df) would move every place after it.
        return text
    while (place := folded.find(wanted, at)) >= 0:
        out += [text[at:place], HIT_START, text[place : place + len(wanted)], HIT_END]
        at = place + len(wanted)
    return "".join([*out, text[at:]])
