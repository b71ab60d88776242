"""Bytes that somebody wrote in some encoding, as text: UTF-8 first, then what their language was written in. Pure.

A guess that nobody checks turns a file into Chinese, so there is none: where two readings are as good, or none is, the
person who brought the file is asked, with some of its lines in each.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MARKS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]
# The names that browsers have for them (encoding.spec.whatwg.org).
BROWSERS = {
    **{f"cp{number}": f"windows-{number}" for number in (874, *range(1250, 1259))},
    **{f"iso8859-{number}": f"iso-8859-{number}" for number in (2, 5, 6, 7)},
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "cp866": "ibm866",
    "cp932": "shift_jis",
    "euc_jp": "euc-jp",
    "gb18030": "gb18030",
    "big5": "big5",
    "cp949": "euc-kr",
    "mac_roman": "macintosh",
}
# How Japanese mail says in ASCII alone that the following bytes are Han and Kana.
_SHIFTED = re.compile(rb"\x1b\$[@B]")
_BEYOND = re.compile(rb"[\x80-\xff]")
# What is looked at to judge a reading.
SAMPLE = 20_000
PREVIEWED = 5
LONGEST_PREVIEW = 80
MOST_OPTIONS = 4
# Of letters beyond ASCII that a reading may have wrong, and of all letters that a Latin script may have beyond ASCII.
ODD, DRESSED = 0.03, 0.4
# Who writes a Latin script seldom has three letters beyond ASCII side by side; whoever's letters all are, never.
ROWS, MOST_IN_ROWS, BARE = re.compile(r"[^\W\d_\x00-\x7f]{3,}"), 0.2, 0.75
# Scripts whose words hold no letter of ASCII.
UNMIXED = ("CYRILLIC", "GREEK", "HEBREW", "ARABIC")

WESTERN = ("cp1252",)
CENTRAL = ("cp1250", "iso8859-2")
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")
LATIN = (
    "en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "nn", "fi", "is", "ca", "eu", "gl", "ga", "cy",
    "id", "ms", "sw", "af", "lb",
)  # fmt: skip
PAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["pl", "cs", "sk", "hu", "sl", "hr", "ro", "bs", "sq"], CENTRAL),
    **dict.fromkeys(["ru", "bg", "be", "mk", "sr"], CYRILLIC),
    "uk": ("cp1251", "koi8-u", "cp866", "iso8859-5"),
    **dict.fromkeys(LATIN, WESTERN),
    "el": ("cp1253", "iso8859-7"),
    "tr": ("cp1254",),
    "az": ("cp1254",),
    "he": ("cp1255",),
    **dict.fromkeys(["ar", "fa", "ur"], ("cp1256", "iso8859-6")),
    **dict.fromkeys(["et", "lv", "lt"], ("cp1257",)),
    "vi": ("cp1258",),
    "th": ("cp874",),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5"),
}
TRADITIONAL = ("tw", "hk", "mo", "hant")
SCRIPTS = {
    **dict.fromkeys(("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5"), ("CYRILLIC",)),
    **dict.fromkeys(("cp1253", "iso8859-7"), ("GREEK",)),
    "cp1255": ("HEBREW",),
    **dict.fromkeys(("cp1256", "iso8859-6"), ("ARABIC",)),
    "cp874": ("THAI",),
    **dict.fromkeys(
        ("cp932", "euc_jp"), ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "HALFWIDTH")
    ),
    "cp949": ("HANGUL", "CJK"),
    **dict.fromkeys(("gb18030", "big5"), ("CJK", "FULLWIDTH")),
}
OTHERS = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp932",
    "gb18030",
    "big5",
    "cp949",
    "mac_roman",
)
# Beyond а-я, what a language writes.
CYRILLIC_LETTERS = {
    "ru": "ё", "uk": "ґєії", "be": "ёіў", "bg": "", "sr": "ђјљњћџ", "mk": "ѓѕјљњќџ",
}  # fmt: skip
USUAL = set("°§©®™×÷±½¼¾¹²³№♪♫€£¥…•·´`^~¨¬|")


@dataclass(frozen=True)
class Decoded:
    text: str
    # Whether there were bytes that are no letter; each is U+FFFD in the text.
    is_damaged: bool = False


@dataclass(frozen=True)
class Option:
    encoding: str
    # Some lines of the file, as they read in it.
    lines: tuple[str, ...]


class Unsure(Exception):
    """Nobody can tell the encoding but who brought the file."""

    def __init__(self, options: list[Option]) -> None:
        super().__init__("unsure")
        self.options = options


def decode(data: bytes, language: str = "en", encoding: str = "") -> Decoded:
    """`encoding` is what somebody chose, and `language` a tag. Raises Unsure."""
    if encoding in known():
        return _damaged(data.decode(encoding, "replace"))
    for mark, marked in MARKS:
        if data.startswith(mark):
            return Decoded(data.decode(marked, "replace"))
    if wide := _wide(data):
        return Decoded(data.decode(wide, "replace"))
    if _SHIFTED.search(data):
        return _damaged(data.decode("iso2022_jp", "replace"))
    return _utf8(data) or Decoded(_by_language(data, language)[1])


def charset(data: bytes, language: str) -> str:
    """What a browser is to read a text as. There is nobody to ask: where it is unclear, the likeliest."""
    for mark, named in ((codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be")):
        if data.startswith(mark):
            return named
    if wide := _wide(data):
        return wide.replace("utf-16-", "utf-16")
    if _utf8(data) is not None:
        return "utf-8"
    try:
        return BROWSERS[_by_language(data, language)[0]]
    except Unsure as unsure:
        return BROWSERS[unsure.options[0].encoding] if unsure.options else "windows-1252"


def known() -> set[str]:
    return {page for pages in PAGES.values() for page in pages} | set(OTHERS)


def _utf8(data: bytes) -> Decoded | None:
    """None for what is written in something else."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    # Of other encodings hardly any two bytes happen to be a letter of UTF-8.
    if not wrong or len(text) - len(text.encode("ascii", "ignore")) - wrong >= 2 * wrong:
        return Decoded(text, is_damaged=wrong > 0)
    return None


