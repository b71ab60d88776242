"""The lines of a transcript, with what was searched for in them."""

from collections.abc import Iterable

from common.templatetags.ui import HIT_END, HIT_START
from progress.selectors.transcripts import Transcript


def lines(transcript: Transcript) -> list[tuple[int, int, str]]:
    """From and to in milliseconds, and what is said, with signs for the filter `marked` around each hit."""
    if transcript.hits is None:
        return transcript.cues
    said = zip(transcript.cues, transcript.hits, strict=True)
    return [(start, end, _marked(text, hits)) for (start, end, text), hits in said]


def _marked(text: str, hits: Iterable[tuple[int, int]]) -> str:
    done = 0
    out: list[str] = []
    for start, end in hits:
        out += [text[done:start], HIT_START, text[start:end], HIT_END]
        done = end
    return "".join([*out, text[done:]])
