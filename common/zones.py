"""Time zones as people name them: by a city and its country, each zone once.

Both come from the pinned tzdata package: the places of the world from its `zone.tab` and `iso3166.tab`, and the older
names of a zone, such as W-SU and Asia/Calcutta, from the links in its `tzdata.zi` (the file "backward" of IANA). Those
links know clocks and no borders: Iceland leads to Abidjan, which keeps the same time. ELSEWHERE names their places.
"""

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources

from common import towns

# Longer than any name of a zone or a place, and what people may send.
LONGEST = 100
# Letters by which something is looked for that is written alike, and how many places are then named.
LEAST, MOST_ALIKE = 3, 8
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


def _by_country() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _lines("zone.tab"):
        code, _place, name, *_rest = line.split("\t")
        found.setdefault(countries()[code], []).append(name)
    return found


def _mainlands() -> dict[str, str]:
    """Countries with a zone that IANA calls that of most of them: "most of Germany", "Spain (mainland)"."""
    found = {}
    for line in _lines("zone.tab"):
        code, _place, name, *about = line.split("\t")
        country = countries()[code]
        most = [f"most of {country}", f"{country} (mainland)", f"{country} (peninsula)"]
        if about and about[0] in most:
            found[folded(country)] = name
    return found


def _names_of_a_country(country: str) -> set[str]:
    """ "Britain (UK)" is called Britain, and UK; "Korea (South)" is not called South."""
    name, _, rest = country.partition(" (")
    others = {name, rest.strip(")")} if name in ("Britain", "Myanmar", "Eswatini") else set()
    return {folded(one) for one in {country, country.replace("&", "and"), *others}}


@lru_cache(maxsize=1)
def _by_words() -> dict[str, str]:
    """What people may type for a zone: its label, its city, its names, and a country that has one zone alone."""
    found = {folded(old): new for old, new in _links().items() if folded(old) not in AMBIGUOUS}
    found |= {folded(old.rsplit("/", 1)[-1]): new for old, new in _links().items() if "/" in old and new in _by_name()}
    for country, names in _by_country().items():
        if len(names) == 1:
            found |= dict.fromkeys(_names_of_a_country(country), names[0])
    found |= towns.by_name() | _mainlands()
    for zone in offered():
        found |= {folded(words): zone.name for words in (city(zone.name), zone.label, zone.name)}
    return found


def find(words: str) -> str | None:
    """The zone that somebody means who typed `words`, or a browser that sent a name; None for what is none of them."""
    return _by_words().get(folded(words)) or _fixed(words.strip())


def alike(words: str) -> list[str]:
    """The labels of what somebody may have meant whose `words` are no place that we know: a few at most."""
    typed = folded(words)
    typed = towns.COUNTRIES.get(typed, typed)
    if len(typed) < LEAST or typed in AMBIGUOUS:
        return []
    large = set(towns.by_name().values())
    found = [zone for zone in offered() if any(part.startswith(typed) for part in _parts(zone))]
    if not found and "/" not in typed:
        close = get_close_matches(typed, _by_words(), n=MOST_ALIKE, cutoff=0.75)
        return list(dict.fromkeys(label(_by_words()[one]) for one in close))
    return [zone.label for zone in sorted(found, key=lambda zone: zone.name not in large)][:MOST_ALIKE]


def _parts(zone: Zone) -> list[str]:
    return [folded(part) for part in zone.label.split(",")]


def _fixed(name: str) -> str | None:
    """A clock without a place, which some devices are set to: Etc/GMT+5."""
    fixed = {line.split()[1] for line in _lines("tzdata.zi") if line.startswith("Z Etc/GMT")}
    return name if name in fixed else None
