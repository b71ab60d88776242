"""Feedback as its student reads it: when it is there, where each comment belongs, and what they answer."""

import io
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity
from feedback.models import Comment, Feedback, PageImage, Remark, Submission, WorkFile
from feedback.selectors.files import of_submission
from feedback.services import releasing
from feedback.services.comments import Place, write
from feedback.views import reading
from files import services as files
from notifications.models import Event
from tests.cast import Cast
from tests.factories import feedback as make
from tests.feedback.test_handing_in_pages import words
from tests.progress.test_queries import queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module, model_source="Eleven flowers would be the best count.")


@pytest.fixture
def sent(cast: Cast, step: Activity) -> Submission:
    return make.hand_in(cast.enrolment, step)


def comment(sent: Submission, by: User, source: str = "Which flowers?", quote: str = "nine flowers") -> Comment:
    place = Place(start=12, quote=quote, before="It flew to ", after=".")
    made = write(sent, uuid.uuid4(), place, source, version=0, by=by)
    assert made is not None
    return made


def page(client: Client, sent: Submission) -> str:
    return client.get(f"/work/{sent.pk}/").content.decode()


class TestUntilItIsReleased:
    CANARY = "xylocopa"

    def test_no_page_of_the_student_holds_a_word_of_it(self, cast: Cast, client: Client, sent: Submission) -> None:
        comment(sent, cast.teacher, f"A {self.CANARY} comment")
        marks = {"seen": make.Mark("close", f"{self.CANARY} words")}
        hour = timezone.now() + timedelta(hours=2)
        make.release(sent, cast.teacher, make.said(f"{self.CANARY} in all", marks=marks), at=hour)
        client.force_login(cast.student)
        pages = [
            *("/", "/courses/", "/dates/", "/inbox/", "/drafts/", f"/search/?q={self.CANARY}"),
            f"/courses/{cast.course.pk}/",
            f"/courses/{cast.course.pk}/feedback/",
            f"/courses/{cast.course.pk}/search/?q={self.CANARY}",
            f"/lessons/{sent.activity_id}/",
            f"/lessons/{sent.activity_id}/hand-in/",
            f"/work/{sent.pk}/",
            f"/work/{sent.pk}/receipt/",
            f"/work/{sent.pk}/take-back/",
        ]
        for address in pages:
            answer = client.get(address)
            told = answer.content.decode().replace(f"?q={self.CANARY}", "").replace(f'value="{self.CANARY}"', "")
            assert answer.status_code == 200, address
            # Search says what it looked for.
            if "search" not in address:
                assert self.CANARY not in told, address
            assert "Accepted" not in told, address
            assert "Your level" not in told, address
            assert "Eleven flowers would be" not in told, address
        for address in ("ask", "change"):
            assert client.post(f"/work/{sent.pk}/{address}/", {"source": "?"}).status_code == 404
        assert Feedback.objects.get().read_at is None

    def test_the_instant_is_what_counts(self, cast: Cast, client: Client, sent: Submission) -> None:
        make.release(sent, cast.teacher, make.said("Well seen."), at=timezone.now() + timedelta(hours=2))
        client.force_login(cast.student)
        assert "Well seen." not in page(client, sent)
        Submission.objects.update(release_at=timezone.now() - timedelta(seconds=1))
        assert "Well seen." in page(client, sent)


