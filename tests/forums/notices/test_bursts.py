"""A burst is one notice, told as things are now, read by going there, and by any number of workers once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from forums.services import answers, moderation, talk
from notifications.models import Event, Notice
from notifications.services import events, telling
from notifications.services.reading import recount
from tests.cast import Cast
from tests.courses.notices.days import statements_about_events, wait
from tests.factories.forums import reply, thread
from tests.forums.notices.living import SOON, heard, text, told

pytestmark = pytest.mark.django_db


class TestAsItIsNow:
    def test_edited_words_and_titles_are_told_as_they_are_now(self, cast: Cast, clock: time_machine.Traveller) -> None:
        found = thread(cast.cohort, cast.student)
        answer = reply(found, cast.other_student, "Tpyo.")
        wait(clock, **SOON)
        talk.edit(answer, "Typo.", title="", by=cast.other_student)
        talk.edit(found.posts.get(number=1), "I wonder.", title="Why dance?", by=cast.student)
        wait(clock, minutes=1)
        assert text(cast.student) == "Other Student: Typo."
        assert heard(cast.student) == [("forum_answer", "Other Student replied to your question “Why dance?”")]

    @pytest.mark.parametrize("how", ["deleted", "hidden"])
    def test_what_is_deleted_or_hidden_leaves_inboxes_at_once_and_comes_back(
        self, cast: Cast, clock: time_machine.Traveller, how: str
    ) -> None:
        found = thread(cast.cohort, cast.student)
        reply(found, cast.teacher, "First.")
        last = reply(found, cast.other_student, "Last.")
        alone = reply(thread(cast.cohort, cast.student, "Alone"), cast.other_student, "Only.")
        wait(clock, **SOON)
        assert len(told(cast.student)) == 2
        for post in (last, alone):
            if how == "deleted":
                talk.delete(post, by=cast.other_student)
            else:
                moderation.hide(post, "No.", by=cast.teacher)
        wait(clock, minutes=1)
        assert [title for _, title in heard(cast.student)] == ["Teacher replied to your question “Why do bees dance?”"]
        assert text(cast.student) == "Teacher: First."
        cast.student.refresh_from_db()
        assert cast.student.mailbox.unread == recount(cast.student) == 1
        for post in (last, alone):
            if how == "deleted":
                talk.restore(post)
            else:
                moderation.show(post, by=cast.teacher)
        wait(clock, minutes=1)
        assert sorted(title for _, title in heard(cast.student)) == [
            "2 replies to your question “Why do bees dance?”",
            "Other Student replied to your question “Alone”",
        ]

    def test_post_that_is_deleted_before_it_is_told_is_not(self, cast: Cast, clock: time_machine.Traveller) -> None:
        found = thread(cast.cohort, cast.student)
        talk.delete(reply(found, cast.other_student), by=cast.other_student)
        wait(clock, **SOON)
        assert heard(cast.student) == []


class TestBursts:
    def test_burst_is_one_notice_with_a_count_and_the_last_words(
        self, cast: Cast, clock: time_machine.Traveller, client: Client
    ) -> None:
        found = thread(cast.cohort, cast.student)
        for number in range(3):
            reply(found, cast.other_student, f"Thought {number}.")
            wait(clock, minutes=2)
        assert heard(cast.student) == []
        wait(clock, minutes=2)
        assert heard(cast.student) == [("forum_answer", "3 replies to your question “Why do bees dance?”")]
        assert text(cast.student) == "Other Student: Thought 2."
        client.force_login(cast.student)
        [notice] = told(cast.student)
        place = client.get(client.get(reverse("notifications:open", args=[notice.pk])).url)
        assert place.url == f"/threads/{found.pk}/#post-2"

    def test_talk_without_an_end_is_told_after_a_quarter_of_an_hour(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        found = thread(cast.cohort, cast.student)
        for _ in range(10):
            reply(found, cast.other_student)
            wait(clock, minutes=2)
        assert len(told(cast.student)) == 1

    def test_later_burst_takes_what_is_unread_along_and_what_was_read_it_does_not(
        self, cast: Cast, clock: time_machine.Traveller, client: Client
    ) -> None:
        found = thread(cast.cohort, cast.teacher, "Trip", kind="discussion")
        for _ in range(2):
            reply(found, cast.student)
            wait(clock, hours=1)
        assert heard(cast.teacher) == [("forum_reply", "2 replies to you in “Trip”")]
        assert cast.teacher.mailbox.unread == recount(cast.teacher)
        client.force_login(cast.teacher)
        client.get(f"/threads/{found.pk}/")
        wait(clock, hours=16)
        reply(found, cast.student)
        wait(clock, **SOON)
        assert [title for _, title in heard(cast.teacher)] == [
            "2 replies to you in “Trip”",
            "Student replied to you in “Trip”",
        ]

    def test_going_to_the_thread_reads_its_notices(
        self, cast: Cast, clock: time_machine.Traveller, client: Client
    ) -> None:
        found = thread(cast.cohort, cast.student)
        reply(found, cast.other_student, "Look, @Student.")
        reply(found, cast.other_student)
        other = thread(cast.cohort, cast.student, "Other")
        reply(other, cast.other_student)
        wait(clock, **SOON)
        assert cast.student.mailbox.unread == 3
        client.force_login(cast.student)
        client.head(f"/threads/{found.pk}/")
        assert Notice.objects.filter(person=cast.student, read_at=None).count() == 3
        page = client.get(f"/threads/{found.pk}/")
        assert page.context["user"].unread == 1
        cast.student.mailbox.refresh_from_db()
        assert cast.student.mailbox.unread == 1
        assert Notice.objects.get(person=cast.student, read_at=None, state="told").subject == other.pk

    def test_thread_costs_nothing_more_while_nothing_is_unread(self, cast: Cast, client: Client) -> None:
        found = thread(cast.cohort, cast.student)
        client.force_login(cast.student)
        client.get(f"/threads/{found.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/threads/{found.pk}/")
        assert not any('FROM "notifications_notice"' in query["sql"] for query in queries)
        assert len(queries) <= 6

    def test_each_deed_costs_one_statement_and_names_nobody(self, cast: Cast) -> None:
        found = thread(cast.cohort, cast.student)
        answer = reply(found, cast.other_student)
        for deed in (
            lambda: thread(cast.cohort, cast.student, "Another"),
            lambda: reply(found, cast.teacher),
            lambda: answers.accept(answer, by=cast.student, accepted=True),
            lambda: answers.endorse(answer, by=cast.teacher, endorsed=True),
            lambda: talk.edit(answer, "Other words.", title="", by=cast.other_student),
            lambda: moderation.report(answer, "No.", by=cast.student),
            lambda: talk.delete(answer, by=cast.other_student),
        ):
            assert statements_about_events(deed) == 1
        assert not Event.objects.exclude(actor=None).exists()
        assert {key for event in Event.objects.all() for key in event.values} == {"number"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_each_person_once(cast: Cast) -> None:
    """Without the turn that keeps them apart: the rows do too."""
    found = [thread(cast.cohort, cast.student, f"Question {number}") for number in range(6)]
    for one in found:
        reply(one, cast.other_student, "Look, @Teacher.")
    Event.objects.update(not_before=timezone.now())
    User.objects.filter(pk=cast.teacher.pk).update(display_name="Teacher")
    together = Barrier(2)

    def work(_number: int) -> None:
        try:
            together.wait()
            now = timezone.now()
            events.spread_some(now)
            telling.tell_some(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    telling.tell_some(timezone.now())
    answered = Notice.objects.filter(person=cast.student, kind="forum_answer", state="told")
    assert sorted(answered.values_list("subject", flat=True)) == sorted(one.pk for one in found)
    cast.student.refresh_from_db()
    assert cast.student.mailbox.unread == 6
