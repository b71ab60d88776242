"""Where picture, tools and transcript stand: beside each other on a desk, one above the other on a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.lectures import Player, bees_and_a_lecture

DESK, LAPTOP = {"width": 1280, "height": 900}, {"width": 1366, "height": 720}
PHONE, SMALL = {"width": 390, "height": 844}, {"width": 360, "height": 640}
# Of the list, where the line that is being said stands.
IN_LIST = """(line) => {
  const list = line.closest("[data-lines]").getBoundingClientRect();
  const { top, bottom } = line.getBoundingClientRect();
  return top >= list.top && bottom <= list.bottom;
}"""
SHOWING = """() => [...document.getElementById("player").textTracks]
  .filter((track) => track.mode === "showing").map((track) => track.language)"""


def box(one: Locator) -> dict[str, float]:
    one.wait_for()
    return one.bounding_box()


def ends(one: Locator) -> float:
    found = box(one)
    return found["y"] + found["height"]


def tools(page: Page) -> list[Locator]:
    return [page.get_by_label("Speed"), page.get_by_label("Captions")]


@pytest.mark.parametrize("viewport", [DESK, LAPTOP], ids=["desk", "laptop"])
def test_on_a_wide_screen_the_transcript_stands_beside_the_picture_and_follows_it(
    viewport: dict, open_browser: OpenBrowser
) -> None:
    bees, lecture = bees_and_a_lecture()
    page = open_browser(bees.student, viewport=viewport).new_page()
    player = Player(page, lecture).open()
    picture, transcript = box(page.locator("#player")), box(page.locator("#transcript h2"))
    assert transcript["x"] >= picture["x"] + picture["width"]
    assert abs(transcript["y"] - picture["y"]) < 30
    for tool in tools(page):
        assert ends(tool) < viewport["height"]
    page.locator("[data-lines]").wait_for()
    player.seek(70)
    current = page.locator("[data-lines] a[aria-current]")
    expect(current).to_contain_text("1:0")
    assert current.evaluate(IN_LIST)
    expect(current).to_be_in_viewport()


@pytest.mark.parametrize("viewport", [PHONE, SMALL], ids=["phone", "small"])
def test_on_a_phone_the_picture_and_its_tools_stay_in_view_above_the_transcript(
    viewport: dict, open_browser: OpenBrowser
) -> None:
    bees, lecture = bees_and_a_lecture()
    page = open_browser(bees.student, viewport=viewport).new_page()
    Player(page, lecture).open()
    for tool in tools(page):
        assert ends(tool) < viewport["height"] - 60, "the bar of places lies over it"
    page.locator("[data-lines]").wait_for()
    page.get_by_role("link", name="Transcript", exact=True).click()
    heading = box(page.locator("#transcript h2"))
    picture = box(page.locator("#player"))
    assert abs(picture["y"]) < 1
    assert picture["height"] < viewport["height"] * 0.4
    for tool in tools(page):
        assert picture["height"] < ends(tool) <= heading["y"]
    assert heading["y"] < viewport["height"] * 0.55


@pytest.mark.parametrize("javascript", [True, False])
def test_no_room_is_left_blank_for_a_transcript_that_is_not_there(javascript: bool, open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture(low_data=True)
    page = open_browser(bees.student, viewport=PHONE, java_script_enabled=javascript).new_page()
    page.goto(f"/lessons/{lecture.pk}/")
    section = page.locator("#transcript")
    assert box(section)["height"] < 120
    assert box(page.locator("#standing"))["y"] - ends(section) < 60
    if not javascript:
        section.get_by_role("link", name="Read the transcript").click()
        expect(page.locator("[data-lines] a").first).to_contain_text("For the next two minutes")


def test_a_lecture_without_captions_has_no_empty_column(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    lecture.lecture.recording.tracks.all().delete()
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{lecture.pk}/")
    expect(page.locator("#transcript")).to_contain_text("no captions yet")
    assert box(page.locator("#transcript"))["y"] > ends(page.locator("#player"))
    expect(page.get_by_label("Captions")).to_have_count(0)


def test_captions_are_chosen_beside_the_picture_and_kept(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    page = open_browser(bees.student).new_page()
    player = Player(page, lecture).open()
    choice = page.get_by_label("Captions")
    expect(choice).to_have_value("en")
    choice.select_option(label="Deutsch")
    page.wait_for_function("() => (localStorage.getItem('ownpace:player') ?? '').includes('de')")
    assert page.evaluate(SHOWING) == ["de"]
    player.open()
    expect(choice).to_have_value("de")
    choice.select_option(label="Off")
    page.wait_for_function("() => (localStorage.getItem('ownpace:player') ?? '').includes('false')")
    player.open()
    expect(choice).to_have_value("")
    assert page.evaluate(SHOWING) == []


def test_a_long_transcript_comes_with_playing_and_not_with_the_page(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    tracks = lecture.lecture.recording.tracks.filter(kind="captions")
    for track in tracks:
        track.vtt += "\nNOTE " + "x" * 40_000 + "\n"
        track.save(update_fields=["vtt"])
    page = open_browser(bees.student).new_page()
    player = Player(page, lecture).open()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="Read the transcript")).to_be_visible()
    player.play_to(1)
    expect(page.locator("[data-lines] a").first).to_contain_text(re.compile("For the next two minutes"))
