"""The lines of a transcript, with what was searched for in them."""

from common.templatetags.ui import HIT_END, HIT_START
from progress.selectors.transcripts import Transcript

# A caption is two lines of some 40 letters; one letter that is searched for is in it ten times.
MOST_MARKED = 20


def lines(transcript: Transcript, words: str) -> list[tuple[int, int, str]]:
    """From and to in milliseconds, and what is said, with signs for the filter `marked` around each hit."""
    if not words:
        return transcript.cues
    return [(start, end, _hit(text, words)) for start, end, text in transcript.cues]


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
