"""Notes beside a lecture: they save themselves, keep their second, and no word of them is lost."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from courses.models import Activity
from progress.models import Note
from tests.browser.conftest import OpenBrowser
from tests.browser.keys import Keys
from tests.browser.lectures import Player, bees_and_a_lecture, until
from tests.browser.steps import Study, close_offline
from tests.browser.watch import Watch

OFFLINE = "ERR_INTERNET_DISCONNECTED"
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('ownpace:note:'))"


@pytest.fixture
def seat() -> tuple[Study, Activity]:
    return bees_and_a_lecture()


@pytest.fixture
def bees(seat: tuple[Study, Activity]) -> Study:
    return seat[0]


@pytest.fixture
def lecture(seat: tuple[Study, Activity]) -> Activity:
    return seat[1]


@pytest.fixture
def context(open_browser: OpenBrowser, bees: Study) -> BrowserContext:
    return open_browser(bees.student)


@pytest.fixture
def player(context: BrowserContext, lecture: Activity) -> Player:
    return Player(context.new_page(), lecture).open()


def texts(lecture: Activity) -> list[str]:
    return list(Note.objects.kept().filter(activity=lecture).values_list("text", flat=True))


def note(page: Page, number: int = 0) -> Locator:
    return page.locator(".notes .note").nth(number)


def write(one: Locator, words: str) -> None:
    """Letter by letter, as people do; the field's own words stay."""
    one.get_by_role("textbox").last.press_sequentially(words)


def says(one: Locator, words: str) -> None:
    expect(one.locator("[data-state]")).to_have_text(words)


def area(one: Locator) -> Locator:
    return one.locator("textarea")


def test_a_note_saves_itself_with_the_second_of_its_first_letter(player: Player, lecture: Activity) -> None:
    player.play_to(4)
    at = player.pause()
    write(note(player.page), "Pen")
    player.seek(20)
    write(note(player.page), " and paper")
    says(note(player.page), "Saved")
    until(lambda: texts(lecture) == ["Pen and paper"])
    second = Note.objects.get(activity=lecture).at_ms // 1000
    assert second == pytest.approx(at, abs=1)
    assert player.page.evaluate(KEPT) == []
    player.page.reload()
    expect(note(player.page).get_by_role("link")).to_have_text(f"0:0{second}")


@pytest.mark.soak
def test_a_second_given_by_hand_is_kept(player: Player, lecture: Activity) -> None:
    player.page.get_by_label("Time in the lecture (").fill("1:02")
    write(note(player.page), "Minutes")
    says(note(player.page), "Saved")
    assert Note.objects.get(activity=lecture).at_ms == 62_000


@pytest.mark.soak
def test_a_note_is_written_on_in_its_place(player: Player, lecture: Activity) -> None:
    write(note(player.page), "Pen")
    says(note(player.page), "Saved")
    first = Note.objects.get(activity=lecture)
    player.page.reload()
    expect(area(note(player.page))).to_have_value("Pen")
    area(note(player.page)).press("End")
    write(note(player.page), " and paper")
    says(note(player.page), "Saved")
    again = Note.objects.get(activity=lecture)
    assert (again.pk, again.at_ms, again.text) == (first.pk, first.at_ms, "Pen and paper")


@pytest.mark.soak
def test_another_note_begins_where_the_lecture_is(player: Player, lecture: Activity) -> None:
    write(note(player.page), "First")
    says(note(player.page), "Saved")
    player.seek(30)
    player.page.get_by_role("button", name="Add another note here").click()
    expect(area(note(player.page, 1))).to_be_focused()
    player.page.keyboard.type("Second")
    says(note(player.page, 1), "Saved")
    assert list(Note.objects.filter(activity=lecture).values_list("at_ms", "text")) == [
        (0, "First"),
        (30_000, "Second"),
    ]


@pytest.mark.soak
def test_the_time_of_a_note_plays_from_there(player: Player) -> None:
    player.seek(30)
    write(note(player.page), "Here")
    says(note(player.page), "Saved")
    player.open("?at=0")
    assert player.stands_at() == 0
    note(player.page).get_by_role("link", name="0:30").click()
    player.play_to(30.5)
    assert player.stands_at() < 40