class TestReading:
    def test_shows_what_was_said_with_the_work(self, cast: Cast, client: Client, sent: Submission) -> None:
        made = comment(sent, cast.teacher)
        make.release(sent, cast.teacher)
        client.force_login(cast.student)
        told = words(page(client, sent).encode())
        for said in (
            "Accepted",
            "Well seen.",
            "Nine is many.",
            "Your level",
            "Which flowers?",
            "Eleven flowers would be",
        ):
            assert said in told
        assert f'data-quote="{made.quote}"' in page(client, sent)

    def test_the_first_opening_is_kept(self, cast: Cast, client: Client, sent: Submission) -> None:
        make.release(sent, cast.teacher)
        client.force_login(cast.student)
        page(client, sent)
        first = Feedback.objects.get().read_at
        assert first is not None
        page(client, sent)
        assert Feedback.objects.get().read_at == first

    def test_a_correction_says_that_it_is_one(self, cast: Cast, client: Client, sent: Submission) -> None:
        make.release(sent, cast.teacher)
        make.feedback(sent, cast.teacher, make.said("Even better."))
        releasing.corrected(sent)
        client.force_login(cast.student)
        told = words(page(client, sent).encode())
        assert "Corrected on" in told
        assert "Even better." in told

    def test_earlier_attempts_can_be_reached(self, cast: Cast, client: Client, sent: Submission) -> None:
        make.release(sent, cast.teacher, make.said("Look again.", good_enough=False))
        second = make.hand_in(cast.enrolment, sent.activity, "Ten.")
        client.force_login(cast.student)
        assert f'href="/work/{sent.pk}/"' in page(client, second)
        assert "Look again." in page(client, sent)
        assert f'href="/work/{second.pk}/"' in page(client, sent)

    def test_others_find_nothing_here(self, cast: Cast, as_user: SignIn, sent: Submission) -> None:
        make.release(sent, cast.teacher)
        for person in (cast.other_student, cast.teacher, cast.observer, cast.admin):
            assert as_user(person).get(f"/work/{sent.pk}/").status_code == 404

    def test_stays_within_the_budget(self, cast: Cast, client: Client, sent: Submission) -> None:
        client.force_login(cast.student)
        for number in range(2):
            _drawn(cast, sent, number)
        assert queries(client, f"/work/{sent.pk}/") <= 6
        for _ in range(3):
            made = comment(sent, cast.teacher)
            Remark.objects.create(
                submission=sent, comment=made, author=cast.teacher, key=uuid.uuid4(), source="", html=""
            )
        make.release(sent, cast.teacher)
        assert queries(client, f"/work/{sent.pk}/") <= 6
        assert queries(client, f"/courses/{cast.course.pk}/feedback/") <= 6


def _drawn(cast: Cast, sent: Submission, number: int) -> WorkFile:
    """A picture with its page, without the worker that would draw it."""
    stored = [files.store(io.BytesIO(b"picture"), f"{number}.webp", by=cast.student, claimed=True) for _ in range(2)]
    made = WorkFile.objects.create(file=stored[0], enrolment=cast.enrolment, activity=sent.activity, shape="image")
    PageImage.objects.create(work_file=made, number=1, file=stored[1], width=10, height=10)
    made.submissions.add(sent)
    return made


def test_each_file_stands_with_its_pages(cast: Cast, sent: Submission) -> None:
    made = [_drawn(cast, sent, number) for number in range(2)]
    found = of_submission(sent)
    assert found == made
    assert [[page.file.name for page in one.pages.all()] for one in found] == [["0.webp"], ["1.webp"]]


