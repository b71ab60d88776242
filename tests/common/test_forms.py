"""The field for a time zone: what it shows, what it takes, and when it counts as changed."""

import zoneinfo

import pytest
from django import forms

from common import zones
from common.forms import ZoneField


class Where(forms.Form):
    place = ZoneField()


def test_what_was_typed_is_escaped() -> None:
    typed = '"><b onclick="x">'
    shown = str(Where({"place": typed})["place"])
    assert "<b " not in shown
    assert "&quot;&gt;&lt;b" in shown


def test_its_list_has_every_place_once() -> None:
    shown = str(Where()["place"])
    assert shown.count("<option ") == len(zones.offered())
    assert 'list="id_place-places"' in shown
    assert '<datalist id="id_place-places">' in shown


@pytest.mark.parametrize(
    ("initial", "sent", "changed"),
    [
        ("Europe/Oslo", "Oslo, Norway", False),
        ("GB-Eire", "London, Britain (UK)", False),
        (zoneinfo.ZoneInfo("Asia/Calcutta"), "Kolkata", False),
        ("Europe/Oslo", "Berlin", True),
        ("Europe/Oslo", "nowhere", True),
        (None, "Berlin", True),
    ],
)
def test_another_name_of_the_same_zone_is_no_change(initial: object, sent: str, changed: bool) -> None:
    assert Where({"place": sent}, initial={"place": initial}).has_changed() is changed


def test_a_place_is_asked_for() -> None:
    assert not Where({"place": ""}).is_valid()
    assert Where({"place": "x" * (zones.LONGEST + 1)}).errors
