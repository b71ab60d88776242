"""What an author does with a text and an outline that HTML alone does not: pictures in place, and arrows in a row."""

import base64
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from courses.models import CourseEditor
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study
from tests.factories.courses import reading
from tests.factories.people import UserFactory

PASTE = """(area, encoded) => {
  const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("L", (40, 30), "grey").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def bees() -> Study:
    return study(dwell=1)


def editing(bees: Study, open_browser: OpenBrowser, **options: object) -> Page:
    editor = CourseEditor.objects.create(course=bees.course, user=UserFactory()).user
    return open_browser(editor, **options).new_page()


def test_a_picture_is_put_into_a_lesson_and_seen_before_it_is_saved(bees: Study, open_browser: OpenBrowser) -> None:
    page = editing(bees, open_browser)
    page.goto(f"/edit/activities/{bees.reading.pk}/")
    page.get_by_role("button", name="Picture").click()
    chart = {"name": "my chart (40%).png", "mimeType": "image/png", "buffer": picture()}
    page.get_by_label("Picture", exact=True).set_input_files(chart)
    page.get_by_label("What does the picture show?").fill("A bar chart")
    page.keyboard.press("Enter")
    expect(page.locator("[data-write]")).to_have_value(re.compile(re.escape("(file:my%20chart%20%2840%25%29.png)")))
    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("img", name="A bar chart")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Students keep their progress.")).to_be_visible()
    student = open_browser(bees.student).new_page()
    student.goto(f"/lessons/{bees.reading.pk}/")
    expect(student.get_by_role("img", name="A bar chart")).to_be_visible()


def test_a_pasted_picture_waits_for_its_words(bees: Study, open_browser: OpenBrowser) -> None:
    page = editing(bees, open_browser)
    page.goto(f"/edit/activities/{bees.reading.pk}/")
    page.get_by_label("Format", exact=True).select_option("html")
    expect(page.get_by_role("button", name="Bold")).to_be_hidden()
    page.locator("[data-write]").evaluate(PASTE, base64.b64encode(picture()).decode())
    expect(page.get_by_label("What does the picture show?")).to_be_focused()
    page.keyboard.type('A "grey" field')
    page.get_by_role("button", name="Add").click()
    written = re.compile(re.escape('<img src="file:image.png" alt="A &quot;grey&quot; field">'))
    expect(page.locator("[data-write]")).to_have_value(written)


@pytest.mark.parametrize("with_script", [True, False])
def test_an_arrow_keeps_the_place_and_the_focus(bees: Study, open_browser: OpenBrowser, with_script: bool) -> None:
    for number in range(20):
        reading(bees.module, title=f"Page {number}")
    page = editing(bees, open_browser, java_script_enabled=with_script)
    page.goto(f"/edit/courses/{bees.course.pk}/")
    titles, arrow = page.locator(".step > a"), page.get_by_role("button", name="Move Page 18 up")
    at = titles.all_inner_texts().index("Page 18")
    arrow.focus()
    for number in range(1, 4):
        page.keyboard.press("Enter")
        expect(titles.nth(at - number)).to_have_text("Page 18")
        expect(arrow).to_be_focused()
        expect(arrow).to_be_in_viewport()
