"""A thread that is read: what came into view is no longer new, and what was selected is quoted alone."""

from playwright.sync_api import expect

from forums.models import Reading
from progress.fields import total
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import study
from tests.factories import courses as make
from tests.factories.forums import reply, thread


def test_a_part_that_is_selected_is_quoted_alone_into_the_reply(open_browser: OpenBrowser) -> None:
    bees = study()
    classmate = make.EnrolmentFactory(cohort=bees.cohort).user
    asked = thread(bees.cohort, classmate, source="Bees dance. Why in the dark?")
    page = open_browser(bees.student).new_page()
    page.goto(f"/threads/{asked.pk}/")
    page.get_by_label("Your text").fill("I think so:")
    page.locator("#post-1 .reading p").evaluate(
        """(p) => { const part = document.createRange(); part.setStart(p.firstChild, 12); part.setEnd(p.firstChild, 28);
           getSelection().removeAllRanges(); getSelection().addRange(part); }"""
    )
    page.locator("#post-1 [data-quote]").dispatch_event("click")
    text = page.get_by_label("Your text")
    expect(text).to_have_value(f"I think so:\n\n> **{classmate.peer_name}:**\n>\n> Why in the dark?\n\n")


def test_posts_are_read_as_they_come_into_view_and_the_list_leads_to_the_first_that_was_not(
    open_browser: OpenBrowser,
) -> None:
    bees = study()
    classmate = make.EnrolmentFactory(cohort=bees.cohort).user
    asked = thread(bees.cohort, classmate, title="A long talk")
    for number in range(8):
        reply(asked, classmate, "\n\n".join(f"Part {number}.{line}" for line in range(20)))
    page = open_browser(bees.student).new_page()
    page.goto(f"/threads/{asked.pk}/")
    with page.expect_response(lambda answer: answer.url.endswith("/read/")):
        expect(page.locator("#post-1")).to_be_in_viewport()
    read = total(Reading.objects.get(thread=asked, person=bees.student).numbers)
    assert 1 <= read < 9
    page.goto(f"/cohorts/{bees.cohort.pk}/forum/")
    row = page.get_by_role("listitem").filter(has_text="A long talk")
    expect(row).to_contain_text(f"{9 - read} new")
    row.get_by_role("link").first.click()
    expect(page.locator(f"#post-{read + 1}")).to_be_in_viewport()
