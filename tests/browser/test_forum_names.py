"""Names that are offered behind "@": by the keyboard, by touch, and to nobody who just types on."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenBrowser
from tests.browser.steps import study
from tests.browser.test_axe import faults
from tests.factories import courses as make


def test_name_is_chosen_from_a_list_and_plain_typing_is_left_alone(open_browser: OpenBrowser) -> None:
    bees = study()
    for name in ("Grace Hopper", "Greta Other", "Zoë Last"):
        make.EnrolmentFactory(cohort=bees.cohort, user__display_name=name)
    page = open_browser(bees.student).new_page()
    page.goto(f"/cohorts/{bees.cohort.pk}/forum/new/")
    text, options = page.get_by_label("Your text"), page.get_by_role("option")

    text.press_sequentially("Thanks, @gr")
    expect(options).to_have_text(["Grace Hopper", "Greta Other"])
    expect(page.get_by_role("listbox", name="People you can name")).to_be_visible()
    expect(page.get_by_text("Names to choose from: press the down arrow.")).to_have_count(1)
    assert faults(page) == []
    text.press("ArrowUp")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    text.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(text).to_have_attribute("aria-activedescendant", "name-1")
    expect(text).to_be_focused()
    text.press("Enter")
    expect(text).to_have_value("Thanks, @Grace Hopper ")
    expect(options.first).to_be_hidden()

    # Nothing was chosen: Enter is a new line, Escape shuts the list, and a name that is typed out is just typed.
    text.press_sequentially("and @Zo")
    expect(options).to_have_text(["Zoë Last"])
    text.press("Enter")
    text.press_sequentially("@Zo")
    expect(options).to_have_text(["Zoë Last"])
    text.press("Escape")
    expect(options.first).to_be_hidden()
    text.press_sequentially("ë")
    expect(options).to_have_text(["Zoë Last"])
    options.first.click()
    expect(text).to_have_value("Thanks, @Grace Hopper and @Zo\n@Zoë Last ")
    text.press_sequentially("write to me@gr")
    page.wait_for_load_state("networkidle")
    expect(options.first).to_be_hidden()
