"""A language is asked for by its name, and kept as the tag that browsers know."""

import pytest

from common import languages


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("English", "en"),
        (" english ", "en"),
        ("עברית", "he"),
        ("Hebrew (עברית)", "he"),
        ("français", "fr"),
        ("Brazilian Portuguese", "pt-BR"),
        ("pt_br", "pt-BR"),
        ("ZH-HANS", "zh-Hans"),
        ("yi", "yi"),
    ],
)
def test_names_and_tags_are_known(typed: str, tag: str) -> None:
    assert languages.find(typed) == tag


@pytest.mark.parametrize("typed", ["", "Klingon", "en gb!", "?!", "English please", "e"])
def test_what_is_neither_is_none(typed: str) -> None:
    assert languages.find(typed) is None


def test_every_language_that_is_offered_is_known_by_what_is_shown() -> None:
    assert languages.offered()[0] == "English"
    for shown in languages.offered():
        tag = languages.find(shown)
        assert tag
        assert languages.label(tag) == shown
