"""Public holidays by country, from the maintained package `holidays`: a name for each date, in English.

The package takes 18 MB of memory, and most processes are never asked for a holiday: it is loaded by the first call.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import metadata
from typing import Any

from common import zones

LONGEST_NAME = 200
# Shorter ones are abbreviations.
SHORTEST_PLACE = 4


def _package() -> Any:
    import holidays  # noqa: PLC0415  see above

    return holidays


@lru_cache(maxsize=1)
def version() -> str:
    """By which release what was stored was made: laws change, and moons are seen."""
    return metadata.version("holidays")


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """ISO codes with the names of countries, as time zones have them, sorted by these."""
    names = zones.countries()
    known = [code for code in _package().list_supported_countries(include_aliases=False) if code in names]
    return {code: names[code] for code in sorted(known, key=lambda code: zones.folded(names[code]))}


@lru_cache(maxsize=16)
def subdivisions(country: str) -> dict[str, str]:
    """Codes with the names of states, provinces or regions that have holidays of their own; {} where none has."""
    if country not in countries():
        return {}
    kind = type(_package().country_holidays(country))
    # The first of several names is the one most used.
    aliases = reversed(getattr(kind, "subdivisions_aliases", {}).items())
    names = {code: code for code in kind.subdivisions} | {
        code: name for name, code in aliases if len(name) >= SHORTEST_PLACE
    }
    return dict(sorted(names.items(), key=lambda pair: zones.folded(pair[1])))


def in_years(country: str, subdivision: str, years: Iterable[int]) -> dict[date, str]:
    """The holidays of a country, and of one of its subdivisions where it is named; {} for what no release knows now."""
    if country not in countries():
        return {}
    package, subdivision = _package(), subdivision if subdivision in subdivisions(country) else ""
    languages = type(package.country_holidays(country)).supported_languages
    # Where a country has no language to choose from, its names are English already.
    english = next((one for one in ("en_GB", "en_US", *languages) if one in languages and one.startswith("en")), None)
    found = package.country_holidays(country, subdiv=subdivision or None, years=years, language=english)
    return {day: name[:LONGEST_NAME] for day, name in found.items()}
