"""A number of more digits than Python reads is no error of ours, wherever it comes in."""

import pytest
from django.test import Client

from common.numbers import characters, row_key
from common.richtext import from_html, from_markdown, from_words, kept_safe
from courses import captions
from courses.packages.mending import mend_references
from courses.packages.pages import read_page
from tests.cast import Cast
from tests.factories import lectures as make

DIGITS = "9" * 5000
REFERENCES = [f"&#{DIGITS};", f"&#{DIGITS}", f"&#x{DIGITS};", f"&#{'0' * 5000};", f"&#{'0' * 5000}65;"]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        *zip(REFERENCES, ["\ufffd"] * 4 + ["A"], strict=True),
        ("&#65;&#065;&#x41;&amp;&eacute;&zzz", "AAA&é&zzz"),
        ("&#99999999&#1114112;&#0;&#", "\ufffd\ufffd\ufffd&#"),
    ],
)
def test_a_reference_is_a_character_or_the_sign_for_none(reference: str, said: str) -> None:
    assert characters(reference) == said


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_text_takes_it(reference: str) -> None:
    html = f'<p title="{reference}">Bees {reference} <a href="{reference}">see</a></p>'
    for made in (
        from_html(html, lambda address: None),
        from_markdown(f"Bees {reference} [see]({reference})", lambda address: None),
        from_words(html),
        kept_safe(html),
    ):
        assert "Bees" in made.html


@pytest.mark.parametrize("reference", REFERENCES)
def test_captions_and_packages_take_it(reference: str) -> None:
    cue = f"00:01.000 --> 00:02.000\n{reference}"
    with pytest.raises(captions.Unreadable):
        captions.read(f"WEBVTT\n\n{cue}\n".encode())
    kept = captions.read(f"WEBVTT\n\n00:00.000 --> 00:01.000\nBees\n\n{cue}\n\n{DIGITS}:{cue}\n".encode())
    assert [one.text for one in kept.cues] == ["Bees"]
    assert mend_references(f"<a>{reference}</a>".encode()).startswith(b"<a>&")
    assert "Bees" in read_page(f"<p>Bees {reference}</p>".encode(), lambda address: address).html


@pytest.mark.parametrize("typed", [DIGITS, "", "-1", "1.0", "²", "٣", " 7", "7\n", "1" * 19])
def test_what_is_no_key_finds_no_row(typed: str) -> None:
    assert (row_key(typed), row_key("7")) == (0, 7)


def test_forms_take_it_for_the_key_of_no_row(cast: Cast, client: Client) -> None:
    lecture = make.lecture(cast.module)
    enrolment = cast.cohort.enrolments.first()
    client.force_login(cast.admin)
    for path, sent, status in [
        (f"/edit/courses/{cast.course.pk}/editors/", {"remove": DIGITS}, 302),
        (f"/edit/activities/{lecture.pk}/captions/", {"remove": DIGITS}, 404),
        (f"/manage/enrolments/{enrolment.pk}/state/", {"cohort": DIGITS}, 302),
        (f"/lessons/{DIGITS}/", None, 404),
    ]:
        answer = client.get(path) if sent is None else client.post(path, sent)
        assert answer.status_code == status, path
    assert cast.course.editors.exists()
