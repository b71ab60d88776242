"""What kind of sign each character of a text is, for those who count words and those who look for them."""

import re
import unicodedata

# Scripts that leave no space between words, and Hangul, which writes particles onto them.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul letters
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x3005, 0x3007),  # the signs of Japanese that repeat or stand for a Han character
    (0x3041, 0x318F),  # Hiragana, Katakana, Bopomofo, Hangul letters
    (0x31A0, 0x31BF),  # Bopomofo
    (0x31F0, 0x31FF),  # small Katakana
    (0x3400, 0x9FFF),  # Han
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),  # Han
    (0xFF66, 0xFFDC),  # Katakana and Hangul of half width
    (0x1B000, 0x1B16F),  # Kana of old texts
    (0x20000, 0x3FFFF),  # Han
)
# Voice marks of half width, and the second and third letters of a Hangul syllable that was taken apart.
_CONTINUING = ((0xFF9E, 0xFF9F), (0x1160, 0x11FF))
# Invisible, and a place between words: Thai and Khmer are written with it.
_ZERO_WIDTH_SPACE = 0x200B

# Languages that are written from right to left, and the scripts that a tag may name instead.
_LEFTWARD = {
    "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "khw", "ks", "nqo", "pnb", "prs", "ps", "sd", "syr", "ug", "ur",
    "yi",
}  # fmt: skip
_LEFTWARD_SCRIPTS = {"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}

LETTER, UNSPACED, MARK, APOSTROPHE, HYPHEN, OTHER = "aum'- "
_APOSTROPHES, _HYPHENS = "'’ʼ＇׳״", "-‐‑־./\\_:@+&·・־"
# What ties only between some signs: Hebrew writes its abbreviations with a quote before the last letter, and English
# the thousands of a number with a comma.
_HEBREW = "\u05d0-\u05ea"
_TIES = re.compile(f'["”](?<=[{_HEBREW}].)(?=[{_HEBREW}])|,(?<=[0-9],)(?=[0-9]{{3}}(?![0-9]))')
_TIED_BY = str.maketrans({'"': "״", "”": "״", ",": "·"})


class _Kinds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = kind = _kind(code)
        return kind


def _kind(code: int) -> str:
    sign = chr(code)
    if sign in _APOSTROPHES:
        return APOSTROPHE
    if sign in _HYPHENS:
        return HYPHEN
    category = unicodedata.category(sign)
    if category[0] == "M" or _within(code, _CONTINUING) or (category == "Cf" and code != _ZERO_WIDTH_SPACE):
        return MARK
    if category[0] not in "LN":
        return OTHER
    return UNSPACED if _within(code, _UNSPACED) else LETTER


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


_KINDS = _Kinds()
_HAN = re.compile("[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_OTHER_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf]")
# Readers of Chinese take in 255 characters in the time of 228 English words, of Japanese 357 (Trauzettel-Klosinski and
# Dietz 2012): nine tenths of a word for a Han character, half of one for a sign of Kana. Thai and its neighbours write
# about five signs to a word.
_WORDS_EACH = ((_HAN, 0.9), (_KANA, 0.5), (_OTHER_UNSPACED, 0.2))


def kinds(text: str) -> str:
    """A sign for each character of `text`: one of LETTER (digits too), UNSPACED, MARK and so on."""
    return tied(text).translate(_KINDS)


def tied(text: str) -> str:
    """`text`, as long as it is, where a sign that ties only here is one that ties everywhere."""
    return _TIES.sub(lambda sign: sign[0].translate(_TIED_BY), text)


def word_count(text: str) -> int:
    """Words between spaces that hold a letter or digit; where a script has no spaces, what takes as long to read."""
    counted = 0.0
    for script, words in _WORDS_EACH:
        text, found = script.subn(" ", text)
        counted += found * words
    return round(counted + sum(LETTER in word or UNSPACED in word for word in kinds(text).split()))


def direction(language: str) -> str:
    """`rtl` or `ltr`, for a language tag such as "he", "ar-EG" or "az-Arab"."""
    first, *others = language.lower().replace("_", "-").split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    return "rtl" if script in _LEFTWARD_SCRIPTS or (not script and first in _LEFTWARD) else "ltr"
