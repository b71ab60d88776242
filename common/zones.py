"""Time zones as people name them: by a city and its country, each zone once.

Both come from the pinned tzdata package: the places of the world from its `zone.tab` and `iso3166.tab`, and the older
names of a zone, such as W-SU and Asia/Calcutta, from the links in its `tzdata.zi` (the file "backward" of IANA). Those
links know clocks and no borders: Iceland leads to Abidjan, which keeps the same time. ELSEWHERE names their places.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

# Longer than any name of a zone or a place, and what people may send.
LONGEST = 100
UTC = "UTC"
ELSEWHERE = {
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Virgin": "America/St_Thomas",
    "Atlantic/Jan_Mayen": "Arctic/Longyearbyen",
    "Iceland": "Atlantic/Reykjavik",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Yap": "Pacific/Chuuk",
    # No place, and the same clock.
    "Etc/GMT": UTC,
    "Etc/UTC": UTC,
    # Zones of their own in some releases, and links to these in others.
    "CST6CDT": "America/Chicago",
    "EST5EDT": "America/New_York",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}
# Whoever types one of these may mean a clock with summer time or one without.
AMBIGUOUS = frozenset(
    ["cet", "eet", "est", "hst", "met", "mst", "wet", "cst6cdt", "est5edt", "mst7mdt", "pst8pdt", "factory"]
)


@dataclass(frozen=True)
class Zone:
    name: str
    label: str


def _lines(file: str) -> list[str]:
    text = resources.files("tzdata").joinpath("zoneinfo", file).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Countries by their ISO codes, as IANA names them."""
    return dict(line.split("\t")[:2] for line in _lines("iso3166.tab"))


@lru_cache(maxsize=1)
def offered() -> tuple[Zone, ...]:
    """Every zone of a place, by the label that people choose it by."""
    places = [line.split("\t") for line in _lines("zone.tab")]
    zones = [Zone(place[2], _label(place[2], countries()[place[0]])) for place in places]
    return (*sorted(zones, key=lambda zone: folded(zone.label)), Zone(UTC, UTC))


def _label(name: str, country: str) -> str:
    """`America/Indiana/Knox` as "Knox, Indiana, United States"."""
    _, *between, city = name.replace("_", " ").split("/")
    return ", ".join([city, *(part for part in between if part != country), country])


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Zone]:
    return {zone.name: zone for zone in offered()}


@lru_cache(maxsize=1)
def _links() -> dict[str, str]:
    """The older names of zones, with the name of today."""
    pairs = [line.split()[1:] for line in _lines("tzdata.zi") if line.startswith("L ")]
    followed = {old: ELSEWHERE.get(old) or ELSEWHERE.get(new, new) for new, old in pairs if old not in _by_name()}
    return {**followed, **ELSEWHERE}


def canonical(name: str) -> str:
    """The name of today for a zone; a clock without a place, such as Etc/GMT+5, keeps its own."""
    return name if name in _by_name() else _links().get(name, name)


@lru_cache(maxsize=512)
def names_of(name: str) -> tuple[str, ...]:
    """All names under which a browser may report a zone, the one of today first."""
    today = canonical(name)
    return (today, *(old for old in _links() if canonical(old) == today))


def city(name: str) -> str:
    """`America/Argentina/Buenos_Aires` as "Buenos Aires": what people call their own zone."""
    return canonical(name).rsplit("/", 1)[-1].replace("_", " ")


def label(name: str) -> str:
    found = _by_name().get(canonical(name))
    return found.label if found else name


def folded(words: str) -> str:
    """Without accents, capitals and what stands between words."""
    plain = unicodedata.normalize("NFKD", words[:LONGEST])
    kept = "".join(
        sign if sign.isalnum() or sign in "/+-" else " " for sign in plain if not unicodedata.combining(sign)
    )
    return " ".join(kept.casefold().split())


@lru_cache(maxsize=1)
def _by_words() -> dict[str, str]:
    """What people may type for a zone: its label, its city, its names, and a country that has one zone alone."""
    found = {folded(old): new for old, new in _links().items() if folded(old) not in AMBIGUOUS}
    found |= {folded(old.rsplit("/", 1)[-1]): new for old, new in _links().items() if "/" in old and new in _by_name()}
    zones_of: dict[str, list[str]] = {}
    for line in _lines("zone.tab"):
        zones_of.setdefault(countries()[line.split("\t")[0]], []).append(line.split("\t")[2])
    found |= {folded(country): names[0] for country, names in zones_of.items() if len(names) == 1}
    for zone in offered():
        found |= {folded(words): zone.name for words in (city(zone.name), zone.label, zone.name)}
    return found


def find(words: str) -> str | None:
    """The zone that somebody means who typed `words`, or a browser that sent a name; None for what is none of them."""
    return _by_words().get(folded(words)) or _fixed(words.strip())


def _fixed(name: str) -> str | None:
    """A clock without a place, which some devices are set to: Etc/GMT+5."""
    fixed = {line.split()[1] for line in _lines("tzdata.zi") if line.startswith("Z Etc/GMT")}
    return name if name in fixed else None
