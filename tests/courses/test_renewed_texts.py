"""Stored readings of an older cleaner are made anew from their source, and students are told of no change."""

import io
import logging

import nh3
import pytest
from django.db import connection
from django.test import Client

from common import richtext
from courses import tasks
from courses.forms.content import ReadingForm
from courses.models import Activity, FileUse, Passage, Reading
from courses.services import texts
from courses.services.course_files import add_file
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


def test_minutes_that_saw_less_than_the_page_shows_are_counted_anew_but_for_those_set_by_hand(old: Activity) -> None:
    by_hand = make.reading(old.module, "Bees.", minutes=45, minutes_by_hand=True)
    Reading.objects.update(source=f"<div>{'bees ' * 2_000}</div>", format="html", words=0, cleaned_by=1)
    tasks.renew_readings()
    old.refresh_from_db()
    by_hand.refresh_from_db()
    assert (old.minutes, old.dwell_seconds, old.reading.words) == (11, 300, 2_000)
    assert (by_hand.minutes, by_hand.dwell_seconds) == (45, 300)
    assert old.revision == 1


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


def stored(old: Activity) -> tuple[str, int]:
    return Reading.objects.values_list("html", "cleaned_by").get(activity=old)


@pytest.fixture
def others(old: Activity) -> list[Activity]:
    """Beside the old one in a batch, and after it."""
    made = [make.reading(old.module, "Wasps.") for _ in range(2)]
    Reading.objects.update(cleaned_by=0)
    return made


def are_done(others: list[Activity]) -> bool:
    return all(stored(one) == ('<p id="p-1">Wasps.</p>\n', richtext.VERSION) for one in others)


def test_a_text_whose_addresses_fail_keeps_what_is_safe_of_it_and_holds_nobody_up(
    old: Activity, others: list[Activity], caplog: pytest.LogCaptureFixture
) -> None:
    nameless = add_file(old.module.course, io.BytesIO(b"bees"), "bees.png")
    type(nameless.file).objects.filter(pk=nameless.file.pk).update(name="")
    html = '<p id="c-x" onclick="x">Bees.</p>'
    Reading.objects.filter(activity=old).update(source='<img src="file:bees.png">', html=html)
    assert texts.renew_some() == 3
    assert stored(old) == ('<p id="c-x">Bees.</p>', richtext.VERSION)
    assert are_done(others)
    assert [passage.text for passage in old.passages.all()] == ["Bees."]
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert f"Reading {old.pk} cannot be rendered again" in told.message


def test_a_text_that_the_database_refuses_is_safe_all_the_same_and_holds_nobody_up(
    old: Activity, others: list[Activity], caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.activity_id = {old.pk} THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON courses_passage FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        )
    assert texts.renew_some() == 3
    assert stored(old) == ("<img><p>{}</p>", richtext.VERSION)
    assert are_done(others)
    assert f"Reading {old.pk} keeps the passages" in caplog.text
    assert texts.renew_some() == 0


def test_a_text_that_no_cleaner_takes_is_kept_as_words(
    old: Activity, others: list[Activity], monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = nh3.clean

    def fails(html: str, **options: object) -> str:
        if "<b" in html:
            raise ValueError("a fault of the cleaner")
        return clean(html, **options)

    monkeypatch.setattr(nh3, "clean", fails)
    Reading.objects.filter(activity=old).update(source="<b>Bees.", html="<p>Bees <b>see</b> &#" + "9" * 5000)
    assert texts.renew_some() == 3
    assert stored(old) == ('<p id="p-1">Bees see \ufffd</p>', richtext.VERSION)
    assert are_done(others)


def test_an_old_text_that_fails_does_not_stop_a_new_one(old: Activity) -> None:
    nameless = add_file(old.module.course, io.BytesIO(b"bees"), "bees.png")
    type(nameless.file).objects.filter(pk=nameless.file.pk).update(name="")
    Reading.objects.update(source='<img src="file:bees.png">')
    assert texts.write(old, source="Wasps.", format="markdown", references=CourseReferences(old.module.course))
    assert stored(old) == ('<p id="p-1">Wasps.</p>\n', richtext.VERSION)


def test_a_text_that_is_older_than_the_record_of_files_opens_those_that_it_shows(
    old: Activity, others: list[Activity]
) -> None:
    found = add_file(old.module.course, io.BytesIO(b"bees"), "bees.png")
    beyond = f'<p><img src="/files/{found.pk}/bees.png" alt=""></p>'
    Reading.objects.filter(activity=old).update(source='<img src="file:bees.png">')
    Reading.objects.filter(activity=others[0]).update(source="<div>" * 5000, format="html", html=beyond)
    FileUse.objects.all().delete()
    texts.renew_some()
    shown = set(FileUse.objects.values_list("activity", "course_file"))
    assert shown == {(old.pk, found.pk), (others[0].pk, found.pk)}


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
