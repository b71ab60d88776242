"""What was said in the forum, beneath the lessons that the search of a course found."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from courses.models import Activity, Cohort
from forums.services import talk
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.forums import reply, thread

SignIn = Callable[[User | None], Client]

HTMX = {"HX-Request": "true"}


def found(client: Client, cast: Cast, words: str) -> str:
    return client.get(f"/courses/{cast.course.pk}/forum/found/", {"q": words}, headers=HTMX).content.decode()


def test_the_search_of_a_course_leads_to_what_was_said_in_its_forum(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.student)
    page = client.get(f"/courses/{cast.course.pk}/search/", {"q": "honey & wax"}).content.decode()
    address = f"/courses/{cast.course.pk}/forum/found/?q=honey%20%26%20wax"
    assert f'hx-get="{address}"' in page
    assert f'href="{address}"' in page
    everywhere = client.get("/search/", {"q": "wax"}).content.decode()
    assert 'href="/forum/found/?q=wax"' in everywhere


def test_nothing_is_asked_of_the_forum_before_anything_is_searched(cast: Cast, as_user: SignIn) -> None:
    assert "forum/found" not in as_user(cast.student).get(f"/courses/{cast.course.pk}/search/").content.decode()


def test_posts_of_ones_own_cohort_are_found_with_their_place(cast: Cast, as_user: SignIn) -> None:
    own = thread(cast.cohort, cast.other_student, "Where does wax come from?")
    answer = reply(own, cast.teacher, "Young bees sweat wax.")
    reply(thread(cast.elsewhere, cast.elsewhere_student, "Theirs"), cast.elsewhere_student, "Wax, they say.")
    page = found(as_user(cast.student), cast, "sweat wax")
    assert f"/posts/{answer.pk}/" in page
    assert "Young bees" in strip_tags(page)
    assert f"/cohorts/{cast.cohort.pk}/forum/?q=sweat%20wax" in page
    assert "they say" not in page


def test_a_post_about_a_lesson_says_which(cast: Cast, as_user: SignIn) -> None:
    thread(cast.cohort, cast.student, "Wax?", activity=cast.reading)
    about = Activity.objects.filter(pk=cast.reading.pk)
    about.update(title="Eyes <of> bees")
    client = as_user(cast.student)
    forum = f"/cohorts/{cast.cohort.pk}/forum/?by={cast.student.display_name}"
    for page in (found(client, cast, "wax"), client.get(forum).content.decode()):
        assert "<bdi>Eyes &lt;of&gt; bees</bdi>" in page


@pytest.mark.parametrize("words", ["", " ", "wolves", "-wax", "“"])
def test_where_nothing_is_found_it_says_so(cast: Cast, as_user: SignIn, words: str) -> None:
    thread(cast.cohort, cast.student, "Wax")
    assert "Nothing in your forums" in found(as_user(cast.student), cast, words)


def test_whoever_teaches_two_cohorts_finds_the_posts_of_both_each_in_its_forum(cast: Cast, as_user: SignIn) -> None:
    make.EnrolmentFactory(user=cast.teacher, cohort=cast.elsewhere, role="teacher")
    thread(cast.cohort, cast.student, "Wax here")
    thread(cast.elsewhere, cast.elsewhere_student, "Wax there")
    page = found(as_user(cast.teacher), cast, "wax")
    assert "Wax here" in strip_tags(page).replace("\x02", "")
    assert "Wax there" in strip_tags(page)
    for cohort in (cast.cohort, cast.elsewhere):
        assert f"/cohorts/{cohort.pk}/forum/?q=wax" in page


def test_a_student_of_one_cohort_who_teaches_another_reads_in_each_what_their_role_there_lets_them(
    cast: Cast, as_user: SignIn
) -> None:
    make.EnrolmentFactory(user=cast.student, cohort=cast.elsewhere, role="teacher")
    hidden = {
        cohort: reply(thread(cohort, by), by, "Wax, but hidden.")
        for cohort, by in ((cast.cohort, cast.other_student), (cast.elsewhere, cast.elsewhere_student))
    }
    for post in hidden.values():
        post.hidden_at = post.created_at
        post.save(update_fields=["hidden_at"])
    page = found(as_user(cast.student), cast, "hidden")
    assert f"/posts/{hidden[cast.elsewhere].pk}/" in page
    assert f"/posts/{hidden[cast.cohort].pk}/" not in page


def test_forums_of_several_languages_are_searched_each_in_its_own(cast: Cast, as_user: SignIn) -> None:
    german = make.CohortFactory(course=make.CourseFactory(language="de"))
    make.EnrolmentFactory(user=cast.student, cohort=german)
    thread(cast.cohort, cast.student, "Houses of bees")
    thread(german, cast.student, "Häuser der Bienen")
    client = as_user(cast.student)
    for asked, title in (("house", "Houses of bees"), ("haus", "Häuser der Bienen")):
        page = client.get("/forum/found/", {"q": asked}, headers=HTMX).content.decode()
        assert title in strip_tags(page), asked


def test_a_cohort_that_was_left_or_deleted_is_not_searched(cast: Cast, as_user: SignIn) -> None:
    thread(cast.cohort, cast.other_student, "Wax")
    client = as_user(cast.student)
    assert "Wax" in found(client, cast, "wax")
    Cohort.objects.filter(pk=cast.cohort.pk).update(deleted_at=timezone.now())
    assert "Wax</a>" not in client.get("/forum/found/", {"q": "wax"}, headers=HTMX).content.decode()


def test_what_was_deleted_is_not_found(cast: Cast, as_user: SignIn) -> None:
    gone = reply(thread(cast.cohort, cast.other_student, "Flowers"), cast.other_student, "Nothing but wax.")
    talk.delete(gone, by=cast.other_student)
    assert "Nothing but" not in found(as_user(cast.student), cast, "wax")
