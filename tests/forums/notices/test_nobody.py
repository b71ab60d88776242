"""Who hears nothing: whoever did it, is out, muted it, or may not see it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from forums.models import Forum, Post, Thread
from forums.services import answers, following, moderation, news, reading, talk, topics
from notifications.models import Notice
from tests.cast import Cast
from tests.courses.notices.days import subjects, wait
from tests.factories.forums import discussion, reply, thread
from tests.factories.notices import notice
from tests.forums.notices.living import EVERYBODY, SOON, follow, heard, kinds, why_not

pytestmark = pytest.mark.django_db


def test_nobody_hears_of_what_they_did(cast: Cast, clock: time_machine.Traveller) -> None:
    follow(cast, cast.student)
    found = thread(cast.cohort, cast.student, source="I, @Student, wonder.")
    answer = reply(found, cast.student, "I know now.")
    reply(found, cast.student, "Really.", to=answer)
    answers.accept(answer, by=cast.student, accepted=True)
    wait(clock, **SOON)
    assert not Notice.objects.filter(person=cast.student, kind__in=news.ALL).exists()


@pytest.mark.parametrize("how", ["left", "suspended", "no account", "closed"])
def test_case_15_who_is_out_hears_nothing_by_any_way(cast: Cast, clock: time_machine.Traveller, how: str) -> None:
    found = thread(cast.cohort, cast.student)
    reply(found, cast.other_student)
    # Told, and on its way into a mail: at night it waits for the morning.
    clock.move_to(datetime(2026, 11, 3, 22, 0, tzinfo=UTC))
    wait(clock, **SOON)
    assert kinds(cast.student) == ["forum_answer"]
    if how == "left":
        cast.cohort.enrolments.filter(user=cast.student).update(state="left")
    elif how == "suspended":
        cast.cohort.enrolments.filter(user=cast.student).update(state="suspended")
    else:
        changed = {"is_active": False} if how == "closed" else {"deleted_at": timezone.now()}
        User.everything.filter(pk=cast.student.pk).update(**changed)
    reply(found, cast.other_student, "One more.")
    clock.move_to(datetime(2026, 11, 4, 8, 0, tzinfo=UTC))
    wait(clock, **SOON)
    wait(clock, hours=12)
    assert subjects(cast.student) == []
    if how in ("left", "suspended"):
        assert not Notice.objects.inbox_of(cast.student).exists()


def test_outsiders_of_the_cohort_hear_nothing_though_they_follow(cast: Cast, clock: time_machine.Traveller) -> None:
    found = thread(cast.cohort, cast.student)
    for person in (cast.outsider, cast.elsewhere_student, cast.elsewhere_teacher, cast.editor):
        follow(cast, person)
        follow(cast, person, thread=found)
    reply(found, cast.teacher)
    wait(clock, **SOON)
    for person in (cast.outsider, cast.elsewhere_student, cast.elsewhere_teacher, cast.editor):
        assert not Notice.objects.filter(person=person, kind__in=news.ALL).exists()


def test_muted_thread_tells_of_answers_and_mentions_alone(cast: Cast, clock: time_machine.Traveller) -> None:
    found = thread(cast.cohort, cast.student)
    mine = reply(found, cast.teacher)
    for person in (cast.student, cast.teacher):
        follow(cast, person, following.MUTE, thread=found)
    wait(clock, **SOON)
    reply(found, cast.other_student, to=mine)
    wait(clock, **SOON)
    assert kinds(cast.student) == ["forum_answer", "forum_answer"]
    assert kinds(cast.teacher) == []
    reply(found, cast.other_student, "@Teacher!")
    wait(clock, **SOON)
    assert kinds(cast.teacher) == ["forum_mention"]


def test_nearer_choice_counts(cast: Cast, clock: time_machine.Traveller) -> None:
    follow(cast, cast.assistant)
    follow(cast, cast.assistant, following.MUTE, module=cast.module)
    follow(cast, cast.observer, following.MUTE)
    follow(cast, cast.observer, module=cast.module)
    thread(cast.cohort, cast.student, activity=cast.reading)
    thread(cast.cohort, cast.student, "Off topic")
    wait(clock, **SOON)
    assert heard(cast.assistant) == [("forum_thread", "New thread: “Off topic”")]
    assert heard(cast.observer) == [("forum_thread", "New thread: “Why do bees dance?”")]


def test_mute_between_the_telling_and_the_mail_stops_the_mail(cast: Cast, clock: time_machine.Traveller) -> None:
    found = thread(cast.cohort, cast.teacher, kind="discussion")
    follow(cast, cast.student, thread=found)
    reply(found, cast.other_student)
    wait(clock, **SOON)
    assert kinds(cast.student) == ["forum_post"]
    follow(cast, cast.student, following.MUTE, thread=found)
    wait(clock, hours=12)
    assert subjects(cast.student) == []


def test_talk_about_a_lesson_that_is_hidden_is_hidden_with_it(cast: Cast, clock: time_machine.Traveller) -> None:
    found = thread(cast.cohort, cast.student, activity=cast.reading)
    follow(cast, cast.teacher, thread=found)
    reply(found, cast.other_student)
    cast.reading.published = False
    cast.reading.save()
    wait(clock, **SOON)
    assert (heard(cast.student), why_not(cast.student, "forum_answer")) == ([], ["gone"])
    assert kinds(cast.teacher) == ["forum_post"]


def test_others_words_wait_for_ones_own(cast: Cast, clock: time_machine.Traveller) -> None:
    found = thread(cast.cohort, cast.teacher, kind="discussion")
    Thread.objects.filter(pk=found.pk).update(own_first=True)
    for person in (cast.student, cast.assistant):
        follow(cast, person, thread=found)
    reply(found, cast.other_student, "Secret thought, @Student.")
    wait(clock, **SOON)
    assert heard(cast.student) == []
    assert kinds(cast.assistant) == ["forum_post"]
    reply(found, cast.student, "My own.")
    reply(found, cast.other_student, "Another thought.")
    wait(clock, **SOON)
    assert kinds(cast.student) == ["forum_post"]


def test_what_was_read_on_the_page_meanwhile_is_not_told(cast: Cast, clock: time_machine.Traveller) -> None:
    found = thread(cast.cohort, cast.student)
    reply(found, cast.teacher)
    reading.mark(found, cast.student, [(1, 3)])
    wait(clock, **SOON)
    assert (heard(cast.student), why_not(cast.student, "forum_answer")) == ([], ["read"])


def test_what_a_notice_may_show_is_what_its_person_may_read(cast: Cast) -> None:
    """The two ways of asking agree, for everybody and each sort of thread."""
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    for number in range(5):
        lesson = cast.draft if number == 1 else cast.reading
        found = thread(cast.cohort, cast.student, f"Thread {number}", activity=lesson)
        replies = [reply(found, cast.other_student), reply(found, cast.teacher), reply(found, cast.student)]
        if number == 2:
            Thread.objects.filter(pk=found.pk).update(own_first=True, author=cast.teacher)
        elif number == 3:
            moderation.hide(found.posts.get(number=1), "No.", by=cast.teacher)
        elif number == 4:
            moderation.hide(replies[0], "No.", by=cast.teacher)
            talk.delete(replies[1], by=cast.teacher)
    step = topics.thread_of(discussion(cast.module, own_first=True), cast.cohort)
    reply(step, cast.other_student)
    alone = thread(cast.elsewhere, cast.elsewhere_student)
    keys = list(Post.objects.values_list("pk", "thread", "thread__cohort"))
    for name in (*EVERYBODY, "editor", "outsider", "admin"):
        person = cast.person(name)
        for post, of, cohort in keys:
            notice(person, kind="forum_post", subject=of, context=cohort, lead=-post, values={"posts": [post]})
        shown = {one.values["posts"][0] for one in Notice.objects.inbox_of(person)}
        assert shown == set(Post.objects.readable_by(person).values_list("pk", flat=True)), name
    assert alone.posts.get().pk in shown
