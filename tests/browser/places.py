"""One entry for every page that a person can reach, in every state that looks different."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.rich import Rich

Then = Callable[[Page], None]


@dataclass(frozen=True)
class Place:
    name: str
    who: str  # an attribute of Rich; "" for nobody
    path: str  # with {w} for the world
    shows: str  # words that only this state of the page holds
    then: Then | None = None
    status: int = 200
    expects: tuple[str, ...] = ()  # complaints that belong to it

    @property
    def is_other_state(self) -> bool:
        """Another state of a page that has an entry without a comma."""
        return "," in self.name

    def open(self, page: Page, world: Rich) -> None:
        answer = page.goto(self.path.format(w=world))
        assert answer
        assert answer.status == self.status, f"{answer.status} at {page.url}"
        if self.then:
            self.then(page)
        expect(page.locator("body")).to_contain_text(self.shows)


def press(button: str, **fields: str) -> Then:
    """Fill fields, named by their id, and press a button."""

    def act(page: Page) -> None:
        for name, value in fields.items():
            page.locator(f"#{name}").fill(value)
        page.get_by_role("button", name=button, exact=True).first.click()

    return act


def once(step: Then, words: str) -> Then:
    """A step that leads to another state for good: left out where an earlier look at the page has taken it."""

    def act(page: Page) -> None:
        if words not in page.locator("main").inner_text():
            step(page)

    return act


def wrong(name: str, who: str, path: str, button: str, **fields: str) -> Place:
    """A form that comes back with the list of what is wrong."""
    send = press(button, **fields)

    def act(page: Page) -> None:
        send(page)
        expect(page.locator(".problem")).to_be_focused()
        assert page.title().startswith("Error:"), page.title()

    return Place(f"{name}, wrong", who, path, "There is a problem", act)


def unfold(words: str) -> Then:
    return lambda page: page.locator("summary").filter(has_text=words).first.click()