class TestAnswering:
    @pytest.fixture
    def told(self, cast: Cast, client: Client, sent: Submission) -> Submission:
        client.force_login(cast.student)
        return make.release(sent, cast.teacher, make.said("Look again.", good_enough=False))

    def test_what_will_change_is_kept(self, client: Client, told: Submission) -> None:
        answer = client.post(f"/work/{told.pk}/change/", {"will_change": "I will\r\ncount twice."})
        assert answer.status_code == 302
        kept = Feedback.objects.get()
        assert (kept.will_change, kept.will_change_at is None) == ("I will count twice.", False)
        assert "I will count twice." in page(client, told)
        assert "I will count twice." in client.get(f"/lessons/{told.activity_id}/hand-in/").content.decode()

    def test_the_one_field_of_a_form_is_not_called_optional(self, client: Client, told: Submission) -> None:
        assert "What I will change In one line." in words(page(client, told).encode())
        answer = client.post(f"/work/{told.pk}/change/", {"will_change": "I will " * 60})
        assert "What I will change In one line." in words(answer.content)

    def test_a_line_that_is_too_long_stays_as_it_was_typed(self, client: Client, told: Submission) -> None:
        answer = client.post(f"/work/{told.pk}/change/", {"will_change": "I will " * 60})
        assert answer.status_code == 422
        assert "I will I will" in answer.content.decode()

    def test_a_question_stands_in_its_place_and_is_asked_once(
        self, cast: Cast, client: Client, told: Submission
    ) -> None:
        made = comment(told, cast.teacher)
        sent = {"source": "The red ones?", "draft_key": str(uuid.uuid4())}
        for _ in range(2):
            answer = client.post(f"/work/{told.pk}/ask/?comment={made.pk}", sent)
        remark = Remark.objects.get()
        assert (remark.comment, remark.author) == (made, cast.student)
        assert answer.url == f"/work/{told.pk}/#remark-{remark.pk}"
        assert "The red ones?" in page(client, told)
        assert Event.objects.filter(kind="feedback_question").count() == 1

    @staticmethod
    def authors(answer: HttpResponse) -> list[str]:
        return [words(b"<" + part.split("·".encode())[0]) for part in answer.content.split(b'id="remark-')[1:]]

    def test_whoever_reads_a_remark_of_their_own_is_you(
        self, cast: Cast, client: Client, told: Submission, as_user: SignIn
    ) -> None:
        client.post(f"/work/{told.pk}/ask/", {"source": "Red ones?", "draft_key": str(uuid.uuid4())})
        marker = as_user(cast.teacher)
        marker.post(f"/marking/{told.pk}/answer/", {"source": "Blue ones.", "draft_key": str(uuid.uuid4())})
        assert self.authors(client.get(f"/work/{told.pk}/")) == ["You", str(cast.teacher)]
        assert self.authors(marker.get(f"/marking/{told.pk}/")) == [str(cast.student), "You"]

    def test_with_other_words_the_same_form_says_so(self, client: Client, told: Submission) -> None:
        key = str(uuid.uuid4())
        client.post(f"/work/{told.pk}/ask/", {"source": "Red?", "draft_key": key})
        answer = client.post(f"/work/{told.pk}/ask/", {"source": "Blue?", "draft_key": key})
        assert answer.status_code == 422
        assert "Blue?" in answer.content.decode()
        assert Remark.objects.count() == 1

    def test_a_comment_of_other_work_is_asked_nothing(self, cast: Cast, client: Client, told: Submission) -> None:
        other = make.hand_in(cast.enrolment, make.assignment(cast.module, "Another bee"))
        made = comment(other, cast.teacher, "Secret so far")
        answer = client.get(f"/work/{told.pk}/ask/?comment={made.pk}")
        assert answer.status_code == 404
        assert client.get(f"/work/{told.pk}/ask/?comment=x").status_code == 404


def test_comments_in_the_work_alone_are_feedback(cast: Cast, client: Client) -> None:
    step = make.assignment(cast.module, rule="handed in", rubric=None, scale="none")
    sent = make.hand_in(cast.enrolment, step)
    comment(sent, cast.teacher)
    releasing.release(sent, at=timezone.now(), now=timezone.now(), by=cast.teacher)
    client.force_login(cast.student)
    assert "teacher’s feedback on" in words(client.get("/").content)
    assert "Which flowers?" in page(client, sent)
    assert "teacher’s feedback on" not in words(client.get("/").content)


