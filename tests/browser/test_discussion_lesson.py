"""What a discussion asks for stands apart from its text, and the ways into it from each other."""

from tests.browser.conftest import OpenBrowser
from tests.browser.steps import study
from tests.factories import courses as make
from tests.factories import forums

# The room above each thing that stands below the text.
ROOM = """() => [...document.querySelectorAll(".lesson article > .reading ~ :is(p, .row)")].map((one) =>
    one.getBoundingClientRect().top - one.previousElementSibling.getBoundingClientRect().bottom)"""


def test_room_lies_between_a_discussion_s_text_what_it_asks_for_and_each_cohort(open_browser: OpenBrowser) -> None:
    bees = study()
    make.EnrolmentFactory(user=bees.student, cohort=make.CohortFactory(course=bees.course))
    lesson = forums.discussion(bees.module)
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{lesson.pk}/")
    room = page.evaluate(ROOM)
    assert len(room) == 3
    assert min(room) >= 8
