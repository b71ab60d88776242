"""The demo cohort: made once, the same for the same moment, with pasts that can be true."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from common.richtext import bare_words
from courses.models import Cohort, DueDate, Enrolment, LectureContent
from dashboards.demo import cohort, history, talk
from feedback.models import (
    Asked,
    BankComment,
    CheckIn,
    Comment,
    Conversation,
    Feedback,
    Pause,
    PromiseMove,
    Submission,
)
from feedback.selectors.turnaround import weeks
from forums.models import Post, Thread
from notifications.models import Event, Notice
from notifications.services import events
from progress.models import Completion, Contact, Presence, Visit, Watch
from tests.dashboards.steps import text

OWN = re.compile(r'href="(/[^"#]*)"')
LOADED = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def counts() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def load() -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for all tests here, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(LOADED, tick=False):
            load()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(LOADED + timedelta(minutes=5), tick=False):
        yield


@pytest.mark.usefixtures("demo", "db")
class TestLoaded:
    def test_loading_it_again_changes_no_table(self) -> None:
        before = counts()
        printed = load()
        assert counts() == before
        assert "student@ownpace.test / study-in-peace" in printed

    def test_its_teacher_sees_at_once_who_needs_somebody(self, client: Client) -> None:
        client.force_login(User.objects.get(email=cohort.NAMED["teacher"]))
        found = Cohort.objects.get()
        page = text(client, f"/teach/cohorts/{found.pk}/needed/")
        assert "This order was worked out 5\xa0minutes ago" in page
        assert "overdue" in page
        assert "Has not studied for" in page
        home = text(client, "/teach/")
        assert "people wait for you; the oldest promise is for" in home
        assert "conversations to answer" in home

    def test_loading_it_again_after_it_was_renamed_changes_no_table(self) -> None:
        Cohort.objects.update(name="Our own name")
        before = counts()
        load()
        assert counts() == before

    def test_class_has_students_teachers_and_an_assistant(self) -> None:
        roles = list(Enrolment.objects.values_list("role", flat=True))
        assert roles.count("student") == 30
        assert roles.count("teacher") == 2
        assert roles.count("assistant") == 1
        assert User.objects.get(username="admin").is_staff

    def test_nothing_has_happened_before_the_cohort_began_or_after_now(self) -> None:
        began = Cohort.objects.get().starts_on
        for moments in (
            Completion.objects.values_list("completed_at", flat=True),
            Visit.objects.values_list("last_opened_at", flat=True),
            Enrolment.objects.exclude(last_seen_at=None).values_list("last_seen_at", flat=True),
        ):
            assert moments
            assert all(began <= moment.date() and moment <= LOADED for moment in moments)
        for visit in Visit.objects.all():
            assert all(part.upper <= LOADED.timestamp() for part in visit.visible)
        assert all(began <= row.day <= LOADED.date() + timedelta(days=1) for row in Presence.objects.all())

    def test_everybody_studies_at_the_hours_of_their_pattern(self) -> None:
        hours = {pattern.hour for pattern in history.PATTERNS.values()}
        for visit in Visit.objects.select_related("enrolment__user"):
            local = visit.opened_at.astimezone(visit.enrolment.user.timezone)
            assert any(0 <= local.hour - hour <= 2 for hour in hours), (visit.enrolment.user, local)

    def test_ticks_follow_the_order_of_the_course_and_their_own_rule(self) -> None:
        for enrolment in Enrolment.objects.filter(role="student"):
            lessons = enrolment.completions.exclude(activity__kind="assignment")
            ticks = lessons.order_by("completed_at").select_related("activity__module")
            places = [(tick.activity.module.position, tick.activity.position) for tick in ticks]
            assert places == sorted(places)
            assert all(tick.how == tick.activity.rule for tick in ticks)
            for tick in ticks.filter(how="read"):
                assert tick.evidence["visible_seconds"] >= tick.evidence["needed_seconds"]

    def test_class_shows_every_way_of_studying(self) -> None:
        done = [enrolment.completions.count() for enrolment in Enrolment.objects.filter(role="student")]
        assert len(set(done)) >= 5
        assert max(done) > 3 * (min(done) + 1)

    def test_some_dates_are_past_and_some_lie_ahead(self) -> None:
        walls = DueDate.objects.values_list("suggested_wall", flat=True)
        assert min(walls) < LOADED.replace(tzinfo=None) < max(walls)

    def test_three_lectures_are_short_and_can_be_read(self) -> None:
        lectures = LectureContent.objects.select_related("activity", "recording__file")
        assert len(lectures) == 3
        for lecture in lectures:
            tracks = list(lecture.recording.tracks.all())
            assert 40_000 <= lecture.recording.duration_ms <= 120_000
            assert {track.kind for track in tracks} == {"captions", "chapters"}
            assert all(track.faults == [] and track.cues[-1][0] < lecture.recording.duration_ms for track in tracks)
            assert lecture.activity.passages.filter(second__isnull=False).count() >= 2
        assert sum(lecture.recording.file.size for lecture in lectures) < 6_000_000
        assert {"en", "de"} <= set(lectures.values_list("recording__tracks__language", flat=True))

    def test_nobody_has_played_more_than_time_allowed_or_the_lecture_is_long(self) -> None:
        rows = list(Watch.objects.select_related("activity__lecture__recording"))
        assert rows
        for row in rows:
            duration = row.activity.lecture.recording.duration_ms
            assert row.covered
            assert all(0 <= part.lower < part.upper <= duration for part in row.covered)
            assert row.since <= row.position_at <= LOADED
        # The drawing of a lecture has something to show: it is not watched alike by everybody.
        assert len({str(row.covered) for row in rows}) > 5

    def test_ticks_of_lectures_are_those_that_were_watched(self) -> None:
        for tick in Completion.objects.filter(how="watched").select_related("activity__lecture__recording"):
            played = Watch.objects.get(enrolment=tick.enrolment, activity=tick.activity).covered
            assert tick.evidence["covered_ms"] == sum(part.upper - part.lower for part in played)
            assert tick.evidence["covered_ms"] >= tick.activity.lecture.needed_ms

    def test_teacher_sees_the_class_watching(self, client: Client) -> None:
        client.force_login(User.objects.get(email="teacher@ownpace.test"))
        path = f"/teach/cohorts/{Cohort.objects.get().pk}/lectures/"
        for one in client.get(path).context["lectures"]:
            assert one.began
            drawn = client.get(f"{path}{one.activity.pk}/").context["watched"]
            assert drawn.began == one.began
            assert all(row.title for row in drawn.rows)

    def test_cohort_has_talked_in_every_way_there_is(self) -> None:
        threads = Thread.objects.all()
        assert threads.count() >= 40
        assert {thread.kind for thread in threads} == {"question", "discussion", "introductions"}
        for part in (
            threads.filter(accepted__isnull=False),
            threads.filter(wonders__gt=1),
            threads.filter(posts__endorsed_at__isnull=False),
            threads.filter(pinned=True, kind="discussion"),
            threads.filter(duplicate_of__accepted__isnull=False, locked_at__isnull=False),
            threads.filter(kind="question", anonymous=True, answered_at__isnull=False),
            threads.filter(posts__parent__isnull=False),
            threads.filter(posts__mentions__isnull=False),
        ):
            assert part.exists(), part.query
        for element in ("<math", "<table", "<pre", "<blockquote", 'href="https://', 'href="/lessons/'):
            assert Post.objects.filter(html__contains=element).exists(), element

    def test_question_that_waits_is_seen_by_its_teacher(self, client: Client) -> None:
        client.force_login(User.objects.get(email="teacher@ownpace.test"))
        rows = client.get("/forum/unanswered/").context["rows"]
        assert [row.is_late for row in rows] == [True, False]

    def test_everybody_has_said_something_and_twenty_students_hello(self) -> None:
        members = set(Enrolment.objects.values_list("user", flat=True))
        assert set(Post.objects.values_list("author", flat=True)) == members
        hello = Post.objects.filter(thread__kind="introductions", author__enrolments__role="student")
        assert hello.values("author").distinct().count() >= 20

    def test_talk_is_told_in_the_order_in_which_it_happened(self) -> None:
        began = Cohort.objects.get().starts_on
        for thread in Thread.objects.all():
            posts = list(thread.posts.order_by("number"))
            moments = [post.created_at for post in posts]
            assert moments == sorted(moments), thread
            assert began <= moments[0].date()
            assert moments[-1] == thread.last_post_at <= LOADED
            assert thread.opened_at == moments[0]
            assert all(moment <= LOADED for moment in [post.endorsed_at for post in posts] if moment)
        assert all(moment <= LOADED for moment in Contact.objects.values_list("at", flat=True))

    def test_questions_at_a_second_are_in_their_lecture(self) -> None:
        pinned = Thread.objects.exclude(at_ms=None).select_related("activity__lecture__recording")
        assert len(pinned) >= 8
        assert all(thread.at_ms < thread.activity.lecture.recording.duration_ms for thread in pinned)
        assert len({thread.activity_id for thread in pinned}) == 3

    def test_links_between_posts_and_lessons_lead_somewhere(self, client: Client) -> None:
        client.force_login(User.objects.get(email="student@ownpace.test"))
        linked = {path for html in Post.objects.values_list("html", flat=True) for path in OWN.findall(html)}
        assert linked
        assert all(client.get(path).status_code == 200 for path in linked)
        assert not Post.objects.filter(html__contains="activity:").exists()

    def test_student_finds_talk_of_today_that_is_new(self, client: Client) -> None:
        client.force_login(User.objects.get(email="student@ownpace.test"))
        rows = client.get(f"/cohorts/{Cohort.objects.get().pk}/forum/").context["rows"]
        new = [row for row in rows if row.unread]
        assert 3 <= len(new) <= 12
        posted = {f"/threads/{thread.pk}/": LOADED - thread.last_post_at for thread in Thread.objects.all()}
        ago = {row.title: posted[row.url.partition("?")[0]] for row in rows}
        assert all(ago[row.title] < timedelta(hours=28) for row in new)
        assert all(not row.unread for row in rows if ago[row.title] > timedelta(days=2))
        assert any(row.unread < int(row.replies.split()[0]) for row in new if row.replies[0].isdigit())

    def test_teacher_finds_ten_minutes_of_real_marking(self, client: Client) -> None:
        waiting = Submission.objects.to_mark().standing()
        assert 10 <= waiting.count() <= 16
        assert all(work.promised_at > LOADED and work.broken_at is None for work in waiting)
        assert all(len(work.source.split()) > 25 and work.rubric for work in waiting)
        assert {work.attempt for work in waiting} == {1, 2}
        assert waiting.filter(marker__isnull=False).exists()
        assert waiting.filter(feedback__isnull=False).exists()
        assert BankComment.objects.count() == 5

    def test_most_students_have_handed_in_and_have_feedback(self) -> None:
        back = Submission.objects.released(LOADED)
        assert back.values("enrolment").distinct().count() >= 15
        assert {one.good_enough for one in Feedback.objects.filter(submission__in=back)} == {True, False}
        assert Feedback.objects.filter(read_at=None, submission__in=back).exists()
        assert Feedback.objects.exclude(will_change="").count() >= 10
        assert all(one.submission.release_at <= one.read_at <= LOADED for one in Feedback.objects.exclude(read_at=None))
        assert all(one.quote in bare_words(one.submission.html) for one in Comment.objects.all())
        assert Completion.objects.filter(activity__kind="assignment").count() >= 12

    def test_promises_are_kept_but_for_one_and_a_pause_has_moved_some(self) -> None:
        broken = Submission.objects.exclude(broken_at=None)
        assert [one.enrolment.user.display_name for one in broken] == ["Callum Muirhead"]
        assert broken[0].broken_at < broken[0].release_at < LOADED
        assert sum(week.broken for week in weeks(timezone.now())) == 1
        assert sum(week.kept for week in weeks(timezone.now())) >= 15
        pause = Pause.objects.get()
        assert pause.last < LOADED.date()
        moved = PromiseMove.objects.filter(why="paused")
        assert moved.count() >= 10
        assert all(move.at < LOADED and move.words == pause.reason for move in moved)

    def test_student_has_a_second_attempt_with_feedback_to_read(self) -> None:
        mine = Submission.objects.filter(enrolment__user__email="student@ownpace.test").order_by("pk")
        assert [(work.attempt, bool(work.release_at)) for work in mine] == [(1, True), (2, True), (1, False)]
        assert mine[0].feedback.will_change
        assert mine[1].feedback.read_at is None
        assert Notice.objects.filter(person=mine[0].enrolment.user, kind="feedback_released", state="told").exists()
        teacher = User.objects.get(email="teacher@ownpace.test")
        assert Notice.objects.filter(person=teacher, kind="feedback_handed_in", state="told").exists()

    def test_check_in_of_last_week_was_answered_in_all_four_ways_and_one_is_open(self) -> None:
        last, latest = CheckIn.objects.order_by("sent_at")
        assert set(last.asked.exclude(pulse="").values_list("pulse", flat=True)) == set(Asked.Pulse)
        assert LOADED - timedelta(days=9) < last.sent_at < LOADED - timedelta(days=7)
        assert last.asked.filter(pulse="").exists()
        assert latest.asked.open(LOADED).count() >= 3
        assert all(one.answered_at <= LOADED for one in Asked.objects.exclude(pulse=""))

    def test_what_waits_for_an_answer_is_promised_one_and_promises_were_kept(self) -> None:
        waiting = Conversation.objects.filter(waiting_since__isnull=False)
        assert {one.enrolment.user.get_short_name() for one in waiting} == {"Niamh", "Petra"}
        assert all(one.promised_at > LOADED + timedelta(hours=4) for one in waiting)
        assert not Conversation.objects.exclude(broken_at=None).exists()
        assert Conversation.objects.filter(waiting_since=None, messages__by_student=False).distinct().count() >= 5
        assert Conversation.objects.filter(enrolment__user__minor=True).exists()
        for one in Conversation.objects.all():
            moments = [message.at for message in one.messages.order_by("pk")]
            assert moments == sorted(moments)
            assert moments[-1] == one.latest_at <= LOADED

    def test_student_finds_a_check_in_to_answer_and_teacher_who_needs_them(self, client: Client) -> None:
        student, teacher = (User.objects.get(email=f"{who}@ownpace.test") for who in ("student", "teacher"))
        client.force_login(student)
        asked = Asked.objects.get(person=student, pulse="")
        assert f"/check-ins/{asked.pk}/" in client.get("/").content.decode()
        assert "How did the ten minutes go?" in text(client, f"/check-ins/{asked.pk}/")
        assert Notice.objects.get(person=student, kind="check_in", subject=asked.pk).state == "told"
        client.force_login(teacher)
        assert "people wait for you; the oldest promise is for" in text(client, "/teach/")
        needed = text(client, f"/teach/cohorts/{Cohort.objects.get().pk}/needed/")
        assert "Answered “Stuck”. Your reply is promised for" in needed
        assert "Wrote to you. Your reply is promised for" in needed
        assert "No one has spoken to them for" in needed
        assert {"asked_for_a_word", "check_in_answer"} <= set(
            Notice.objects.filter(person=teacher, state="told", read_at=None).values_list("kind", flat=True)
        )
        assert "prefers to work alone" in text(client, f"/teach/cohorts/{Cohort.objects.get().pk}/check-ins/new/")

    def test_nobody_is_told_of_what_was_said_before(self) -> None:
        kinds = Event.objects.filter(spread_at=None).values_list("kind", flat=True)
        assert not {kind for kind in kinds if "post" in kind or "thread" in kind or "answer" in kind}
        assert not {kind for kind in kinds if "feedback" in kind}

    @pytest.mark.parametrize(("who", "lands"), [("student", "/"), ("teacher", "/teach/"), ("admin", "/manage/")])
    def test_printed_sign_ins_work(self, client: Client, who: str, lands: str) -> None:
        sent = {"login": f"{who}@ownpace.test", "password": cohort.PASSWORD}
        response = client.post("/account/login/", sent, follow=True)
        assert response.status_code == 200
        assert response.request["PATH_INFO"] == lands

    def test_pages_of_student_and_teacher_are_full(self, client: Client) -> None:
        client.force_login(User.objects.get(email="student@ownpace.test"))
        page = text(client, "/")
        assert "Learning on your own schedule" in page
        assert client.get("/").context["coming"] is not None
        assert "Announcements you have not read" in page
        assert "Before “Make it last” is due" in page
        client.force_login(User.objects.get(email="teacher@ownpace.test"))
        response = client.get(f"/teach/cohorts/{Cohort.objects.get().pk}/")
        rows = response.context["rows"]
        assert len(rows) == 30
        assert any(row.tally.late for row in rows)
        assert any(row.minutes for row in rows)

    def test_announcement_of_the_day_before_lies_unread_in_the_inbox_and_was_mailed(self, client: Client) -> None:
        student = User.objects.get(email="student@ownpace.test")
        notice = Notice.objects.get(person=student, kind="announcement")
        assert (notice.state, notice.read_at) == ("told", None)
        assert LOADED - timedelta(days=1) < notice.settled_at < LOADED
        assert notice.mailed_at == notice.settled_at
        client.force_login(student)
        assert "tell me before it has passed" in text(client, f"/announcements/{notice.subject}/")

    def test_worker_that_finds_its_event_tells_nobody_again(self) -> None:
        before = Notice.objects.count()
        events.spread_some(timezone.now())
        assert Notice.objects.count() == before


@pytest.mark.django_db
def test_demo_is_the_same_for_the_same_moment() -> None:
    told = []
    for _ in range(2):
        with transaction.atomic():
            load()
            people = list(
                User.objects.order_by("username").values_list("username", "display_name", "timezone", "minor")
            )
            ticks = list(
                Completion.objects.order_by("enrolment__user__username", "completed_at").values_list(
                    "enrolment__user__username", "activity__origin", "completed_at", "how"
                )
            )
            told.append((people, ticks))
            transaction.set_rollback(True)
    assert told[0] == told[1]
    assert told[0][1]


@pytest.mark.parametrize("hour", [0, 23])
def test_talk_is_in_order_and_past_at_whatever_hour_it_is_loaded(hour: int) -> None:
    now = LOADED.replace(hour=hour)
    place = talk.Place(Cohort(starts_on=LOADED.date() - timedelta(days=30), timezone=UTC), {}, {}, now)
    for told in talk.threads():
        moments = [place.when(one) for one in (told, *told.get("replies", []))]
        assert moments == sorted(moments), told["title"]
        assert moments[-1] < now, told["title"]


@pytest.mark.django_db
def test_demo_is_refused_where_it_is_not_allowed(settings: Settings) -> None:
    settings.DEMO_ALLOWED = False
    before = counts()
    with pytest.raises(CommandError, match="published passwords"):
        load()
    assert counts() == before


@pytest.mark.parametrize("pattern", history.PATTERNS)
def test_pattern_is_a_day_that_has_its_hours(pattern: str) -> None:
    habit = history.PATTERNS[pattern]
    assert 0 < habit.share <= 1
    assert 0 <= habit.hour * 60 + 45 + (habit.at_once - 1) * 14 < 24 * 60
    assert timezone.now() == LOADED + timedelta(minutes=5)
