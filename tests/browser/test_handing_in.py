"""Work from the first word to what its student will change: over a bad line, on a phone, and by the keyboard."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from courses.models import Activity
from drafts.models import Draft
from feedback.models import Beginning, Feedback, Remark, Submission
from feedback.services.comments import Place, write
from feedback.services.handing_in import place_of
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study
from tests.browser.watch import Watch
from tests.factories import courses as make_courses
from tests.factories import feedback as make

PHONE = {"width": 390, "height": 844}
RECEIPT = re.compile("Handed in")


def assigned(**values: object) -> tuple[Study, Activity]:
    bees = study()
    return bees, make.assignment(bees.module, takes_links=True, **values)


def begin(page: Page, step: Activity) -> None:
    page.goto(f"/lessons/{step.pk}/")
    page.get_by_role("link", name="Start your work").click()
    expect(page.get_by_role("button", name="Hand in", exact=True)).to_be_visible()


def test_over_a_bad_line_it_is_handed_in_once(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("ERR_")
    bees, step = assigned()
    phone = open_browser(bees.student, viewport=PHONE)
    page = phone.new_page()
    begin(page, step)
    page.get_by_label("Your text").fill("It flew to nine flowers.")
    expect(page.locator("[data-draft-saved]")).to_contain_text("Saved")
    phone.set_offline(True)
    page.get_by_label("Your text").fill("It flew to nine red flowers.")
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_text("You are offline. It will be sent when you are online again.")).to_be_visible()
    assert not Submission.objects.filter(activity=step).exists()
    phone.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work: Watch a bee")
    expect(page.locator(".receipt")).to_have_text(RECEIPT)
    expect(page.locator(".promise")).to_contain_text("Feedback by")
    sent = Submission.objects.get(activity=step)
    assert sent.source == "It flew to nine red flowers."
    assert not Draft.objects.open().filter(place=place_of(step.pk)).exists()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the receipt").click()
    assert download.value.suggested_filename == f"receipt-{sent.pk}.txt"


def test_when_the_answer_is_lost_pressing_again_hands_in_once(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("ERR_")
    bees, step = assigned()
    page = open_browser(bees.student).new_page()
    begin(page, step)
    page.get_by_label("Your text").fill("It flew to nine flowers.")
    page.get_by_label("Links").fill("https://example.org/bees")
    expect(page.locator("[data-draft-saved]")).to_contain_text("Saved")

    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch(max_redirects=0).headers["location"])
        # As where a line goes before the answer has come: the page stays.
        return route.fulfill(status=204)

    page.route(f"**/lessons/{step.pk}/hand-in/", lose)
    press = page.get_by_role("button", name="Hand in", exact=True)
    with page.expect_response(lambda one: one.status == 204 and one.url.endswith("/hand-in/")):
        press.click()
    press.click()
    expect(page.get_by_text("This was handed in already, so it was not handed in twice.")).to_be_visible()
    sent = Submission.objects.get(activity=step)
    assert sent.links == ["https://example.org/bees"]
    assert Beginning.objects.filter(activity=step, key=sent.key).exists()


def test_two_tabs_hand_in_one_piece_of_work(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("409")
    bees, step = assigned()
    context = open_browser(bees.student)
    first, second = context.new_page(), context.new_page()
    begin(first, step)
    first.get_by_label("Your text").fill("It flew to nine flowers.")
    expect(first.locator("[data-draft-saved]")).to_contain_text("Saved")
    second.goto(f"/lessons/{step.pk}/hand-in/")
    expect(second.get_by_label("Your text")).to_have_value("It flew to nine flowers.")
    first.get_by_role("button", name="Hand in", exact=True).click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Your work: Watch a bee")
    second.get_by_role("button", name="Hand in", exact=True).click()
    expect(second.get_by_text(re.compile("handed in already|was handed in before|takes the place"))).to_be_visible()
    assert Submission.objects.filter(activity=step).count() == 1


def test_feedback_is_read_beside_the_work_and_answered(open_browser: OpenBrowser) -> None:
    bees, step = assigned()
    teacher = make_courses.EnrolmentFactory(cohort=bees.cohort, role="teacher").user
    sent = make.hand_in(bees.enrolment, step, "It flew to *nine* flowers.\n\nThen to nine more.")
    place = Place(start=34, quote="nine", before="Then to ", after=" more.")
    write(sent, sent.key, place, "Which ones?", version=0, by=teacher)
    make.release(sent, teacher, make.said("Look again.", good_enough=False))
    page = open_browser(bees.student, viewport=PHONE).new_page()
    page.goto(f"/lessons/{step.pk}/")
    page.get_by_role("link", name="Read your feedback").click()
    expect(page.get_by_text("Look again.")).to_be_visible()
    page.wait_for_function("() => CSS.highlights.has('commented')")
    marked = "() => [...CSS.highlights.get('commented')].map((range) => [range.toString(), range.startContainer.data])"
    assert page.evaluate(marked) == [["nine", "Then to nine more."]]
    page.get_by_role("link", name="Ask about this (comment 1)").click()
    page.get_by_label("Your message").fill("The *second* nine?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".told-comments .told-remarks em")).to_have_text("second")
    page.get_by_label("What I will change").fill("I will name them.")
    page.get_by_label("What I will change").press("Enter")
    expect(page.get_by_text("Your teacher sees it. You can change it.")).to_be_visible()
    assert Feedback.objects.get(submission=sent).will_change == "I will name them."
    assert Remark.objects.get(submission=sent).comment_id == sent.key
    page.get_by_role("link", name="Start the next attempt").click()
    expect(page.get_by_text("I will name them.")).to_be_visible()
    page.get_by_label("Your text").fill("Nine red flowers.")
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("link", name="Attempt 1")).to_be_visible()
    assert Submission.objects.get(activity=step, attempt=2).source == "Nine red flowers."


@pytest.mark.parametrize("scripts", [False])
def test_without_javascript_all_of_it_works(scripts: bool, open_browser: OpenBrowser) -> None:
    bees, step = assigned()
    page = open_browser(bees.student, java_script_enabled=scripts).new_page()
    begin(page, step)
    page.get_by_label("Your text").fill("It flew to **nine** flowers.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".card strong")).to_have_text("nine")
    page.get_by_role("button", name="Save and add files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Files to hand in")
    page.get_by_label("File").set_input_files({"name": "bee.txt", "mimeType": "text/plain", "buffer": b"A bee."})
    page.get_by_role("button", name="Add", exact=True).click()
    page.goto(f"/lessons/{step.pk}/hand-in/")
    expect(page.get_by_label("Your text")).to_have_value("It flew to **nine** flowers.")
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.locator(".receipt")).to_contain_text("bee.txt")
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_label("Your text")).to_have_value("It flew to **nine** flowers.")
