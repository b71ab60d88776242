"""Attacks that other platforms have met, tried on check-ins and conversations; the numbers are those of
`test_security_cases`."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Enrolment
from courses.services.cohorts import set_state
from feedback.models import Asked, CheckIn, Conversation, Message
from feedback.services import checkins
from feedback.tasks import ask_in_turn, break_promises
from notifications.models import Notice
from tests.cast import Cast
from tests.courses.notices.days import wait, work
from tests.factories import talks as make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
SECRET = "xylocopa"


@pytest.fixture
def theirs(cast: Cast) -> Conversation:
    """In the other cohort of the same course: a check-in that was answered, and one that is open."""
    make.answered(cast.elsewhere, cast.elsewhere_teacher, cast.elsewhere_student, "stuck", SECRET)
    make.asked(cast.elsewhere, cast.elsewhere_teacher, cast.elsewhere_student, source=SECRET)
    return Conversation.objects.get()


@pytest.mark.parametrize("who", ["teacher", "assistant"])
def test_case_4_a_teacher_of_one_cohort_finds_and_asks_nobody_of_another(
    cast: Cast, as_user: SignIn, theirs: Conversation, who: str
) -> None:
    """CVE-2024-25981: lists and exports pass the groups by."""
    client, name = as_user(cast.person(who)), str(cast.elsewhere_student)
    foreign, check_in = make.enrolment(cast.elsewhere, cast.elsewhere_student), CheckIn.objects.latest("pk")
    there, here = (f"/teach/cohorts/{one.pk}/check-ins/" for one in (cast.elsewhere, cast.cohort))
    for path in (there, f"{there}new/", f"{there}regular/", f"{there}{check_in.pk}/", f"{here}{check_in.pk}/"):
        assert client.get(path).status_code == 404, path
    assert client.get(f"/conversations/{theirs.pk}/").status_code == 404
    for path in (here, f"{here}new/?who={foreign.pk}", f"{here}new/?segment=all", "/conversations/", "/inbox/"):
        shown = client.get(path).content.decode()
        assert SECRET not in shown, path
        assert name not in shown, path
    for segment in ("all", "ticked", "not seen", "late"):
        given = {"source": "Hello?", "segment": segment, "listed": segment, "who": [foreign.pk], "send": ""}
        answer = client.post(f"{here}new/", {**given, f"line-{foreign.pk}": "You!", "draft_key": str(uuid4())})
        assert answer.status_code == 422, segment
        assert name not in answer.content.decode()
    assert CheckIn.objects.exclude(author=cast.elsewhere_teacher).count() == 0
    assert not Message.objects.filter(author=cast.person(who)).exists()


def test_case_4_a_colleague_of_the_same_cohort_finds_none_of_it_either(cast: Cast, as_user: SignIn) -> None:
    message = make.answered(cast.cohort, cast.teacher, cast.student, "stuck", SECRET)
    asked = CheckIn.objects.get()
    client, here = as_user(cast.assistant), f"/teach/cohorts/{cast.cohort.pk}/"
    assert client.get(f"{here}check-ins/{asked.pk}/").status_code == 404
    for path in (here, f"{here}check-ins/", f"{here}needed/", f"/teach/students/{cast.enrolment.pk}/", "/teach/"):
        shown = client.get(path).content.decode()
        for words in (SECRET, "Stuck", "Your reply", f"/conversations/{message.conversation_id}/"):
            assert words not in shown, (path, words)


class TestCase15:
    """CVE-2025-62394: notices go on to those who are suspended. Who may not come in hears, reads and sends nothing."""

    def suspended(self, cast: Cast, person: User) -> None:
        set_state(make.enrolment(cast.cohort, person), Enrolment.State.SUSPENDED, by=cast.admin)

    def told(self, *people: User) -> list[str]:
        found = Notice.objects.filter(person__in=people, state="told")
        assert [one.subject for one in mail.outbox if one.to in [[person.email] for person in people]] == []
        return list(found.values_list("kind", flat=True))

    def test_case_15_a_suspended_student_reads_nothing_and_their_link_is_dead(
        self, cast: Cast, as_user: SignIn, client: Client
    ) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher, SECRET)
        one = make.asked(cast.cohort, cast.teacher, cast.student, source=SECRET)
        signed_in, link = as_user(cast.student), f"/check-in/{checkins.token_of(one.pk)}/"
        assert SECRET in client.get(link).content.decode()
        self.suspended(cast, cast.student)
        for path in (f"/conversations/{talk.pk}/", f"/check-ins/{one.pk}/", f"/courses/{cast.course.pk}/word/"):
            assert signed_in.get(path).status_code == 404, path
            assert signed_in.post(path, {"text": "Me.", "pulse": "stuck"}).status_code == 404, path
        for path in ("/", "/conversations/", "/inbox/"):
            assert f"/{talk.pk}/" not in signed_in.get(path).content.decode()
            assert "/check-ins/" not in signed_in.get(path).content.decode()
        for answer in (client.get(link), client.post(link, {"pulse": "stuck"})):
            assert SECRET not in answer.content.decode()
        assert Asked.objects.get().answered_at is None
        assert Message.objects.count() == 1

    def test_case_15_what_was_to_be_told_is_asked_for_again_as_it_is_sent(self, cast: Cast) -> None:
        with time_machine.travel(timezone.now(), tick=False) as clock:
            talk = make.word(cast.cohort, cast.student, cast.teacher)
            make.word(cast.cohort, cast.other_student, cast.teacher)
            make.asked(cast.cohort, cast.teacher, cast.student)
            make.reply(talk)
            self.suspended(cast, cast.student)
            self.suspended(cast, cast.teacher)
            wait(clock, minutes=4)
            clock.move_to(timezone.now() + timedelta(days=9))
            break_promises()
            work()
            wait(clock, minutes=1)
        assert self.told(cast.student, cast.teacher, cast.other_student) == []

    def test_case_15_a_suspended_teacher_reads_nothing_and_what_they_asked_can_be_answered_by_nobody(
        self, cast: Cast, as_user: SignIn, client: Client
    ) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher, SECRET)
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        checkins.repeat(cast.cohort, cast.teacher, "Well?", every_weeks=1, first=timezone.localdate())
        signed_in, there = as_user(cast.teacher), f"/teach/cohorts/{cast.cohort.pk}/check-ins/"
        self.suspended(cast, cast.teacher)
        for path in (f"/conversations/{talk.pk}/", there, f"{there}new/", f"{there}{one.check_in_id}/"):
            assert signed_in.get(path).status_code == 404, path
        assert signed_in.post(f"/conversations/{talk.pk}/", {"text": "I am here."}).status_code == 404
        assert SECRET not in signed_in.get("/conversations/").content.decode()
        client.post(f"/check-in/{checkins.token_of(one.pk)}/", {"pulse": "stuck"})
        assert Asked.objects.get().answered_at is None
        with time_machine.travel(timezone.now() + timedelta(days=7)):
            assert ask_in_turn() == 0
        assert CheckIn.objects.count() == 1

    def test_case_15_of_a_closed_account_no_session_and_no_link_lives(
        self, cast: Cast, as_user: SignIn, client: Client
    ) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        one = make.asked(cast.cohort, cast.teacher, cast.student)
        signed_in = as_user(cast.student)
        User.objects.filter(pk=cast.student.pk).update(is_active=False)
        assert signed_in.get(f"/conversations/{talk.pk}/").status_code == 302
        assert client.post(f"/check-in/{checkins.token_of(one.pk)}/", {"pulse": "stuck"}).status_code == 404
        assert Asked.objects.get().answered_at is None
