"""A teacher's pages of check-ins: the exact list, lines, preview, one send, and what came back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts.models import User
from courses.models import Enrolment
from drafts import services as drafts
from drafts.fields import Content, Stamp
from feedback.models import Asked, CheckIn, Checking, RegularCheckIn, WorksAlone
from feedback.services import checkins
from tests.cast import Cast
from tests.factories import courses as make_course
from tests.factories import talks as make
from tests.progress.test_queries import queries
from tests.undoing import undo

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def client(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.teacher)


def where(cast: Cast, rest: str = "") -> str:
    return f"/teach/cohorts/{cast.cohort.pk}/check-ins/{rest}"


def keys(cast: Cast) -> list[int]:
    return [make.enrolment(cast.cohort, one).pk for one in (cast.student, cast.other_student)]


def typed(cast: Cast, **more: object) -> dict[str, object]:
    given = {"source": "Well, {first name}?", "segment": "all", "listed": "all", "who": keys(cast)}
    return {**given, "draft_key": str(uuid4()), **more}


def ticked(page: str) -> set[int]:
    parts = page.split('name="who" value="')[1:]
    return {int(part.split('"')[0]) for part in parts if "checked" in part.split(">")[0]}


def rows(page: str) -> dict[int, bool]:
    """By student, whether the field for their line stands open."""
    found = html.fromstring(page).xpath('//li[@class="asked-row"]')
    return {int(one.xpath(".//input/@value")[0]): bool(one.xpath("./details[@open]")) for one in found}


def lines_counted(page: str) -> int:
    return int(html.fromstring(page).xpath("string(//output[@data-lines])"))


class TestComposing:
    def test_a_preview_shows_what_each_would_read_and_sends_nothing(self, cast: Cast, client: Client) -> None:
        first, second = keys(cast)
        answer = client.post(
            where(cast, "new/"), typed(cast, **{f"line-{first}": "I saw your <b>hive</b>."}, preview="")
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f"Well, {cast.student.get_short_name()}?<br>I saw your &lt;b&gt;hive&lt;/b&gt;." in page
        assert "Send it now" in page
        assert ticked(page) == {first, second}
        assert not CheckIn.objects.exists()

    def test_each_is_a_row_with_the_next_step_and_only_a_line_that_was_typed_stands_open(
        self, cast: Cast, client: Client
    ) -> None:
        first, second = keys(cast)
        page = client.get(where(cast, "new/")).content.decode()
        assert rows(page) == {first: False, second: False}
        assert page.count(f"Next: <bdi>{cast.reading.title}</bdi>") == 2
        assert lines_counted(page) == 0
        for sent in ({"preview": ""}, {"send": "", "source": ""}, {"show": ""}):
            given = typed(cast, **{f"line-{second}": "I saw your hive.", **sent})
            page = client.post(where(cast, "new/"), given).content.decode()
            assert rows(page) == {first: False, second: True}, sent
            assert lines_counted(page) == 1

    def test_it_is_sent_once_with_its_lines(self, cast: Cast, client: Client) -> None:
        first, second = keys(cast)
        given = typed(cast, **{f"line-{first}": "I saw your hive."}, send="")
        addresses = {client.post(where(cast, "new/"), given).url for _ in range(2)}
        assert addresses == {where(cast, f"{CheckIn.objects.get().pk}/")}
        assert dict(Asked.objects.values_list("enrolment", "line")) == {first: "I saw your hive.", second: ""}

    def test_it_goes_to_those_who_are_ticked(self, cast: Cast, client: Client) -> None:
        first, _ = keys(cast)
        client.post(where(cast, "new/"), typed(cast, who=[first], send=""))
        assert [one.enrolment_id for one in Asked.objects.all()] == [first]

    @pytest.mark.parametrize("wrong", [{"who": []}, {"source": ""}, {"segment": "nobody"}, {"source": "x" * 2001}])
    def test_what_is_wrong_is_said_and_nothing_sent(self, cast: Cast, client: Client, wrong: dict[str, object]) -> None:
        answer = client.post(where(cast, "new/"), typed(cast, send="", **wrong))
        assert answer.status_code == 422
        assert "There is a problem" in answer.content.decode()
        assert not CheckIn.objects.exists()

    def test_a_line_that_is_too_long_is_refused(self, cast: Cast, client: Client) -> None:
        first, _ = keys(cast)
        answer = client.post(where(cast, "new/"), typed(cast, **{f"line-{first}": "x" * 301}, send=""))
        assert answer.status_code == 422
        assert "1 line is longer" in answer.content.decode()

    def test_who_prefers_to_work_alone_is_marked_and_not_ticked(self, cast: Cast, client: Client) -> None:
        first, second = keys(cast)
        WorksAlone.objects.create(enrolment_id=first)
        page = client.get(where(cast, "new/")).content.decode()
        assert "prefers to work alone" in page
        assert ticked(page) == {second}
        client.post(where(cast, "new/"), typed(cast, who=[first], send=""))
        assert Asked.objects.get().enrolment_id == first

    def test_another_group_lists_its_people_and_keeps_the_text(self, cast: Cast, client: Client) -> None:
        Enrolment.objects.update(last_seen_at=timezone.now() - timedelta(days=8))
        answer = client.post(where(cast, "new/"), typed(cast, segment="not seen", show=""))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Well, {first name}?</textarea>" in page
        assert ticked(page) == set(keys(cast))
        assert "There is a problem" not in page

    def test_another_group_is_asked_for_before_a_word_is_written(self, cast: Cast, client: Client) -> None:
        answer = client.post(where(cast, "new/"), typed(cast, source="", segment="late", show=""))
        assert answer.status_code == 200
        assert "There is a problem" not in answer.content.decode()
        assert "No student is in this group" in answer.content.decode()

    def test_in_an_empty_cohort_no_other_group_is_advised(self, cast: Cast, client: Client) -> None:
        Enrolment.objects.filter(cohort=cast.cohort, role="student").update(state="left")
        page = client.get(where(cast, "new/")).content.decode()
        assert "No one is in this cohort yet." in page
        assert "Choose another one above" not in page

    def test_named_in_the_address_they_are_ticked_alone(self, cast: Cast, client: Client) -> None:
        _, second = keys(cast)
        elsewhere = make.enrolment(cast.elsewhere, cast.elsewhere_student)
        page = client.get(where(cast, f"new/?who={second}&who={elsewhere.pk}")).content.decode()
        assert ticked(page) == {second}

    def test_what_was_typed_is_there_again(self, cast: Cast, client: Client) -> None:
        first, _ = keys(cast)
        text = Content({"source": "Half a thought", f"line-{first}": "For you"}, {"segment": "all"})
        drafts.save(cast.teacher, f"feedback/check-in/{cast.cohort.pk}", Stamp(uuid4()), text)
        page = client.get(where(cast, "new/")).content.decode()
        assert "Half a thought</textarea>" in page
        assert 'value="For you"' in page
        assert "Check-in with “Morning group”" in client.get("/drafts/").content.decode()

    def test_a_long_list_has_ticks_and_no_lines(self, cast: Cast, client: Client) -> None:
        for _ in range(50):
            make_course.EnrolmentFactory(cohort=cast.cohort)
        page = client.get(where(cast, "new/")).content.decode()
        assert len(ticked(page)) == 52
        assert 'name="line-' not in page
        assert "Next:" not in page


class TestWhatCameBack:
    def test_it_says_who_answered_what_to_whoever_asked_alone(
        self, cast: Cast, client: Client, as_user: SignIn
    ) -> None:
        message = make.answered(cast.cohort, cast.teacher, cast.student, "stuck", "Which bees?")
        found = CheckIn.objects.get()
        page = client.get(where(cast, f"{found.pk}/")).content.decode()
        assert "Which bees?" in page
        assert f"/conversations/{message.conversation_id}/" in page
        assert "1 of 1 answered" in " ".join(client.get(where(cast)).content.decode().split())
        for who in ("assistant", "admin"):
            other = as_user(cast.person(who))
            assert "How are the bees?" not in other.get(where(cast)).content.decode()
            assert other.get(where(cast, f"{found.pk}/")).status_code == 404

    def test_who_waits_stands_above_by_when_they_were_promised(self, cast: Cast, client: Client) -> None:
        talk = make.word(cast.cohort, cast.student, cast.teacher)
        assert "Students who wait for your answer" in client.get(where(cast)).content.decode()
        make.reply(talk)
        assert "Students who wait for your answer" not in client.get(where(cast)).content.decode()

    def test_answers_are_drawn_and_counted(self, cast: Cast, client: Client) -> None:
        made = make.check_in(cast.cohort, cast.teacher, cast.student, cast.other_student)
        for one, pulse in zip(made.asked.order_by("pk"), ("stuck", "on track"), strict=True):
            checkins.answer(one, pulse, "")
        found = client.get(where(cast)).context["drawn"]
        assert [lane.label for lane in found.lanes] == ["On track", "A bit behind", "Stuck", "I’d like a word"]
        assert [lane.shapes[0].path for lane in found.lanes] == ["M0 0h16v100h-16z", "", "M0 0h16v100h-16z", ""]
        assert [row[1:] for row in found.table.rows] == [["1", "0", "1", "0"]]

    def test_how_many_can_be_answered_is_set(self, cast: Cast, client: Client) -> None:
        assert client.post(where(cast), {"most_open": 0, "answer_days": 2}).status_code == 422
        client.post(where(cast), {"most_open": 7, "answer_days": 3})
        found = Checking.objects.get()
        assert (found.teacher, found.most_open, found.answer_days) == (cast.teacher, 7, 3)


class TestRegular:
    def test_it_is_set_changed_stopped_and_undone(self, cast: Cast, client: Client) -> None:
        today = timezone.now().astimezone(cast.cohort.timezone).date()
        given = {"source": "Well?", "every_weeks": "2", "first": today.isoformat(), "draft_key": str(uuid4())}
        assert client.post(where(cast, "regular/"), given).status_code == 302
        found = RegularCheckIn.objects.get()
        assert (found.source, found.every_weeks, found.next_on, found.author) == ("Well?", 2, today, cast.teacher)
        client.post(where(cast, "regular/"), {**given, "every_weeks": "1", "draft_key": str(uuid4())})
        assert RegularCheckIn.objects.get().every_weeks == 1
        answer = client.post(where(cast, "regular/stop/"), follow=True)
        assert not RegularCheckIn.objects.exists()
        undo(client, answer)
        assert RegularCheckIn.objects.get().next_on == today

    def test_a_day_that_is_over_is_none(self, cast: Cast, client: Client) -> None:
        given = {"source": "Well?", "every_weeks": "3", "first": "2024-01-01"}
        assert client.post(where(cast, "regular/"), given).status_code == 422
        assert not RegularCheckIn.objects.exists()


def test_pages_of_teachers_stay_within_twelve_queries(cast: Cast, client: Client) -> None:
    found = make.asked(cast.cohort, cast.teacher, cast.student, source="{next step}").check_in
    paths = [where(cast), where(cast, "new/"), where(cast, f"{found.pk}/"), where(cast, "regular/")]
    paths += [where(cast, "new/?segment=late"), where(cast, "new/?segment=not+seen"), "/conversations/"]
    few = {path: queries(client, path) for path in paths}
    for _ in range(3):
        other = make_course.EnrolmentFactory(cohort=cast.cohort).user
        make.answered(cast.cohort, cast.teacher, other)
        make.asked(cast.cohort, cast.teacher, cast.student)
    assert {path: queries(client, path) for path in paths} == few
    assert max(few.values()) <= 12, few


def test_what_was_sent_shows_gaps_for_what_each_read_and_the_line_for_one(cast: Cast, client: Client) -> None:
    line = f"line-{make.enrolment(cast.cohort, cast.student).pk}"
    given = typed(cast, source="{First name}, well?", **{line: "Your bees flew!"}, send="")
    client.post(where(cast, "new/"), given)
    sent = CheckIn.objects.get()
    listed, page = (client.get(where(cast, rest)).content.decode() for rest in ("", f"{sent.pk}/"))
    for shown in (listed, page):
        assert "…, well?" in shown
        assert "{First name}" not in shown
    assert "You added:" in page
    assert "Your bees flew!" in page
    assert "in the place of “…”" in page
