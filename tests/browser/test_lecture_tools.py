"""Beside the picture: speed, captions, chapters, the transcript, and what is fetched for them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from courses.models import Activity
from tests.browser.conftest import OpenBrowser
from tests.browser.keys import Keys, is_focused
from tests.browser.lectures import Player, bees_and_a_lecture, covered_ms, get_near_the_transcript, until
from tests.browser.steps import Study

SHOWN = """() => [...document.getElementById("player").textTracks]
  .filter((track) => track.mode === "showing").map((track) => track.language)"""
SAID = """() => [...document.getElementById("player").textTracks]
  .filter((track) => track.mode === "showing")
  .flatMap((track) => [...track.activeCues ?? []].map((cue) => cue.text.replace(/\\s+/g, " ")))"""
# As the browser's own menu does it.
CHOOSE = """(language) => new Promise((done) => {
  const tracks = document.getElementById("player").textTracks;
  tracks.addEventListener("change", () => done(), { once: true });
  const wanted = (track) => track.language === language && track.kind === "captions";
  for (const track of tracks) track.mode = wanted(track) ? "showing" : "disabled";
})"""
WITHOUT_SMALL_WINDOW = "Object.defineProperty(document, 'pictureInPictureEnabled', { get: () => false })"
CHAPTERS = [0, 13.8, 27.6, 42, 52.8, 62.6, 81.8]
FIRST_LINE = "For the next two minutes, let's plan one week together."


@pytest.fixture
def seat() -> tuple[Study, Activity]:
    return bees_and_a_lecture()


@pytest.fixture
def player(open_browser: OpenBrowser, seat: tuple[Study, Activity]) -> Player:
    bees, lecture = seat
    return Player(open_browser(bees.student).new_page(), lecture).open()


def prefers(player: Player, **choices: object) -> None:
    User.objects.filter(enrolments__cohort__course=player.activity.module.course).update(**choices)


def lines(page: Page) -> Locator:
    get_near_the_transcript(page)
    return page.locator("[data-lines] a")


def line(page: Page, words: str) -> Locator:
    return lines(page).filter(has_text=words)


def near(second: float) -> object:
    return pytest.approx(second, abs=1)


@pytest.mark.soak
def test_the_speed_is_kept(player: Player) -> None:
    speed = player.page.get_by_label("Speed")
    expect(speed).to_have_value("1")
    speed.select_option("1.5")
    assert player.get("playbackRate") == 1.5
    player.page.reload()
    expect(speed).to_have_value("1.5")
    assert player.get("playbackRate") == 1.5


@pytest.mark.soak
def test_a_speed_of_the_browser_s_own_menu_is_shown_and_kept(player: Player) -> None:
    speed = player.page.get_by_label("Speed")
    player.page.evaluate("player.playbackRate = 0.8")
    expect(speed).to_have_value("0.8")
    player.open()
    expect(speed).to_have_value("0.8")


@pytest.mark.soak
def test_the_volume_is_kept(player: Player) -> None:
    player.page.evaluate("new Promise((done) => { player.onvolumechange = done; player.volume = 0.25; })")
    player.page.reload()
    expect(player.page.locator("[data-tools]")).to_be_visible()
    assert player.get("volume") == 0.25


@pytest.mark.soak
def test_what_was_not_chosen_here_comes_from_the_settings(player: Player) -> None:
    prefers(player, playback_percent=125, captions=False)
    player.open()
    assert player.get("playbackRate") == 1.25
    assert player.page.evaluate(SHOWN) == []
    player.page.evaluate("new Promise((done) => { player.onvolumechange = done; player.volume = 0.25; })")
    prefers(player, playback_percent=75, captions=True)
    player.open()
    assert player.get("playbackRate") == 0.75
    player.play_to(1, rate=0.75)
    assert player.page.evaluate(SHOWN) == ["en"]


def test_captions_are_shown_and_the_choice_of_them_is_kept(player: Player) -> None:
    player.play_to(1)
    assert player.page.evaluate(SAID) == [FIRST_LINE]
    player.page.evaluate(CHOOSE, "de")
    player.open("?at=1")
    player.play_to(2)
    assert player.page.evaluate(SHOWN) == ["de"]
    assert player.page.evaluate(SAID) != []
    player.page.evaluate(CHOOSE, "")
    player.open("?at=1")
    player.play_to(2)
    assert player.page.evaluate(SHOWN) == []


def test_chapters_are_gone_through(player: Player) -> None:
    page = player.page
    after, before = (page.get_by_role("button", name=name) for name in ("Next chapter", "Previous chapter"))
    for chapter in CHAPTERS[1:4]:
        after.click()
        assert player.stands_at() == near(chapter)
    before.click()
    assert player.stands_at() == near(CHAPTERS[2])
    player.seek(40)
    # First to the beginning of this one.
    before.click()
    assert player.stands_at() == near(CHAPTERS[2])
    assert player.get("paused")


@pytest.mark.soak
def test_a_chapter_is_played_from_its_name(player: Player) -> None:
    player.page.get_by_role("link", name=re.compile("Circle three gaps$")).click()
    player.play_to(28)
    assert player.stands_at() < 40
    assert not player.get("paused")


def test_a_line_of_the_transcript_is_played_from_its_words(player: Player) -> None:
    line(player.page, "Second, look at the white.").click()
    player.play_to(28.5)
    assert player.stands_at() < 40


@pytest.mark.soak
def test_the_address_of_a_line_leads_to_its_second(player: Player) -> None:
    """Opened in another tab, or copied."""
    address = line(player.page, "Second, look at the white.").get_attribute("href")
    other = Player(player.page.context.new_page(), player.activity)
    other.page.goto(player.page.url)
    other.page.goto(other.page.evaluate("(address) => new URL(address, location).href", address))
    assert other.stands_at() == near(28)


def test_the_transcript_follows_the_playing(player: Player) -> None:
    lines(player.page)
    scrolled = player.page.evaluate("scrollY")
    here = player.page.locator("[data-lines] [aria-current]")
    player.play_to(2)
    expect(here).to_contain_text("For the next two minutes")
    player.seek(92)
    player.play_to(93)
    expect(here).to_contain_text("and only in the first weeks.")
    expect(here).to_have_count(1)
    # It has scrolled the list, and nothing but the list.
    assert here.evaluate("""(one) => {
      const list = one.closest("[data-lines]").getBoundingClientRect(), place = one.getBoundingClientRect();
      return place.top >= list.top && place.bottom <= list.bottom;
    }""")
    assert player.page.evaluate("scrollY") == scrolled


def test_the_transcript_is_one_stop_and_is_walked_with_the_arrows(player: Player) -> None:
    page, keys = player.page, Keys(player.page)
    every = lines(page)
    first, second, last = (every.nth(place) for place in (0, 1, -1))
    keys.to(first)
    for key, expected in (
        ("ArrowDown", second),
        ("End", last),
        ("ArrowDown", last),
        ("Home", first),
        ("ArrowUp", first),
    ):
        page.keyboard.press(key)
        expect(expected).to_be_focused()
    expect(page.locator("[data-lines]")).to_have_accessible_description(re.compile("up and down arrows"))
    page.keyboard.press("ArrowDown")
    keys.tab()
    assert is_focused(page.get_by_role("button", name="Mark as done"))
    page.keyboard.press("Shift+Tab")
    expect(second).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Search").last).to_be_focused()


@pytest.mark.soak
def test_a_line_is_played_with_the_enter_key(player: Player) -> None:
    lines(player.page)
    Keys(player.page).to(player.page.locator("[data-lines] a").first)
    player.page.keyboard.press("ArrowDown")
    player.page.keyboard.press("Enter")
    player.play_to(5)
    assert player.stands_at() < 20


def test_the_transcript_is_searched_in_its_place(player: Player) -> None:
    page = player.page
    every = lines(page).count()
    box = page.get_by_role("searchbox", name="Search the transcript")
    box.fill("gap")
    box.press("Enter")
    expect(page.locator("#live")).to_have_text(re.compile(r"\d lines contain “gap”\."))
    assert 1 < lines(page).count() < every
    expect(lines(page).first.locator("mark")).to_have_text("gap")
    expect(box).to_be_focused()
    page.get_by_role("link", name="Show all").press("Enter")
    expect(lines(page)).to_have_count(every)
    expect(box).to_be_focused()


@pytest.mark.soak
def test_the_transcript_is_read_in_another_language(player: Player) -> None:
    page = player.page
    lines(page)
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("[data-lines]")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", level=1)).to_have_text("A week in two minutes")
    lines(page).nth(1).focus()
    page.keyboard.press("ArrowDown")
    expect(lines(page).nth(2)).to_be_focused()


@pytest.mark.soak
def test_the_page_of_the_transcript_is_walked_with_the_arrows_too(player: Player) -> None:
    page = player.page
    page.goto(f"/lessons/{player.activity.pk}/transcript/en/")
    Keys(page).to(page.locator("[data-lines] a").first)
    page.keyboard.press("End")
    expect(page.locator("[data-lines] a").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A week in two minutes")
    assert player.stands_at() == near(95)


def test_who_uses_less_data_is_asked_before_anything_is_fetched(
    open_browser: OpenBrowser,
) -> None:
    bees, lecture = bees_and_a_lecture(prepared=True, low_data=True)
    page = open_browser(bees.student).new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    player = Player(page, lecture).open()
    page.wait_for_load_state("networkidle")
    large = [url for url in fetched if re.search(r"/recordings?/|/posters?/|/transcript/", url)]
    assert large == []
    expect(page.locator(".lecture")).to_contain_text("1 min 38 s · 989.6")
    expect(page.get_by_role("link", name=re.compile("Play audio only"))).to_contain_text("400.8")

    page.get_by_role("link", name="Read the transcript").press("Enter")
    expect(page.locator("[data-lines]")).to_contain_text("For the next two minutes")
    expect(page.get_by_role("searchbox", name="Search the transcript")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("A week in two minutes")
    # What was asked for once is not fetched again with every click in it.
    page.get_by_role("searchbox", name="Search the transcript").click()
    assert len([url for url in fetched if "/transcript/" in url]) == 1
    player.play_to(1)
    assert any("/recording" in url for url in fetched)


@pytest.mark.soak
def test_the_sound_alone_counts_as_the_lecture(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture(prepared=True)
    page = open_browser(bees.student).new_page()
    player = Player(page, lecture).open()
    page.get_by_role("link", name=re.compile("Play audio only")).click()
    expect(page.locator("audio#player")).to_be_visible()
    expect(page.get_by_role("button", name="Small window")).to_be_hidden()
    player.play_to(3)
    player.pause_and_report()
    assert covered_ms(bees, lecture) >= 2500
    page.get_by_role("link", name="Show the video").click()
    expect(page.locator("video#player")).to_be_visible()
    assert player.stands_at() == pytest.approx(3, abs=3)


@pytest.mark.soak
def test_from_the_beginning_again(player: Player, seat: tuple[Study, Activity]) -> None:
    player.play_to(5)
    player.pause_and_report()
    player.open()
    player.page.get_by_role("link", name="Start from the beginning").click()
    player.page.wait_for_url("**/?at=0")
    assert player.stands_at() == 0
    until(lambda: covered_ms(*seat) > 4000)


@pytest.mark.soak
def test_the_small_window_is_offered_where_there_is_one(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    context = open_browser(bees.student)
    with_one = Player(context.new_page(), lecture).open()
    expect(with_one.page.get_by_role("button", name="Small window")).to_be_visible()
    without = Player(context.new_page(), lecture)
    without.page.add_init_script(WITHOUT_SMALL_WINDOW)
    expect(without.open().page.get_by_role("button", name="Small window")).to_be_hidden()