@pytest.mark.soak
def test_typing_on_while_a_slow_line_saves_makes_one_note(player: Player, lecture: Activity) -> None:
    held: list[Route] = []
    player.page.route("**/notes/**", lambda route: route.continue_() if held else held.append(route))
    with player.page.expect_request("**/notes/**"):
        write(note(player.page), "Slow")
    write(note(player.page), " line")
    held[0].continue_()
    until_saved(player.page, lecture, ["Slow line"])
    assert Note.objects.filter(activity=lecture).count() == 1


def until_saved(page: Page, lecture: Activity, words: list[str]) -> None:
    """Looks at the page meanwhile, so that it goes on."""
    expect(page.locator(".notes [data-state]").filter(has_text="Saved")).to_have_count(len(words))
    until(lambda: sorted(texts(lecture)) == sorted(words))


def test_two_tabs_lose_no_word(player: Player, context: BrowserContext, lecture: Activity) -> None:
    write(note(player.page), "Both")
    says(note(player.page), "Saved")
    player.page.reload()
    second = Player(context.new_page(), lecture).open()
    area(note(player.page)).press("End")
    write(note(player.page), " here")
    says(note(player.page), "Saved")
    area(note(second.page)).press("End")
    # At once: a letter more would be saved, and said to be, before we look.
    second.page.keyboard.insert_text(" there")
    expect(note(second.page).locator("[data-state]")).to_contain_text("Both versions are saved")
    # What is written on goes on in a note of its own, and makes no third.
    write(note(second.page), " still")
    says(note(second.page), "Saved")
    assert sorted(texts(lecture)) == ["Both here", "Both there still"]
    second.page.reload()
    values = [one.input_value() for one in area(second.page.locator(".notes .note")).all()]
    assert sorted(values) == ["", "Both here", "Both there still"]


@pytest.mark.soak
def test_what_is_typed_offline_is_saved_once_the_line_is_back(
    player: Player, context: BrowserContext, lecture: Activity, watch: Watch
) -> None:
    watch.expect(OFFLINE)
    write(note(player.page), "Before")
    says(note(player.page), "Saved")
    context.set_offline(True)
    write(note(player.page), " and after")
    says(note(player.page), "Saved on this device. It will be sent when you are back online")
    assert texts(lecture) == ["Before"]
    context.set_offline(False)
    says(note(player.page), "Saved")
    assert texts(lecture) == ["Before and after"]
    assert player.page.evaluate(KEPT) == []


def test_what_is_typed_offline_outlives_the_tab(
    player: Player, context: BrowserContext, lecture: Activity, watch: Watch
) -> None:
    watch.expect(OFFLINE)
    player.seek(30)
    write(note(player.page), "Old")
    says(note(player.page), "Saved")
    context.set_offline(True)
    write(note(player.page), " and more")
    player.page.get_by_role("button", name="Add another note here").click()
    write(note(player.page, 1), "New")
    says(note(player.page, 1), "Saved on this device. It will be sent when you are back online")
    close_offline(player.page)
    assert texts(lecture) == ["Old"]

    context.set_offline(False)
    again = Player(context.new_page(), lecture).open()
    until_saved(again.page, lecture, ["Old and more", "New"])
    assert set(Note.objects.filter(activity=lecture).values_list("at_ms", flat=True)) == {30_000}
    assert again.page.evaluate(KEPT) == []


@pytest.mark.soak
def test_words_kept_offline_do_not_write_over_newer_ones(
    player: Player, context: BrowserContext, open_browser: OpenBrowser, bees: Study, lecture: Activity, watch: Watch
) -> None:
    watch.expect(OFFLINE)
    write(note(player.page), "Both")
    says(note(player.page), "Saved")
    context.set_offline(True)
    write(note(player.page), " in a train")
    says(note(player.page), "Saved on this device. It will be sent when you are back online")
    close_offline(player.page)

    elsewhere = Player(open_browser(bees.student).new_page(), lecture).open()
    area(note(elsewhere.page)).press("End")
    write(note(elsewhere.page), " at a desk")
    says(note(elsewhere.page), "Saved")

    context.set_offline(False)
    again = Player(context.new_page(), lecture).open()
    expect(note(again.page).locator("[data-state]")).to_contain_text("Both versions are saved")
    assert sorted(texts(lecture)) == ["Both at a desk", "Both in a train"]


