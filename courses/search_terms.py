"""What people type into a search box, as questions to Postgres, and where a text answers them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from common.scripts import APOSTROPHE, kinds, tied
from courses.words import Piece, Stems, cut, cut_at, forms, to_stem

LONGEST = 200
MOST_TERMS = 12
# One or two letters begin too many words to say anything.
SHORTEST_BEGINNING = 3

_QUOTES = '"“”„«»'
_TYPED = re.compile(f"(-?)[{_QUOTES}]([^{_QUOTES}]*)(?:[{_QUOTES}]|$)|([^\\s{_QUOTES}]+)")

# A word of a vector as Postgres writes it, with its places and their weights.
_WEIGHTS = "ABCD"
_SAID = re.compile(f"'([^']+)':([0-9,{_WEIGHTS}]+)")

_UNDIVIDED = re.compile("[^ ]+")

Places = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Step:
    """A word that stands `after` places behind the first of its phrase, in any of its forms or beginnings."""

    after: int
    forms: frozenset[str]
    beginnings: frozenset[str] = frozenset()

    @property
    def query(self) -> str:
        words = [f"'{form}'" for form in sorted(self.forms)]
        return "(" + "|".join([*words, *(f"'{one}':*" for one in sorted(self.beginnings))]) + ")"

    def places(self, found: Places) -> set[int]:
        begun = tuple(self.beginnings)
        fitting = [places for word, places in found.items() if word in self.forms or (begun and word.startswith(begun))]
        return {place - self.after for places in fitting for place in places}


@dataclass(frozen=True)
class Phrase:
    """Words side by side; one word is a phrase of one. `whole` is what they are when written as one word."""

    steps: tuple[Step, ...]
    whole: frozenset[str] = frozenset()
    # A word such as "the", which every text holds.
    common: bool = False

    @property
    def query(self) -> str:
        first, *others = self.steps
        query, before = first.query, 0
        for step in others:
            query, before = f"{query}<{step.after - before}>{step.query}", step.after
        return f"({query})|{Step(0, self.whole).query}" if self.whole else query

    def starts(self, found: Places) -> set[int]:
        return set.intersection(*(step.places(found) for step in self.steps))


@dataclass(frozen=True)
class Terms:
    """All of `wanted` must be in a lesson, each in one of its ways, and nothing of `unwanted`."""

    wanted: tuple[tuple[Phrase, ...], ...]
    unwanted: tuple[Phrase, ...]

    @property
    def queries(self) -> list[str]:
        """One for each of `wanted`, in the language of tsquery."""
        return ["|".join(f"({phrase.query})" for phrase in ways) for ways in self.wanted]

    @property
    def without(self) -> str:
        return "|".join(f"({phrase.query})" for phrase in self.unwanted)

    @property
    def _steps(self) -> list[Step]:
        return [step for ways in self.wanted for phrase in ways for step in (*phrase.steps, Step(0, phrase.whole))]

    @cached_property
    def words(self) -> list[str]:
        return sorted({form for step in self._steps for form in step.forms})

    @cached_property
    def beginnings(self) -> list[str]:
        return sorted({one for step in self._steps for one in step.beginnings})

    @cached_property
    def _sought(self) -> list[str]:
        """With what the words begin that `places` looks for."""
        return [*(f"'{word}':" for word in self.words), *(f"'{one}" for one in self.beginnings)]

    @cached_property
    def in_full(self) -> "Terms":
        """The same, where nothing is found that only begins so."""

        def full(phrase: Phrase) -> Phrase:
            return replace(phrase, steps=tuple(replace(step, beginnings=frozenset()) for step in phrase.steps))

        return replace(self, wanted=tuple(tuple(full(phrase) for phrase in ways) for ways in self.wanted))

    def places(self, vector: str) -> dict[str, list[int]]:
        """What a vector says of `words` and of what begins with `beginnings`.

        As Postgres writes it: to pick a few words out of it there takes ten times as long. None of ours holds a quote.
        """
        found = {}
        for sought in self._sought:
            at = vector.find(sought)
            while at >= 0:
                if said := _SAID.match(vector, at):
                    found[said[1]] = [int(place.rstrip(_WEIGHTS)) for place in said[2].split(",")]
                at = vector.find(sought, at + 1)
        return found

    def hits(self, text: str, found: Places) -> list[tuple[int, int]]:
        """Where in `text` the words are, in order; `found` is what its vector says of `words` and `beginnings`."""
        wanted: set[int] = set()
        for phrase in (phrase for ways in self.wanted for phrase in ways):
            wanted |= {start + step.after for start in phrase.starts(found) for step in phrase.steps}
            if phrase.whole:
                wanted |= Step(0, phrase.whole).places(found)
        longest: Mapping[int, int] = {}
        spans: list[tuple[int, int]] = []
        parts: dict[int, int] = {}
        for piece in cut_at(text, wanted):
            if piece.whole and not longest:
                longest = _longest({word: found[word] for word in self.words if word in found}, wanted)
            # Of what is tied together, a form is found that is longer than the first part: then all of it was meant.
            if piece.place in wanted and (not piece.whole or longest[piece.place] > parts[piece.place]):
                spans.append((piece.start, piece.end))
            parts.setdefault(piece.place, len(piece.word))
        return _joined(sorted(spans))


def _longest(found: Places, wanted: set[int]) -> dict[int, int]:
    longest: dict[int, int] = defaultdict(int)
    for word, places in found.items():
        for place in wanted.intersection(places):
            longest[place] = max(longest[place], len(word))
    return longest


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@dataclass(frozen=True)
class _Typed:
    text: str
    without: bool
    quoted: bool
    either: bool = False
    last: bool = False


def _typed(asked: str) -> list[_Typed]:
    found: list[_Typed] = []
    either = False
    for sign, quoted, bare in _TYPED.findall(tied(asked[:LONGEST])):
        if bare.lower() == "or" and found and not found[-1].without:
            either = True
            continue
        without = bool(sign) or (bare.startswith("-") and len(bare) > 1)
        # What another sign than "-" or "/" divides are words of their own.
        divided = [bare[one.start() : one.end()] for one in _UNDIVIDED.finditer(kinds(bare))]
        for text in divided if bare else [quoted]:
            found.append(_Typed(text, without, not bare, either and not without))
            either = False
    if found and not asked[-1:].isspace() and not found[-1].quoted and not found[-1].without:
        found[-1] = replace(found[-1], last=True)
    return found[:MOST_TERMS]


def words_to_stem(asked: str, language: str) -> set[str]:
    return to_stem((typed.text for typed in _typed(asked)), language)


def read(asked: str, stems: Mapping[str, Stems]) -> Terms:
    """`asked` in every language of `stems`: "a phrase", -without, this or that, and the beginning of the last word."""
    wanted: list[list[Phrase]] = []
    unwanted: list[Phrase] = []
    for typed in _typed(asked):
        phrase = _phrase(typed, stems)
        if phrase is None:
            continue
        if typed.without:
            unwanted.append(phrase)
        elif typed.either and wanted:
            wanted[-1].append(phrase)
        else:
            wanted.append([phrase])
    telling = [ways for ways in wanted if not all(phrase.common for phrase in ways)]
    return Terms(tuple(tuple(ways) for ways in telling or wanted), tuple(unwanted))


def _phrase(typed: _Typed, stems: Mapping[str, Stems]) -> Phrase | None:
    pieces = list(cut(typed.text))
    parts = _telling([piece for piece in pieces if not piece.whole], typed)
    first = parts[0].place if parts else 0
    steps = [Step(piece.place - first, *_ways(piece, stems, typed.last and piece is parts[-1])) for piece in parts]
    # A stroke that only lengthens Arabic letters is no word.
    steps = [step for step in steps if step.forms]
    if not steps:
        return None
    # Where more is typed than what is tied together, the word without its joints is no answer.
    extent = (pieces[0].start, max(piece.end for piece in pieces))
    tied = [piece for piece in pieces if piece.whole and (piece.start, piece.end) == extent and not typed.quoted]
    whole = frozenset(_forms(tied[0], stems)) if tied else frozenset()
    common = len(steps) == 1 and not typed.quoted and _common(parts[0], stems)
    return Phrase(tuple(steps), whole, common)


def _telling(parts: list[Piece], typed: _Typed) -> list[Piece]:
    """Of l’eau and student’s, the single letter beside the apostrophe may be another in the text."""
    if not typed.quoted and APOSTROPHE in kinds(typed.text):
        parts = [part for part in parts if len(part.word) > 1] or parts
    # The last sign of a run stands alone only at its end; in a text it may go on.
    ends = {part.place for part, before in zip(parts[1:], parts, strict=False) if _ends(part, before)}
    return [part for part in parts if part.place not in ends]


def _ends(part: Piece, before: Piece) -> bool:
    return part.gram and before.gram and before.end == part.end


def _ways(piece: Piece, stems: Mapping[str, Stems], last: bool) -> tuple[frozenset[str], frozenset[str]]:
    if piece.gram:
        # One sign alone is found wherever a pair begins with it.
        return frozenset([piece.word]) - {""}, frozenset([piece.word]) - {""}
    found = _forms(piece, stems)
    plain = {one for language in stems for one in forms(piece.word, language, {})}
    return frozenset(found), frozenset(one for one in plain if last and len(one) >= SHORTEST_BEGINNING)


def _forms(piece: Piece, stems: Mapping[str, Stems]) -> set[str]:
    return {form for language, known in stems.items() for form in forms(piece.word, language, known)}


def _common(piece: Piece, stems: Mapping[str, Stems]) -> bool:
    stemmed = [known for known in stems.values() if piece.word in known]
    return bool(stemmed) and all(known[piece.word] == [] for known in stemmed)
