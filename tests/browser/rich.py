"""A world in which every page has something to show, and a second one in which it has nothing."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from accounts.models import OutgoingMail, User
from accounts.services import bounces, outgoing
from common.dates import local
from courses import captions
from courses.models import (
    Accommodation,
    Activity,
    Announcement,
    Cohort,
    Course,
    CourseImport,
    DueDate,
    Enrolment,
    KeptItem,
)
from courses.services import class_lists
from courses.services import lectures as recordings
from courses.services.course_files import add_file
from dashboards.selectors.monday import letters
from drafts import services as drafts
from drafts.fields import Content, Stamp
from feedback.models import BankComment, Submission
from forums.models import Post, Thread
from forums.services import answers, lost, moderation, topics
from forums.services import talk as discussing
from notifications.kinds import Reason
from notifications.services.letters import stop_token
from notifications.tasks import deliver
from progress import played
from progress.services import notes, snoozes, ticks, visits, watching
from progress.tasks import reckon_signals
from tests import cast
from tests.browser import work
from tests.browser.rich_text import LONG, PICTURE, WITH_EVERYTHING
from tests.browser.talked import Talked, talked
from tests.browser.works import works
from tests.factories import courses as make
from tests.factories import forums, lectures_real
from tests.factories.announcements import announcement
from tests.factories.forums import reply, thread
from tests.factories.notices import notice
from tests.factories.people import UserFactory

SAID = "I saw it in the **garden**.\n\n| day | bees |\n|---|---|\n| Mo | 12 |\n\nIs $a^2 + b^2$ the way home?"


@dataclass
class Rich(cast.Cast):
    long: Activity  # a reading with everything in it, also more to find than one page of results holds
    done: Activity  # ticked by hand, and changed since
    lecture: Activity  # nobody has played it
    begun: Activity  # a lecture: partly watched, with notes
    watched: Activity  # a lecture: watched to its end
    silent: Activity  # a lecture without captions
    faulty: Activity  # a lecture of whose captions some could not be read
    graduate: User  # has finished a course, to which something was added
    keyed: User  # signs in with a code
    fobbed: User  # signs in with a key
    unmailed: User  # has no address
    unreached: User  # has one that no mail reaches
    claimant: User  # has asked for another address and not confirmed it
    early: Cohort  # nobody is in it but its teacher; each at their own pace
    empty: Course
    bare: Cohort  # of the empty course
    fresh: Cohort  # of the same: nobody in it has chosen a password
    ran: CourseImport
    refused: CourseImport
    running: CourseImport
    news: Announcement  # the student has not read it
    to_come: Announcement
    talk: Thread  # a question with every sort of post
    chat: Thread  # a discussion that is closed
    asked: Thread  # a question that nobody answered, by the other student
    asked_post: Post
    hello: Post  # in the round of introductions
    answer: Post  # changed since
    mine: Post  # of the student, in the question
    nameless: Post  # of somebody who left their name away
    topic: Activity  # a discussion that is a step of the course
    topic_thread: Thread
    to_write: Activity  # an assignment of which nothing is written
    handed: Submission  # with the teacher, its promise moved
    filed: Submission  # with files: drawn, waiting, failed, a text, and what is downloaded only
    returned: Submission  # with comments, and a day for the next attempt
    enough: Submission
    garden: Cohort  # of a course of its own, in which work is marked
    to_mark: Submission  # the second attempt, with comments
    given_back: Submission  # the first, released, with a question
    timed: Submission  # to be released at an hour
    broken: Submission  # whose promise was broken
    unnamed: Submission  # marked without names
    kept: BankComment
    said: Talked

    @property
    def reset(self) -> str:
        """What the link in a mail for a forgotten password ends in."""
        return f"{user_pk_to_url_str(self.outsider)}-{default_token_generator.make_token(self.outsider)}"

    @property
    def stop_token(self) -> str:
        """What the link in a mail that nobody asked for ends in."""
        return stop_token(self.student.pk, ["due_soon", "due_passed"])

    @property
    def key(self) -> int:
        return Authenticator.objects.get(user=self.fobbed).pk

    @property
    def confirmation(self) -> str:
        """What the link in a mail that asks for a confirmation ends in."""
        return EmailConfirmationHMAC(EmailAddress.objects.get(user=self.claimant, verified=False)).key


def build() -> Rich:
    people = cast.gather()
    empty = make.CourseFactory(title="Empty course")
    early = make.CohortFactory(course=people.course, name="Early group", pacing="self-paced")
    bare = make.CohortFactory(course=empty, name="Bare group")
    for cohort in (early, bare):
        make.EnrolmentFactory(user=people.teacher, cohort=cohort, role="teacher")
    _course_is_full(people)
    long = make.reading(people.module, WITH_EVERYTHING + LONG, title="Bees at length", position=4, minutes=75)
    done = make.reading(people.module, "Wax.", title="Wax", position=5, required=False, heading="Beside the way")
    for reading in (people.reading, long, done):
        Activity.objects.filter(pk=reading.pk).update(dwell_seconds=600)
    _student_is_at_work(people, long, done)
    lectures = _lectures(people)
    _something_was_told(people)
    _class_is_full(people)
    _something_is_unsent(people)
    made = Rich(
        **vars(people),
        long=long,
        done=done,
        **lectures,
        graduate=_graduate(),
        keyed=_keyed(),
        fobbed=_fobbed(),
        claimant=_claimant(),
        unreached=_told(people),
        unmailed=UserFactory(email=None, minor=True, username="unmailed"),
        early=early,
        empty=empty,
        bare=bare,
        fresh=_fresh(empty, people),
        **_imports(people.course),
        **_announcements(people),
        **_talk(people),
        **works(people),
        **work.marking(people),
        said=talked(people),
    )
    _some_need_somebody(people)
    return made


def _some_need_somebody(people: cast.Cast) -> None:
    off = Enrolment.objects.get(user__display_name="Pupil 2")
    snoozes.snooze(people.teacher, off, local(timezone.now()).date() + timedelta(days=3))
    reckon_signals()


def _something_is_unsent(people: cast.Cast) -> None:
    half = Content({"title": "Half a thought", "url": ""})
    drafts.save(people.admin, f"courses/modules/{people.module.pk}/link", Stamp(uuid4()), half)


def _something_was_told(people: cast.Cast) -> None:
    now = timezone.now()
    for number, kind in enumerate(("due_soon", "due_today", "due_passed", "due_soon")):
        notice(
            people.student, subject=people.reading.pk, kind=kind, lead=number, settled_at=now - timedelta(days=number)
        )
    notice(people.other_student, subject=people.reading.pk, read_at=now)
    monday = local(now).date()
    letter = letters({people.teacher.pk: monday}, now)[people.teacher.pk]
    notice(people.teacher, kind="monday_letter", subject=0, lead=0, local_day=monday, values=letter)


def _talk(people: cast.Cast) -> dict[str, Thread | Post | Activity]:
    """Every sort of post that looks different, with words that are hard to fit."""
    moderation.choose(people.cohort, anonymous_allowed=True)
    talk = forums.thread(people.cohort, people.student, source=SAID, activity=people.reading)
    answer = forums.reply(talk, people.other_student, "To *tell* the others. " + "Donaudampfschifffahrt" * 8)
    mine = forums.reply(talk, people.student, "> To tell the others.\n\nTell what?", to=answer)
    right = forums.reply(talk, people.teacher, "Where there is `food`.\n\n```\nangle = 40\n```", to=answer)
    nameless = forums.reply(talk, people.student, "מה עם הצרעות?", anonymous=True)
    rude = forums.reply(talk, people.other_student, "Silly question.")
    gone = forums.reply(talk, people.other_student, "Sorry.")
    answers.endorse(answer, by=people.teacher, endorsed=True)
    answers.accept(right, by=people.student, accepted=True)
    answers.wonder(talk, people.other_student, wonders=True)
    discussing.edit(answer, answer.source + "!", title="", by=people.other_student)
    moderation.hide(rude, "Every question is welcome here.", by=people.teacher)
    discussing.delete(gone, by=people.other_student)
    moderation.report(nameless, "Is it about wasps?", by=people.other_student)
    chat = forums.thread(people.cohort, people.teacher, "Where do you study?", kind="discussion")
    moderation.pin(chat, pinned=True)
    moderation.lock(chat)
    asked = forums.thread(people.cohort, people.other_student, "Is the sheet due on Friday?" + " and" * 30)
    topic = forums.discussion(people.module, required=False)
    topic_thread = topics.thread_of(topic, people.cohort)
    forums.reply(topic_thread, people.other_student, "Apples.")
    hello = forums.reply(topics.introductions_of(people.cohort), people.other_student, "Hello from the third row.")
    return {
        "talk": talk,
        "chat": chat,
        "asked": asked,
        "asked_post": asked.posts.get(),
        "hello": hello,
        "answer": answer,
        "mine": mine,
        "nameless": nameless,
        "topic": topic,
        "topic_thread": topic_thread,
    }


def _announcements(people: cast.Cast) -> dict[str, Announcement]:
    source = "We meet on **Monday** instead.\n\n## Bring\n\n* [the sheet](/lessons/1/)\n* a pencil"
    made = {
        "news": announcement(people.teacher, people.cohort, source=source),
        "to_come": announcement(people.teacher, people.cohort, title="Exam", wall=datetime(2090, 1, 9, 9, 0)),
    }
    deliver()
    return made


def _fresh(course: Course, people: cast.Cast) -> Cohort:
    cohort = make.CohortFactory(course=course, name="Fresh group")
    new = [
        User(username="ben.cohen", display_name="Ben Cohen"),
        User(username="noa", display_name="נועה לוי", email="noa@example.org"),
    ]
    class_lists.add(cohort, [], new, role="student", by=people.admin)
    return cohort


def _course_is_full(people: cast.Cast) -> None:
    add_file(people.course, io.BytesIO(PICTURE), "bee.png")
    make.ModuleFactory(course=people.course, title="Hidden module", position=1, published=False)
    KeptItem.objects.create(
        course=people.course,
        module=people.module,
        package="bees",
        identifier="quiz",
        kind="quiz",
        title="Quiz",
        position=9,
        raw={},
    )


def _student_is_at_work(people: cast.Cast, long: Activity, done: Activity) -> None:
    now = timezone.now()
    for activity, away in ((people.reading, -2), (people.file, 2), (people.link, 12)):
        due(people.cohort, activity, now + timedelta(days=away))
    due(people.cohort, long, now - timedelta(days=9), closes=now - timedelta(days=1))
    visits.record_opening(people.enrolment, people.reading)
    ticks.complete(people.enrolment, done, how="marked", evidence={}, by=people.student)
    Activity.objects.filter(pk=done.pk).update(revision=2)
    second = int(now.timestamp())
    visits.add_visible(people.enrolment, long, [(second - 4000, second - 300)], zone="Europe/Berlin")
    Accommodation.objects.create(enrolment=people.enrolment, extra_days=2, time_percent=125)


FAULTY = b"WEBVTT\n\n00:01.000 --> 00:02.000\nA bee.\n\n00:09.000 --> 00:03.000\nBackwards.\n"


def _lectures(people: cast.Cast) -> dict[str, Activity]:
    titles = {"lecture": "New", "begun": "Begun", "watched": "Watched", "silent": "Silent", "faulty": "Faulty"}
    made = {
        name: lectures_real.lecture(
            people.module,
            title=f"{title} lecture",
            position=6 + place,
            required=False,
            prepared=name in ("lecture", "begun"),
            tracks=name not in ("silent", "faulty"),
        )
        for place, (name, title) in enumerate(titles.items())
    }
    recordings.save_track(made["faulty"], captions.read(FAULTY), kind="captions", language="en")
    _played(people, made["begun"], [(0, 20_000), (40_000, 52_000)], 52_000)
    _played(people, made["watched"], [(0, 98_600)], 98_600)
    for second, text in ((4, "Seven columns."), (41, "One task for each gap.\n\nWhich is mine?")):
        notes.save(people.enrolment, made["begun"], key=uuid4(), at_ms=second * 1000, text=text, version=None)
    asked = thread(people.cohort, people.other_student, "Why seven columns?", activity=made["begun"], at_ms=4_000)
    reply(asked, people.teacher, "One for each **day**.")
    thread(people.cohort, people.student, "All of it?", activity=made["begun"])
    lost.note(people.enrolment, made["begun"], 40)
    return made


def _played(people: cast.Cast, lecture: Activity, ranges: list[tuple[int, int]], place: int) -> None:
    now = timezone.now()
    second = int(now.timestamp())
    report = played.Report(ranges, place, now, [(second - place // 1000, second)])
    covered = watching.add(people.enrolment, lecture, report, opened_at=now - timedelta(hours=1))
    ticks.tick_when_watched(people.enrolment, lecture, covered.covered_ms, by=people.student)


def due(cohort: Cohort, activity: Activity, at: datetime, closes: datetime | None = None) -> None:
    wall, cutoff = (moment and moment.replace(tzinfo=None, microsecond=0) for moment in (at, closes))
    DueDate.objects.create(cohort=cohort, activity=activity, zone="Asia/Tokyo", suggested_wall=wall, cutoff_wall=cutoff)


def _class_is_full(people: cast.Cast) -> None:
    for number in range(8):
        pupil = make.EnrolmentFactory(user=UserFactory(display_name=f"Pupil {number}"), cohort=people.cohort)
    Enrolment.objects.filter(pk=pupil.pk).update(state="suspended")


def _told(people: cast.Cast) -> User:
    """What became of messages to the other student, and somebody whom no mail reaches."""
    now = timezone.now()
    ends = (
        {"mailed_at": now, "read_at": now},
        {"mail_reason": Reason.NO_ADDRESS},
        {"state": "skipped", "reason": Reason.DONE},
        {"state": "held out"},
        {"state": "planned", "settled_at": None, "not_before": now + timedelta(hours=2)},
    )
    for number, values in enumerate(ends):
        notice(people.other_student, subject=people.reading.pk, lead=10 + number, **values)
    outgoing.tell(people.other_student, OutgoingMail.Kind.PASSWORD_CHANGED)
    unreached = UserFactory(username="unreached")
    bounces.stop_mail(unreached, unreached.email, "bounce", timezone.now())
    words = {"situation": "next", "activity": people.reading.pk, "is_last": True, "minutes_left": None}
    values = {"title": "Bee eyes", "minutes": 5, "course": "Bees and flowers", "module": "Nectar", **words}
    for number in range(24):
        state, settled_at = ("told", "held out")[number % 2], now - timedelta(days=5)
        given = {"kind": "nudge", "subject": 0, "lead": number, "in_inbox": False, "values": values}
        notice(unreached, state=state, settled_at=settled_at, **given)
    return unreached


def _graduate() -> User:
    course = make.CourseFactory(title="Stars")
    module = make.ModuleFactory(course=course, title="Light", position=0)
    user = UserFactory(username="graduate", minor=True)
    enrolment = make.EnrolmentFactory(user=user, cohort=make.CohortFactory(course=course))
    first = make.reading(module, "Stars shine.", title="Shining", position=0)
    ticks.complete(enrolment, first, how="read", evidence={"visible_seconds": 9, "needed_seconds": 5}, by=user)
    make.reading(module, "Some fall.", title="Falling", position=1, published_at=timezone.now())
    return user


def _claimant() -> User:
    user = UserFactory(username="claimant")
    EmailAddress.objects.create(user=user, email="another@example.org")
    return user


def _keyed() -> User:
    user = UserFactory(username="keyed")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def _fobbed() -> User:
    user = UserFactory(username="fobbed")
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Blue key", "credential": {}})
    return user


def _imports(course: Course) -> dict[str, CourseImport]:
    now = timezone.now()
    lines = [
        {"identifier": "a", "title": "Bees", "kind": "page", "outcome": "imported", "reason": ""},
        {"identifier": "b", "title": "", "kind": "tool", "outcome": "left out", "reason": "It runs elsewhere."},
    ]
    faults = [{"where": "imsmanifest.xml", "message": "A file is named that is not there."}]
    make_one = CourseImport.objects.create
    return {
        "ran": make.ended_import(
            lines, faults, file_name="done.imscc", course=course, finished_at=now, sentence="All in."
        ),
        "refused": make_one(file_name="refused.imscc", state="failed", finished_at=now, sentence="Not a package."),
        "running": make_one(file_name="running.imscc", state="running", steps_done=3, steps_total=9),
    }
