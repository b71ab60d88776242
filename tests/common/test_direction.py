"""Which way a language is written, and that what people type says so on every page."""

import re

import pytest
from django import forms

from common.forms import AccessibleForm
from common.scripts import direction
from tests.consistency.sources import TEMPLATES


@pytest.mark.parametrize(
    "tag", ["he", "ar", "ar-EG", "fa", "ur", "yi", "ps", "sd", "dv", "HE", "az-Arab", "pa_Arab", "ckb"]
)
def test_languages_from_right_to_left(tag: str) -> None:
    assert direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["en", "en-gb", "ja", "ru", "ar-Latn", "ku", "zh-Hant", "hi", "", "uz-Cyrl", "arn"])
def test_languages_from_left_to_right(tag: str) -> None:
    assert direction(tag) == "ltr"


TYPED = re.compile(
    r"<(?:h[1-6]|p|a|span|strong)\b([^<>]*)>\s*\{\{ [\w.]*"
    r"(?:\.title|cohort\.name|student\.name|\.summary|content\.note|\.user|excerpt)(?:\|[^}]*)? \}\}</"
)
CONTENT = re.compile(r'<(?:div class="reading"|ol class="lines")[^>]* lang=[^>]*>')


def test_a_line_that_somebody_typed_runs_as_it_was_written() -> None:
    faults = [
        f"{name}: {found[0][:120]}"
        for name, text in TEMPLATES.items()
        for found in TYPED.finditer(text)
        if 'dir="auto"' not in found[1] and 'class="unseen"' not in found[1]
    ]
    assert faults == []


def test_content_runs_as_its_language_does() -> None:
    found = [(name, one) for name, text in TEMPLATES.items() for one in CONTENT.findall(text)]
    assert len(found) >= 3
    assert [pair for pair in found if "|direction" not in pair[1]] == []


def test_fields_for_words_take_them_in_either_direction() -> None:
    class Words(AccessibleForm, forms.Form):
        line = forms.CharField()
        text = forms.CharField(widget=forms.Textarea)
        address = forms.EmailField()
        count = forms.IntegerField()

    made = Words()
    assert [name for name, field in made.fields.items() if field.widget.attrs.get("dir") == "auto"] == ["line", "text"]
