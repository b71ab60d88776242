import pytest
from django import forms
from django.test.html import parse_html

from common.forms import LongSelect

PLACES = [("UTC", "UTC"), ("<i>", "Tom & Ann's"), ("Asia/Tokyo", "Asia/Tokyo")]


class Plain(forms.Form):
    place = forms.ChoiceField(choices=PLACES)


class Long(forms.Form):
    place = forms.ChoiceField(choices=PLACES, widget=LongSelect({"class": "wide"}))


@pytest.mark.parametrize(
    "given", [{}, {"data": {"place": "<i>"}}, {"data": {"place": "Mars"}}, {"initial": {"place": "Asia/Tokyo"}}]
)
def test_a_long_choice_is_what_django_writes_for_a_short_one(given: dict) -> None:
    plain = Plain(**given)
    plain.fields["place"].widget.attrs["class"] = "wide"
    assert parse_html(str(Long(**given)["place"])) == parse_html(str(plain["place"]))
