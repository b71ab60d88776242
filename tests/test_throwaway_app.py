"""A new app brings a kind, slots, an entry of the bar and a source of search, and touches INSTALLED_APPS alone."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

# pytest-django makes the database for tests that are marked alone.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> dict:
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
    command = [sys.executable, "-m", "tests.choir.visit", name]
    done = subprocess.run(command, capture_output=True, text=True, cwd=settings.BASE_DIR, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_teacher_ticks_its_kind_and_the_student_does_not(told: dict) -> None:
    assert (told["by_student"], told["by_teacher"]) == (403, 302)
    assert "marked it as done on" in told["lesson"]


def test_tick_of_its_own_brings_its_reason_and_is_withdrawn_by_it_alone(told: dict) -> None:
    assert "It was ticked on" in told["tuned"]
    assert "Take my tick back" not in told["tuned"]
    assert told["withdrawn"] is True


def test_its_slot_is_on_the_lesson_with_a_link_beneath_and_htmx_for_its_fragment(told: dict) -> None:
    assert "Sing along" in told["lesson"]
    address = told["lesson"].split('hx-get="/choir/')[1].split("/fragment/")[0]
    assert f'href="/choir/{address}/"' in told["lesson"]
    assert "htmx" in told["lesson"].split("</main>")[1]
    assert told["fragment"] == f"<p>La la {address}</p>"


def test_its_line_is_on_today_and_on_the_class_page(told: dict) -> None:
    assert "Voices waiting" in told["today"]
    assert "A new song" in told["today"]
    assert "Rehearsal" in told["class"]


def test_its_entry_is_in_the_bar_of_every_page_with_its_count(told: dict) -> None:
    for page in ("lesson", "today", "class", "search"):
        entry = told[page].split('href="/choir/"')[1].split("</a>")[0]
        assert "Choir" in entry
        assert ">2<" in entry


def test_its_hits_stand_beneath_those_of_the_course(told: dict) -> None:
    assert "In the songbook" in told["search"]
    assert "We sing of <mark>bees</mark>" in told["search"]
