"""Zones as people name them: each place once, and every name of before leads to one."""

import zoneinfo

import pytest

from common import towns, zones


def test_each_zone_is_offered_once_and_by_a_place() -> None:
    labels, names = [zone.label for zone in zones.offered()], [zone.name for zone in zones.offered()]
    assert len(set(labels)) == len(labels) == len(set(names))
    assert not {"GB-Eire", "W-SU", "US/Eastern", "EST", "Etc/GMT+5", "Asia/Calcutta"} & set(names)
    assert set(names) <= zoneinfo.available_timezones()
    assert [zone.label for zone in zones.offered() if "/" in zone.label or "_" in zone.label] == []


def test_what_is_offered_is_found_by_its_label_city_and_name() -> None:
    for zone in zones.offered():
        assert [zones.find(words) for words in (zone.label, zones.city(zone.name), zone.name)] == [zone.name] * 3


def test_every_zone_that_can_be_stored_has_a_name_of_today_with_the_same_clock() -> None:
    offered = {zone.name for zone in zones.offered()}
    left = {name for name in zoneinfo.available_timezones() if zones.canonical(name) not in offered}
    # Clocks without a place.
    assert {name for name in left if not name.startswith("Etc/GMT")} == {"Factory"}


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("GB-Eire", "Europe/London"),
        ("W-SU", "Europe/Moscow"),
        ("Iceland", "Atlantic/Reykjavik"),
        ("Africa/Asmera", "Africa/Asmara"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Zulu", "UTC"),
        ("Europe/Stockholm", "Europe/Stockholm"),
    ],
)
def test_a_name_of_before_leads_to_the_place_and_not_only_to_its_clock(old: str, today: str) -> None:
    assert zones.canonical(old) == today
    assert old in zones.names_of(today)


def test_no_override_leads_to_a_zone_that_is_not_offered() -> None:
    assert set(zones.ELSEWHERE.values()) <= {zone.name for zone in zones.offered()}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Manchester", "Europe/London"),
        ("england", "Europe/London"),
        ("Northern Ireland", "Europe/London"),
        ("UK", "Europe/London"),
        ("Britain", "Europe/London"),
        ("Germany", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("New Zealand", "Pacific/Auckland"),
        ("Spain", "Europe/Madrid"),
        ("south korea", "Asia/Seoul"),
        ("Trinidad and Tobago", "America/Port_of_Spain"),
        ("San Francisco", "America/Los_Angeles"),
        ("Tel Aviv", "Asia/Jerusalem"),
        ("México City", "America/Mexico_City"),
    ],
)
def test_places_that_no_zone_is_named_by_are_known(typed: str, meant: str) -> None:
    assert zones.find(typed) == meant


def test_every_town_of_our_own_leads_to_a_zone_that_is_offered() -> None:
    names = {zone.name for zone in zones.offered()}
    assert {town: name for town, name in towns.by_name().items() if name not in names} == {}
    assert {town for town in towns.by_name() if zones.folded(town) != town} == set()
    assert {towns.by_name()[town] == zones.find(town) for town in towns.by_name()} == {True}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Australia", "Sydney, Australia"),
        ("USA", "New York, United States"),
        ("Canada", "Toronto, Canada"),
        ("Lond", "London, Britain (UK)"),
        ("Manchster", "London, Britain (UK)"),
        ("Germny", "Berlin, Germany"),
    ],
)
def test_what_is_not_one_place_is_answered_with_places(typed: str, offered: str) -> None:
    assert zones.find(typed) is None
    assert offered in zones.alike(typed)


@pytest.mark.parametrize("typed", ["", "x", "Mars/Olympus", "CET", "9" * 400_000])
def test_what_is_no_place_is_answered_with_none(typed: str) -> None:
    assert zones.alike(typed) == []
