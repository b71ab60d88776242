"""Stored readings of an older cleaner are made anew from their source, and students are told of no change."""

import pytest
from django.test import Client

from common import richtext
from courses import tasks
from courses.forms import ReadingForm
from courses.models import Activity, Passage, Reading
from courses.services import texts
from courses.services.references import CourseReferences
from tests.cast import Cast
from tests.factories import courses as make

PLANTED = '<svg><style><img src="https://evil.test/p.png"><p id="opening">{}</p></style></svg><p>Bees.</p>'


@pytest.fixture
def old(db: None) -> Activity:
    """As it was stored before: what the last parser opened again, and passages of another day."""
    activity = make.reading(make.ModuleFactory(), "Bees.")
    values = {"source": PLANTED, "format": "html", "html": '<img src="https://evil.test/p.png"><p id="opening">{}</p>'}
    Reading.objects.filter(activity=activity).update(cleaned_by=0, **values)
    return activity


def test_a_text_of_an_older_cleaner_is_made_anew_with_its_passages(old: Activity) -> None:
    Passage.objects.filter(activity=old).update(text="Wasps.")
    tasks.renew_readings()
    old.reading.refresh_from_db()
    assert (old.reading.html, old.reading.cleaned_by) == ('<p id="p-1">Bees.</p>', richtext.VERSION)
    assert [passage.text for passage in old.passages.all()] == ["Bees."]


def test_nothing_is_marked_as_changed(old: Activity) -> None:
    before = Activity.objects.filter(pk=old.pk).values().get()
    tasks.renew_readings()
    assert Activity.objects.filter(pk=old.pk).values().get() == before


def test_the_job_ends_when_every_text_is_new_and_leaves_them_alone_then(old: Activity) -> None:
    for _ in range(texts.RENEWED_AT_ONCE * 2):
        make.reading(old.module)
    Reading.objects.update(cleaned_by=0)
    assert [texts.renew_some() for _ in range(4)] == [5, 5, 1, 0]


def test_a_source_over_the_limits_keeps_its_words_and_holds_nobody_up(old: Activity) -> None:
    html = '<p id="c-x" onclick="x">Bees.<img src="https://evil.test/p.png"></p>'
    Reading.objects.update(source="<div>" * 5000, html=html)
    tasks.renew_readings()
    old.reading.refresh_from_db()
    assert old.reading.cleaned_by == richtext.VERSION
    assert old.reading.html == '<p id="c-x">Bees.<img></p>'


def test_saving_the_same_text_after_the_cleaner_changed_is_no_change_to_students(old: Activity) -> None:
    references = CourseReferences(old.module.course)
    assert not texts.write(old, source=PLANTED, format="html", references=references)
    assert texts.write(old, source="<p>Wasps.</p>", format="html", references=references)


@pytest.mark.parametrize(("source", "format"), [("<div>" * 5000, "html"), ("![" * 10_000, "markdown")])
def test_a_form_with_too_much_says_so_and_keeps_what_was_typed(
    cast: Cast, client: Client, source: str, format: str
) -> None:
    client.force_login(cast.editor)
    sent = {"title": "Bees", "rule": "read", "source": source, "format": format}
    answer = client.post(f"/edit/activities/{cast.reading.pk}/", sent)
    assert answer.status_code == 422
    content = answer.context["content"]
    assert str(content.errors["source"][0]).startswith("The text has")
    assert content["source"].value() == source


def test_a_long_text_is_not_cut_by_the_browser() -> None:
    assert "maxlength" not in str(ReadingForm()["source"])


def test_a_pasted_picture_weighs_nothing() -> None:
    html = f'<p><img alt="A bee" src="data:image/png;base64,{"A" * 300_000}"></p>'
    assert texts.without_pasted_pictures(html) == '<p><img alt="A bee" src="data:,"></p>'
