"""Assignments in the rich world: not begun, with the teacher, handed back, and good enough."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from courses.models import Activity
from feedback.models import Feedback, PromiseMove, Remark, Submission, WorkFile
from feedback.services import comments, texts
from tests import cast
from tests.factories import documents
from tests.factories import feedback as make

WORK = (
    "It flew to *nine* flowers.\n\n"
    + "Donaudampfschifffahrt" * 8
    + "\n\nמה עם הצרעות?\n\n| day | bees |\n|---|---|\n| Mo | 9 |"
)


def works(people: cast.Cast) -> dict[str, Activity | Submission]:
    to_write = _step(people, "Watch a bee", takes_links=True)
    handed = make.hand_in(people.enrolment, _step(people, "Draw a bee"), WORK)
    _promise_moved(handed)
    returned = make.hand_in(people.enrolment, _step(people, "Count bees", model_source="Nine, **not** ten."), WORK)
    _commented(people, returned)
    again = timezone.now().date() + timedelta(days=7)
    make.release(returned, people.teacher, make.said(WORK, good_enough=False, again_on=again))
    Feedback.objects.filter(submission=returned).update(will_change="I will count twice.")
    enough = make.release(make.hand_in(people.enrolment, _step(people, "Name bees")), people.teacher)
    filed = _with_files(people)
    return {"to_write": to_write, "filed": filed, "handed": handed, "returned": returned, "enough": enough}


def _step(people: cast.Cast, title: str, **values: object) -> Activity:
    made = make.assignment(people.module, title, **values)
    Activity.objects.filter(pk=made.pk).update(required=False)
    return made


def _with_files(people: cast.Cast) -> Submission:
    """A picture, a document that waits to be drawn, one that cannot be, a program, and what is downloaded only."""
    step = _step(people, "Photograph a bee")
    brought = {
        "bee.png": documents.picture(format="PNG"),
        "Donaudampfschifffahrt" * 4 + ".pdf": documents.pdf(),
        "locked.pdf": documents.locked(),
        "bee.py": ("# " + "Donaudampfschifffahrt" * 8 + "\n\nprint('מה עם הצרעות?')\n").encode(),
        "bees.zip": bytes(range(256)),
    }
    found = [documents.bring(people.enrolment, step, name, data) for name, data in brought.items()]
    documents.draw(found[0])
    WorkFile.objects.filter(pk=found[2].pk).update(state=WorkFile.State.FAILED)
    return documents.hand_in(people.enrolment, step, *found, source=WORK)


def _promise_moved(handed: Submission) -> None:
    for why, words in (("paused", "I am ill until Monday."), ("broken", "")):
        later = handed.promised_at + timedelta(days=3)
        PromiseMove.objects.create(submission=handed, was=handed.promised_at, becomes=later, why=why, words=words)


def _commented(people: cast.Cast, work: Submission) -> None:
    place = comments.Place(start=12, quote="nine flowers", before="It flew to ", after=".")
    first = comments.write(work, uuid4(), place, "Which **ones**?", version=0, by=people.teacher)
    gone = comments.Place(start=400, quote="words that are no longer there")
    comments.write(work, uuid4(), gone, "Donaudampfschifffahrt" * 8, version=0, by=people.assistant)
    for author, comment, said in ((people.student, first, "The red ones?"), (people.teacher, first, "Yes.")):
        _remark(work, author, comment, said)
    _remark(work, people.student, None, "Was the rest good?")


def _remark(work: Submission, author: object, comment: object, said: str) -> None:
    Remark.objects.create(
        submission=work, author=author, comment=comment, key=uuid4(), source=said, html=texts.made(said)
    )
