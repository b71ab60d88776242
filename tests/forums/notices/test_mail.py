"""What leaves by mail, and under whose name."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from forums.models import Forum, Thread
from forums.services import answers, moderation, news, talk
from notifications.kinds import KINDS
from notifications.models import Notice, Preference
from tests.cast import Cast
from tests.courses.notices.days import subjects, wait
from tests.factories.forums import reply, thread
from tests.forums.notices.living import SOON, everything_about, follow, heard, kinds, text

pytestmark = pytest.mark.django_db


class TestAnonymous:
    @pytest.fixture
    def masked(self, cast: Cast, clock: time_machine.Traveller) -> User:
        """A student whose name would be recognised anywhere; of a class of which nothing else is told."""
        others = [name for name, kind in KINDS.items() if name not in news.ALL and not kind.takes_along]
        for reader in ("teacher", "assistant", "student"):
            Preference.objects.bulk_create(
                Preference(person=cast.person(reader), kind=name, in_inbox=False, mail="never") for name in others
            )
        Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
        person = cast.other_student
        person.display_name, person.username = "Xaverine Quux", "xaverine.quux"
        person.save()
        return person

    def test_crawl_of_all_that_is_told_finds_neither_name_nor_key(
        self, cast: Cast, clock: time_machine.Traveller, masked: User
    ) -> None:
        readers = [cast.student, cast.teacher, cast.assistant, cast.observer]
        for reader in readers:
            follow(cast, reader)
        asked = thread(cast.cohort, masked, "Is it silly?", "I ask, @Student.", anonymous=True)
        for reader in readers:
            follow(cast, reader, thread=asked)
        answer = reply(asked, cast.student, "No.")
        reply(asked, masked, "Thank you, @Student.", to=answer, anonymous=True)
        talk.edit(asked.posts.get(number=1), "I ask you, @Teacher.", title="Silly?", by=masked)
        answers.accept(answer, by=masked, accepted=True)
        mine = thread(cast.cohort, cast.student)
        hidden = reply(mine, masked, "Because.", anonymous=True)
        wait(clock, **SOON)
        moderation.report(hidden, "Not nice.", by=cast.student)
        wait(clock, hours=1)
        clock.move_to(datetime(2026, 11, 6, 17, 0, tzinfo=UTC))
        wait(clock, hours=3)
        for reader in readers:
            found = everything_about(reader, Client())
            assert "Xaverine" not in found
            assert "Quux" not in found
            assert f"'who': {masked.pk}" not in found
        ours = Notice.objects.filter(kind__in=news.ALL)
        assert set(ours.values_list("subject", flat=True)) <= set(Thread.objects.values_list("pk", flat=True))
        assert set(ours.values_list("context", flat=True)) == {cast.cohort.pk}
        assert {"forum_mention", "forum_answer", "forum_accepted"} <= set(kinds(cast.student))
        assert "Anonymous replied to your question “Why do bees dance?”" in [title for _, title in heard(cast.student)]
        assert {"forum_report", "forum_thread"} <= set(kinds(cast.assistant))

    def test_operator_who_looks_at_ones_messages_does_not_learn_what_one_wrote(
        self, cast: Cast, clock: time_machine.Traveller, masked: User, client: Client
    ) -> None:
        answer = reply(thread(cast.cohort, masked, "Is it silly?", anonymous=True), cast.teacher)
        reply(answer.thread, masked, "A silly thanks.", to=answer, anonymous=True)
        wait(clock, **SOON)
        client.force_login(cast.admin)
        page = client.get(reverse("manage:told", args=[masked.pk])).content.decode()
        assert "Answers to your questions" in page
        assert "silly" not in page

    def test_who_wrote_without_a_name_hears_of_answers_as_others_do(
        self, cast: Cast, clock: time_machine.Traveller, masked: User
    ) -> None:
        reply(thread(cast.cohort, masked, anonymous=True), cast.teacher)
        wait(clock, **SOON)
        assert heard(masked) == [("forum_answer", "Teacher replied to your question “Why do bees dance?”")]


class TestMail:
    SOURCE = "Look at **this** [lesson](/lessons/7/) and ![a hive](/forum/files/00000000-0000-4000-8000-000000000000/)"

    def sent(self, cast: Cast, clock: time_machine.Traveller) -> str:
        reply(thread(cast.cohort, cast.student), cast.teacher, self.SOURCE)
        wait(clock, **SOON)
        [sent] = [one for one in mail.outbox if one.to == [cast.student.email]]
        return sent.body + sent.alternatives[0].content

    def test_mail_holds_the_words_and_fetches_nothing(
        self, cast: Cast, clock: time_machine.Traveller, settings: Any
    ) -> None:
        sent = self.sent(cast, clock)
        assert "<strong>this</strong>" in sent
        assert f'href="{settings.PUBLIC_ORIGIN}/lessons/7/"' in sent
        assert "a hive" in sent
        assert "<img" not in sent
        assert "Look at **this**" in sent

    def test_mail_to_a_minor_says_who_and_where_and_no_word_of_others(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        cast.student.minor = True
        cast.student.save()
        sent = self.sent(cast, clock)
        assert "Teacher replied to your question" in sent
        assert "this" not in sent.replace("this email", "").replace("this site", "")
        assert "hive" not in sent
        assert text(cast.student).startswith("Teacher: Look at this lesson")

    def test_digest_of_a_minor_holds_no_words_and_that_of_an_adult_the_last(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        cast.student.minor = True
        cast.student.save()
        found = thread(cast.cohort, cast.teacher, "Trip", kind="discussion")
        for person in (cast.student, cast.assistant):
            follow(cast, person, thread=found)
        reply(found, cast.other_student, "Bring a zeppelin.")
        wait(clock, **SOON)
        clock.move_to(datetime(2026, 11, 3, 15, 30, tzinfo=UTC))
        wait(clock, hours=1)
        bodies = {}
        for person in (cast.student, cast.assistant):
            one = [one for one in mail.outbox if one.to == [person.email]][-1]
            bodies[person.pk] = one.subject + one.body + one.alternatives[0].content
            assert "Other Student wrote in “Trip”" in bodies[person.pk]
        assert "zeppelin" not in bodies[cast.student.pk]
        assert "Bring a zeppelin." in bodies[cast.assistant.pk]

    def test_minors_are_named_to_classmates_by_an_initial(self, cast: Cast, clock: time_machine.Traveller) -> None:
        cast.other_student.display_name, cast.other_student.minor = "Kim Lee Park", True
        cast.other_student.save()
        reply(thread(cast.cohort, cast.student), cast.other_student)
        wait(clock, **SOON)
        assert heard(cast.student)[0][1].startswith("Kim P. replied")
        assert "Park" not in everything_about(cast.student, Client())

    def test_what_was_read_before_the_digest_is_not_mailed(
        self, cast: Cast, clock: time_machine.Traveller, client: Client
    ) -> None:
        found = thread(cast.cohort, cast.teacher, "Trip", kind="discussion")
        follow(cast, cast.student, thread=found)
        reply(found, cast.other_student)
        wait(clock, **SOON)
        client.force_login(cast.student)
        client.get(f"/threads/{found.pk}/")
        clock.move_to(datetime(2026, 11, 3, 15, 30, tzinfo=UTC))
        wait(clock, hours=1)
        assert subjects(cast.student) == []
