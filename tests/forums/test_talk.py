"""Threads and posts as services: sent once, numbered, answered, edited, deleted and brought back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from common import richtext
from forums.models import Following, Forum, Mention, Post, Reading, Thread
from forums.services import answers, moderation, talk
from forums.services.talk import Refused, Written
from progress.models import Contact
from tests.cast import Cast
from tests.factories.forums import reply, sending, thread

pytestmark = pytest.mark.django_db


def again(found: Thread) -> Thread:
    return Thread.objects.get(pk=found.pk)


def test_a_form_that_is_sent_twice_makes_one_thread(cast: Cast) -> None:
    key, written = sending(), Written("I wonder.", title="Why?")
    first = talk.start(cast.cohort, written, key, by=cast.student)
    second = talk.start(cast.cohort, written, key, by=cast.student)
    assert (first.made, second.made, second.differs) == (True, False, False)
    assert second.post == first.post
    assert Thread.objects.count() == 1


def test_the_same_key_with_other_words_changes_nothing_and_says_so(cast: Cast) -> None:
    key = sending()
    first = talk.start(cast.cohort, Written("I wonder.", title="Why?"), key, by=cast.student)
    second = talk.start(cast.cohort, Written("I wonder a lot.", title="Why?"), key, by=cast.student)
    assert (second.made, second.differs) == (False, True)
    assert Post.objects.get().source == first.post.source == "I wonder."


def test_the_key_of_somebody_else_is_another_key(cast: Cast) -> None:
    key = sending()
    talk.start(cast.cohort, Written("Mine.", title="Why?"), key, by=cast.student)
    assert talk.start(cast.cohort, Written("Ours.", title="Why?"), key, by=cast.other_student).made


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_lose_and_double_nothing(cast: Cast) -> None:
    found, key = thread(cast.cohort, cast.student), sending()
    people = [cast.student, cast.other_student, cast.teacher, cast.assistant] * 4

    def post(number: int) -> bool:
        try:
            own = key if number < 4 else sending()
            by = cast.student if number < 4 else people[number]
            return talk.reply(found, Written(f"Post {number}."), own, by=by).made
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(post, range(16)))
    # Four of them were one form, pressed four times.
    assert sum(made) == 13
    assert sorted(Post.objects.filter(thread=found).values_list("number", flat=True)) == list(range(1, 15))
    assert again(found).last_number == 14


def test_a_question_is_answered_by_the_first_reply_of_somebody_else(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    reply(found, cast.student, "I forgot to say: in summer.")
    assert again(found).answered_at is None
    answer = reply(found, cast.other_student)
    assert again(found).answered_at == answer.created_at
    talk.delete(answer, by=cast.other_student)
    assert again(found).answered_at is None
    talk.restore(answer)
    assert again(found).answered_at == answer.created_at
    moderation.hide(answer, "It gives the solution away.", by=cast.teacher)
    assert again(found).answered_at is None
    assert list(Thread.objects.unanswered()) == [again(found)]


def test_a_reply_to_a_reply_of_a_reply_stands_beside_it(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    first = reply(found, cast.teacher)
    second = reply(found, cast.student, to=first)
    third = reply(found, cast.teacher, to=second)
    assert [(post.under, post.parent) for post in (first, second, third)] == [(2, None), (2, first), (2, first)]


def test_whoever_writes_follows_the_thread_and_has_read_what_they_wrote(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    reply(found, cast.teacher)
    assert Following.objects.filter(thread=found, person=cast.teacher, muted=False).exists()
    assert [*Reading.objects.get(thread=found, person=cast.teacher).numbers] == [*connection_range(2, 3)]


def connection_range(first: int, end: int) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT int4multirange(int4range(%s, %s))", [first, end])
        return list(cursor.fetchone()[0])


def test_muting_a_thread_outlives_a_reply_of_ones_own(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    Following.objects.filter(thread=found, person=cast.student).update(muted=True)
    reply(found, cast.student)
    assert Following.objects.get(thread=found, person=cast.student).muted


def test_an_edit_keeps_what_was_said_before(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    opening = found.posts.get()
    talk.edit(opening, "I wonder still.", title="Why do bees dance at all?", by=cast.student)
    opening.refresh_from_db()
    assert (opening.source, again(found).title) == ("I wonder still.", "Why do bees dance at all?")
    assert "<p" in opening.html
    assert "still" in opening.html
    kept = opening.edits.get()
    assert (kept.source, kept.title, kept.by) == ("I wonder.", "Why do bees dance?", cast.student)


def test_a_deleted_post_leaves_the_thread_and_an_only_post_takes_it_along(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    reply(found, cast.teacher)
    talk.delete(found.posts.get(number=1), by=cast.student)
    assert again(found).deleted_at is None
    alone = thread(cast.cohort, cast.student, "Never mind")
    opening = alone.posts.get()
    assert talk.delete(opening, by=cast.student)
    assert not talk.delete(opening, by=cast.student)
    assert alone not in Thread.objects.readable_by(cast.teacher)
    assert talk.restore(opening)
    assert alone in Thread.objects.readable_by(cast.teacher)


def test_deleting_the_accepted_answer_leaves_none_accepted(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    answer = reply(found, cast.teacher)
    answers.accept(answer, by=cast.student, accepted=True)
    assert again(found).accepted == answer
    talk.delete(answer, by=cast.teacher)
    assert again(found).accepted is None


def test_nobody_replies_to_a_closed_thread_but_those_who_closed_it(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    moderation.lock(found)
    with pytest.raises(Refused, match="closed to new replies"):
        reply(found, cast.other_student)
    assert talk.reply(found, Written("Closed."), sending(), by=cast.teacher, though_locked=True).made


def test_a_text_over_the_limit_is_refused_with_both_figures(cast: Cast) -> None:
    with pytest.raises(richtext.TooMuch, match=r"20,001 characters. The limit is 20,000"):
        thread(cast.cohort, cast.student, source="a" * 20_001)
    assert not Thread.objects.exists()


def test_a_flood_is_refused_and_says_how_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "MOST_IN_AN_HOUR", 2)
    found = thread(cast.cohort, cast.student)
    reply(found, cast.student)
    with pytest.raises(Refused, match="2 posts in the past hour"):
        reply(found, cast.student)
    reply(found, cast.other_student)


class TestMentions:
    def named(self, cast: Cast, source: str) -> set[str]:
        found = thread(cast.cohort, cast.student, source=source)
        return set(Mention.objects.filter(post__thread=found).values_list("person__username", flat=True))

    def test_a_member_is_named_by_the_name_that_classmates_see(self, cast: Cast) -> None:
        cast.teacher.display_name = "Ana María Ruiz"
        cast.teacher.save()
        cast.other_student.display_name, cast.other_student.minor = "Kim Lee Park", True
        cast.other_student.save()
        assert self.named(cast, "Hello @ana maría ruiz, and @Kim P.!") == {"teacher", "other.student"}
        assert self.named(cast, "Hello @Kim Lee Park") == set()

    def test_of_two_names_that_begin_alike_the_longer_is_meant(self, cast: Cast) -> None:
        for person, name in ((cast.teacher, "Bo"), (cast.other_student, "Bo Ek")):
            person.display_name = name
            person.save()
        assert self.named(cast, "@Bo Ek, look") == {"other.student"}
        assert self.named(cast, "@Bo, look") == {"teacher"}
        assert self.named(cast, "@Boris, look") == set()

    def test_nobody_is_named_by_an_address_or_from_another_cohort(self, cast: Cast) -> None:
        for person, name in ((cast.elsewhere_student, "Elsa"), (cast.teacher, "Tom")):
            person.display_name = name
            person.save()
        assert self.named(cast, "mail me@Tom.org and ask @Elsa") == set()


class TestContacts:
    def pairs(self) -> set[tuple[str, str, str]]:
        return set(Contact.objects.values_list("by__username", "person__username", "what"))

    def test_replies_answers_and_verdicts_are_contacts(self, cast: Cast) -> None:
        found = thread(cast.cohort, cast.student)
        answer = reply(found, cast.other_student)
        reply(found, cast.teacher, "Well said.", to=answer)
        answers.endorse(answer, by=cast.teacher, endorsed=True)
        answers.accept(answer, by=cast.student, accepted=True)
        assert self.pairs() == {
            ("other.student", "student", "answer"),
            ("teacher", "other.student", "reply"),
            ("teacher", "student", "answer"),
            ("teacher", "other.student", "endorsed"),
            ("student", "other.student", "accepted"),
        }

    def test_who_speaks_to_themselves_has_no_contact(self, cast: Cast) -> None:
        reply(thread(cast.cohort, cast.student), cast.student)
        assert self.pairs() == set()

    def test_an_anonymous_post_tells_of_nobody(self, cast: Cast) -> None:
        Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
        found = thread(cast.cohort, cast.student, anonymous=True)
        assert found.anonymous
        answer = reply(found, cast.teacher)
        answers.accept(answer, by=cast.student, accepted=True)
        reply(thread(cast.cohort, cast.teacher), cast.student, anonymous=True)
        assert self.pairs() == set()


def test_only_students_are_anonymous_and_only_where_it_is_allowed(cast: Cast) -> None:
    with pytest.raises(talk.Refused, match="without your name"):
        thread(cast.cohort, cast.student, anonymous=True)
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    assert thread(cast.cohort, cast.student, anonymous=True).anonymous
    with pytest.raises(talk.Refused, match="without your name"):
        thread(cast.cohort, cast.teacher, anonymous=True)


def test_wondering_counts_each_person_once(cast: Cast) -> None:
    found = thread(cast.cohort, cast.student)
    answers.wonder(found, cast.other_student, wonders=True)
    assert answers.wonder(found, cast.other_student, wonders=True) == 1
    assert answers.wonder(found, cast.assistant, wonders=True) == 2
    assert answers.wonder(found, cast.other_student, wonders=False) == 1
    assert answers.wonder(found, cast.other_student, wonders=False) == 1


def test_a_circle_of_duplicates_is_refused(cast: Cast) -> None:
    first, second = thread(cast.cohort, cast.student), thread(cast.cohort, cast.student)
    moderation.close_as_duplicate(first, second)
    with pytest.raises(Refused, match="points back"):
        moderation.close_as_duplicate(again(second), again(first))
    elsewhere = thread(cast.elsewhere, cast.elsewhere_student)
    with pytest.raises(Refused, match="different cohort"):
        moderation.close_as_duplicate(second, elsewhere)
