"""What forms say of a mistake; the field for a time zone: what it shows, what it takes, when it counts as changed."""

import zoneinfo

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from common import zones
from common.forms import AccessibleForm, ZoneField


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


class Asked(AccessibleForm, forms.Form):
    days = forms.IntegerField(min_value=0, max_value=30)
    email = forms.EmailField()
    sheet = forms.FileField()


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        ("days", "-1", "Enter 0 or more."),
        ("days", "31", "Enter 30 or less."),
        ("days", "some", "Enter a whole number."),
        ("email", "ada", "Enter an email address, such as name@example.org."),
        ("sheet", None, "Choose a file."),
        ("sheet", SimpleUploadedFile("sheet.txt", b""), "This file is empty."),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(field: str, sent: object, said: str) -> None:
    form = Asked({field: sent}, {field: sent} if field == "sheet" and sent else {})
    assert form.errors[field] == [said]
