"""Readings: their estimate, their passages, and the language they are searched in."""

import pytest
from django.test import Client

from courses.languages import STEMMED, stemmed
from courses.models import Activity, Passage
from courses.services import texts
from courses.services.references import CourseReferences
from tests.cast import Cast
from tests.courses.searching import found
from tests.factories import courses as make


def write(activity: Activity, source: str, format: str = "markdown") -> bool:
    return texts.write(activity, source=source, format=format, references=CourseReferences(activity.module.course))


@pytest.fixture
def activity(db: None) -> Activity:
    return make.reading(make.ModuleFactory(), "## Bees\n\nBees see ultraviolet light.")


@pytest.mark.parametrize(("words", "minutes", "seconds"), [(1, 1, 5), (180, 1, 27), (450, 2, 67), (49_000, 240, 600)])
def test_minutes_and_dwell_come_from_the_words(activity: Activity, words: int, minutes: int, seconds: int) -> None:
    write(activity, "bee " * words)
    activity.refresh_from_db()
    assert (activity.minutes, activity.dwell_seconds, activity.reading.words) == (minutes, seconds, words)


def test_minutes_set_by_hand_are_kept_and_the_dwell_still_follows_the_words(activity: Activity) -> None:
    Activity.objects.update(minutes=45, minutes_by_hand=True)
    activity.refresh_from_db()
    write(activity, "bee " * 450)
    activity.refresh_from_db()
    assert (activity.minutes, activity.dwell_seconds) == (45, 67)


def test_first_text_is_no_change_and_another_one_is(db: None) -> None:
    activity = make.ActivityFactory()
    assert not write(activity, "One.")
    assert not write(activity, "One.")
    assert write(activity, "Two.")


def test_passages_are_made_anew_when_the_text_changes_and_only_then(activity: Activity) -> None:
    before = set(Passage.objects.values_list("pk", flat=True))
    write(activity, "## Bees\n\nBees see ultraviolet light.")
    assert set(Passage.objects.values_list("pk", flat=True)) == before
    write(activity, "## Wasps\n\nWasps see it too.")
    assert not before & set(Passage.objects.values_list("pk", flat=True))
    assert found(activity.module.course, "ultraviolet") == []
    assert found(activity.module.course, "wasps see") == ["Wasps see it too.", "Wasps"]


def test_passages_carry_the_heading_above_them_and_the_id_on_the_page(activity: Activity) -> None:
    rows = list(Passage.objects.order_by("anchor").values_list("anchor", "heading", "text"))
    assert rows == [("p-1", "Bees", "Bees"), ("p-2", "Bees", "Bees see ultraviolet light.")]
    assert all(f'id="{anchor}"' in activity.reading.html for anchor, _, _ in rows)


def test_id_that_a_text_uses_twice_leads_to_its_first_place(activity: Activity) -> None:
    write(activity, '<p id="x">First</p><p id="x">Second</p>', "html")
    assert list(Passage.objects.filter(anchor="c-x").values_list("text", flat=True)) == ["First"]


@pytest.mark.parametrize(
    ("language", "text", "words", "hit"),
    [
        ("en", "She was running home.", "runs", True),
        ("fi", "Mehiläiset näkevät kukkia.", "kukka", True),
        ("fi", "She was running home.", "runs", False),
        ("is", "Hún var að hlaupa heim.", "hlaupa", True),
        ("is", "She was running home.", "runs", False),
    ],
)
def test_text_is_found_in_the_forms_of_its_own_language(
    db: None, language: str, text: str, words: str, hit: bool
) -> None:
    module = make.ModuleFactory(course__language=language)
    make.reading(module, text)
    assert bool(found(module.course, words)) == hit


def test_every_stemmer_is_one_that_postgres_has(db: None) -> None:
    for language in STEMMED:
        assert stemmed(["ab", "ы"], language)
    assert stemmed(["ab"], "pt-BR") == stemmed(["ab"], "PT")
    for language in ("", "simple", "x-elvish", "cy"):
        assert stemmed(["running"], language) == {}


def test_text_is_still_found_after_the_course_was_given_another_language(cast: Cast, client: Client) -> None:
    make.reading(cast.module, "She was running home.", position=20)
    client.force_login(cast.editor)
    response = client.post(f"/edit/courses/{cast.course.pk}/details/", {"title": cast.course.title, "language": "is"})
    assert response.status_code == 302
    cast.course.refresh_from_db()
    assert found(cast.course, "running") == ["She was running home."]
    assert found(cast.course, "runs") == []
