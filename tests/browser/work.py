"""Work that looks different to its marker, in a course of its own: what others count stays as it is."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from courses.models import Cohort
from drafts.fields import Content, Stamp
from feedback.models import Feedback, Submission
from feedback.services import comments, reading
from tests import cast
from tests.factories import courses as make
from tests.factories import feedback
from tests.factories.people import UserFactory

LONG = "It flew to nine flowers. " * 40 + "Donaudampfschifffahrt" * 6
HEBREW = "הדבורה עפה לתשעה פרחים."


def marking(people: cast.Cast) -> dict[str, Cohort | Submission]:
    course = make.CourseFactory(title="Watching bees")
    cohort = make.CohortFactory(course=course, name="Garden group")
    module = make.ModuleFactory(course=course, title="The garden", position=0)
    make.EnrolmentFactory(user=people.teacher, cohort=cohort, role="teacher")
    make.EnrolmentFactory(user=people.assistant, cohort=cohort, role="assistant")
    names = ("Ann Apiary", "Ben " + "Bienenstock" * 5, "דנה כהן", "Dan")
    class_ = [make.EnrolmentFactory(user=UserFactory(display_name=name), cohort=cohort) for name in names]
    watch, count = feedback.assignment(module), feedback.assignment(module, "Count", scale="points", most_points=5)
    unnamed = feedback.assignment(module, "Without a name", nameless=True)
    first = feedback.release(
        feedback.hand_in(class_[0], watch), people.teacher, feedback.said("Look *again*.", good_enough=False)
    )
    Feedback.objects.filter(submission=first).update(will_change="I will count the hive too.")
    question = reading.Writing(Stamp(uuid4()), f"feedback/work/{first.pk}/ask", Content({}))
    reading.say(first, None, "What do you mean by **again**?", question, by=class_[0].user)
    to_mark = feedback.hand_in(class_[0], watch, LONG)
    for quote, words in (("nine flowers", "Which *ones*?"), ("flew to nine", "By itself?"), ("not there", "Gone.")):
        comments.write(to_mark, uuid4(), comments.Place(quote=quote), words, version=0, by=people.teacher)
    feedback.feedback(feedback.hand_in(class_[1], watch), people.assistant)
    feedback.hand_in(class_[2], watch, HEBREW)
    now = timezone.now()
    timed = feedback.release(feedback.hand_in(class_[3], watch), people.teacher, at=now + timedelta(days=900))
    late = feedback.hand_in(class_[3], count, HEBREW)
    Submission.objects.filter(pk=late.pk).update(broken_at=now, promised_at=now + timedelta(hours=2))
    comments.keep("Say where you saw it.", by=people.teacher, course=None)
    kept = comments.keep("Give a reason. " * 20, by=people.teacher, course=course)
    return {
        "garden": cohort,
        "to_mark": to_mark,
        "given_back": first,
        "timed": timed,
        "broken": late,
        "unnamed": feedback.hand_in(class_[1], unnamed, LONG),
        "kept": kept,
    }
