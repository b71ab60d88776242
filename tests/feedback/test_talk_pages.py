"""Pages of conversations: who reads what, what is written, and that nothing is lost or sent twice."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from lxml import html

from accounts.models import User
from courses.models import Enrolment
from courses.services import cohorts
from drafts.models import Draft
from feedback.models import Asked, Conversation, Message, WorksAlone
from feedback.services import checkins, talks
from tests.cast import Cast
from tests.factories import talks as make
from tests.factories.notices import notice
from tests.progress.test_queries import queries
from tests.undoing import undo

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
EVERYBODY = (
    *("outsider", "other_student", "elsewhere_student", "observer", "assistant", "elsewhere_teacher", "editor"),
    "admin",
)


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    return make.word(cast.cohort, cast.student, cast.teacher, "I counted <b>nine</b> bees.\nIs that right?")


def address(talk: Conversation) -> str:
    return f"/conversations/{talk.pk}/"


def minor(cast: Cast) -> None:
    User.objects.filter(pk=cast.student.pk).update(minor=True)


class TestWhoReads:
    def test_its_two_and_nobody_else(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        for who in ("student", "teacher"):
            assert "Is that right?" in as_user(cast.person(who)).get(address(talk)).content.decode()
        for who in EVERYBODY:
            client = as_user(cast.person(who))
            assert client.get(address(talk)).status_code == 404, who
            assert client.post(address(talk), {"text": "Me too."}).status_code == 404, who
        assert Message.objects.count() == 1

    def test_of_a_minor_the_other_teachers_and_admins_and_both_are_told(
        self, cast: Cast, as_user: SignIn, talk: Conversation
    ) -> None:
        minor(cast)
        second = make.enrolment(cast.cohort, cast.assistant)
        Enrolment.objects.filter(pk=second.pk).update(role="teacher")
        for who in ("assistant", "admin"):
            page = as_user(cast.person(who)).get(address(talk)).content.decode()
            assert "You can read it because" in page
            assert 'name="text"' not in page
            assert as_user(cast.person(who)).post(address(talk), {"text": "Hm."}).status_code == 403
        assert "the other teachers of your cohort and the admins" in words(as_user(cast.student).get(address(talk)))
        assert "the other teachers of the cohort and the admins" in words(as_user(cast.teacher).get(address(talk)))
        for who in set(EVERYBODY) - {"assistant", "admin"}:
            assert as_user(cast.person(who)).get(address(talk)).status_code == 404, who

    def test_an_assistant_reads_of_no_minor_but_their_own(
        self, cast: Cast, as_user: SignIn, talk: Conversation
    ) -> None:
        minor(cast)
        assert as_user(cast.assistant).get(address(talk)).status_code == 404
        own = make.word(cast.cohort, cast.student, cast.assistant)
        assert as_user(cast.assistant).get(address(own)).status_code == 200

    def test_nor_a_teacher_who_has_left_nor_a_student_who_has(
        self, cast: Cast, as_user: SignIn, talk: Conversation
    ) -> None:
        cohorts.set_state(make.enrolment(cast.cohort, cast.teacher), Enrolment.State.LEFT, by=cast.admin)
        assert as_user(cast.teacher).get(address(talk)).status_code == 404
        page = as_user(cast.student).get(address(talk)).content.decode()
        assert "no longer teaches" in page
        assert as_user(cast.student).post(address(talk), {"text": "Hello?"}).status_code == 403
        cohorts.set_state(cast.enrolment, Enrolment.State.LEFT, by=cast.admin)
        assert as_user(cast.student).get(address(talk)).status_code == 404

    def test_lists_hold_ones_own(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        for who in ("student", "teacher"):
            assert address(talk) in as_user(cast.person(who)).get("/conversations/").content.decode()
        for who in EVERYBODY:
            assert address(talk) not in as_user(cast.person(who)).get("/conversations/").content.decode(), who

    def test_admins_find_those_of_minors(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        minor(cast)
        page = as_user(cast.admin).get("/conversations/").content.decode()
        assert "you can read it because the student is under 18" in page


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]  # an answer of the client


class TestWriting:
    def test_what_people_write_is_words(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        page = as_user(cast.teacher).get(address(talk)).content.decode()
        assert "I counted &lt;b&gt;nine&lt;/b&gt; bees.<br>Is that right?" in page

    def test_once_however_often_it_is_pressed(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        client, seen = as_user(cast.teacher), Message.objects.get().pk
        typed = {"text": "It is.", "seen": seen, "draft_key": str(uuid4())}
        first, second = (client.post(address(talk), typed) for _ in range(2))
        assert first.url == second.url
        assert Message.objects.count() == 2
        other = client.post(address(talk), {**typed, "text": "It is not."})
        assert other.status_code == 422
        assert "with other words" in other.content.decode()

    def test_what_came_meanwhile_is_shown_first(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        seen = Message.objects.get().pk
        make.reply(talk, "Ten, I think.")
        client = as_user(cast.student)
        typed = {"text": "Never mind.", "seen": seen, "draft_key": str(uuid4())}
        answer = client.post(address(talk), typed)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Ten, I think." in page
        assert "Never mind.</textarea>" in page
        assert Message.objects.count() == 2
        assert f'name="seen" value="{Message.objects.latest("pk").pk}"' in page
        again = client.post(address(talk), {**typed, "seen": Message.objects.latest("pk").pk})
        assert again.status_code == 302

    def test_the_student_reads_by_when_and_the_teacher_what_they_promised(
        self, cast: Cast, as_user: SignIn, talk: Conversation
    ) -> None:
        assert "an answer by" in as_user(cast.student).get(address(talk)).content.decode()
        assert "you promised an answer by" in as_user(cast.teacher).get(address(talk)).content.decode()
        Conversation.objects.update(promised_at=timezone.now() - timedelta(days=1))
        assert "it is late" in as_user(cast.student).get(address(talk)).content.decode()

    def test_no_answer_is_needed_and_undone(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        client = as_user(cast.teacher)
        answer = client.post(f"{address(talk)}settle/", {"seen": Message.objects.get().pk}, follow=True)
        talk.refresh_from_db()
        assert talk.waiting_since is None
        undo(client, answer)
        talk.refresh_from_db()
        assert talk.waiting_since
        assert as_user(cast.student).post(f"{address(talk)}settle/", {"seen": 1}).status_code == 403

    def test_an_empty_message_is_none(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        assert as_user(cast.teacher).post(address(talk), {"text": " \n "}).status_code == 422
        assert as_user(cast.teacher).post(address(talk), {"text": "x" * 5001}).status_code == 422

    def test_opening_it_reads_its_notices(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        found = notice(cast.teacher, kind="message", subject=talk.pk)
        as_user(cast.teacher).get(address(talk))
        found.refresh_from_db()
        assert found.read_at


class TestHiding:
    def test_its_people_read_why_and_staff_the_words(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        message, client = Message.objects.get(), as_user(cast.teacher)
        where = f"/conversations/messages/{message.pk}/hide/"
        assert client.post(where, {"why": ""}).status_code == 422
        answer = client.post(where, {"why": "It names somebody."}, follow=True)
        mine = as_user(cast.student).get(address(talk)).content.decode()
        assert "It names somebody." in mine
        assert "Is that right?" not in mine
        assert "Is that right?" in client.get(address(talk)).content.decode()
        undo(client, answer)
        assert "Is that right?" in as_user(cast.student).get(address(talk)).content.decode()

    def test_students_hide_nothing(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        message = Message.objects.get()
        for name in ("hide", "show"):
            assert as_user(cast.student).post(f"/conversations/messages/{message.pk}/{name}/").status_code == 403
            assert as_user(cast.assistant).post(f"/conversations/messages/{message.pk}/{name}/").status_code == 404


class TestAskingForAWord:
    def where(self, cast: Cast) -> str:
        return f"/courses/{cast.course.pk}/word/"

    def test_it_begins_a_conversation_with_the_teacher_who_was_chosen(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.student)
        typed = {"teacher": cast.assistant.pk, "text": "May I?", "draft_key": str(uuid4())}
        answer = client.post(self.where(cast), typed)
        found = Conversation.objects.get()
        assert (found.teacher, found.enrolment) == (cast.assistant, cast.enrolment)
        assert answer.url == address(found)
        client.post(self.where(cast), typed)
        assert Message.objects.count() == 1
        assert Draft.objects.get(person=cast.student).sent_at

    @pytest.mark.parametrize("who", ["elsewhere_teacher", "observer", "other_student", "admin", "student"])
    def test_nobody_else_can_be_chosen(self, cast: Cast, as_user: SignIn, who: str) -> None:
        typed = {"teacher": cast.person(who).pk, "text": "May I?"}
        assert as_user(cast.student).post(self.where(cast), typed).status_code == 422
        assert not Conversation.objects.exists()

    def test_every_page_of_the_course_leads_there(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.student)
        assert self.where(cast) in client.get(f"/courses/{cast.course.pk}/").content.decode()
        assert f"/lessons/{cast.reading.pk}/word/" in client.get(f"/lessons/{cast.reading.pk}/").content.decode()
        assert client.get(f"/lessons/{cast.reading.pk}/word/").url == self.where(cast)
        assert "/conversations/" in client.get("/dates/").content.decode()
        assert self.where(cast) in client.get("/conversations/").content.decode()
        for who in ("teacher", "editor", "observer"):
            assert "/word/" not in as_user(cast.person(who)).get(f"/lessons/{cast.reading.pk}/").content.decode()

    def test_working_alone_is_a_choice_and_undone(self, cast: Cast, as_user: SignIn) -> None:
        client, where = as_user(cast.student), f"/courses/{cast.course.pk}/work-alone/"
        answer = client.post(where, {"alone": "yes"}, follow=True)
        assert "You prefer to work alone" in answer.content.decode()
        undo(client, answer)
        assert not WorksAlone.objects.exists()


class TestCheckIn:
    def test_it_is_answered_with_one_press_once(self, cast: Cast, as_user: SignIn) -> None:
        one, client = make.asked(cast.cohort, cast.teacher, cast.student), as_user(cast.student)
        assert "How are the bees?" in client.get(f"/check-ins/{one.pk}/").content.decode()
        for _ in range(2):
            answer = client.post(f"/check-ins/{one.pk}/", {"pulse": "stuck", "said": "Where?"}, follow=True)
        assert "Nothing was sent twice" in answer.content.decode()
        assert Message.objects.get().text == "Where?"
        page = as_user(cast.teacher).get(address(Conversation.objects.get())).content.decode()
        assert "Stuck" in page
        assert "How are the bees?" in page

    def test_an_answer_that_is_none_changes_nothing(self, cast: Cast, as_user: SignIn) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        for typed in ({}, {"pulse": "great"}, {"pulse": "stuck", "said": "x" * 301}):
            assert as_user(cast.student).post(f"/check-ins/{one.pk}/", typed).status_code == 422
        assert Asked.objects.get().answered_at is None

    def test_nobody_else_has_it(self, cast: Cast, as_user: SignIn) -> None:
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        for who in ("teacher", *EVERYBODY):
            assert as_user(cast.person(who)).post(f"/check-ins/{one.pk}/", {"pulse": "stuck"}).status_code == 404, who
        Asked.objects.update(opened_at=None, expires_at=None)
        assert as_user(cast.student).get(f"/check-ins/{one.pk}/").status_code == 404


def test_students_look_back_at_their_own_answers(cast: Cast, as_user: SignIn) -> None:
    make.answered(cast.cohort, cast.teacher, cast.student, "behind")
    make.answered(cast.cohort, cast.assistant, cast.student, "on track")
    page = words(as_user(cast.student).get("/conversations/"))
    assert page.index("On track") < page.index("A bit behind")
    for who in ("other_student", "teacher"):
        assert "A bit behind" not in as_user(cast.person(who)).get("/conversations/").content.decode()


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ user.email }}{% include 'base.html' %}",
    "</p></article><form action=//evil.example><button>",
    "javascript:alert(1) http://evil.example [x](javascript:alert(1))",
    "\u202egnirts\u2066 &lt;b&gt; \ufeff",
    "{first name}{next step}{",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_case_7_what_is_planted_stays_words(cast: Cast, as_user: SignIn, text: str) -> None:
    """Security case 7: by a private message, a student became admin."""
    shown = escape(text)
    User.objects.filter(pk=cast.student.pk).update(display_name=text[:100])
    one = make.asked(cast.cohort, cast.teacher, cast.student, source="So?")
    Asked.objects.filter(pk=one.pk).update(text=text, line=text)
    student, teacher = as_user(cast.student), as_user(cast.teacher)
    pages = [student.get(f"/check-ins/{one.pk}/"), Client().get(f"/check-in/{checkins.token_of(one.pk)}/")]
    student.post(f"/check-ins/{one.pk}/", {"pulse": "stuck", "said": text})
    talk = Conversation.objects.get()
    for client in (student, teacher):
        client.post(address(talk), {"text": text, "seen": 10**9})
    hidden = Message.objects.latest("pk")
    teacher.post(f"/conversations/messages/{hidden.pk}/hide/", {"why": text})
    pages += [client.get(where) for client in (student, teacher) for where in (address(talk), "/conversations/")]
    found = f"/teach/cohorts/{cast.cohort.pk}/check-ins/"
    pages += [teacher.get(f"{found}{rest}") for rest in ("", "new/", f"{one.check_in_id}/")]
    for page in pages:
        assert page.status_code == 200
        body = page.content.decode()
        if shown != text:
            assert text not in body
        assert "//evil.example>" not in body
    assert shown in teacher.get(address(talk)).content.decode()


def test_signs_that_no_text_can_hold_are_refused(cast: Cast, as_user: SignIn, talk: Conversation) -> None:
    client = as_user(cast.student)
    for typed in ({"text": "a\0b", "seen": "1"}, {"text": "x" * 5001, "seen": "9" * 5000}):
        assert client.post(address(talk), typed).status_code == 422
    for where in (f"{address(talk)}?before=x", f"{address(talk)}?before={'9' * 5000}", "/conversations/?page=-1"):
        assert client.get(where).status_code == 200


class TestUnread:
    def shown(self, client: Client) -> str:
        """In the inbox, beside the way to conversations."""
        page = html.fromstring(client.get("/inbox/").content)
        [row] = page.xpath('//main//a[@href="/conversations/"]/..')
        return " ".join(row.text_content().split())

    def test_each_of_the_two_finds_what_the_other_wrote_one_step_from_the_bar(
        self, cast: Cast, as_user: SignIn, talk: Conversation
    ) -> None:
        make.word(cast.cohort, cast.other_student, cast.teacher)
        make.reply(make.word(cast.cohort, cast.student, cast.assistant))
        counts = {"teacher": 2, "student": 1, "assistant": 1, "other_student": 0, "observer": 0, "admin": 0}
        for who, n in counts.items():
            said = self.shown(as_user(cast.person(who)))
            assert said.startswith("Conversations" + (f" {n} unread" if n else " What")), who
        assert "/conversations/" not in as_user(cast.outsider).get("/inbox/").content.decode()

    def test_who_has_opened_it_has_read_it_and_whoever_only_looks_ahead_has_not(
        self, cast: Cast, as_user: SignIn, talk: Conversation
    ) -> None:
        client = as_user(cast.teacher)
        client.head(address(talk))
        assert "1 unread" in self.shown(client)
        assert ">unread<" in client.get("/conversations/").content.decode()
        client.get(address(talk))
        assert "unread" not in self.shown(client)
        assert ">unread<" not in client.get("/conversations/").content.decode()
        make.reply(talk, by=cast.student)
        assert "1 unread" in self.shown(client)

    def test_the_second_adult_reads_in_nobodys_place(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        minor(cast)
        assert as_user(cast.admin).get(address(talk)).status_code == 200
        assert "1 unread" in self.shown(as_user(cast.teacher))

    def test_what_was_hidden_and_whoever_has_left_count_no_more(
        self, cast: Cast, as_user: SignIn, talk: Conversation
    ) -> None:
        other = make.word(cast.cohort, cast.other_student, cast.teacher)
        client = as_user(cast.teacher)
        talks.hide(talk.messages.get(), "It hurts.", by=cast.teacher)
        assert "1 unread" in self.shown(client)
        make.reply(other)
        cohorts.set_state(make.enrolment(cast.cohort, cast.other_student), Enrolment.State.LEFT, by=cast.admin)
        assert "/conversations/" not in as_user(cast.other_student).get("/inbox/").content.decode()

    def test_conversations_are_in_the_inbox(self, cast: Cast, as_user: SignIn, talk: Conversation) -> None:
        for path in ("/conversations/", address(talk)):
            assert as_user(cast.student).get(path).context["current_place"] == "notifications:inbox"


def test_pages_of_students_stay_within_six_queries(cast: Cast, client: Client, talk: Conversation) -> None:
    one = make.asked(cast.cohort, cast.teacher, cast.student)
    make.reply(talk)
    client.force_login(cast.student)
    paths = ["/conversations/", address(talk), f"/courses/{cast.course.pk}/word/", f"/check-ins/{one.pk}/", "/inbox/"]
    few = {path: queries(client, path) for path in paths}
    for number in range(3):
        make.reply(talk, f"Message {number}.")
        make.word(cast.cohort, cast.student, cast.assistant)
    assert {path: queries(client, path) for path in paths} == few
    assert max(few.values()) <= 6, few


def test_today_shows_what_waits_for_an_answer_and_costs_no_query(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    before = queries(client, "/")
    one = make.asked(cast.cohort, cast.teacher, cast.student)
    assert queries(client, "/") == before
    assert f"/check-ins/{one.pk}/" in client.get("/").content.decode()
    client.post(f"/check-ins/{one.pk}/", {"pulse": "on track"})
    assert "/check-ins/" not in client.get("/").content.decode()
