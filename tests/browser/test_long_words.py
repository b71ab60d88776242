"""A word that is longer than a phone is wide breaks: in titles and names, wherever they stand."""

from courses.models import Activity, Cohort, Course, DueDate, Module
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study
from tests.factories import courses as make
from tests.factories.people import UserFactory

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
PHONE = {"width": 320, "height": 800}
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _with_long_names() -> Study:
    bees = study(display_name=f"{WORD} Smith")
    for model, field, of in (
        (Course, "title", {"pk": bees.course.pk}),
        (Cohort, "name", {"pk": bees.cohort.pk}),
        (Module, "title", {"course": bees.course}),
        (Activity, "title", {"module": bees.module}),
    ):
        model.objects.filter(**of).update(**{field: WORD})
    DueDate.objects.create(
        cohort=bees.cohort, activity=bees.reading, zone="Europe/Berlin", suggested_wall="2020-01-09T09:00"
    )
    return bees


def test_a_word_of_eighty_letters_makes_no_page_wider_than_a_phone(open_browser: OpenBrowser) -> None:
    bees = _with_long_names()
    admin = UserFactory(is_staff=True, display_name=WORD)
    make.EnrolmentFactory(user=admin, cohort=bees.cohort, role="teacher")
    course, cohort, lesson = bees.course.pk, bees.cohort.pk, bees.reading.pk
    weeks = f"/courses/{course}/my-weeks/"
    places = {
        bees.student: ["/", "/courses/", f"/courses/{course}/", f"/lessons/{lesson}/", "/dates/", "/me/", weeks],
        admin: [
            "/teach/",
            f"/teach/cohorts/{cohort}/",
            f"/teach/cohorts/{cohort}/dates/",
            f"/teach/cohorts/{cohort}/weeks/",
            f"/teach/students/{bees.enrolment.pk}/",
            f"/cohorts/{cohort}/announcements/",
            f"/edit/courses/{course}/",
            f"/edit/activities/{lesson}/",
            f"/edit/courses/{course}/delete/",
            "/manage/",
            f"/manage/cohorts/{cohort}/",
            f"/manage/people/{bees.student.pk}/",
        ],
    }
    for person, addresses in places.items():
        page = open_browser(person, viewport=PHONE).new_page()
        for address in addresses:
            answer = page.goto(address)
            assert answer
            assert answer.status == 200, address
            assert WORD[:20] in page.content(), address
            assert page.evaluate(WIDER) <= 0, address
