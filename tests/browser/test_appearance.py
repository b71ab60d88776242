"""How pages look is the reader's own choice: theirs here, and that of their device."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from progress.services import ticks
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study

LIGHTNESS = """(one) => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(one).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return (red + green + blue) / 765;
}"""
# How much lighter one of them is than the other, as WCAG counts it: what a field asks for, and what it lies on.
CONTRAST = """(one) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const asked = luminance(getComputedStyle(one, "::placeholder").color);
  const paper = luminance(getComputedStyle(one).backgroundColor);
  return Math.max(asked, paper) / Math.min(asked, paper);
}"""
MOVING = """() => [...document.querySelectorAll("*")]
  .filter((one) => [getComputedStyle(one).transitionDuration, getComputedStyle(one).animationDuration]
    .some((times) => times.split(",").some((time) => parseFloat(time) > 0)))
  .map((one) => one.outerHTML.slice(0, 100))"""


@pytest.fixture
def bees() -> Study:
    return study()


def chosen(bees: Study, **choices: str) -> User:
    User.objects.filter(pk=bees.student.pk).update(**choices)
    return bees.student


def style(target: Locator, name: str) -> str:
    return target.evaluate("(one, name) => getComputedStyle(one)[name]", name)


def lesson(open_browser: OpenBrowser, bees: Study, **options: object) -> Page:
    page = open_browser(bees.student, **options).new_page()
    page.goto(f"/lessons/{bees.reading.pk}/")
    return page


def test_every_style_sheet_and_script_arrives(open_browser: OpenBrowser, bees: Study) -> None:
    page = open_browser(bees.student).new_page()
    answers: dict[str, int] = {}
    page.on("response", lambda response: answers.update({response.url: response.status}))
    page.goto(f"/lessons/{bees.reading.pk}/")
    expect(page.locator("#standing")).to_be_visible()
    static = {url: status for url, status in answers.items() if "/static/" in url}
    assert sum(url.endswith(".css") for url in static) == 1
    assert set(static.values()) == {200}
    assert style(page.locator(".skip"), "position") == "absolute"


@pytest.mark.parametrize(
    ("theme", "device", "dark"),
    [
        ("system", "light", False),
        ("system", "dark", True),
        ("light", "dark", False),
        ("dark", "light", True),
    ],
)
def test_colours_are_those_chosen_here_or_else_those_of_the_device(
    theme: str, device: str, dark: bool, open_browser: OpenBrowser, bees: Study
) -> None:
    chosen(bees, theme=theme)
    page = lesson(open_browser, bees, color_scheme=device)
    assert (page.locator("html").evaluate(LIGHTNESS) < 0.5) == dark
    assert style(page.locator("html"), "colorScheme") == {"system": "light dark"}.get(theme, theme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_field_asks_for_is_read_as_well_as_text(scheme: str, open_browser: OpenBrowser, bees: Study) -> None:
    page = lesson(open_browser, bees, color_scheme=scheme)
    search = page.get_by_role("searchbox", name="Search this course")
    assert search.evaluate(CONTRAST) >= 4.5


def test_a_code_for_a_camera_is_dark_on_light_in_the_dark_too(open_browser: OpenBrowser, bees: Study) -> None:
    page = open_browser(bees.student, color_scheme="dark").new_page()
    page.goto("/account/2fa/totp/activate/")
    code = page.locator("main img")
    assert code.evaluate("one => one.naturalWidth") > 0
    assert code.evaluate(LIGHTNESS) > 0.95


def test_text_grows_with_the_size_chosen(open_browser: OpenBrowser, bees: Study) -> None:
    page, sizes = lesson(open_browser, bees), []
    for size in ("normal", "large", "larger"):
        chosen(bees, text_size=size)
        page.reload()
        sizes.append(float(style(page.locator(".reading"), "fontSize").removesuffix("px")))
    assert 18 <= sizes[0] <= 20
    assert sizes == sorted(set(sizes))


def test_a_reading_is_set_in_the_letters_chosen(open_browser: OpenBrowser, bees: Study) -> None:
    page, set_in = lesson(open_browser, bees), {}
    text = page.locator(".reading")
    for font in ("serif", "sans", "spaced"):
        chosen(bees, reading_font=font)
        page.reload()
        set_in[font] = (style(text, "fontFamily"), style(text, "letterSpacing"))
    assert "serif" in set_in["serif"][0].split(", ")
    assert set_in["sans"][0].startswith("system-ui")
    assert set_in["spaced"][0] == set_in["sans"][0]
    assert set_in["sans"][1] == "normal"
    assert float(set_in["spaced"][1].removesuffix("px")) > 0


def test_larger_text_still_fits_a_small_phone(open_browser: OpenBrowser, bees: Study) -> None:
    chosen(bees, text_size="larger", reading_font="spaced")
    page = lesson(open_browser, bees, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_nothing_moves_where_the_device_asks_for_stillness(open_browser: OpenBrowser, bees: Study) -> None:
    page = lesson(open_browser, bees)
    assert page.evaluate(MOVING) != []
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []


def test_state_is_told_in_words_where_colours_are_forced(open_browser: OpenBrowser, bees: Study) -> None:
    ticks.complete(bees.enrolment, bees.reading, how="marked", evidence={}, by=bees.student)
    page = lesson(open_browser, bees, forced_colors="active")
    expect(page.locator(".standing-done")).to_have_text("Done")
    icon = page.locator(".standing-done .icon")
    assert style(icon, "stroke") != style(page.locator("html"), "backgroundColor")
    page.goto(f"/courses/{bees.course.pk}/")
    expect(page.locator(".step.done")).to_contain_text("Done")
    # What is usual is not said: this row alone has a word for how it stands.
    expect(page.locator(".step.todo").first).not_to_contain_text("Done")
    here = page.get_by_role("navigation", name="Main").locator("[aria-current]")
    assert style(here, "fontWeight") == "600"
    button = page.locator(".button.primary")
    assert float(style(button, "borderTopWidth").removesuffix("px")) >= 1


def test_on_paper_there_is_the_text_alone(open_browser: OpenBrowser, bees: Study) -> None:
    page = lesson(open_browser, bees)
    page.emulate_media(media="print")
    expect(page.locator(".reading")).to_be_visible()
    for part in (".page-head", ".page-foot", ".places-bar", ".beside", ".steps-nav", "#standing"):
        expect(page.locator(part)).to_be_hidden()
