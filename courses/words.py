"""How a text becomes words, for what search keeps and for what it is asked alike.

The parser of Postgres is never asked: it goes by the LC_CTYPE of a database, which in C takes every sign beyond ASCII
for a letter. What is no letter, mark or digit divides words; Postgres only stems them (`courses.languages.stemmed`).
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from common.scripts import MARK, OTHER, kinds

# Raise it when the same text makes other words than before, or they are gathered otherwise:
# `courses.services.passages.renew_some` then looks anew.
VERSION = 3
# A tsvector counts no further, and takes no word of 2 KB.
MOST_PLACES = 16_383
LONGEST_WORD = 100
# KB: so much waits to be put into an index of words, and every search reads all of that.
MOST_WAITING = 128
# All letters of the scripts of one school, with a mark or two.
MOST_LETTERS_KEPT, LONGEST_LETTER_KEPT = 20_000, 3
# An address of a page is found by its parts; nobody types it as one word.
MOST_PARTS, LONGEST_WHOLE = 4, 60

# Words that "-", "/", "." or an apostrophe ties together, each of letters or of signs without spaces between them.
_TIED = re.compile("[au][aum]*(?:['-][au][aum]*)*")
_RUN = re.compile("a[am]*|u[um]*")
_LETTERED = re.compile("a[am]*")
# With nothing tied to it on this side.
_ALONE = re.compile("a[am]*+(?= |$)")
_CLUSTER = re.compile("um*")
# A match for each place.
_COUNTED = re.compile("a[am]*|u")
# From the start of the first place to that of the one 2ⁿ further on, without a step of Python for each between them.
_BEFORE = re.compile("[^au]*")
_FURTHER = [re.compile(f"(?:(?:a[am]*+|u)[^au]*+){{{2**n}}}") for n in range(MOST_PLACES.bit_length())]
_COMPOSED = re.compile("[^m]m*|m+")

_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# Letters that are others' with a stroke, or two in one; the last row are the same letters of Arabic and Persian.
_ALIKE = {
    "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
    "ـ": "", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي",
}  # fmt: skip
# What is a letter of its own, and no accent, in any language that writes Cyrillic …
_LETTERS = "йїўќѓ"
# … and in these: there "nakki" is another word than "näkki".
_OWN_LETTERS = {
    "da": "æøå", "de": "äöü", "es": "ñ", "et": "äöõü", "eu": "ñ", "fi": "åäö", "fo": "áíóúýæøð", "gl": "ñ",
    "is": "áéíóúýþæðö", "nb": "æøå", "nn": "æøå", "no": "æøå", "sv": "åäö", "tr": "çğöşü",
}  # fmt: skip
# How people write those letters where a keyboard lacks them.
_SPELT = {
    "de": {"ä": "ae", "ö": "oe", "ü": "ue"},
    **{tag: {"æ": "ae", "ø": "oe", "å": "aa"} for tag in ("da", "nb", "nn", "no")},
}


class Piece(NamedTuple):
    """One word of a text, at `text[start:end]`; `place` counts the words.

    `gram` is two neighbours of a script without spaces, or the last one alone; `whole` is what is tied together,
    written as one word at the place of its first part.
    """

    word: str
    place: int
    start: int
    end: int
    gram: bool = False
    whole: bool = False


def cut(text: str) -> Iterator[Piece]:
    """Every word of `text`."""
    signs, place = kinds(text), 1
    for tied in _TIED.finditer(signs):
        yield from _tied(text, signs, tied, place)
        place += 1 if _LETTERED.fullmatch(tied[0]) else len(_COUNTED.findall(tied[0]))


def cut_at(text: str, places: Iterable[int]) -> Iterator[Piece]:
    """As `cut`, the words at some places alone, with all that is tied to them."""
    signs = kinds(text)
    start, at, after, end = _first(signs), 1, 0, 0
    for place in sorted(places):
        if place <= after:
            continue
        found = _further(signs, start, place - at)
        if found is None or found >= len(signs):
            return
        start, at = found, place
        if (word := _ALONE.match(signs, start)) and (start == 0 or signs[start - 1] == OTHER):
            yield _word(text, word, place)
            continue
        tied = _around(signs, start, end)
        end = tied.end()
        before = len(_COUNTED.findall(signs, tied.start(), start))
        for piece in _tied(text, signs, tied, place - before):
            after = max(after, piece.place)
            yield piece


def _first(signs: str) -> int:
    before = _BEFORE.match(signs)
    return before.end() if before else 0


def _further(signs: str, start: int, count: int) -> int | None:
    """Where the place stands that comes so many after the one at `start`; None where there are not as many."""
    if count > MOST_PLACES:
        return None
    while count:
        n = count.bit_length() - 1
        passed = _FURTHER[n].match(signs, start)
        if passed is None:
            return None
        start, count = passed.end(), count - (1 << n)
    return start


def _around(signs: str, start: int, end: int) -> re.Match[str]:
    """What is tied to the place at `start`, on both sides of it; all of it behind `end`, where the one before ended."""
    ties = _TIED.finditer(signs, max(signs.rfind(OTHER, end, start) + 1, end))
    return next(tied for tied in ties if tied.end() > start)


def _tied(text: str, signs: str, tied: re.Match[str], place: int) -> Iterator[Piece]:
    if _LETTERED.fullmatch(signs, *tied.span()):
        yield _word(text, tied, place)
        return
    parts: list[Piece] = []
    for run in _RUN.finditer(signs, tied.start(), tied.end()):
        at = place + len(parts)
        parts += _grams(text, signs, run, at) if signs[run.start()] == "u" else [_word(text, run, at)]
    yield from parts
    whole = "".join(part.word for part in parts)
    if 1 < len(parts) <= MOST_PARTS and len(whole) <= LONGEST_WHOLE and not any(part.gram for part in parts):
        yield Piece(whole, place, tied.start(), tied.end(), whole=True)


def _word(text: str, run: re.Match[str], place: int) -> Piece:
    return Piece(_plain(text[run.start() : run.end()])[:LONGEST_WORD], place, run.start(), run.end())


def _grams(text: str, signs: str, run: re.Match[str], place: int) -> list[Piece]:
    found = [
        (_plain(text[one.start() : one.end()])[:LONGEST_WORD], one.start(), one.end())
        for one in _CLUSTER.finditer(signs, run.start(), run.end())
    ]
    pairs = zip(found, [*found[1:], ("", 0, run.end())], strict=True)
    return [
        Piece(word + after, place + number, start, end if after else run.end(), gram=True)
        for number, ((word, start, _), (after, _, end)) in enumerate(pairs)
    ]


def _plain(word: str) -> str:
    """Composed, small, of letters, marks and digits alone."""
    if word.isascii() and word.isalnum():
        return word.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    if folded.isalpha() and folded.isascii():
        return folded
    return "".join(_digit(sign) for sign, kind in zip(folded, kinds(folded), strict=True) if _kept(sign, kind))


def _kept(sign: str, kind: str) -> bool:
    return kind in "au" or (kind == MARK and unicodedata.category(sign) != "Cf")


def _digit(sign: str) -> str:
    """Digits of every script are found as 0 to 9."""
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


class _Folds(dict[int, str]):
    def __init__(self, own: str) -> None:
        self._own = own

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = folded = sign if sign in self._own else _folded(sign)
        return folded


def _folded(sign: str) -> str:
    if sign in _ALIKE:
        return _ALIKE[sign]
    parts = unicodedata.normalize("NFD", sign)
    bare = _ACCENTS.sub("", parts)
    return sign if bare == parts else "".join(_ALIKE.get(one, one) for one in bare)


@lru_cache(maxsize=64)
def _folds(tag: str) -> _Folds:
    return _Folds(_LETTERS + _OWN_LETTERS.get(tag, ""))


def _tag(language: str) -> str:
    return language.split("-")[0].lower()


def fold(word: str, language: str) -> str:
    """Without its accents, but for the letters that are a language's own."""
    return word if word.isascii() else word.translate(_folds(_tag(language)))


