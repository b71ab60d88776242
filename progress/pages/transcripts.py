"""A transcript as HTML, made here and not by the template engine: two hours of speech are two thousand lines."""

from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from common.templatetags.ui import HIT_END, HIT_START, marked
from common.timecode import clock
from courses.models import Activity
from progress.selectors.transcripts import Transcript

# A caption is two lines of some 40 letters; one letter that is searched for is in it ten times.
MOST_MARKED = 20


def lines(activity: Activity, transcript: Transcript, words: str) -> SafeString:
    lesson = reverse("progress:lesson", args=[activity.pk])
    made = "".join(_line(lesson, start, end, text, words) for start, end, text in transcript.cues)
    return mark_safe(made)  # noqa: S308  every word is escaped in _line


def _line(lesson: str, start: int, end: int, text: str, words: str) -> str:
    said = marked(_hit(text, words)) if words else escape(text)
    return (
        f'<li><a href="{lesson}?at={start // 1000}" data-from="{start}" data-to="{end}">'
        f"<time>{clock(start)}</time> <span>{said}</span></a></li>"
    )


def _hit(text: str, words: str) -> str:
    """The text with signs around the first MOST_MARKED places of the words, however they are written."""
    folded, wanted, at = text.casefold(), words.casefold(), 0
    out: list[str] = []
    if len(folded) != len(text):
        # A letter whose small form is longer (as \u00df) would move every place after it.
        return text
    while len(out) < 4 * MOST_MARKED and (place := folded.find(wanted, at)) >= 0:
        out += [text[at:place], HIT_START, text[place : place + len(wanted)], HIT_END]
        at = place + len(wanted)
    return "".join([*out, text[at:]])
