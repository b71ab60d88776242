"""Going through a page with the Tab key alone, and seeing at every stop where one is."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 80
# What is wrong with where the focus is now: no outline, or something lies over it (WCAG 2.4.7 and 2.4.11).
UNSEEN = """() => {
  const one = document.activeElement;
  if (one === document.body) return [];
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const { left, top, width, height } = one.getClientRects()[0];
  const x = left + Math.min(width / 2, 20), y = top + Math.min(height / 2, 20);
  const above = document.elementFromPoint(x, y);
  const name = one.outerHTML.slice(0, 120);
  const wrong = [];
  // Within the browser's own controls of a recording it draws a ring of its own.
  const inOwnControls = one.controls && !one.matches(":focus");
  if (inOwnControls) return [];
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) wrong.push(`no outline: ${name}`);
  if (!above) wrong.push(`out of sight: ${name}`);
  else if (!one.contains(above) && !above.contains(one)) wrong.push(`beneath ${above.outerHTML.slice(0, 80)}: ${name}`);
  return wrong;
}"""
STOP = f"(target) => [({UNSEEN})(), target === document.activeElement, target.isConnected]"
# Marks the stop; false once it is one that was marked before, or none at all.
MARK = """() => {
  const one = document.activeElement;
  if (one === document.body) return false;
  if (one.controls && !one.matches(":focus")) return true;
  if (one.dataset.stop) return false;
  return (one.dataset.stop = "yes") === "yes";
}"""
# The lines of a transcript are one stop, and so are the cells of a gradebook: they are walked with the arrows.
NOT_REACHED = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex='0']"
)].filter((one) => one.tabIndex === 0 || !one.closest("[data-lines], [data-gradebook]"))
  .filter((one) => one.checkVisibility() && !one.disabled && !one.dataset.stop).map((one) => one.outerHTML)"""


class Keys:
    def __init__(self, page: Page) -> None:
        self.page = page

    def tab(self) -> None:
        self.page.keyboard.press("Tab")
        wrong = self.page.evaluate(UNSEEN)
        assert wrong == [], wrong

    def to(self, target: Locator) -> None:
        """The target is looked up once: by its role and name, that takes longer than all the rest of a stop."""
        if is_focused(target):
            return
        found = target.element_handle()
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            wrong, is_there, is_left = found.evaluate(STOP)
            assert wrong == [], wrong
            if is_there:
                return
            if not is_left:
                found = target.element_handle()
        raise AssertionError(f"{MOST_STOPS} times Tab do not lead to {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.to(target)
        self.page.keyboard.press(key)

    def write(self, target: Locator, words: str) -> None:
        self.to(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def walk(self) -> list[str]:
        """Through the whole page and out of it again; returns what was never reached."""
        for _ in range(MOST_STOPS):
            self.tab()
            if not self.page.evaluate(MARK):
                return self.page.evaluate(NOT_REACHED)
        raise AssertionError("Tab does not lead out of the page")


def is_focused(target: Locator) -> bool:
    return target.evaluate("one => one === document.activeElement")
