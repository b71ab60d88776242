"""Check-ins and conversations, as people make them."""

from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Enrolment
from drafts.fields import Content, Stamp
from feedback.models import Asked, CheckIn, Conversation, Message
from feedback.services import checkins, talks
from feedback.services.checkins import Wanted
from feedback.services.talks import Sending


def sending(place: str = "feedback/talk/1", text: str = "") -> Sending:
    return Sending(Stamp(uuid4()), place, Content({"text": text}))


def enrolment(cohort: Cohort, person: User) -> Enrolment:
    return Enrolment.objects.select_related("cohort__course", "user").get(cohort=cohort, user=person)


def check_in(
    cohort: Cohort,
    by: User,
    *people: User,
    source: str = "How are the bees?",
    now: datetime | None = None,
    segment: str = "all",
) -> CheckIn:
    keys = [enrolment(cohort, one).pk for one in people]
    return checkins.send(cohort, Wanted(source, segment, keys), sending(), by=by, now=now).check_in


def asked(cohort: Cohort, by: User, person: User, *, source: str = "How are the bees?") -> Asked:
    return check_in(cohort, by, person, source=source).asked.get()


def answered(cohort: Cohort, by: User, person: User, pulse: str = "stuck", said: str = "") -> Message:
    one = asked(cohort, by, person)
    assert checkins.answer(one, pulse, said)
    return Message.objects.get(asked=one)


def word(cohort: Cohort, person: User, teacher: User, text: str = "May I ask you something?") -> Conversation:
    said = talks.ask_for_a_word(enrolment(cohort, person), teacher, text, sending(text=text), now=timezone.now())
    return said.message.conversation


def reply(conversation: Conversation, text: str = "Of course.", *, by: User | None = None) -> Message:
    person = by or conversation.teacher
    assert person is not None
    return talks.say(conversation, text, sending(text=text), by=person).message
