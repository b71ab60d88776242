"""What forms say of a mistake; the field for a time zone: what it shows, what it takes, when it counts as changed."""

import zoneinfo

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.functional import lazy
from django.utils.safestring import SafeString, mark_safe
from lxml import html

from common import zones
from common.forms import AccessibleForm, ZoneField
from common.templatetags import ui


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


class OfEveryKind(AccessibleForm, forms.Form):
    text = forms.CharField(required=False, max_length=9, help_text="Short.")
    long = forms.CharField(widget=forms.Textarea({"rows": 3, "data-bank": ""}))
    day = forms.DateField(required=False)
    count = forms.IntegerField(min_value=1)
    email = forms.EmailField(widget=forms.EmailInput({"autofocus": True, "readonly": False}))
    address = forms.URLField(required=False, assume_scheme="https")
    ticked = forms.BooleanField()
    one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])


@pytest.mark.parametrize("typed", [None, "", "2", "\n<b>\"&'", "0", "2026-11-30"])
@pytest.mark.parametrize("name", list(OfEveryKind.base_fields))
def test_a_field_has_the_very_widget_that_django_makes(name: str, typed: str | None) -> None:
    form = OfEveryKind() if typed is None else OfEveryKind({name: typed})
    [wanted] = html.fragments_fromstring(str(form[name]))
    row = html.fromstring(ui.field_row(form[name]))
    [shown] = row.xpath(".//input | .//textarea | .//select")
    assert html.tostring(shown, with_tail=False) == html.tostring(wanted, with_tail=False)
    assert row.xpath(".//label/@for") == [f"id_{name}"]


def test_of_a_field_that_is_wrong_the_widget_names_what_says_so() -> None:
    row = html.fromstring(ui.field_row(OfEveryKind({"text": "far too long"})["text"]))
    [wrong] = row.xpath(".//p[@class='wrong']/@id")
    [hint] = row.xpath(".//p[@class='hint']/@id")
    assert row.xpath(".//input/@aria-describedby") == [f"{hint} {wrong}"]


def test_a_label_is_escaped_and_a_hint_that_is_markup_is_not() -> None:
    class Said(AccessibleForm, forms.Form):
        field = forms.CharField(label="<i>", help_text=lazy(lambda: mark_safe("<ul></ul>"), SafeString)())

    shown = ui.field_row(Said()["field"])
    assert "&lt;i&gt;" in shown
    assert "<ul></ul>" in shown


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
