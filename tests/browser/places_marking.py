from playwright.sync_api import Page, expect

from tests.browser.places import Place, Then, press, wrong

WORK, BANK = "/marking/{w.%s.pk}/", "/cohorts/{w.garden.pk}/marking/bank/"
BOOK = "/teach/cohorts/{w.garden.pk}/gradebook/"
MANY = "/cohorts/{w.garden.pk}/marking/release/"


def _key(key: str, selector: str) -> Then:
    def act(page: Page) -> None:
        page.wait_for_function("() => !document.querySelector('[data-open-keys]').hidden")
        page.keyboard.press(key)
        expect(page.locator(selector)).to_be_visible()

    return act


def _open_a_mark(page: Page) -> None:
    page.wait_for_function("() => !document.querySelector('[data-keys]').hidden")
    page.locator("[data-gradebook] td > a").first.click()
    expect(page.locator("td.opened")).to_be_visible()


MARKING = [
    Place("gradebook", "teacher", BOOK, "Take the marks along"),
    Place("gradebook, every activity", "teacher", BOOK + "?show=all&by=late", "Furthest behind"),
    Place("gradebook, a mark open", "teacher", BOOK, "The whole work", _open_a_mark),
    Place("gradebook, nobody found", "teacher", BOOK + "?q=zzz", "No student here has that name"),
    Place("gradebook, empty", "teacher", "/teach/cohorts/{w.early.pk}/gradebook/", "No one is in this cohort yet"),
    Place("a mark by itself", "teacher", WORK % "given_back" + "cell/", "Who changed it"),
    wrong("a mark by itself", "teacher", WORK % "broken" + "cell/", "Save", id_points="many"),
    Place("marking", "teacher", "/marking/", "to mark; the next is promised for"),
    Place(
        "marking, of one cohort", "teacher", "/marking/?cohort={w.garden.pk}&show=marked", "Release several together"
    ),
    Place("marking, free", "teacher", "/marking/?show=free", "Take it"),
    Place("marking, nobody found", "teacher", "/marking/?q=zzz", "belongs to a student of that name"),
    Place("marking, nowhere", "outsider", "/marking/", "There is nothing for you to mark"),
    Place("marking, at an hour", "teacher", "/marking/?show=timed", "will be released"),
    Place("marking, released", "teacher", "/marking/?show=released", "What was released last comes first"),
    Place("work to mark", "teacher", WORK % "to_mark", "I will count the hive too."),
    Place("work to mark, of an assistant", "assistant", WORK % "to_mark", "a teacher finds it under"),
    Place("work to mark, points", "teacher", WORK % "broken", "promise broken; now by"),
    Place("work to mark, without a name", "teacher", WORK % "unnamed", "Marked without names"),
    Place("work to mark, timed", "teacher", WORK % "timed", "Hold it back"),
    Place("work to mark, released", "teacher", WORK % "given_back", "Questions about this feedback"),
    Place("work to mark, keys", "teacher", WORK % "to_mark", "Use keys of one letter", _key("?", "#keys")),
    Place("work to mark, bank", "teacher", WORK % "to_mark", "Find a comment", _key("b", "#bank")),
    Place("work to mark, composing", "teacher", WORK % "to_mark", "paste them here", _key("c", "#composer form")),
    wrong("work to mark", "teacher", WORK % "broken", "Save", id_points="many"),
    wrong("work to release", "teacher", WORK % "broken", "Save and release"),
    Place("release work", "teacher", WORK % "timed" + "release/", "you can correct it but not take it back"),
    Place("release work, with something missing", "teacher", WORK % "broken" + "release/", "Give the points before"),
    Place("give work", "teacher", WORK % "to_mark" + "give/", "No one yet: it is free to take"),
    Place("release many", "teacher", MANY, "Whose feedback"),
    Place("release many, counted", "teacher", MANY, "They can read it from then on", press("Continue")),
    Place("comment bank", "teacher", BANK, "shared by you"),
    wrong("comment bank", "teacher", BANK, "Keep it"),
    Place("comment bank, none found", "teacher", BANK + "?q=zzz", "Nothing in the bank has these words"),
    Place("change a comment of the bank", "teacher", BANK + "{w.kept.pk}/", "Share with everyone"),
    wrong("change a comment of the bank", "teacher", BANK + "{w.kept.pk}/", "Save", id_source=""),
]
