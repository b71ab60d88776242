"""The pages of a forum: who reads what, under whose name, in how many queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from accounts.models import User
from forums.models import Following, Forum, Post, Reading, Thread
from forums.services import moderation, talk, topics
from tests.cast import Cast
from tests.factories.forums import reply, thread

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_a_thread_is_opened_by_the_form_and_led_to(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.student)
    path = f"/cohorts/{cast.cohort.pk}/forum/new/?activity={cast.reading.pk}"
    page = client.get(path)
    writing = page.context["writing"]
    sent = {"draft_key": str(writing.key), "kind": "question", "title": "Why?", "source": "Because $a^2$ is $5."}
    answer = client.post(path, sent, follow=True)
    found = Thread.objects.get()
    assert answer.redirect_chain[-1][0] == f"/threads/{found.pk}/#post-1"
    assert (found.activity, found.kind) == (cast.reading, "question")
    assert "<math" in answer.content.decode()
    # The back button, and a second press.
    answer = client.post(path, sent, follow=True)
    assert "posted already" in answer.content.decode()
    answer = client.post(path, {**sent, "source": "Something else."}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/posts/{found.posts.get().pk}/edit/"
    assert "Something else." in answer.content.decode()
    assert Post.objects.get().source.startswith("Because")


def test_a_preview_keeps_nothing_and_all_that_was_typed(cast: Cast, as_user: SignIn) -> None:
    sent = {"draft_key": "x", "kind": "question", "title": "Why?", "source": "**Look**", "preview": ""}
    client = as_user(cast.student)
    sent["draft_key"] = str(client.get(f"/cohorts/{cast.cohort.pk}/forum/new/").context["writing"].key)
    page = client.post(f"/cohorts/{cast.cohort.pk}/forum/new/", sent).content.decode()
    assert "<strong>Look</strong>" in page
    assert "**Look**" in page
    assert not Thread.objects.exists()


def test_an_empty_form_comes_back_with_its_faults(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.student).post(f"/cohorts/{cast.cohort.pk}/forum/new/", {"title": "Why?"})
    assert answer.status_code == 422
    assert 'value="Why?"' in answer.content.decode()


def test_another_cohort_finds_nothing(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student)
    post = found.posts.get()
    for person in (cast.elsewhere_student, cast.elsewhere_teacher, cast.outsider, cast.editor):
        client = as_user(person)
        for path in (
            f"/threads/{found.pk}/",
            f"/posts/{post.pk}/",
            f"/cohorts/{cast.cohort.pk}/forum/",
            f"/threads/{found.pk}/news/?after=0",
            f"/posts/{post.pk}/report/",
        ):
            assert client.get(path).status_code == 404, (person, path)
        assert client.post(f"/threads/{found.pk}/reply/", {"source": "Hello"}).status_code == 404


def test_an_observer_reads_and_does_not_write(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student)
    client = as_user(cast.observer)
    assert "I wonder." in text(client, f"/threads/{found.pk}/")
    assert client.post(f"/threads/{found.pk}/reply/", {"source": "Hello"}).status_code == 403
    assert client.get(f"/cohorts/{cast.cohort.pk}/forum/new/").status_code == 403


def test_talk_about_a_hidden_lesson_is_hidden_with_it(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student, activity=cast.reading)
    cast.reading.published = False
    cast.reading.save()
    text(as_user(cast.other_student), f"/threads/{found.pk}/", 404)
    assert "Why do bees dance?" not in text(as_user(cast.other_student), f"/cohorts/{cast.cohort.pk}/forum/")
    assert "Why do bees dance?" in text(as_user(cast.teacher), f"/threads/{found.pk}/")


def test_an_anonymous_author_is_named_to_nobody(cast: Cast, as_user: SignIn) -> None:
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    cast.student.display_name = "Xaverine Quux"
    cast.student.save()
    found = thread(cast.cohort, cast.student, anonymous=True)
    for person in (cast.other_student, cast.teacher, cast.observer):
        client = as_user(person)
        for path in (f"/threads/{found.pk}/", f"/cohorts/{cast.cohort.pk}/forum/", "/forum/"):
            page = text(client, path)
            assert "Xaverine" not in page, (person, path)
            assert "Quux" not in page
    assert "Xaverine" not in text(as_user(cast.teacher), "/forum/unanswered/")
    post = found.posts.get()
    assert "Xaverine" not in text(as_user(cast.teacher), f"/posts/{post.pk}/author/")
    assert not post.unmaskings.exists()
    page = as_user(cast.teacher).post(f"/posts/{post.pk}/author/").content.decode()
    assert "Xaverine Quux" in page
    assert post.unmaskings.get().by == cast.teacher
    assert as_user(cast.other_student).post(f"/posts/{post.pk}/author/").status_code == 403


TICKED = '//form[@method="post"]//input[@name="anonymous"][@checked]'


def test_who_wrote_without_a_name_keeps_to_it_in_that_thread(cast: Cast, as_user: SignIn) -> None:
    """One reply by name would tell who had asked."""
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    cast.student.display_name = "Xaverine Quux"
    cast.student.save()
    own, by_name = thread(cast.cohort, cast.student, anonymous=True), thread(cast.cohort, cast.student)
    joined = thread(cast.cohort, cast.other_student)
    reply(joined, cast.student, anonymous=True)
    for one in (own, joined):
        assert html.fromstring(text(as_user(cast.student), f"/threads/{one.pk}/")).xpath(TICKED)
        assert html.fromstring(text(as_user(cast.student), f"/threads/{one.pk}/reply/?quote=1")).xpath(TICKED)
    assert not html.fromstring(text(as_user(cast.student), f"/threads/{by_name.pk}/")).xpath(TICKED)
    assert not html.fromstring(text(as_user(cast.other_student), f"/threads/{own.pk}/")).xpath(TICKED)
    reply(own, cast.student)
    assert not html.fromstring(text(as_user(cast.student), f"/threads/{own.pk}/")).xpath(TICKED)


def test_a_reply_says_under_which_name_it_will_appear(cast: Cast, as_user: SignIn) -> None:
    """As classmates see it; the style sheet shows which of two the tick says."""
    cast.student.display_name, cast.student.minor = "Xaverine Quux", True
    cast.student.save()
    found = thread(cast.cohort, cast.other_student)

    def said(path: str) -> list[str]:
        page = html.fromstring(text(as_user(cast.student), path))
        return [" ".join(one.text_content().split()) for one in page.xpath('//p[contains(@class, "posts-as")]/span')]

    paths = (f"/threads/{found.pk}/", f"/threads/{found.pk}/reply/", f"/cohorts/{cast.cohort.pk}/forum/new/")
    for path in paths:
        assert said(path) == ["Appears as Xaverine Q."]
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    for path in paths:
        assert said(path) == ["Appears as “Anonymous”", "Appears as Xaverine Q."]


def test_who_never_wrote_reads_who_will_read_it_before_the_first_post_wherever_it_is_written(
    cast: Cast, as_user: SignIn
) -> None:
    found = thread(cast.cohort, cast.other_student)
    paths = (f"/threads/{found.pk}/", f"/threads/{found.pk}/reply/", f"/cohorts/{cast.cohort.pk}/forum/new/")
    word = "Your class and its teachers will read this."
    for path in paths:
        assert word in text(as_user(cast.student), path), path
    reply(found, cast.student)
    for path in paths:
        assert word not in text(as_user(cast.student), path), path


def test_who_asked_reads_that_it_is_posted_and_when_to_expect_an_answer(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student)
    path = f"/threads/{found.pk}/"
    assert "Expect one by" in text(as_user(cast.student), path)
    assert "Expect one by" not in text(as_user(cast.other_student), path)
    reply(found, cast.other_student)
    assert "Expect one by" not in text(as_user(cast.student), path)
    sent = {"draft_key": "", "source": "Thank you."}
    assert "Posted." in as_user(cast.student).post(f"{path}reply/", sent, follow=True).content.decode()


def test_the_author_sees_that_a_teacher_looked_up_their_name(cast: Cast, as_user: SignIn) -> None:
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    found = thread(cast.cohort, cast.student, anonymous=True)
    moderation.unmask(found.posts.get(), by=cast.teacher)
    assert "A teacher looked up your name" in text(as_user(cast.student), f"/threads/{found.pk}/")
    assert "looked up your name" not in text(as_user(cast.other_student), f"/threads/{found.pk}/")


def test_a_reported_post_is_out_of_sight_in_a_class_with_minors_until_a_teacher_has_looked(
    cast: Cast, as_user: SignIn
) -> None:
    cast.other_student.minor = True
    cast.other_student.save()
    found = thread(cast.cohort, cast.student)
    rude = reply(found, cast.student, "You are all stupid.")
    as_user(cast.other_student).post(f"/posts/{rude.pk}/report/", {"reason": "It is rude."})
    page = text(as_user(cast.other_student), f"/threads/{found.pk}/")
    assert "stupid" not in page
    assert "A teacher will look at it" in page
    assert "stupid" in text(as_user(cast.teacher), f"/threads/{found.pk}/")
    as_user(cast.teacher).post(f"/posts/{rude.pk}/show/")
    assert "stupid" in text(as_user(cast.other_student), f"/threads/{found.pk}/")
    # Looked at once, another report hides it no more.
    as_user(cast.assistant).post(f"/posts/{rude.pk}/report/", {"reason": "Again."})
    assert not Post.objects.get(pk=rude.pk).hidden_at


def test_the_author_of_a_hidden_post_reads_why(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student)
    post = reply(found, cast.student, "The solution is xylophone.")
    as_user(cast.teacher).post(f"/posts/{post.pk}/hide/", {"reason": "Others still want to find it."})
    assert "Others still want to find it." in text(as_user(cast.student), f"/threads/{found.pk}/")
    page = text(as_user(cast.other_student), f"/threads/{found.pk}/")
    assert "xylophone" not in page
    assert "A teacher hid this post." in page


def test_the_author_of_a_hidden_post_reads_too_that_their_name_was_looked_up(cast: Cast, as_user: SignIn) -> None:
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    found = thread(cast.cohort, cast.other_student)
    post = reply(found, cast.student, "You are all stupid.", anonymous=True)
    as_user(cast.teacher).post(f"/posts/{post.pk}/hide/", {"reason": "It is rude."})
    as_user(cast.teacher).post(f"/posts/{post.pk}/author/")
    page = text(as_user(cast.student), f"/threads/{found.pk}/")
    assert "It is rude." in page
    assert "A teacher looked up your name." in page
    assert "looked up" not in text(as_user(cast.teacher), f"/threads/{found.pk}/")


def test_only_what_somebody_opened_is_moved(cast: Cast, as_user: SignIn) -> None:
    """A step of the course and a round of introductions stay where the course, or the cohort, has them."""
    opened, hello = thread(cast.cohort, cast.student), topics.introductions_of(cast.cohort)
    client = as_user(cast.teacher)
    assert f"/threads/{opened.pk}/move/" in text(client, f"/threads/{opened.pk}/")
    assert "/move/" not in text(client, f"/threads/{hello.pk}/")
    assert client.post(f"/threads/{hello.pk}/move/", {"activity": cast.reading.pk}).status_code == 404
    assert client.post(f"/threads/{opened.pk}/move/", {"activity": cast.reading.pk}).status_code == 302


def test_others_words_wait_for_ones_own_where_the_thread_says_so(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.teacher, kind="discussion")
    Thread.objects.filter(pk=found.pk).update(own_first=True)
    reply(found, cast.other_student, "Secret thought.")
    client = as_user(cast.student)
    assert "Secret" not in text(client, f"/threads/{found.pk}/")
    assert "Secret" not in text(client, f"/cohorts/{cast.cohort.pk}/forum/?q=secret")
    reply(found, cast.student, "My own.")
    assert "Secret" in text(client, f"/threads/{found.pk}/")
    assert "Secret" in text(client, f"/cohorts/{cast.cohort.pk}/forum/?q=secret")


def test_unread_counts_fall_as_posts_come_into_view(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student)
    for _ in range(3):
        reply(found, cast.other_student)
    client = as_user(cast.teacher)
    assert "4 new" in text(client, f"/cohorts/{cast.cohort.pk}/forum/")
    assert client.post(f"/threads/{found.pk}/read/", {"numbers": "1-2,4,999999"}).status_code == 204
    assert "1 new" in text(client, f"/cohorts/{cast.cohort.pk}/forum/")
    assert client.get(f"/threads/{found.pk}/?unread=1").url == f"/threads/{found.pk}/#post-3"
    client.post(f"/cohorts/{cast.cohort.pk}/forum/read/")
    assert "new</span>" not in text(client, f"/cohorts/{cast.cohort.pk}/forum/")
    assert Reading.objects.filter(person=cast.teacher).count() == 1


@pytest.mark.parametrize("many", [1, 3, 40])
def test_pages_cost_six_queries_however_much_was_said(
    cast: Cast, as_user: SignIn, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "MOST_THREADS_A_DAY", 1_000)
    monkeypatch.setattr(talk, "MOST_IN_AN_HOUR", 1_000)
    for number in range(many):
        found = thread(cast.cohort, cast.student, f"Question {number}", activity=cast.reading)
    for number in range(many):
        reply(found, cast.other_student if number % 2 else cast.teacher)
    client = as_user(cast.student)
    for path in (
        f"/cohorts/{cast.cohort.pk}/forum/",
        f"/threads/{found.pk}/",
        "/forum/",
        f"/lessons/{cast.reading.pk}/talk/",
        f"/cohorts/{cast.cohort.pk}/forum/?q=question",
        f"/courses/{cast.course.pk}/forum/found/?q=question",
        "/forum/found/?q=question",
    ):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            text(client, path)
        assert len(queries) <= 6, (path, [query["sql"][:120] for query in queries])


def test_talk_about_one_module_is_followed_muted_and_let_be_from_any_of_its_lessons(
    cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.student)
    path = f"/lessons/{cast.reading.pk}/talk/"
    choices = Following.objects.filter(person=cast.student, cohort=cast.cohort, module=cast.module, thread=None)
    for choice, muted, says in (("follow", False, "Following"), ("mute", True, "Muted: hear of it again")):
        page = client.post(f"{path}follow/", {"choice": choice}, follow=True).content.decode()
        assert [one.muted for one in choices.all()] == [muted]
        assert says in page
        assert says in text(client, f"/lessons/{cast.file.pk}/talk/")
    page = client.post(f"{path}follow/", {"choice": "neither"}, follow=True).content.decode()
    assert not choices.exists()
    assert "You no longer follow this module." in page
    assert "Following" not in page
    assert "Talk about all lessons" not in client.get(path, headers={"HX-Request": "true"}).content.decode()


def test_search_finds_folded_words_and_marks_them(cast: Cast, as_user: SignIn) -> None:
    thread(cast.cohort, cast.student, "About cafés", source="The bees dance in **circles** and figures of eight.")
    thread(cast.elsewhere, cast.elsewhere_student, "About cafés", source="In circles.")
    client = as_user(cast.student)
    page = text(client, f"/cohorts/{cast.cohort.pk}/forum/?q=circle")
    assert "<mark>circles</mark>" in page
    assert page.count("About cafés") == 1
    assert "About cafés" in text(client, f"/cohorts/{cast.cohort.pk}/forum/?q=cafe")
    assert "Nothing found" in text(client, f"/cohorts/{cast.cohort.pk}/forum/?q=elephant")


def test_similar_questions_are_offered_while_a_title_is_typed(cast: Cast, as_user: SignIn) -> None:
    thread(cast.cohort, cast.student, "Why do bees dance?")
    client = as_user(cast.other_student)
    path = f"/cohorts/{cast.cohort.pk}/forum/similar/"
    assert "Why do bees dance?" in client.get(path, {"title": "What makes a bee dance so much"}).content.decode()
    assert client.get(path, {"title": "Elephants"}).content.decode().strip() == ""


def test_deleting_offers_undo(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student)
    post = reply(found, cast.student, "Oops.")
    client = as_user(cast.student)
    page = client.post(f"/posts/{post.pk}/delete/", follow=True).content.decode()
    assert "Its author deleted this post." in page
    assert "Oops." not in page
    undo = page.split('action="/undo/')[1].split('"')[0]
    assert "Oops." in client.post(f"/undo/{undo}", follow=True).content.decode()
    assert as_user(cast.other_student).post(f"/posts/{post.pk}/delete/").status_code == 403


def test_a_post_of_a_long_thread_is_led_to_on_its_page(cast: Cast, as_user: SignIn) -> None:
    found = thread(cast.cohort, cast.student)
    talk.MOST_IN_AN_HOUR, most = 1_000, talk.MOST_IN_AN_HOUR
    posts = [reply(found, cast.student, f"Post {number}.") for number in range(60)]
    talk.MOST_IN_AN_HOUR = most
    client = as_user(cast.other_student)
    assert client.get(f"/posts/{posts[57].pk}/").url == f"/threads/{found.pk}/?page=2#post-59"
    assert "Post 57." in text(client, f"/threads/{found.pk}/?page=2")


def test_pinning_is_one_press_in_the_thread_and_says_what_it_does(cast: Cast, as_user: SignIn) -> None:
    found, client = thread(cast.cohort, cast.student), as_user(cast.teacher)
    page = html.fromstring(text(client, f"/threads/{found.pk}/"))
    (press,) = page.xpath(f'//button[@formaction="/threads/{found.pk}/pin/"]')
    assert not press.xpath("ancestor::details")
    page = client.post(f"/threads/{found.pk}/pin/", follow=True).content.decode()
    assert "Pinned. This thread comes first in the forum." in page
    assert "Pinned: it comes first in the forum" in page
    assert "No longer pinned." in client.post(f"/threads/{found.pk}/pin/", {"not": ""}, follow=True).content.decode()
