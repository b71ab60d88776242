"""Words of the work are commented on by who selects them with a mouse or a finger, and presses no key."""

import pytest
from playwright.sync_api import Page, expect

from feedback.models import Comment, Submission
from tests.browser.conftest import OpenBrowser
from tests.browser.test_marking_keys import class_of, opened

SELECT = """() => {
  const node = document.querySelector('[data-work="text"] p').firstChild;
  getSelection().setBaseAndExtent(node, 11, node, 23);
}"""
OVER = """() => { const box = (one) => one.getBoundingClientRect();
  const range = getSelection().getRangeAt(0);
  return [box(document.querySelector("[data-comment-this]")).top - box(range).bottom]; }"""
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


def composed(page: Page, sent: Submission) -> None:
    """The form is open with the words, in view, and is typed into; what is sent is about them."""
    expect(page.get_by_label("Comment on these words")).to_have_value("nine flowers")
    expect(page.get_by_label("Your comment")).to_be_focused()
    expect(page.get_by_label("Your comment")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Comment on this")).to_be_hidden()
    page.keyboard.type("Which ones?")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".work-comment")).to_have_count(1)
    found = Comment.objects.get(submission=sent)
    assert (found.quote, found.start) == ("nine flowers", 11)


def test_selecting_with_a_mouse_offers_to_comment_beside_the_words(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    page = opened(open_browser(teacher).new_page(), sent)
    offered = page.get_by_role("button", name="Comment on this")
    expect(offered).to_be_hidden()
    page.evaluate(SELECT)
    expect(offered).to_be_in_viewport()
    (gap,) = page.evaluate(OVER)
    assert 0 <= gap < 60
    offered.click()
    expect(page.locator('[data-work="text"]')).to_be_in_viewport()
    composed(page, sent)


def test_the_offer_goes_with_the_selection(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    page = opened(open_browser(teacher).new_page(), sent)
    page.evaluate(SELECT)
    expect(page.get_by_role("button", name="Comment on this")).to_be_visible()
    page.get_by_role("heading", name="The work", exact=True).click()
    expect(page.get_by_role("button", name="Comment on this")).to_be_hidden()


@pytest.mark.parametrize("is_open", [False, True])
def test_the_form_keeps_the_words_that_were_selected_before_it_was_pressed(
    open_browser: OpenBrowser, is_open: bool
) -> None:
    teacher, (sent,), _ = class_of(1)
    page = opened(open_browser(teacher).new_page(), sent)
    asked = page.get_by_text("Comment on words or a page")
    if is_open:
        asked.click()
        expect(page.get_by_label("Comment on these words")).to_be_focused()
        expect(page.get_by_label("Comment on these words")).to_be_in_viewport()
    page.evaluate(SELECT)
    asked.click()
    composed(page, sent)


def test_words_are_commented_on_by_touch(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    page = opened(open_browser(teacher, **PHONE).new_page(), sent)
    expect(page.locator("kbd:visible")).to_have_count(0)
    page.evaluate(SELECT)
    page.get_by_role("button", name="Comment on this").tap()
    composed(page, sent)
