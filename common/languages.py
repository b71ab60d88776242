"""Languages by the names that people call them, and the tags that browsers know them by."""

import re
from functools import cache

from django.conf.locale import LANG_INFO

# Offered first; the others follow by their English names.
COMMON = ("en", "ar", "zh-hans", "fr", "de", "he", "hi", "pt", "ru", "es")
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
LONGEST = 60


@cache
def offered() -> tuple[str, ...]:
    """Every language that we have a name for, as `label` shows it."""
    rest = sorted(set(_named()) - set(COMMON), key=lambda tag: LANG_INFO[tag]["name"])
    named = [*COMMON, *rest]
    return tuple(dict.fromkeys(label(tag) for tag in named))


def label(tag: str) -> str:
    """Its English name, and its own; a tag without a name as it is."""
    found = LANG_INFO.get(tag.lower(), {})
    name, own = found.get("name"), found.get("name_local")
    if not name:
        return tag
    return name if own is None or own.casefold() == name.casefold() else f"{name} ({own})"


def find(typed: str) -> str | None:
    """The tag of a name, in English or in the language itself, or of a tag; None for what is neither."""
    asked = " ".join(typed.split()).casefold()
    tag = _by_name().get(asked) or asked.replace("_", "-")
    return _written(tag) if _TAG.fullmatch(tag) else None


def _named() -> list[str]:
    return [tag for tag, found in LANG_INFO.items() if "name" in found]


@cache
def _by_name() -> dict[str, str]:
    # A name that two tags share is the one without a country.
    named = sorted(_named(), key=len, reverse=True)
    ways = {tag: (LANG_INFO[tag]["name"], LANG_INFO[tag]["name_local"], label(tag)) for tag in named}
    return {name.casefold(): tag for tag in named for name in ways[tag]}


def _written(tag: str) -> str:
    """As it is written: pt-BR, zh-Hans."""
    first, *others = tag.split("-")
    return "-".join([first, *(part.upper() if len(part) == 2 else part.title() for part in others)])
