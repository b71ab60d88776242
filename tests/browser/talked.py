"""Check-ins and conversations of the rich world: to answer, answered, hidden, promised, and with nobody to write to."""

from dataclasses import dataclass

from courses.models import Enrolment
from feedback.models import Asked, Conversation, Message, WorksAlone
from feedback.services import checkins, talks
from tests import cast
from tests.factories import courses as make_course
from tests.factories import talks as make
from tests.factories.people import UserFactory

SAID = "I saw it in the garden.\n\n" + "Donaudampfschifffahrt" * 8 + "\nמה עם הצרעות?"


@dataclass(frozen=True)
class Talked:
    open: Asked  # waits for the student's answer
    answered: Asked
    closed: Asked  # its teacher has left
    talk: Conversation  # with everything; the teacher has to answer
    message: Message
    left: Conversation  # whose teacher has left
    minor: Conversation  # of a student under 18

    @property
    def token(self) -> str:
        """What the link in the mail of a check-in ends in."""
        return checkins.token_of(self.open.pk)

    @property
    def used_token(self) -> str:
        return checkins.token_of(self.answered.pk)


def talked(people: cast.Cast) -> Talked:
    answered = make.answered(people.cohort, people.teacher, people.student, "stuck", SAID[:200].replace("\n", " "))
    talk = answered.conversation
    make.reply(talk, SAID)
    hidden = make.reply(talk, "A word that hurts.")
    talks.hide(hidden, "It was meant for somebody else.", by=people.teacher)
    message = make.reply(talk, SAID, by=people.student)
    checkins.repeat(people.cohort, people.teacher, "How is it going?", every_weeks=2, first=people.cohort.starts_on)
    left = _of_a_teacher_who_left(people)
    young = make_course.EnrolmentFactory(cohort=people.cohort, user=UserFactory(minor=True, display_name="Ada Young"))
    WorksAlone.objects.create(enrolment=young)
    minor = make.word(people.cohort, young.user, people.assistant, SAID)
    source = f"{{first name}}, how are the bees? {SAID}"
    asked = make.asked(people.cohort, people.teacher, people.student, source=source)
    closed = Asked.objects.get(check_in__author=left.teacher)
    return Talked(asked, answered.asked, closed, talk, message, left, minor)


def _of_a_teacher_who_left(people: cast.Cast) -> Conversation:
    teacher = UserFactory(display_name="Gone Away")
    gone = make_course.EnrolmentFactory(cohort=people.cohort, role="teacher", user=teacher)
    left = make.word(people.cohort, people.student, gone.user)
    make.asked(people.cohort, gone.user, people.student)
    Enrolment.objects.filter(pk=gone.pk).update(state="left")
    return left
