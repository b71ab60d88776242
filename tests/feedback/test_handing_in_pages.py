"""The lesson page of an assignment, the page on which work is handed in, the receipt, and taking it back."""

import hashlib
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, DueDate
from drafts.fields import Content, Stamp
from drafts.models import Draft
from drafts.services import save
from feedback.models import Beginning, PromiseMove, Submission
from feedback.services import handing_in, promises
from progress.services import waits
from tests.cast import Cast
from tests.factories import feedback as make
from tests.progress.test_queries import queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module, takes_links=True)


def words(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def lesson(client: Client, step: Activity) -> str:
    return words(client.get(f"/lessons/{step.pk}/").content)


def send(client: Client, step: Activity, source: str = "Nine flowers.", **more: object) -> object:
    data = {"source": source, "draft_key": str(uuid.uuid4()), **more}
    return client.post(f"/lessons/{step.pk}/hand-in/", data)


class TestTheLesson:
    def test_says_what_is_asked_how_it_is_judged_and_when_feedback_comes(
        self, cast: Cast, client: Client, step: Activity
    ) -> None:
        client.force_login(cast.student)
        said = lesson(client, step)
        assert "Watch one bee for ten minutes." in said
        assert "How it is judged" in said
        assert "Colours, times and numbers." in said
        assert "You can hand in text that you write here, files and links." in said
        assert f"Feedback within {cast.cohort.feedback_days} working days." in said
        assert "Start your work" in said

    def test_a_draft_is_gone_on_with(self, cast: Cast, client: Client, step: Activity) -> None:
        save(cast.student, handing_in.place_of(step.pk), Stamp(uuid.uuid4()), Content({"source": "Nine"}))
        client.force_login(cast.student)
        assert "Continue your draft" in lesson(client, step)

    def test_work_that_is_with_the_teacher_names_the_day(self, cast: Cast, client: Client, step: Activity) -> None:
        sent = make.hand_in(cast.enrolment, step)
        client.force_login(cast.student)
        said = lesson(client, step)
        assert "With your teacher · feedback promised by" in said
        assert "Feedback by" in said
        assert "receipt" in said
        assert f"/work/{sent.pk}/take-back/" in client.get(f"/lessons/{step.pk}/").content.decode()

    def test_returned_work_says_what_will_change_and_by_when(self, cast: Cast, client: Client, step: Activity) -> None:
        again = timezone.now().date() + timedelta(days=7)
        sent = make.release(
            make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False, again_on=again)
        )
        sent.feedback.will_change = "I will count twice."
        sent.feedback.save()
        client.force_login(cast.student)
        said = lesson(client, step)
        assert f"Not yet: try again by {again:%A} {again.day} {again:%B}" in said
        assert "I will count twice." in said
        assert "Start the next attempt" in said

    def test_good_enough_leads_to_the_feedback_alone(self, cast: Cast, client: Client, step: Activity) -> None:
        make.release(make.hand_in(cast.enrolment, step), cast.teacher)
        client.force_login(cast.student)
        said = lesson(client, step)
        assert "Accepted" in said
        assert "Read your feedback" in said
        assert "Start" not in said

    def test_what_has_closed_takes_no_more(self, cast: Cast, client: Client, step: Activity) -> None:
        wall = datetime(2026, 3, 1, 12)
        DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=wall, cutoff_wall=wall)
        client.force_login(cast.student)
        said = lesson(client, step)
        assert "This closed" in said
        assert "ask your teacher for a later date" in said
        assert "Start your work" not in said

    def test_what_is_late_is_still_taken(self, cast: Cast, client: Client, step: Activity) -> None:
        DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=datetime(2026, 3, 1, 12))
        client.force_login(cast.student)
        assert "It is late, but it is still taken." in lesson(client, step)

    def test_a_new_version_after_the_date_says_beforehand_and_afterwards_that_it_is_late(
        self, cast: Cast, client: Client, step: Activity
    ) -> None:
        now = timezone.now()
        wall = (now - timedelta(days=1)).replace(tzinfo=None)
        DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=wall)
        sent = make.hand_in(cast.enrolment, step, now=now - timedelta(days=2))
        client.force_login(cast.student)

        def said(path: str) -> str:
            return words(client.get(path).content)

        places = (f"/lessons/{step.pk}/", f"/work/{sent.pk}/", f"/work/{sent.pk}/receipt/")
        for place, on_time in zip(places, ("On time.", "It is on time.", "It is on time."), strict=True):
            assert on_time in said(place), place
        assert "you were on time" in said("/dates/")
        assert "a new version will count as late" in said(f"/lessons/{step.pk}/hand-in/")
        again = make.hand_in(cast.enrolment, step, "Ten.", now=now)
        for place in (places[0], f"/work/{again.pk}/", f"/work/{again.pk}/receipt/"):
            assert "It came" in said(place), place
        assert "you were late" in said("/dates/")

    def test_another_attempt_that_was_asked_for_is_not_late(self, cast: Cast, client: Client, step: Activity) -> None:
        now = timezone.now()
        wall = (now - timedelta(days=1)).replace(tzinfo=None)
        DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall=wall)
        first = make.hand_in(cast.enrolment, step, now=now - timedelta(days=2))
        make.release(first, cast.teacher, make.said(good_enough=False))
        client.force_login(cast.student)
        assert "late" not in words(client.get(f"/lessons/{step.pk}/hand-in/").content)
        second = make.hand_in(cast.enrolment, step, "Ten.")
        assert "came late" not in words(client.get(f"/work/{second.pk}/").content)
        assert "you were on time" in words(client.get("/dates/").content)

    def test_who_is_excused_is_told(self, cast: Cast, client: Client, step: Activity) -> None:
        waits.excuse(cast.enrolment, step, "Ill.")
        client.force_login(cast.student)
        assert "You are excused from this step." in lesson(client, step)

    def test_teachers_see_what_is_asked_and_no_form(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.teacher)
        said = lesson(client, step)
        assert "Watch one bee" in said
        assert "What students hand in" in said
        assert "Start your work" not in said

    def test_stays_within_the_budget(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        assert queries(client, f"/lessons/{step.pk}/") <= 6
        make.release(make.hand_in(cast.enrolment, step), cast.teacher)
        assert queries(client, f"/lessons/{step.pk}/") <= 6


class TestHandingIn:
    def test_makes_a_submission_and_shows_its_receipt(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        answer = send(client, step, links="https://example.org/bees\nhttp://example.org/nine")
        sent = Submission.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/work/{sent.pk}/")
        assert sent.links == ["https://example.org/bees", "http://example.org/nine"]
        page = words(client.get(answer.url).content)
        assert "Nine flowers." in page
        assert sent.sha256 in client.get(f"{answer.url}receipt/").content.decode()
        assert "13 characters of text" in page

    def test_a_second_press_makes_nothing_more(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        key = str(uuid.uuid4())
        send(client, step, draft_key=key)
        answer = send(client, step, draft_key=key)
        assert answer.status_code == 302
        assert Submission.objects.count() == 1

    def test_another_tab_with_other_words_shows_both(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        key = str(uuid.uuid4())
        send(client, step, "From the first tab.", draft_key=key)
        answer = send(client, step, "From the other tab.", draft_key=key)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "From the first tab." in page
        assert "From the other tab." in page
        assert key not in page
        new = re.search(r'name="draft_key" value="([^"]+)"', page)[1]
        send(client, step, "From the other tab.", draft_key=new)
        assert Submission.objects.get(taken_back_at=None).source == "From the other tab."

    def test_what_is_refused_keeps_all_that_was_typed(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        answer = send(client, step, "Nine <flowers>.", links="javascript:alert(1)\nexample.org")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Nine &lt;flowers&gt;." in page
        assert "javascript:alert(1)\nexample.org" in page
        assert "is not a whole link" in page
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("count", [11])
    def test_eleven_links_are_refused(self, count: int, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        answer = send(client, step, links="\n".join(f"https://example.org/{n}" for n in range(count)))
        assert "up to 10 links" in words(answer.content)

    def test_nothing_at_all_is_refused(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        answer = send(client, step, "  ")
        assert "There is nothing to hand in yet." in words(answer.content)

    def test_a_preview_hands_nothing_in(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        answer = send(client, step, "**Nine** flowers", preview="")
        assert "<strong>Nine</strong>" in answer.content.decode()
        assert not Submission.objects.exists()

    def test_what_the_assignment_does_not_take_has_no_field(self, cast: Cast, client: Client) -> None:
        step = make.assignment(cast.module, takes_text=False, takes_files=False, takes_links=True)
        client.force_login(cast.student)
        page = client.get(f"/lessons/{step.pk}/hand-in/").content.decode()
        assert 'name="source"' not in page
        assert 'name="links"' in page
        send(client, step, "Nine.", links="https://example.org/")
        assert Submission.objects.get().source == ""

    @pytest.mark.parametrize(("more", "said"), [({}, "Your text Markdown"), ({"takes_files": True}, "(optional)")])
    def test_what_alone_is_taken_is_not_called_optional(
        self, cast: Cast, client: Client, more: dict[str, bool], said: str
    ) -> None:
        step = make.assignment(cast.module, **{"takes_files": False, "takes_links": False, **more})
        client.force_login(cast.student)
        page = words(client.get(f"/lessons/{step.pk}/hand-in/").content)
        assert said in page
        assert ("(optional)" in page) == bool(more)

    def test_on_the_way_to_the_files_the_text_is_saved(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        send(client, step, "Half a bee", bring="")
        assert Draft.objects.get().fields["source"] == "Half a bee"
        assert not Submission.objects.exists()

    def test_who_is_signed_out_meanwhile_sees_their_words(self, client: Client, step: Activity) -> None:
        answer = send(client, step, "Nine flowers, and a bee.")
        assert answer.status_code == 403
        assert "Nine flowers, and a bee." in answer.content.decode()

    def test_a_sending_begins_before_it_arrives(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        key = str(uuid.uuid4())
        answer = client.post(f"/lessons/{step.pk}/hand-in/begin/", {"draft_key": key})
        assert answer.status_code == 204
        assert str(Beginning.objects.get().key) == key
        send(client, step, draft_key=key)
        sent = Submission.objects.get()
        assert sent.counts_at < sent.sent_at

    def test_beginnings_have_an_end(
        self, cast: Cast, client: Client, step: Activity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(handing_in, "MOST_BEGINNINGS", 3)
        client.force_login(cast.student)
        for _ in range(5):
            client.post(f"/lessons/{step.pk}/hand-in/begin/", {"draft_key": str(uuid.uuid4())})
        assert Beginning.objects.count() == 3

    def test_the_next_version_begins_from_the_last(self, cast: Cast, client: Client, step: Activity) -> None:
        make.hand_in(cast.enrolment, step, "It flew to nine flowers.")
        client.force_login(cast.student)
        assert "It flew to nine flowers.</textarea>" in client.get(f"/lessons/{step.pk}/hand-in/").content.decode()

    def test_what_is_good_enough_has_no_form(self, cast: Cast, client: Client, step: Activity) -> None:
        make.release(make.hand_in(cast.enrolment, step), cast.teacher)
        client.force_login(cast.student)
        assert "<textarea" not in client.get(f"/lessons/{step.pk}/hand-in/").content.decode()
        assert send(client, step).status_code == 422

    def test_stays_within_the_budget(self, cast: Cast, client: Client, step: Activity) -> None:
        make.hand_in(cast.enrolment, step)
        client.force_login(cast.student)
        assert queries(client, f"/lessons/{step.pk}/hand-in/") <= 6


class TestTheReceipt:
    def test_says_when_in_the_zone_of_the_student_and_what(self, cast: Cast, client: Client, step: Activity) -> None:
        cast.student.timezone = "Pacific/Auckland"
        cast.student.save()
        sent = make.hand_in(cast.enrolment, step, "Nine flowers.\nAnd a bee.")
        client.force_login(cast.student)
        answer = client.get(f"/work/{sent.pk}/receipt/")
        text = answer.content.decode()
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="receipt-{sent.pk}.txt"'
        assert "(Auckland)" in text
        assert sent.sha256 in text
        assert "Nine flowers.\r\nAnd a bee." in text

    def test_its_sum_can_be_worked_out_from_what_it_says(self, cast: Cast, client: Client, step: Activity) -> None:
        client.force_login(cast.student)
        send(client, step, "Nine.", links="https://example.org/a")
        sent = Submission.objects.get()
        assert hashlib.sha256(b"Nine.\nhttps://example.org/a\n").hexdigest() == sent.sha256

    def test_titles_end_no_line(self, cast: Cast, client: Client, step: Activity) -> None:
        Activity.objects.filter(pk=step.pk).update(title="Bees\r\nSHA-256: 0\u202egnp")
        sent = make.hand_in(cast.enrolment, step)
        client.force_login(cast.student)
        text = client.get(f"/work/{sent.pk}/receipt/").content.decode()
        assert text.count("\r\nSHA-256: ") == 1
        assert "\u202e" not in text


class TestTakingBack:
    def test_asks_first_and_makes_a_draft_again(self, cast: Cast, client: Client, step: Activity) -> None:
        sent = make.hand_in(cast.enrolment, step)
        client.force_login(cast.student)
        assert "Take your work back?" in words(client.get(f"/work/{sent.pk}/take-back/").content)
        assert Submission.objects.get().taken_back_at is None
        answer = client.post(f"/work/{sent.pk}/take-back/", follow=True)
        assert Submission.objects.get().taken_back_at is not None
        assert "It flew to nine flowers.</textarea>" in answer.content.decode()

    def test_what_is_marked_stays(self, cast: Cast, client: Client, step: Activity) -> None:
        sent = make.release(make.hand_in(cast.enrolment, step), cast.teacher)
        client.force_login(cast.student)
        answer = client.post(f"/work/{sent.pk}/take-back/", follow=True)
        assert "can’t take it back" in words(answer.content)


class TestThePromise:
    ZONES = ("Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu", "Europe/Berlin")

    @pytest.mark.parametrize("zone", ZONES)
    def test_is_said_by_the_clock_of_the_student(self, zone: str, cast: Cast, client: Client, step: Activity) -> None:
        cast.student.timezone = zone
        cast.student.save()
        sent = make.hand_in(cast.enrolment, step)
        client.force_login(cast.student)
        local = sent.promised_at.astimezone(ZoneInfo(zone))
        page = words(client.get(f"/work/{sent.pk}/").content)
        city = zone.rpartition("/")[2].replace("_", " ")
        assert f"{local:%A} {local.day} {local:%B}, {local:%H:%M} ({city})" in page

    def test_a_broken_one_is_said_to_be(self, cast: Cast, client: Client, step: Activity) -> None:
        sent = make.hand_in(cast.enrolment, step)
        promises.break_due(sent.promised_at + timedelta(minutes=1))
        client.force_login(cast.student)
        page = words(client.get(f"/work/{sent.pk}/").content)
        assert "It is late, and we are sorry. New day:" in page

    def test_a_pause_gives_its_reason(self, cast: Cast, client: Client, step: Activity) -> None:
        sent = make.hand_in(cast.enrolment, step)
        day = sent.promised_at + timedelta(days=4)
        PromiseMove.objects.create(
            submission=sent, was=sent.promised_at, becomes=day, why="paused", words="I am <ill>."
        )
        client.force_login(cast.student)
        page = client.get(f"/work/{sent.pk}/").content
        assert "Marking is paused" in words(page)
        assert "I am &lt;ill&gt;." in page.decode()

    def test_says_how_long_half_of_it_takes_once_that_is_known(
        self, cast: Cast, client: Client, step: Activity
    ) -> None:
        now = timezone.now()
        for number in range(5):
            other = make.assignment(cast.module, f"Bee {number}")
            begun = now - timedelta(days=10)
            make.release(
                make.hand_in(cast.enrolment, other, now=begun),
                cast.teacher,
                now=begun + timedelta(hours=20 + 10 * number),
            )
            if number == 3:
                first = make.hand_in(cast.enrolment, make.assignment(cast.module, "First"))
                client.force_login(cast.student)
                assert "Usually" not in words(client.get(f"/work/{first.pk}/").content)
        sent = make.hand_in(cast.enrolment, step)
        page = words(client.get(f"/work/{sent.pk}/").content)
        assert "Half of all work is back within 2 days. 1 piece of work is ahead of yours." in page
        # Slower than what was promised, it would only make one doubt that.
        Submission.objects.filter(pk=sent.pk).update(promised_at=sent.counts_at + timedelta(days=1))
        page = words(client.get(f"/work/{sent.pk}/").content)
        assert "Feedback by" in page
        assert "Usually" not in page
