"""Courses in other scripts: which way their lines run, and what Chromium makes of formulas and far names."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from courses.services import texts
from courses.services.references import CourseReferences
from tests.browser.conftest import OpenBrowser
from tests.browser.test_axe import OPTIONS
from tests.conftest import SOAK
from tests.factories import courses as make
from tests.factories import languages

pytestmark = pytest.mark.usefixtures("transactional_db")

WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
DIRECTION = "(one) => getComputedStyle(one).direction"


def assert_fits(page: Page, *, is_read: bool = True) -> None:
    assert page.evaluate(WIDER) <= 0, page.url
    if not is_read:
        return
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.soak)])
def test_a_course_from_right_to_left_under_an_interface_from_left_to_right(
    width: int, open_browser: OpenBrowser
) -> None:
    bees = languages.hebrew()
    lecture = bees.lecture
    assert lecture is not None
    page = open_browser(bees.student, viewport={"width": width, "height": 900}).new_page()
    for address in ("/", "/courses/", f"/courses/{bees.course.pk}/", f"/courses/{bees.course.pk}/search/?q=דבורה"):
        page.goto(address)
        assert page.locator("main").evaluate(DIRECTION) == "ltr"
        title = page.locator("main [dir=auto], main bdi").filter(has_text="דבורים").first
        assert title.evaluate(DIRECTION) == "rtl"
        # What a screen reader makes of lists, others look at too.
        assert_fits(page, is_read=SOAK)

    page.goto(f"/lessons/{bees.reading.pk}/")
    assert page.locator(".reading").evaluate(DIRECTION) == "rtl"
    assert page.locator(".reading math").first.evaluate(DIRECTION) == "ltr"
    assert page.locator("#standing").evaluate(DIRECTION) == "ltr"
    first, second = (page.locator(".reading th").nth(number).bounding_box()["x"] for number in (0, 1))
    assert first > second
    assert_fits(page)

    page.goto(f"/lessons/{lecture.pk}/transcript/he/")
    line = page.locator(".lines a").first
    assert line.locator("span").evaluate(DIRECTION) == "rtl"
    assert line.locator("time").bounding_box()["x"] > line.locator("span").bounding_box()["x"]
    assert_fits(page)

    page.goto(f"/lessons/{lecture.pk}/")
    note = page.locator("textarea").first
    expect(note).to_have_value("זכור: bee היא דבורה.")
    assert note.evaluate(DIRECTION) == "rtl"
    note.fill("In English")
    assert note.evaluate(DIRECTION) == "ltr"
    # What is typed is kept when one leaves.
    note.fill("זכור: bee היא דבורה.")
    assert_fits(page)

    page.goto(f"/courses/{bees.course.pk}/notes/")
    assert page.locator(".note-text").evaluate(DIRECTION) == "rtl"
    assert_fits(page)


def test_a_mathematical_course_is_drawn_and_read_as_one(open_browser: OpenBrowser) -> None:
    algebra = languages.mathematical()
    page = open_browser(algebra.student, viewport={"width": 390, "height": 900}).new_page()
    page.goto(f"/lessons/{algebra.reading.pk}/")
    formulas = page.locator(".reading math")
    expect(formulas).to_have_count(6)
    spaces = formulas.evaluate_all("(all) => [...new Set(all.map((one) => one.namespaceURI))]")
    assert spaces == ["http://www.w3.org/1998/Math/MathML"]
    fraction = page.locator(".reading mfrac").first
    over, under = (fraction.locator("> *").nth(number).bounding_box()["y"] for number in (0, 1))
    assert over < under
    # The long one scrolls in its own frame, which the keyboard reaches.
    frame = page.locator(".table-scroll", has=page.locator("mfrac")).first
    assert frame.evaluate("(one) => one.scrollWidth > one.clientWidth")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(one) => one.scrollLeft > 0", arg=frame.element_handle())
    expect(page.locator(".reading")).to_contain_text("it costs $5 and not $10")
    expect(page.locator(".reading")).to_contain_text("this formula has a fault: expected closing token")
    assert_fits(page)

    page.goto(f"/courses/{algebra.course.pk}/search/?q=otherwise")
    expect(page.locator("main")).to_contain_text("Squares and roots")


def test_a_japanese_course_keeps_its_readings_and_is_found_by_words_and_readings(open_browser: OpenBrowser) -> None:
    bees = languages.japanese()
    page = open_browser(bees.student, viewport={"width": 390, "height": 900}).new_page()
    page.goto(f"/lessons/{bees.reading.pk}/")
    above, below = page.locator(".reading rt").first, page.locator(".reading ruby").first
    assert above.bounding_box()["y"] < below.bounding_box()["y"] + below.bounding_box()["height"] / 2
    assert_fits(page)
    for words in ("蜜蜂は紫外線", "しがいせん"):
        page.goto(f"/courses/{bees.course.pk}/search/?q={words}")
        expect(page.locator("main")).to_contain_text("1 lesson")


LONG = "введение-в-курс-" * 14


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("%D0%BF%D1%87%D0%B5%D0%BB%D0%B0", "пчела"),
        ("пчела", "%D0%BF%D1%87%D0%B5%D0%BB%D0%B0"),
        ("a%20b", "a b"),
        ("100%", "100%"),
        (LONG, LONG),
        ("a" * 300, "a" * 300),
        ("דבורה", "דבורה"),
    ],
)
def test_a_jump_lands_on_its_place_on_one_page_and_across_pages(
    link: str, name: str, open_browser: OpenBrowser
) -> None:
    bees = languages.japanese()
    part = bees.reading.module
    target = make.reading(part, "x", title="Far", position=5, origin="far")
    references = CourseReferences(bees.course)
    filling = "<p>…</p>" * 60
    texts.write(
        target,
        source=f'<p><a href="#{link}">down</a></p>{filling}<p id="{name}">here</p>{filling}',
        format="html",
        references=references,
    )
    texts.write(
        bees.reading,
        source=f'<p><a href="package-item:far#{link}">across</a></p>',
        format="html",
        references=references,
    )
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{target.pk}/")
    page.get_by_role("link", name="down").click()
    expect(page.get_by_text("here", exact=True)).to_be_in_viewport()
    page.goto(f"/lessons/{bees.reading.pk}/")
    page.get_by_role("link", name="across").click()
    expect(page.get_by_text("here", exact=True)).to_be_in_viewport()
    assert page.locator(":target").count() == 1