class _Letters(dict[str, str]):
    """What `letters` makes of a sign with its marks."""

    def __init__(self, tag: str) -> None:
        self._tag = tag

    def __missing__(self, cluster: str) -> str:
        small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
        folded = fold(small, self._tag)
        if len(self) < MOST_LETTERS_KEPT and len(cluster) <= LONGEST_LETTER_KEPT:
            self[cluster] = folded
        return folded


@lru_cache(maxsize=64)
def _letters(tag: str) -> _Letters:
    return _Letters(tag)


def folded(text: str, language: str) -> str:
    """`text` small, composed and without accents, every sign kept."""
    return text.lower() if text.isascii() else "".join(_pieces(text, language)[0])


def places(text: str, wanted: str, language: str) -> Iterator[tuple[int, int]]:
    """Where in `text` something `folded` is, from and to; a sign that became two, as ß does, is taken whole."""
    if text.isascii():
        found = text.lower()
        starts: Sequence[int] = range(len(text) + 1)
        ends: Sequence[int] = starts[1:]
    else:
        pieces, starts = _pieces(text, language)
        found, ends = "".join(pieces), list(accumulate(map(len, pieces)))
    at = 0
    while wanted and (at := found.find(wanted, at)) >= 0:
        first, last = bisect_right(ends, at), bisect_left(ends, at + len(wanted))
        yield starts[first], starts[last + 1]
        at = ends[last]


def _pieces(text: str, language: str) -> tuple[list[str], Sequence[int]]:
    """What becomes of each sign with its marks, and where in `text` it starts; at last where `text` ends."""
    made, signs = _letters(_tag(language)), kinds(text)
    if MARK not in signs:
        return list(map(made.__getitem__, text)), range(len(text) + 1)
    starts = [0, *accumulate(map(len, _COMPOSED.findall(signs)))]
    return [made[text[start:end]] for start, end in pairwise(starts)], starts


# A word as it is and folded -> its stems; none for a word such as "the", and no entry where nothing is known.
Stems = Mapping[str, list[str]]


def forms(word: str, language: str, stems: Stems) -> set[str]:
    """All that a word is kept as. Two words are the same where they have one in common."""
    plain = fold(word, language)
    found = {plain, *stems.get(plain, ()), *(fold(stem, language) for stem in stems.get(word, ()))}
    if (spelt := _SPELT.get(_tag(language))) and not word.isascii():
        found.add(fold("".join(spelt.get(sign, sign) for sign in word), language))
    return found - {""}


def to_stem(texts: Iterable[str], language: str) -> set[str]:
    """The words of texts whose stems `forms` wants to know."""
    found = {piece.word for text in texts for piece in cut(text) if not piece.gram}
    return found | {fold(word, language) for word in found}


def vector(text: str, language: str, stems: Stems, weight: str = "") -> str:
    """`text` as Postgres reads a tsvector: each form of each word, with its places and the letter of their weight."""
    places: dict[str, list[int]] = {}
    for piece in cut(text):
        if piece.place > MOST_PLACES:
            break
        for form in {piece.word} - {""} if piece.gram else forms(piece.word, language, stems):
            places.setdefault(form, []).append(piece.place)
    return " ".join(f"'{form}':" + ",".join(f"{place}{weight}" for place in at) for form, at in places.items())
