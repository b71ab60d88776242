"""The talk at the seconds of a lecture: what stands there, which answer is read in place, and who was lost."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Enrolment
from courses.services import cohorts
from forums.models import Forum, LostHere, Thread
from forums.selectors.forums import cohorts_on
from forums.selectors.lessons import About
from forums.services import answers, lost, moderation, talk
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import lectures
from tests.factories.forums import reply, thread
from tests.undoing import undo

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_() -> As:
    def signed_in(person: User) -> Client:
        one = Client()
        one.force_login(person)
        return one

    return signed_in


@pytest.fixture
def lecture(cast: Cast) -> Activity:
    """A minute long."""
    return lectures.lecture(cast.module, title="Bees on film", position=7)


def beside(client: Client, lecture: Activity) -> str:
    answer = client.get(f"/lessons/{lecture.pk}/talk/", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def asked(client: Client, lecture: Activity) -> list:
    return client.get(f"/lessons/{lecture.pk}/talk/").context["talk"].pinned


def at(cast: Cast, lecture: Activity, second: int, title: str = "Why?", **more: object) -> Thread:
    return thread(cast.cohort, more.pop("by", cast.student), title, activity=lecture, at_ms=second * 1000, **more)


def test_questions_stand_in_the_order_of_the_lecture_and_lead_to_their_second(
    cast: Cast, as_: As, lecture: Activity
) -> None:
    at(cast, lecture, 42, "Late?")
    at(cast, lecture, 7, "Early?")
    thread(cast.cohort, cast.student, "All of it?", activity=lecture)
    client = as_(cast.other_student)
    found = asked(client, lecture)
    assert [(one.time, one.thread.title) for one in found] == [("0:07", "Early?"), ("0:42", "Late?")]
    page = beside(client, lecture)
    assert f'href="/lessons/{lecture.pk}/?at=42" data-from="42000">0:42</a>' in page
    assert page.index("Late?") < page.index("About the lecture as a whole") < page.index("All of it?")


@pytest.mark.parametrize("published", [True, False])
def test_what_stands_beside_a_lecture_is_what_its_reader_may_read(
    cast: Cast, lecture: Activity, published: bool
) -> None:
    make.EnrolmentFactory(user=cast.teacher, cohort=cast.elsewhere, role="student")
    for cohort, person in ((cast.cohort, cast.student), (cast.elsewhere, cast.elsewhere_student)):
        for hidden, deleted in ((False, False), (True, False), (False, True)):
            found = thread(cohort, person, activity=lecture, at_ms=1000)
            reply(found, person)
            if hidden:
                moderation.hide(found.posts.get(number=1), "Wrong.", by=cast.admin)
            Thread.objects.filter(pk=found.pk).update(deleted_at=timezone.now() if deleted else None)
    Activity.objects.filter(pk=lecture.pk).update(published=published)
    shown = {}
    for name in ("student", "other_student", "elsewhere_student", "teacher", "assistant", "observer", "admin"):
        person = cast.person(name)
        where = cohorts_on(person, cast.course, lecture)
        readable = Thread.objects.readable_by(person).filter(activity=lecture, cohort__in=where.cohorts)
        shown[name] = {one.pk for one in About(person, lecture, where)[:50]}
        assert shown[name] == set(readable.values_list("pk", flat=True)), name
    assert len(shown["teacher"]) == (3 if published else 2)
    assert len(shown["other_student"]) == (1 if published else 0)


def test_marks_stand_at_their_share_of_the_lecture_and_not_behind_its_end(
    cast: Cast, as_: As, lecture: Activity
) -> None:
    at(cast, lecture, 15, "A <b> quarter?")
    at(cast, lecture, 90, "Of a longer recording?")
    page = beside(as_(cast.student), lecture)
    assert page.count("<path") == 1
    assert '<path d="M25.0 0v6"><title>0:15 A &lt;b&gt; quarter?</title></path>' in page
    assert "hx-swap-oob" not in as_(cast.student).get(f"/lessons/{lecture.pk}/talk/").content.decode()


def test_the_answer_read_in_place_is_the_accepted_one_then_the_endorsed_one_then_a_teachers(
    cast: Cast, as_: As, lecture: Activity
) -> None:
    question = at(cast, lecture, 7)
    client = as_(cast.other_student)

    def shown() -> tuple[str, str] | None:
        answer = asked(client, lecture)[0].answer
        return answer and (answer.html, answer.verdict)

    first = reply(question, cast.other_student, "A guess.")
    assert shown() is None
    reply(question, cast.teacher, "The teacher’s **word**.")
    reply(question, cast.teacher, "A second word.")
    assert "The teacher’s <strong>word</strong>." in shown()[0]
    assert not shown()[1]
    answers.endorse(first, by=cast.teacher, endorsed=True)
    assert "A guess." in shown()[0]
    assert "says: this is right" in shown()[1]
    helped = reply(question, cast.other_student, "In circles.")
    answers.accept(helped, by=cast.student, accepted=True)
    assert "In circles." in shown()[0]
    assert shown()[1] == "This answer helped"
    moderation.hide(helped, "Wrong.", by=cast.teacher)
    assert "A guess." in shown()[0]


def test_an_answer_that_waits_for_ones_own_post_is_not_read_in_place(cast: Cast, as_: As, lecture: Activity) -> None:
    question = at(cast, lecture, 7)
    reply(question, cast.teacher, "Secret.")
    Thread.objects.filter(pk=question.pk).update(own_first=True)
    assert "Secret." not in beside(as_(cast.other_student), lecture)
    assert "Secret." in beside(as_(cast.teacher), lecture)


def test_an_anonymous_question_names_nobody_beside_the_lecture(cast: Cast, as_: As, lecture: Activity) -> None:
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    User.objects.filter(pk=cast.student.pk).update(display_name="Xaverine Quux")
    at(cast, lecture, 7, anonymous=True)
    for person in (cast.other_student, cast.teacher):
        assert "Xaverine" not in beside(as_(person), lecture)


def test_another_cohort_does_not_see_them_and_who_teaches_both_sees_which_is_whose(
    cast: Cast, as_: As, lecture: Activity
) -> None:
    at(cast, lecture, 7, "Ours?")
    thread(cast.elsewhere, cast.elsewhere_student, "Theirs?", activity=lecture, at_ms=8000)
    assert "Ours?" not in beside(as_(cast.elsewhere_student), lecture)
    make.EnrolmentFactory(user=cast.teacher, cohort=cast.elsewhere, role="teacher")
    found = asked(as_(cast.teacher), lecture)
    assert [(one.thread.title, one.thread.cohort) for one in found] == [
        ("Ours?", "Morning group"),
        ("Theirs?", "Evening group"),
    ]
    page = beside(as_(cast.teacher), lecture)
    for cohort in (cast.cohort, cast.elsewhere):
        assert f"/cohorts/{cohort.pk}/forum/new/?activity={lecture.pk}" in page


@pytest.mark.parametrize("many", [1, 3, 40])
def test_the_fragment_costs_six_queries_and_the_lecture_none_more(
    cast: Cast, as_: As, lecture: Activity, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "MOST_THREADS_A_DAY", 1_000)
    monkeypatch.setattr(talk, "MOST_IN_AN_HOUR", 1_000)
    client = as_(cast.student)
    for number in range(many):
        reply(at(cast, lecture, number, f"Question {number}"), cast.teacher)
        lost.note(cast.enrolment, lecture, number)
    for path, headers in ((f"/lessons/{lecture.pk}/talk/", HTMX), (f"/lessons/{lecture.pk}/", {})):
        client.get(path, headers=headers)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path, headers=headers).content.decode()
        assert len(queries) <= 6, [query["sql"][:150] for query in queries]
    assert beside(client, lecture).count("Read the answer") == many
    assert "Question 0" not in page


def test_of_more_than_forty_the_latest_stand_beside_the_lecture_and_all_on_a_page(
    cast: Cast, as_: As, lecture: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "MOST_THREADS_A_DAY", 1_000)
    for number in range(42):
        at(cast, lecture, 59 - number, f"Question {number}.")
    client = as_(cast.student)
    shown = beside(client, lecture)
    titles = re.findall(r">(Question \d+\.)</a>", shown)
    assert titles == [f"Question {number}." for number in reversed(range(2, 42))]
    assert "Everything said about this lesson" in shown
    page = client.get(f"/lessons/{lecture.pk}/talk/?page=2").content.decode()
    assert "Question 0." in page
    assert "Question 41." not in page


def test_asking_takes_the_second_over_and_who_talks_in_two_cohorts_chooses(
    cast: Cast, as_: As, lecture: Activity
) -> None:
    path = f"/lessons/{lecture.pk}/ask/?at=0:42"
    answer = as_(cast.student).get(path)
    assert answer.url == f"/cohorts/{cast.cohort.pk}/forum/new/?activity={lecture.pk}&at=42"
    assert "Bees on film, at 0:42" in as_(cast.student).get(answer.url).content.decode()
    make.EnrolmentFactory(user=cast.teacher, cohort=cast.elsewhere, role="teacher")
    page = as_(cast.teacher).get(path).content.decode()
    for cohort in (cast.cohort, cast.elsewhere):
        assert f"/cohorts/{cohort.pk}/forum/new/?activity={lecture.pk}&amp;at=42" in page


def test_a_tap_says_where_it_was_noted_and_is_taken_back_with_one_more(cast: Cast, as_: As, lecture: Activity) -> None:
    client, path = as_(cast.student), f"/lessons/{lecture.pk}/lost/"
    page = client.post(path, {"at": "0:42"}, headers=HTMX).content.decode()
    assert "Noted at 0:42." in page
    assert 'name="second" value="40"' in page
    client.post(path, {"at": "0:48"}, headers=HTMX)
    found = LostHere.objects.get()
    assert (found.enrolment, found.activity, found.second) == (cast.enrolment, lecture, 40)
    assert "You were lost at 1 place" in beside(client, lecture)
    assert "You were lost" not in beside(as_(cast.other_student), lecture)
    answer = client.post(f"{path}back/", {"second": "40"}, headers=HTMX)
    assert "Removed." in answer.content.decode()
    assert not LostHere.objects.exists()


def test_without_a_script_the_tap_leads_back_with_an_undo(cast: Cast, as_: As, lecture: Activity) -> None:
    client = as_(cast.student)
    answer = client.post(f"/lessons/{lecture.pk}/lost/", {"at": "42"}, follow=True)
    assert "Noted at 0:42." in answer.content.decode()
    assert "Removed." in undo(client, answer)
    assert not LostHere.objects.exists()


def test_a_tap_behind_the_end_counts_for_the_end(cast: Cast, as_: As, lecture: Activity) -> None:
    as_(cast.student).post(f"/lessons/{lecture.pk}/lost/", {"at": "9:99:99"})
    assert LostHere.objects.get().second == 50


def test_only_students_are_lost_and_only_in_lectures(cast: Cast, as_: As, lecture: Activity) -> None:
    for person, status in ((cast.teacher, 403), (cast.observer, 403), (cast.outsider, 404)):
        assert as_(person).post(f"/lessons/{lecture.pk}/lost/", {"at": "1"}).status_code == status
        assert as_(person).post(f"/lessons/{lecture.pk}/lost/back/", {"second": "0"}).status_code == status
    assert as_(cast.student).post(f"/lessons/{cast.reading.pk}/lost/", {"at": "1"}).status_code == 404
    assert "Lost here" not in as_(cast.teacher).get(f"/lessons/{lecture.pk}/").content.decode()
    assert "Lost here" in as_(cast.student).get(f"/lessons/{lecture.pk}/").content.decode()


def test_more_taps_than_a_lecture_takes_are_refused_with_a_sentence(
    cast: Cast, as_: As, lecture: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost, "MOST", 2)
    client = as_(cast.student)
    for second in (0, 10):
        lost.note(cast.enrolment, lecture, second)
    # The same place again is no further one.
    lost.note(cast.enrolment, lecture, 11)
    for headers in (HTMX, {}):
        answer = client.post(f"/lessons/{lecture.pk}/lost/", {"at": "20"}, headers=headers, follow=True)
        assert "at 2 places in this lecture. Remove some" in answer.content.decode()
    assert LostHere.objects.count() == 2


def test_taps_go_with_the_enrolment_and_move_with_it(cast: Cast, lecture: Activity) -> None:
    lost.note(cast.enrolment, lecture, 0)
    cohorts.move(cast.enrolment, make.CohortFactory(course=cast.course), by=cast.admin)
    assert LostHere.objects.count() == 1
    Enrolment.objects.get(user=cast.student).delete()
    assert not LostHere.objects.exists()


def test_an_observer_and_an_author_are_offered_no_question(cast: Cast, as_: As, lecture: Activity) -> None:
    for person in (cast.observer, cast.editor):
        page = as_(person).get(f"/lessons/{lecture.pk}/").content.decode()
        assert "Ask about this moment" not in page
        assert "forum/new" not in beside(as_(person), lecture)
        assert as_(person).get(f"/lessons/{lecture.pk}/ask/").status_code == 403
