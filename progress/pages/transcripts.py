"""The lines of a transcript, with what was searched for in them."""

from common.templatetags.ui import HIT_END, HIT_START
from courses.words import letters
from progress.selectors.transcripts import Transcript

# A caption is two lines of some 40 letters; one letter that is searched for is in it ten times.
MOST_MARKED = 20


def lines(transcript: Transcript, words: str) -> list[tuple[int, int, str]]:
    """From and to in milliseconds, and what is said, with signs for the filter `marked` around each hit."""
    if not words:
        return transcript.cues
    return [(start, end, _hit(text, words, transcript.language)) for start, end, text in transcript.cues]


def _hit(text: str, words: str, language: str) -> str:
    """The text with signs around the first MOST_MARKED places of the words, however they are written."""
    (folded, places), (wanted, _) = letters(text, language), letters(words, language)
    at = done = 0
    out: list[str] = []
    while wanted and len(out) < 4 * MOST_MARKED and (found := folded.find(wanted, at)) >= 0:
        at = found + len(wanted)
        # One letter may have become two, as ß does: it is marked whole.
        while at < len(places) and places[at] == places[at - 1]:
            at += 1
        start, end = max(done, places[found]), places[at] if at < len(places) else len(text)
        out += [text[done:start], HIT_START, text[start:end], HIT_END]
        done = end
    return "".join([*out, text[done:]])
