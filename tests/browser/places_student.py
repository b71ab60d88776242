from playwright.sync_api import Page, expect

from tests.browser.places import Place, once, press, unfold

MARKED = once(press("Mark as done"), "Take my tick back")
ELSEWHERE = r"another host: https://example\.org/page$"


def _leaving(page: Page) -> None:
    # The page leads on at once; an answer without content keeps it where it is.
    page.context.route("https://example.org/**", lambda route: route.fulfill(status=204))
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open the link").click()
    words = opened.value.locator("h1")
    expect(words).to_have_text("Leaving Ownpace")
    address = opened.value.content()
    opened.value.close()
    page.set_content(address)


STUDENT = [
    Place("today, nothing", "outsider", "/", "You are not in a course yet"),
    Place("today, full", "student", "/", "How far you are"),
    Place("today, finished but for what is new", "graduate", "/", "Added since you finished"),
    Place("courses, none", "outsider", "/courses/", "No course yet"),
    Place("courses", "student", "/courses/", "Bees and flowers"),
    Place("course", "student", "/courses/{w.course.pk}/", "Nectar"),
    Place("course, empty", "teacher", "/courses/{w.empty.pk}/", "Nothing to study here yet"),
    Place("course, with what is new", "graduate", "/courses/", "1 new"),
    Place("reading", "student", "/lessons/{w.long.pk}/", "What they count"),
    Place("reading, marked as done", "student", "/lessons/{w.reading.pk}/", "Take my tick back", MARKED),
    Place("reading, ticked by hand", "student", "/lessons/{w.done.pk}/", "You marked it", unfold("Why is this")),
    Place("reading, not published", "teacher", "/lessons/{w.draft.pk}/", "Not shown to students"),
    Place("reading, as its editor", "editor", "/lessons/{w.long.pk}/", "Edit"),
    Place("file", "student", "/lessons/{w.file.pk}/", "Open the file"),
    Place("link", "student", "/lessons/{w.link.pk}/", "Open the link"),
    Place("leaving", "student", "/lessons/{w.link.pk}/", "is on another site", _leaving, expects=(ELSEWHERE,)),
    Place("link, opened", "student", "/lessons/{w.link.pk}/", "Done"),
    Place("search, nothing asked", "student", "/courses/{w.course.pk}/search/", "Looks through every reading"),
    Place("search, found", "student", "/courses/{w.course.pk}/search/?q=honeycombs", "Page 1 of 2"),
    Place("search, nothing found", "student", "/courses/{w.course.pk}/search/?q=wolves", "Nothing was found"),
]
