"""Minutes that nobody knows: neither made up nor shown nor added up, and the author is asked."""

import io
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from courses.models import Activity
from courses.querysets import empty
from tests.cast import Cast
from tests.courses.test_edit_pages import text
from tests.factories import courses as make
from tests.factories.cartridges import Cartridge

pytestmark = pytest.mark.django_db


def imported(cartridge: Cartridge, tmp_path: Path) -> dict[str, Activity]:
    call_command("import_course", cartridge.save(tmp_path), stdout=io.StringIO())
    return {activity.title: activity for activity in Activity.objects.filter(module__course__title=cartridge.title)}


def test_import_takes_what_titles_and_texts_say_and_makes_nothing_up(tmp_path: Path) -> None:
    cartridge = Cartridge().link("Intro (31:59)").link("Atlas").file("map.pdf").file("Sheet [10 minutes].pdf")
    cartridge.page("Long", "<p>" + "water " * 900 + "</p>").page("Film", "<p>Watch it.</p><p>Duration: 12:40</p>")
    cartridge.page("Blank", "")
    found = imported(cartridge.module("One"), tmp_path)
    assert {title: activity.minutes for title, activity in found.items()} == {
        "Intro (31:59)": 32, "Atlas": None, "map.pdf": None, "Sheet [10 minutes].pdf": 10,
        "Long": 5, "Film": 13, "Blank": None,
    }  # fmt: skip
    assert not any(activity.minutes_by_hand for activity in found.values())


def test_minutes_of_a_person_stay_whatever_the_package_says(tmp_path: Path) -> None:
    cartridge = Cartridge().link("Intro (31:59)").module("One")
    activity = imported(cartridge, tmp_path)["Intro (31:59)"]
    Activity.objects.filter(pk=activity.pk).update(minutes=7, minutes_by_hand=True)
    assert imported(cartridge, tmp_path)["Intro (31:59)"].minutes == 7


def link(**more: str) -> dict[str, str]:
    return {"title": "Atlas", "heading": "", "rule": "opened", "url": "https://example.org/", "note": "", **more}


def test_author_is_asked_where_nothing_says_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    module = cast.course.modules.first()
    address = f"/edit/modules/{module.pk}/new/link/"
    assert "How many minutes will students need?" in text(client.get(address))
    client.post(address, link(published="on"))
    activity = Activity.objects.get(title="Atlas")
    assert activity.minutes is None
    assert "How long?" in text(client.get(f"/edit/courses/{cast.course.pk}/"))
    client.post(f"/edit/activities/{activity.pk}/", link(minutes="20"))
    activity.refresh_from_db()
    assert (activity.minutes, activity.minutes_by_hand) == (20, True)
    client.post(f"/edit/activities/{activity.pk}/", link(minutes=""))
    activity.refresh_from_db()
    assert (activity.minutes, activity.minutes_by_hand) == (None, False)
    client.post(f"/edit/activities/{activity.pk}/", link(minutes="", title="Atlas (12 min)"))
    activity.refresh_from_db()
    assert activity.minutes == 12
    client.post(f"/edit/activities/{activity.pk}/", link(minutes="", note="Length: 25 minutes"))
    activity.refresh_from_db()
    assert activity.minutes == 25


def test_author_of_a_text_is_told_where_its_minutes_come_from(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    page = text(client.get(f"/edit/modules/{cast.course.modules.first().pk}/new/reading/"))
    assert "Leave empty to take them from the length of the text" in page
    assert "How many minutes will students need?" not in page


def test_students_see_no_minutes_that_nobody_knows_and_totals_say_so(cast: Cast, client: Client) -> None:
    Activity.objects.filter(module__course=cast.course).update(minutes=None)
    client.force_login(cast.student)
    outline = text(client.get(f"/courses/{cast.course.pk}/"))
    assert not re.search(r"\d min", outline)
    assert " left" not in outline
    shown = Activity.objects.filter(module__course=cast.course, published=True, module__published=True).first()
    assert "#clock" not in text(client.get(f"/lessons/{shown.pk}/"))
    assert "Your next step is “" in text(client.get("/"))
    Activity.objects.filter(pk=shown.pk).update(minutes=20)
    # Of one in six, it would sound like the whole.
    assert " left" not in text(client.get(f"/courses/{cast.course.pk}/"))
    others = Activity.objects.filter(module__course=cast.course, published=True).exclude(pk=cast.link.pk)
    others.update(minutes=20)
    assert "at least" in text(client.get(f"/courses/{cast.course.pk}/"))
    others.exclude(pk=shown.pk).update(minutes=None)
    assert "would finish" not in text(client.get("/"))


def test_old_invented_minutes_are_forgotten() -> None:
    module = make.ModuleFactory()
    kept = {"module": module, "rule": "opened", "minutes": 5, "published": False}
    invented = Activity.objects.create(kind="link", title="Atlas", position=1, **kept)
    told = Activity.objects.create(kind="link", title="Film (31:59)", position=2, **kept)
    by_hand = Activity.objects.create(kind="file", title="Map", position=3, minutes_by_hand=True, **kept)
    read = make.reading(module, title="Text", position=4)
    before = Activity.objects.get(pk=read.pk).minutes
    import_module("courses.migrations.0015_minutes_that_nobody_knew").forget(apps, None)
    assert [Activity.objects.get(pk=one.pk).minutes for one in (invented, told, by_hand)] == [None, 32, 5]
    assert Activity.objects.get(pk=read.pk).minutes == before


def is_empty(activity: Activity) -> bool:
    return Activity.objects.filter(empty(), pk=activity.pk).exists()


class TestHeldBack:
    def test_what_is_for_instructors_is_hidden_also_where_an_earlier_import_showed_it(self, tmp_path: Path) -> None:
        activity = imported(Cartridge().page("Key").module("One"), tmp_path)["Key"]
        assert (activity.published, activity.for_instructors) == (True, False)
        cartridge = Cartridge().page("Key").module("One")
        role = "<intendedEndUserRole><value>Instructor</value></intendedEndUserRole>"
        cartridge.resources[0] = cartridge.resources[0].replace("<file", f"<metadata>{role}</metadata><file")
        activity = imported(cartridge, tmp_path)["Key"]
        assert (activity.published, activity.required, activity.for_instructors) == (False, False, True)
        Activity.objects.filter(pk=activity.pk).update(published=True, required=True)
        activity = imported(cartridge, tmp_path)["Key"]
        assert (activity.published, activity.required) == (True, True), "a person has decided"

    def test_blank_page_is_optional_until_it_says_something(self, tmp_path: Path) -> None:
        activity = imported(Cartridge().page("Water", "").module("One"), tmp_path)["Water"]
        assert (activity.published, activity.required, is_empty(activity)) == (True, False, True)
        activity = imported(Cartridge().page("Water", "<p>Wet</p>").module("One"), tmp_path)["Water"]
        assert (activity.required, is_empty(activity)) == (True, False)

    def test_text_that_its_author_adds_ends_it(self, tmp_path: Path, cast: Cast, client: Client) -> None:
        activity = imported(Cartridge().page("Water", "").module("One"), tmp_path)["Water"]
        client.force_login(cast.admin)
        assert "Empty" in text(client.get(f"/edit/courses/{activity.module.course_id}/"))
        values = {"title": "Water", "heading": "", "rule": "read", "format": "markdown", "source": "Wet."}
        client.post(f"/edit/activities/{activity.pk}/", values)
        activity.refresh_from_db()
        assert (is_empty(activity), activity.minutes) == (False, 1)
