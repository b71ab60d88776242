"""The lines of a transcript, with what was searched for in them."""

from common.templatetags.ui import HIT_END, HIT_START
from courses.excerpts import marked
from progress.selectors.transcripts import Transcript


def lines(transcript: Transcript) -> list[tuple[int, int, str]]:
    """From and to in milliseconds, and what is said, with signs for the filter `marked` around each hit."""
    if transcript.hits is None:
        return transcript.cues
    said = zip(transcript.cues, transcript.hits, strict=True)
    return [(start, end, marked(text, hits, HIT_START, HIT_END)) for (start, end, text), hits in said]