class TestOnToday:
    def test_feedback_that_has_come_is_told_until_it_is_opened(
        self, cast: Cast, client: Client, sent: Submission
    ) -> None:
        client.force_login(cast.student)
        told = "Your teacher’s feedback on “ Watch a bee ” is here."
        hour = timezone.now() + timedelta(hours=2)
        make.release(sent, cast.teacher, make.said("Look again.", good_enough=False), at=hour)
        assert told not in words(client.get("/").content)
        with time_machine.travel(hour):
            assert told in words(client.get("/").content)
            assert f'href="/work/{sent.pk}/"' in client.get("/").text
            client.head(f"/work/{sent.pk}/")
            assert told in words(client.get("/").content)
            client.get(f"/work/{sent.pk}/")
            assert told not in words(client.get("/").content)

    def test_what_the_next_attempt_has_overtaken_is_no_news(self, cast: Cast, client: Client, sent: Submission) -> None:
        make.release(sent, cast.teacher, make.said("Look again.", good_enough=False))
        make.hand_in(cast.enrolment, sent.activity, "Ten.")
        client.force_login(cast.student)
        assert "feedback on" not in words(client.get("/").content)

    def test_is_three_lines_at_most_and_one_query(self, cast: Cast, client: Client, sent: Submission) -> None:
        client.force_login(cast.student)
        counts = []
        for number in range(5):
            make.release(make.hand_in(cast.enrolment, make.assignment(cast.module, f"Bee {number}")), cast.teacher)
            counts.append(queries(client, "/"))
        assert len(set(counts)) == 1
        assert counts[0] <= 6
        shown = words(client.get("/").content)
        assert [f"“ Bee {number} ” is here" in shown for number in range(5)] == [False, False, True, True, True]

    def test_who_studies_no_such_lesson_is_asked_nothing_more(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.student)
        before = queries(client, "/")
        make.assignment(cast.module)
        assert queries(client, "/") == before + 1


class TestAllOfACourse:
    def test_has_a_row_for_each_piece(self, cast: Cast, client: Client, sent: Submission) -> None:
        make.release(sent, cast.teacher, make.said("First words.", good_enough=False))
        second = make.hand_in(cast.enrolment, sent.activity, "Ten.")
        make.release(second, cast.teacher, make.said("Second words."))
        client.force_login(cast.student)
        told = words(client.get(f"/courses/{cast.course.pk}/feedback/").content)
        assert told.index("Second words.") < told.index("First words.")
        assert "Not yet" in told
        assert "Accepted" in told

    def test_to_print_has_rubric_and_comments_of_more_than_a_page(
        self, cast: Cast, client: Client, sent: Submission, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "PIECES", 1)
        comment(sent, cast.teacher, "Which flowers?", quote="nine flowers")
        gone = comment(sent, cast.teacher, "Never mind.")
        Comment.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
        marks = {"seen": make.Mark("close", "You looked for ten minutes.")}
        make.release(sent, cast.teacher, make.said("First words.", good_enough=False, marks=marks))
        make.release(make.hand_in(cast.enrolment, sent.activity, "Ten."), cast.teacher, make.said("Second words."))
        client.force_login(cast.student)
        short = words(client.get(f"/courses/{cast.course.pk}/feedback/").content)
        assert "First words." not in short
        assert queries(client, f"/courses/{cast.course.pk}/feedback/?all=yes") <= 6
        told = words(client.get(f"/courses/{cast.course.pk}/feedback/?all=yes").content)
        level = make.RUBRIC.criteria[0].level("close")
        assert level is not None
        for said in (
            "First words.",
            "Second words.",
            level.title,
            "You looked for ten minutes.",
            "nine flowers",
            "Which flowers?",
        ):
            assert said in told
        assert "Never mind." not in told

    def test_to_print_holds_nothing_that_is_not_released(self, cast: Cast, client: Client, sent: Submission) -> None:
        comment(sent, cast.teacher, "Which flowers?")
        make.release(sent, cast.teacher, make.said("In an hour."), at=timezone.now() + timedelta(hours=1))
        client.force_login(cast.student)
        told = words(client.get(f"/courses/{cast.course.pk}/feedback/?all=yes").content)
        assert "No feedback yet" in told
        assert "Which flowers?" not in told

    def test_is_for_students(self, cast: Cast, as_user: SignIn) -> None:
        address = f"/courses/{cast.course.pk}/feedback/"
        assert as_user(cast.teacher).get(address).status_code == 403
        assert as_user(cast.outsider).get(address).status_code == 404
