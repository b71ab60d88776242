"""Ten pieces of work marked by keyboard alone: no press of a mouse, no page loaded anew, and not a word lost."""

from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Activity
from feedback.models import Comment, Feedback, Submission
from tests.browser.conftest import OpenBrowser
from tests.browser.keys import Keys
from tests.browser.steps import study
from tests.browser.watch import Watch
from tests.factories import courses as make_course
from tests.factories import feedback as make
from tests.factories.people import UserFactory

WORKS = 10
TEXT = "It flew to nine flowers. Then it flew home.\n\nAt home it *danced*, and then it flew again."


def class_of(count: int) -> tuple[User, list[Submission], Activity]:
    bees = study()
    step = make.assignment(bees.module)
    teacher = make_course.EnrolmentFactory(cohort=bees.cohort, role="teacher").user
    people = [UserFactory(display_name=f"Pupil {number}") for number in range(count)]
    sent = [make.hand_in(make_course.EnrolmentFactory(user=one, cohort=bees.cohort), step, TEXT) for one in people]
    return teacher, sent, step


def opened(page: Page, submission: Submission, query: str = "") -> Page:
    page.goto(f"/marking/{submission.pk}/{query}")
    page.wait_for_function("() => !document.querySelector('[data-open-keys]').hidden")
    return page


def at(page: Page, submission: Submission) -> None:
    expect(page.locator(f'#screen[data-marking="{submission.pk}"]')).to_be_visible()


def test_ten_are_marked_by_keyboard_alone(open_browser: OpenBrowser) -> None:
    teacher, sent, _ = class_of(WORKS)
    page = open_browser(teacher).new_page()
    press = page.keyboard.press
    page.goto("/marking/")
    Keys(page).press(page.get_by_role("link", name="Pupil 0"))
    page.wait_for_function("() => !document.querySelector('[data-open-keys]').hidden")
    page.evaluate("window.sameDocument = true")
    for number, submission in enumerate(sent):
        at(page, submission)
        if number:
            expect(page.get_by_role("heading", level=1)).to_be_focused()
        press("1" if number % 2 else "2")
        press("1")
        press("w")
        page.keyboard.type(f"Well seen, number {number}: j k n p s r g y 1 2.")
        press("Escape")
        press("y" if number == 3 else "g")
        press("r")
        expect(page.get_by_role("button", name="Release", exact=True)).to_be_focused()
        press("Enter")
    expect(page.get_by_role("heading", name="Everything is marked")).to_be_visible()
    for number, submission in enumerate(sent):
        submission.refresh_from_db()
        found = Feedback.objects.get(submission=submission)
        assert submission.release_at is not None
        assert found.source == f"Well seen, number {number}: j k n p s r g y 1 2."
        assert found.marked["seen"].level == ("close" if number % 2 else "some")
        assert found.marked["why"].level == "reason"
        assert found.good_enough is (number != 3)


def test_on_the_way_to_the_next_and_back_nothing_is_lost(open_browser: OpenBrowser) -> None:
    teacher, (first, second), _ = class_of(2)
    page = opened(open_browser(teacher).new_page(), first)
    page.evaluate("window.sameDocument = true")
    page.keyboard.press("1")
    page.keyboard.press("w")
    page.keyboard.type("Half a sent")
    page.keyboard.press("Alt+ArrowDown")
    at(page, second)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.url.endswith(f"/marking/{second.pk}/")
    page.keyboard.press("k")
    at(page, first)
    expect(page.get_by_label("Comment on the whole")).to_have_value("Half a sent")
    expect(page.get_by_label("Closely")).to_be_checked()
    expect(page.locator("[data-draft-resumed]")).to_have_count(0)
    assert page.evaluate("window.sameDocument")
    page.keyboard.press("j")
    at(page, second)
    page.go_back()
    at(page, first)
    assert Feedback.objects.get(submission=first).source == "Half a sent"