@pytest.mark.soak
def test_leaving_saves_what_was_typed_last(player: Player, lecture: Activity) -> None:
    write(note(player.page), "At the last moment")
    player.page.close()
    until(lambda: texts(lecture) == ["At the last moment"])


def test_a_note_is_deleted_and_brought_back(player: Player, lecture: Activity) -> None:
    write(note(player.page), "Not good")
    says(note(player.page), "Saved")
    note(player.page).get_by_role("button", name="Delete").click()
    expect(player.page.get_by_role("status").filter(has_text="deleted")).to_be_visible()
    expect(area(player.page.locator(".notes .note"))).to_have_value("")
    assert texts(lecture) == []
    player.page.get_by_role("button", name="Undo").click()
    expect(player.page.get_by_role("status").filter(has_text="Note restored.")).to_be_visible()
    expect(area(note(player.page))).to_have_value("Not good")


@pytest.mark.soak
def test_a_note_deleted_while_it_was_written_stays_deleted(player: Player, lecture: Activity) -> None:
    write(note(player.page), "Not good")
    says(note(player.page), "Saved")
    write(note(player.page), " at all")
    note(player.page).get_by_role("button", name="Delete").click()
    expect(player.page.get_by_role("status").filter(has_text="deleted")).to_be_visible()
    expect(area(player.page.locator(".notes .note"))).to_have_value("")
    player.page.reload()
    expect(area(player.page.locator(".notes .note"))).to_have_value("")
    assert texts(lecture) == []


def test_everything_by_keyboard_alone(player: Player, lecture: Activity) -> None:
    page, keys = player.page, Keys(player.page)
    keys.to(area(note(page)))
    page.keyboard.type("By keys")
    says(note(page), "Saved")
    keys.press(page.get_by_role("button", name="Add another note here"))
    expect(area(note(page, 1))).to_be_focused()
    page.keyboard.type("Again")
    says(note(page, 1), "Saved")
    keys.press(note(page, 1).get_by_role("button", name="Delete"))
    expect(page.get_by_role("status").filter(has_text="deleted")).to_be_visible()
    keys.press(page.get_by_role("button", name="Undo"))
    expect(page.get_by_role("status").filter(has_text="Note restored.")).to_be_visible()
    assert sorted(texts(lecture)) == ["Again", "By keys"]


@pytest.mark.soak
def test_all_notes_of_a_course_lead_to_their_place(player: Player, bees: Study) -> None:
    player.seek(30)
    write(note(player.page), "Here\n\nand <b>there</b>")
    says(note(player.page), "Saved")
    player.page.get_by_role("link", name="All your notes for this course").click()
    expect(player.page.locator(".note-text")).to_contain_text("and <b>there</b>")
    with player.page.expect_download() as taken:
        player.page.get_by_role("link", name=re.compile("Download")).click()
    assert "[0:30]" in taken.value.path().read_text("utf-8")
    player.page.get_by_role("link", name="0:30").click()
    assert player.stands_at() == pytest.approx(30, abs=1)


def test_a_note_that_is_too_long_says_so_and_stays(player: Player, lecture: Activity, watch: Watch) -> None:
    watch.expect("status of 422")
    area(note(player.page)).fill("b" * 20_001)
    expect(note(player.page).locator("[data-state]")).to_contain_text("This note has 20,001 characters")
    expect(area(note(player.page))).to_have_value("b" * 20_001)
    assert len(player.page.evaluate(KEPT)) == 1
    assert texts(lecture) == []
    area(note(player.page)).fill("b" * 20_000)
    says(note(player.page), "Saved")
