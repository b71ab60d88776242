import re
import unicodedata
from collections.abc import Container
from itertools import count

# What a new username may consist of: no letter that looks like another, and nothing that could be an address.
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


# What decomposing leaves as it is, as people spell it who have no other keys; Hebrew by its consonants.
HEBREW = (
    "א a ב b ג g ד d ה h ו v ז z ח ch ט t י y כ k ך k ל l מ m ם m נ n ן n ס s ע a פ p ף p צ tz ץ tz ק k ר r ש sh ת t"
)
LATIN = "ß ss æ ae œ oe ø o đ d ð d þ th ł l ı i ħ h"
_SPELT = f"{HEBREW} {LATIN}".split()
SPELT = str.maketrans(dict(zip(_SPELT[::2], _SPELT[1::2], strict=True)))

# Of an address, and so of a name (RFC 5321). To put longer ones into one form takes time in the square of their length.
LONGEST = 254
# A number may follow, of the sixty characters that there are.
LONGEST_PROPOSED = 50


def folded(name: str) -> str:
    """A username or an address as it is stored and compared: `Ａda@Example.org ` and `ada@example.org` are one.

    What is too long to be anybody's comes back as it is.
    """
    if len(name) > LONGEST:
        return name
    return unicodedata.normalize("NFKC", name).strip().lower()


def called(display_name: str, username: str) -> str:
    """Under which name an account stands; `str()` of it is the same."""
    return display_name.strip() or username


def proposed(name: str, address: str = "") -> str:
    """A username to begin with, such as "noa.levi"; "student" where neither has a letter that one can consist of."""
    for words in (name.split(), address.partition("@")[0].split(".")):
        parts = [_plain(word) for word in words[:1] + words[1:][-1:]]
        if made := ".".join(filter(None, parts))[:LONGEST_PROPOSED].strip("."):
            return made
    return "student"


def _plain(word: str) -> str:
    spelt = unicodedata.normalize("NFKD", word.casefold().translate(SPELT))
    return "".join(sign for sign in spelt if sign.isascii() and sign.isalnum())


def numbered(base: str, taken: Container[str]) -> str:
    """`base`, or the first of base2, base3 … that is not taken."""
    return base if base not in taken else next(name for n in count(2) if (name := f"{base}{n}") not in taken)