def test_a_level_that_was_chosen_outlives_its_tab(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    context = open_browser(teacher)
    page = opened(context.new_page(), sent)
    page.keyboard.press("2")
    page.close()
    page = opened(context.new_page(), sent)
    expect(page.get_by_label("In part")).to_be_checked()


def test_the_keys_are_shown_and_those_of_one_letter_turned_off(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    page = opened(open_browser(teacher).new_page(), sent)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_label("Closely")).not_to_be_checked()
    Keys(page).press(page.get_by_label("Use keys of one letter"), "Space")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("1")
    expect(page.get_by_label("Closely")).not_to_be_checked()
    page.keyboard.press("Alt+b")
    expect(page.get_by_role("dialog", name="Comment bank")).to_be_visible()


def test_a_comment_on_selected_words_is_marked_in_the_text_and_found_again(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    page = opened(open_browser(teacher).new_page(), sent)
    # The second of two places with the same words.
    page.evaluate("""() => {
      const node = [...document.querySelectorAll('[data-work="text"] p')][0].firstChild;
      const at = node.data.lastIndexOf("it flew");
      getSelection().setBaseAndExtent(node, at, node, at + 7);
    }""")
    page.keyboard.press("c")
    expect(page.get_by_label("Your comment")).to_be_focused()
    expect(page.get_by_label("Comment on these words")).to_have_value("it flew")
    page.keyboard.type("How *far*?")
    page.keyboard.press("Control+Enter")
    row = page.locator(".work-comment")
    expect(row.locator(".reading em")).to_have_text("far")
    found = Comment.objects.get(submission=sent)
    assert (found.quote, found.before[-7:], found.after[:6]) == ("it flew", ". Then ", " home.")
    expect(page.get_by_label("Your comment")).to_have_value("")
    painted = """() => [...CSS.highlights.get("comments")].map((one) => [one.toString(), one.startOffset])"""
    assert page.evaluate(painted) == [["it flew", found.start]]
    page.reload()
    page.wait_for_function("() => CSS.highlights.get('comments')?.size")
    assert page.evaluate(painted) == [["it flew", found.start]]


def test_a_comment_half_written_outlives_its_tab(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    context = open_browser(teacher)
    page = opened(context.new_page(), sent)
    page.keyboard.press("c")
    page.get_by_label("Comment on these words").fill("nine flowers")
    page.get_by_label("Your comment").fill("Which on")
    page.close()
    page = opened(context.new_page(), sent)
    expect(page.get_by_label("Your comment")).to_have_value("Which on")
    expect(page.get_by_label("Comment on these words")).to_have_value("nine flowers")


def test_the_bank_is_searched_and_put_into_the_text_by_keyboard(open_browser: OpenBrowser) -> None:
    teacher, (sent,), _ = class_of(1)
    page = opened(open_browser(teacher).new_page(), sent)
    page.keyboard.press("c")
    page.get_by_label("Comment on these words").fill("nine flowers")
    page.get_by_label("Your comment").fill("Say which ones they were.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Keep in the comment bank").click()
    expect(page.locator("#kept")).to_have_text("Kept in the comment bank.")
    page.get_by_label("Comment on the whole").focus()
    page.keyboard.type("Good.")
    page.keyboard.press("Alt+b")
    page.keyboard.type("which ones")
    expect(page.locator("#bank-found button")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Comment on the whole")).to_have_value("Good. Say which ones they were.")


def test_two_markers_see_each_other_and_the_later_chooses(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("409")
    teacher, (sent,), _ = class_of(1)
    helper = make_course.EnrolmentFactory(cohort=sent.enrolment.cohort, role="assistant").user
    one, other = (opened(open_browser(person).new_page(), sent) for person in (teacher, helper))
    expect(other.get_by_text(f"{teacher} has this open too.")).to_be_visible()
    other.get_by_label("Comment on the whole").fill("From the helper.")
    one.get_by_label("Comment on the whole").fill("From the teacher.")
    one.keyboard.press("Control+Enter")
    expect(one.get_by_text("Saved.", exact=True)).to_be_visible()
    other.keyboard.press("Control+Enter")
    expect(other.get_by_role("heading", level=1)).to_contain_text("Two versions")
    for words in ("From the helper.", "From the teacher."):
        expect(other.get_by_role("cell", name=words)).to_be_visible()
    other.get_by_role("button", name="Keep both").click()
    at(other, sent)
    both = "From the teacher.\n\nFrom the helper."
    expect(other.get_by_label("Comment on the whole")).to_have_value(both)
    assert Feedback.objects.get(submission=sent).source == both
