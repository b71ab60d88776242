"""Each kind of notice of a forum: who hears, in which words, by which way."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html

from courses.models import Enrolment
from forums.models import Following, Forum
from forums.services import answers, moderation, talk
from tests.cast import Cast
from tests.courses.notices.days import subjects, wait
from tests.factories.forums import reply, thread
from tests.forums.notices.living import SOON, follow, heard, kinds, text, told, why_not

pytestmark = pytest.mark.django_db


class TestKinds:
    def test_answer_to_a_question_is_told_and_mailed_at_once(self, cast: Cast, clock: time_machine.Traveller) -> None:
        found = thread(cast.cohort, cast.student)
        wait(clock, **SOON)
        reply(found, cast.other_student)
        wait(clock, **SOON)
        assert heard(cast.student) == [("forum_answer", "Other Student replied to your question “Why do bees dance?”")]
        assert text(cast.student) == "Other Student: To tell the others."
        assert subjects(cast.student) == ["Other Student replied to your question “Why do bees dance?”"]
        for other in (cast.other_student, cast.teacher, cast.elsewhere_student, cast.outsider, cast.admin):
            assert heard(other) == []

    def test_reply_in_a_discussion_and_to_a_post_waits_for_the_digest(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        found = thread(cast.cohort, cast.teacher, "Field trip", kind="discussion")
        first = reply(found, cast.student, "When?")
        wait(clock, **SOON)
        reply(found, cast.other_student, "On Monday.", to=first)
        wait(clock, **SOON)
        assert heard(cast.student) == [("forum_reply", "Other Student replied to you in “Field trip”")]
        assert heard(cast.teacher) == [
            ("forum_reply", "2 replies to you in “Field trip”"),
        ]
        assert {one.mail_by for one in told(cast.student)} == {"daily"}
        assert subjects(cast.student) == []

    def test_whoever_follows_hears_of_new_posts_and_new_threads(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        follow(cast, cast.assistant)
        follow(cast, cast.observer, module=cast.module)
        found = thread(cast.cohort, cast.student, activity=cast.reading)
        follow(cast, cast.teacher, thread=found)
        thread(cast.cohort, cast.student, "Another one")
        reply(found, cast.other_student)
        wait(clock, **SOON)
        assert heard(cast.teacher) == [("forum_post", "Other Student wrote in “Why do bees dance?”")]
        assert sorted(heard(cast.assistant)) == [
            ("forum_thread", "New thread: “Another one”"),
            ("forum_thread", "New thread: “Why do bees dance?”"),
        ]
        assert heard(cast.observer) == [("forum_thread", "New thread: “Why do bees dance?”")]

    def test_mention_is_the_nearest_way_and_of_one_post_people_hear_once(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        found = thread(cast.cohort, cast.student)
        follow(cast, cast.teacher, thread=found)
        wait(clock, **SOON)
        reply(found, cast.other_student, "Look @Student, and @Teacher too.")
        wait(clock, **SOON)
        assert heard(cast.student) == [("forum_mention", "Other Student mentioned you in “Why do bees dance?”")]
        assert kinds(cast.teacher) == ["forum_mention"]

    def test_somebody_who_is_named_by_an_edit_hears_of_it_and_nobody_else(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        found = thread(cast.cohort, cast.student)
        answer = reply(found, cast.other_student)
        wait(clock, **SOON)
        talk.edit(answer, "Ask @Teacher.", title="", by=cast.other_student)
        wait(clock, minutes=1)
        assert kinds(cast.teacher) == ["forum_mention"]
        assert kinds(cast.student) == ["forum_answer"]
        talk.edit(answer, "Do ask @Teacher.", title="", by=cast.other_student)
        wait(clock, **SOON)
        assert kinds(cast.teacher) == ["forum_mention"]

    def test_accepted_and_endorsed_answers_are_told_to_who_wrote_them(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        answer = reply(thread(cast.cohort, cast.student), cast.other_student)
        wait(clock, **SOON)
        answers.accept(answer, by=cast.student, accepted=True)
        answers.endorse(answer, by=cast.teacher, endorsed=True)
        wait(clock, **SOON)
        assert sorted(heard(cast.other_student)) == [
            ("forum_accepted", "Your answer to “Why do bees dance?” helped"),
            ("forum_endorsed", "Teacher says that your answer to “Why do bees dance?” is right"),
        ]
        answers.accept(answer, by=cast.student, accepted=False)
        answers.endorse(answer, by=cast.teacher, endorsed=False)
        wait(clock, minutes=1)
        assert heard(cast.other_student) == []

    def test_a_press_that_is_taken_back_at_once_is_no_news(self, cast: Cast, clock: time_machine.Traveller) -> None:
        answer = reply(thread(cast.cohort, cast.student), cast.other_student)
        answers.accept(answer, by=cast.student, accepted=True)
        answers.accept(answer, by=cast.student, accepted=False)
        wait(clock, **SOON)
        assert heard(cast.other_student) == []
        assert why_not(cast.other_student, "forum_accepted") == ["done"]

    def test_report_reaches_who_looks_after_the_forum_at_once_and_names_nobody(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        rude = reply(thread(cast.cohort, cast.student), cast.other_student, "You are stupid.")
        wait(clock, **SOON)
        moderation.report(rude, "It is rude.", by=cast.student)
        wait(clock, minutes=1)
        for person in (cast.teacher, cast.assistant):
            assert heard(person) == [("forum_report", "A post in “Why do bees dance?” was reported")]
            assert subjects(person)[-1] == "A post in “Why do bees dance?” was reported"
            assert text(person) == "“It is rude.”"
            assert str(cast.student) not in str([one.values for one in told(person)])
        for person in (cast.other_student, cast.observer, cast.elsewhere_teacher):
            assert "forum_report" not in kinds(person)

    @pytest.mark.parametrize("how", ["written by the only teacher", "reported by the only other one"])
    def test_report_that_nobody_else_can_look_at_reaches_admins(
        self, cast: Cast, clock: time_machine.Traveller, how: str
    ) -> None:
        post = reply(thread(cast.cohort, cast.student), cast.teacher, "You are stupid.")
        by = cast.student if how.startswith("written") else cast.assistant
        if by == cast.student:
            Enrolment.objects.filter(user=cast.assistant).update(state="left")
        moderation.report(post, "It is rude.", by=by)
        wait(clock, minutes=1)
        assert heard(cast.admin) == [("forum_report", "A post in “Why do bees dance?” was reported")]
        assert text(cast.admin) == "“It is rude.”"
        for person in (cast.teacher, cast.assistant, cast.student):
            assert "forum_report" not in kinds(person)

    def test_report_that_a_colleague_can_look_at_reaches_no_admin_and_not_its_author(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        post = reply(thread(cast.cohort, cast.student), cast.teacher, "You are stupid.")
        moderation.report(post, "It is rude.", by=cast.student)
        wait(clock, minutes=1)
        assert "forum_report" in kinds(cast.assistant)
        for person in (cast.admin, cast.teacher):
            assert "forum_report" not in kinds(person)

    def test_report_that_one_teacher_closed_is_read_for_the_others_too(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        cast.other_student.minor = True
        cast.other_student.save()
        rude = reply(thread(cast.cohort, cast.student), cast.student)
        moderation.report(rude, "It is rude.", by=cast.other_student)
        wait(clock, minutes=1)
        assert text(cast.assistant) == "“It is rude.” It is out of sight until a teacher has looked at it."
        moderation.hide(rude, "It is.", by=cast.teacher)
        wait(clock, minutes=1)
        assert kinds(cast.assistant) == ["forum_report"]
        assert told(cast.assistant)[0].read_at

    def test_report_that_a_teacher_closed_meanwhile_is_not_told(
        self, cast: Cast, clock: time_machine.Traveller
    ) -> None:
        rude = reply(thread(cast.cohort, cast.student), cast.other_student)
        moderation.report(rude, "It is rude.", by=cast.student)
        moderation.show(rude, by=cast.teacher)
        wait(clock, minutes=1)
        assert heard(cast.assistant) == []

    def test_look_at_a_name_is_no_notice(self, cast: Cast, clock: time_machine.Traveller) -> None:
        Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
        found = thread(cast.cohort, cast.student, anonymous=True)
        moderation.unmask(found.posts.get(), by=cast.teacher)
        wait(clock, **SOON)
        assert heard(cast.student) == []


class TestPages:
    def test_settings_inbox_and_operators_page_name_the_kinds(
        self, cast: Cast, clock: time_machine.Traveller, client: Client
    ) -> None:
        reply(thread(cast.cohort, cast.student), cast.other_student)
        wait(clock, **SOON)
        client.force_login(cast.student)
        settings = client.get(reverse("notifications:settings")).content.decode()
        assert "Answers to your questions" in settings
        assert "A post is reported" not in settings
        inbox = client.get("/inbox/").content.decode()
        assert "Other Student replied to your question" in inbox
        assert "Bees and flowers" in inbox
        client.force_login(cast.teacher)
        assert "A post is reported" in client.get(reverse("notifications:settings")).content.decode()

    def test_new_threads_are_followed_from_the_forum(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.student)
        path = f"/cohorts/{cast.cohort.pk}/forum/"
        assert "Follow new threads" in client.get(path).content.decode()
        page = client.post(f"{path}follow/", {"choice": "follow"}, follow=True).content.decode()
        assert "You follow new threads here" in page
        assert "Follow new threads" not in page
        assert Following.objects.get().person == cast.student
        page = client.post(f"{path}follow/", {"choice": "neither"}, follow=True).content.decode()
        assert "Follow new threads" in page

    def test_forum_is_muted_and_heard_of_again_from_its_own_page(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.student)
        path = f"/cohorts/{cast.cohort.pk}/forum/"
        [button] = html.fromstring(client.get(path).content).xpath('//button[text()="Mute this forum"]')
        choice = {button.get("name"): button.get("value")}
        page = client.post(f"{path}follow/", choice, follow=True).content.decode()
        assert "This forum is muted" in page
        assert Following.objects.get().muted
        [button] = html.fromstring(page).xpath('//button[text()="Muted: hear of it again"]')
        choice = {button.get("name"): button.get("value")}
        page = client.post(f"{path}follow/", choice, follow=True).content.decode()
        assert "Mute this forum" in page
        assert not Following.objects.exists()