def _damaged(text: str) -> Decoded:
    return Decoded(text, is_damaged="\ufffd" in text)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every second byte of what is written in ASCII is NUL."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head) or min(even, odd) * 20 > len(head):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _by_language(data: bytes, language: str) -> tuple[str, str]:
    """The encoding and the text. Raises Unsure."""
    tag, *parts = language.lower().replace("_", "-").split("-")
    pages = PAGES.get(tag, ())
    if tag == "zh" and set(parts) & set(TRADITIONAL):
        pages = tuple(reversed(pages))
    telling = _telling(data)
    readings = _readings(data, telling, pages, tag)
    good = [reading for reading in readings if reading.oddity <= ODD]
    if good and all(reading.sample == good[0].sample for reading in good):
        return good[0].page, data.decode(good[0].page, "replace")
    others = _readings(data, telling, [page for page in OTHERS if page not in pages], tag)
    # The pages of the language are always among them; of equals they come first.
    wanted = good or [*readings, *sorted(others, key=lambda reading: reading.oddity)][:MOST_OPTIONS]
    wanted = sorted(wanted, key=lambda reading: reading.oddity)
    options = {_preview(reading.sample): reading.page for reading in reversed(wanted[:MOST_OPTIONS])}
    raise Unsure([Option(page, lines) for lines, page in reversed(options.items())])


@dataclass(frozen=True)
class _Reading:
    page: str
    sample: str
    oddity: float


def _telling(data: bytes) -> bytes:
    """The first lines that are not in ASCII alone."""
    lines: list[bytes] = []
    at = size = 0
    while size < SAMPLE and (hit := _BEYOND.search(data, at)):
        start = data.rfind(b"\n", at, hit.start()) + 1 or at
        end = data.find(b"\n", hit.end())
        at = end + 1 if end >= 0 else len(data)
        lines.append(data[start : min(at, start + SAMPLE)].strip())
        size += len(lines[-1]) + 1
    return b"\n".join(lines)


def _readings(data: bytes, telling: bytes, pages: Iterable[str], language: str) -> list[_Reading]:
    """The ones in which every byte is a letter."""
    found = []
    for page in pages:
        try:
            data.decode(page)
        except UnicodeDecodeError:
            # Five bytes of this one have no letter, and old programs wrote them all the same.
            if page not in WESTERN:
                continue
        sample = telling.decode(page, "ignore")
        found.append(_Reading(page, sample, _oddity(sample, page, language)))
    return found


def _oddity(sample: str, page: str, language: str) -> float:
    """From 0, as people write, to 1: letters of another script, signs nobody types, capitals inside of words."""
    beyond = [letter for letter in sample if not letter.isascii()]
    if not beyond:
        return 0.0
    scripts = SCRIPTS.get(page, ("LATIN",))
    odd = sum(_is_odd(letter, scripts) for letter in beyond)
    if scripts == ("CYRILLIC",):
        own = CYRILLIC_LETTERS.get(language, "ё")
        odd += sum(letter >= "Ѐ" and not "А" <= letter <= "я" and letter.lower() not in own for letter in beyond)
    odd += sum(one.islower() and other.isupper() and not other.isascii() for one, other in pairwise(sample))
    letters = sum(letter.isalpha() for letter in sample)
    dressed = sum(letter.isalpha() for letter in beyond)
    if scripts == ("LATIN",) and dressed > max(4, DRESSED * letters):
        in_rows = sum(len(row) for row in ROWS.findall(sample))
        if dressed > BARE * letters or in_rows > MOST_IN_ROWS * dressed:
            return 1.0
    if scripts[0] in UNMIXED:
        odd += sum(
            one.isalpha() and other.isalpha() and one.isascii() != other.isascii() for one, other in pairwise(sample)
        )
    return min(1.0, odd / len(beyond))


def _is_odd(letter: str, scripts: tuple[str, ...]) -> bool:
    kind = unicodedata.category(letter)
    if kind[0] in "LM":
        return not unicodedata.name(letter, "").startswith((*scripts, "COMBINING", "FEMININE", "MASCULINE"))
    return not (kind[0] in "PZN" or kind == "Sc" or kind == "Cf" or letter in USUAL)


def _preview(sample: str) -> tuple[str, ...]:
    return tuple(line[:LONGEST_PREVIEW] for line in sample.split("\n")[:PREVIEWED])
