"""The stretch of a text that shows best why it was found."""

from collections.abc import Iterable, Sequence

EXCERPT_BEFORE, EXCERPT = 80, 260


def excerpt(text: str, hits: Sequence[tuple[int, int]], start_sign: str, end_sign: str) -> str:
    """The stretch of a text with the most hits, each between the two signs."""
    start, end = _stretch(text, hits)
    within = [(first, last) for first, last in hits if start <= first and last <= end]
    said = marked(text[:end], within, start_sign, end_sign, start)
    return f"{'… ' if start else ''}{said}{' …' if end < len(text) else ''}"


def marked(text: str, hits: Iterable[tuple[int, int]], start_sign: str, end_sign: str, start: int = 0) -> str:
    """A text from `start`, with each of the hits between the two signs."""
    parts, at = [], start
    for first, last in hits:
        parts += [text[at:first], start_sign, text[first:last], end_sign]
        at = last
    return "".join([*parts, text[at:]])


def _stretch(text: str, hits: Sequence[tuple[int, int]]) -> tuple[int, int]:
    most, chosen, last = 0, 0, 0
    for number, (start, _) in enumerate(hits):
        while last < len(hits) and hits[last][1] - start <= EXCERPT - EXCERPT_BEFORE:
            last += 1
        if last - number > most:
            most, chosen = last - number, number
    at = hits[chosen][0] if hits else 0
    start = max(0, at - EXCERPT_BEFORE)
    end = min(len(text), start + EXCERPT)
    # Not in the middle of a word, where the script has any space near.
    if start and (space := text.find(" ", start, at)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", at + EXCERPT_BEFORE, end)) >= 0:
        end = space
    return start, end
