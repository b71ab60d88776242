"""The screen on which work is marked: what it shows and saves, and that two markers never overwrite each other."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from accounts.models import User
from courses.models import Activity
from drafts import services as drafts
from drafts.fields import Content, Stamp
from drafts.models import Draft
from feedback import criteria
from feedback.models import AtWork, Feedback, FeedbackChange, Marking, Rubric, Submission
from feedback.services import comments, marking
from tests.cast import Cast, gather
from tests.factories import courses as make_course
from tests.factories import feedback as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
MARKERS = 16
SignIn = Callable[[User | None], Client]


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


@pytest.fixture
def sent(cast: Cast, step: Activity) -> Submission:
    return make.hand_in(cast.enrolment, step)


def screen(client: Client, submission: Submission, query: str = "") -> str:
    answer = client.get(f"/marking/{submission.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def save(client: Client, submission: Submission, *, revision: int = 0, **typed: str) -> HttpResponse:
    sent = {"draft_base": str(revision), "source": "", "good_enough": "", "again_on": "", **typed}
    return client.post(f"/marking/{submission.pk}/", {name.replace("__", "-"): one for name, one in sent.items()})


def test_the_screen_shows_work_rubric_and_promise(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    page = screen(as_user(cast.teacher), sent)
    for words in ("It flew to nine flowers.", "What you saw", "Closely", "by ", str(cast.student), "Good enough"):
        assert words in page


def test_what_is_typed_is_saved_and_stands_there_again(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    answer = save(
        client,
        sent,
        source="Well *seen*.",
        level__seen="close",
        words__seen="Nine!",
        good_enough="no",
        again_on="2027-01-08",
    )
    assert answer["Location"] == f"/marking/{sent.pk}/"
    found = Feedback.objects.get()
    assert (found.source, found.good_enough, str(found.again_on)) == ("Well *seen*.", False, "2027-01-08")
    assert (found.marked["seen"].level, found.marked["seen"].words) == ("close", "Nine!")
    page = screen(client, sent)
    assert ">\nWell *seen*.</textarea>" in page
    assert ">\nNine!</textarea>" in page
    assert "2027-01-08" in page


def test_saving_takes_free_work_and_leaves_that_of_others(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    save(as_user(cast.assistant), sent, source="A start.")
    sent.refresh_from_db()
    assert sent.marker == cast.assistant
    save(as_user(cast.teacher), sent, revision=1, source="A start, and more.")
    sent.refresh_from_db()
    assert sent.marker == cast.assistant


def test_what_is_wrong_comes_back_with_all_that_was_typed(cast: Cast, as_user: SignIn) -> None:
    step = make.assignment(cast.module, "Count", scale="points", most_points=5)
    sent = make.hand_in(cast.enrolment, step)
    client = as_user(cast.teacher)
    for points, words in (("many", "Enter a number"), ("7", "most that can be given here is 5 points")):
        typed = {"level__seen": "close", "words__seen": "\nTwo lines\nof mine."}
        answer = save(client, sent, source="My words.", points=points, **typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert ">\nMy words.</textarea>" in page
        assert ">\n\nTwo lines\nof mine.</textarea>" in page
        assert html.fromstring(page).xpath("//input[@name='level-seen'][@checked]/@value") == ["close"]
    assert not Feedback.objects.exists()


def test_a_level_that_the_rubric_does_not_have_is_told_beside_its_criterion(
    cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    answer = save(as_user(cast.teacher), sent, level__seen="nowhere", words__seen="Nine!")
    page = answer.content.decode()
    assert answer.status_code == 422
    [wrong] = html.fromstring(page).xpath("//fieldset[@data-criterion='seen']//p[@class='wrong']")
    assert "nowhere" in wrong.text_content()
    assert ">\nNine!</textarea>" in page


def test_points_that_nobody_typed_are_those_of_the_levels(cast: Cast, as_user: SignIn) -> None:
    sent = make.hand_in(cast.enrolment, make.assignment(cast.module, "Count", scale="points", most_points=5))
    client = as_user(cast.teacher)
    save(client, sent, level__seen="close", points="")
    assert Feedback.objects.get().points is None
    save(client, sent, revision=1, level__seen="close", level__why="reason", points="")
    assert Feedback.objects.get().points == 5
    save(client, sent, revision=2, level__seen="close", level__why="reason", points="4,5")
    assert str(Feedback.objects.get().points) == "4.50"


def test_of_two_markers_the_later_sees_both_versions_and_loses_nothing(
    cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    save(as_user(cast.teacher), sent, source="From the teacher.", level__seen="close")
    client = as_user(cast.assistant)
    answer = save(client, sent, source="From the assistant.", level__seen="some", words__why="Why?")
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("From the teacher.", "From the assistant.", "Closely", "In part", "Why?", "Keep both"):
        assert words in page
    assert Feedback.objects.get().source == "From the teacher."
    again = {"revision": 1, "source": "From the assistant.", "level__seen": "some", "words__why": "Why?"}
    save(client, sent, **again, keep="both")
    found = Feedback.objects.get()
    assert found.source == "From the teacher.\n\nFrom the assistant."
    assert (found.marked["seen"].level, found.marked["why"].words) == ("some", "Why?")


@pytest.mark.parametrize(("keep", "stays"), [("mine", "From the assistant."), ("theirs", "From the teacher.")])
def test_one_of_two_versions_is_chosen(keep: str, stays: str, cast: Cast, as_user: SignIn, sent: Submission) -> None:
    save(as_user(cast.teacher), sent, source="From the teacher.")
    client = as_user(cast.assistant)
    assert save(client, sent, source="From the assistant.").status_code == 409
    save(client, sent, revision=1, source="From the assistant.", keep=keep)
    assert Feedback.objects.get().source == stays


def test_a_draft_over_an_older_version_is_not_saved_in_silence(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    draft = Content({"source": "My draft."}, {"level-seen": "some"})
    drafts.save(cast.assistant, marking.place_of(sent.pk), Stamp(make.sending().stamp.key, base="0"), draft)
    make.feedback(sent, cast.teacher)
    client = as_user(cast.assistant)
    page = screen(client, sent)
    assert "Someone saved feedback after you started" in page
    assert "My draft." in page
    assert 'name="draft_base" value="0"' in page
    assert save(client, sent, revision=0, source="My draft.").status_code == 409
    assert Draft.objects.get().sent_at is None


def test_levels_alone_are_kept_as_a_draft(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    draft = Content({"source": ""}, {"level-seen": "some"}, weighs=True)
    drafts.save(cast.teacher, marking.place_of(sent.pk), Stamp(make.sending().stamp.key, base="0"), draft)
    client = as_user(cast.teacher)
    assert 'value="some" checked' in screen(client, sent)
    listed = client.get("/drafts/").content.decode()
    assert f"Feedback for {cast.student}" in listed
    assert f"/marking/{sent.pk}/" in listed
    assert Content({"source": ""}, {"kind": "question"}).weighs is False


@pytest.mark.django_db(transaction=True)
def test_sixteen_markers_at_once_lose_nothing() -> None:
    """Whoever came too late sees both versions and keeps both: in the end the words of all are there, each once."""
    cast = gather()
    sent = make.hand_in(cast.enrolment, make.assignment(cast.module))
    helpers = [make_course.EnrolmentFactory(cohort=cast.cohort, role="assistant").user for _ in range(MARKERS)]
    ready, late = Barrier(MARKERS), []

    def mark(helper: User) -> None:
        try:
            client, words = Client(), f"Words of {helper.username}."
            client.force_login(helper)
            ready.wait()
            answer = save(client, sent, source=words)
            while answer.status_code == 409:
                late.append(helper)
                revision = answer.context["revision"]
                answer = save(client, sent, revision=revision, source=words, keep="both")
            assert answer.status_code == 302
        finally:
            connection.close()

    threads = [Thread(target=mark, args=[helper]) for helper in helpers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = Feedback.objects.get()
    assert found.revision == MARKERS
    assert sorted(found.source.split("\n\n")) == sorted(f"Words of {one.username}." for one in helpers)
    assert len(set(late)) >= 1


def test_a_correction_keeps_what_was_said_and_is_told(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.release(sent, cast.teacher)
    answer = save(as_user(cast.teacher), sent, revision=1, source="On a second look.", good_enough="yes")
    assert answer.status_code == 302
    assert FeedbackChange.objects.order_by("pk").last().before["source"] == "Well seen."
    assert Feedback.objects.get().source == "On a second look."


def test_marking_goes_on_by_the_rubric_that_it_was_begun_with(
    cast: Cast, as_user: SignIn, step: Activity, sent: Submission
) -> None:
    make.feedback(sent, cast.teacher)
    begun = sent.rubric
    other = criteria.Criteria((make.Criterion("care", "Care", "", (make.Level("much", "Much", "", None),)),))
    Rubric.objects.create(assignment=step.assignment, plain=criteria.to_plain(other), version=2, made_by=cast.admin)
    again = make.hand_in(cast.enrolment, step, "Ten flowers.")
    assert again.rubric != begun
    client = as_user(cast.teacher)
    assert "What you saw" in screen(client, again)
    save(client, again, revision=1, source="Better.", level__seen="some", good_enough="yes")
    assert (Feedback.objects.get().rubric, list(Feedback.objects.get().marked)) == (begun, ["seen"])


def test_release_asks_and_leads_to_the_next(cast: Cast, as_user: SignIn, step: Activity, sent: Submission) -> None:
    other = make_course.EnrolmentFactory(user=UserFactory(), cohort=cast.cohort)
    following = make.hand_in(other, step, "Ten flowers.")
    client = as_user(cast.teacher)
    asked = save(client, sent, source="Good.", good_enough="yes", then="release")
    assert asked["Location"] == f"/marking/{sent.pk}/release/"
    assert "Release this feedback to" in client.get(asked["Location"]).content.decode()
    answer = client.post(asked["Location"], {"when": "now"})
    assert answer["Location"] == f"/marking/{following.pk}/"
    sent.refresh_from_db()
    assert sent.release_at <= timezone.now()
    last = client.post(f"/marking/{following.pk}/release/", {"when": "now"})
    assert last.status_code == 422
    assert "Say something first" in last.content.decode()


def test_what_a_release_needs_is_asked_on_the_form_beside_its_field(
    cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    client = as_user(cast.teacher)
    answer = save(client, sent, source="Good.", then="release")
    assert answer.status_code == 422
    page = html.fromstring(answer.content)
    (link,) = page.xpath('//*[@class="problem"]//a')
    assert "Choose whether this is good enough before you release it." in " ".join(link.text_content().split())
    (field,) = page.xpath(f'//*[@id="{link.get("href")[1:]}"]')
    assert (field.get("name"), field.get("aria-invalid")) == ("good_enough", "true")
    assert page.xpath('//textarea[@name="source"]')[0].text.strip() == "Good."
    silent = save(client, sent, good_enough="yes", then="release")
    assert "Say something first" in silent.content.decode()
    assert not Submission.objects.exclude(release_at=None).exists()
    # Half of it can be saved at any time.
    assert save(client, sent, source="Good.").status_code == 302


def test_the_question_before_a_release_says_what_will_be_read(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.feedback(sent, cast.teacher, make.said("Count **again**.", good_enough=False))
    comments.write(sent, uuid4(), comments.Place(), "Which?", version=0, by=cast.teacher)
    asked = html.fromstring(as_user(cast.teacher).get(f"/marking/{sent.pk}/release/").content)
    read = " ".join(asked.xpath('//*[@aria-labelledby="read-title"]')[0].text_content().split())
    assert "Not yet" in read
    assert "A level for 1 criterion of the rubric" in read
    assert "Count **again**." in read
    assert "1 comment on the work" in read
    (cancel,) = asked.xpath("//a[@data-cancel]")
    assert (cancel.text_content(), cancel.get("href")) == ("Back to marking", f"/marking/{sent.pk}/")


def test_a_release_that_lacks_something_leads_to_the_field(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.feedback(sent, cast.teacher, make.said(good_enough=None))
    asked = html.fromstring(as_user(cast.teacher).get(f"/marking/{sent.pk}/release/").content)
    (link,) = asked.xpath('//*[@class="problem"]//a')
    assert link.get("href") == f"/marking/{sent.pk}/#id_good_enough_0"
    assert not asked.xpath("//main//button[@data-first]")


def test_released_at_an_hour_it_can_be_held_back_until_then(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.feedback(sent, cast.teacher)
    client, path = as_user(cast.teacher), f"/marking/{sent.pk}/release/"
    for wall, words in (("", "Say when"), ("2020-01-01T09:00", "This time has passed")):
        answer = client.post(path, {"when": "later", "wall": wall})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post(path, {"when": "later", "wall": "2090-01-01T09:00"}).status_code == 302
    sent.refresh_from_db()
    assert sent.release_at.astimezone(cast.cohort.timezone).isoformat().startswith("2090-01-01T09:00")
    assert "Hold it back" in screen(client, sent)
    client.post(f"/marking/{sent.pk}/hold-back/")
    sent.refresh_from_db()
    assert sent.release_at is None
    make.release(sent, cast.teacher)
    answer = client.post(f"/marking/{sent.pk}/hold-back/", follow=True)
    assert "can read it already" in answer.content.decode()


def test_an_assistant_releases_only_where_the_teacher_allows_it(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.assistant)
    save(client, sent, source="Good.", good_enough="yes")
    page = screen(client, sent)
    assert "a teacher finds it under" in page
    assert "data-release" not in page
    path = f"/marking/{sent.pk}/release/"
    assert client.post(path, {"when": "now"}).status_code == 403
    assert client.get(f"/cohorts/{cast.cohort.pk}/marking/release/").status_code == 403
    Marking.objects.create(cohort=cast.cohort, assistants_release=True)
    assert "data-release" in screen(client, sent)
    assert client.post(path, {"when": "now"}).status_code == 302


def test_many_are_released_once_their_number_was_read(cast: Cast, as_user: SignIn, step: Activity) -> None:
    works = []
    for name in ("Ann", "Ben", "Cleo"):
        enrolment = make_course.EnrolmentFactory(user=UserFactory(display_name=name), cohort=cast.cohort)
        works.append(make.hand_in(enrolment, step))
    make.feedback(works[0], cast.teacher)
    make.feedback(works[1], cast.assistant, make.said(good_enough=None))
    make.feedback(works[2], cast.teacher)
    client, path = as_user(cast.teacher), f"/cohorts/{cast.cohort.pk}/marking/release/?activity={step.pk}"
    assert client.post(path, {"when": "now"}).status_code == 422
    chosen = {"work": [works[0].pk, works[1].pk], "when": "now"}
    asked = client.post(path, chosen).content.decode()
    assert "releases feedback to two students" in asked
    assert not Submission.objects.exclude(release_at=None).exists()
    told = client.post(path, {**chosen, "sure": "yes"}, follow=True).content.decode()
    assert "Released to one student." in told
    assert "Ben: Choose whether this is good enough" in told
    assert list(Submission.objects.exclude(release_at=None)) == [works[0]]


def test_the_last_attempt_stands_beside_the_next(cast: Cast, as_user: SignIn, step: Activity, sent: Submission) -> None:
    make.release(sent, cast.teacher, make.said("Look again.", good_enough=False))
    Feedback.objects.update(will_change="I will count the hive.")
    second = make.hand_in(cast.enrolment, step, "And a hive.")
    page = screen(as_user(cast.teacher), second)
    for words in ("Look again.", "I will count the hive.", "Nine is many.", f"/marking/{sent.pk}/"):
        assert words in page


def test_the_form_comes_before_what_was_said_of_the_last_attempt_which_is_folded(
    cast: Cast, as_user: SignIn, step: Activity, sent: Submission
) -> None:
    make.release(sent, cast.teacher, make.said("Look again.", good_enough=False))
    Feedback.objects.update(will_change="I will count the hive.")
    second = make.hand_in(cast.enrolment, step, "And a hive.")
    page = html.fromstring(screen(as_user(cast.teacher), second))
    assert page.xpath('//*[@id="mark"]/preceding::q[.="I will count the hive."]')
    assert not page.xpath('//*[@id="mark"]/preceding::table[@class="rubric"]')
    (folded,) = page.xpath('//*[@id="mark"]/following::details[.//table[@class="rubric"]]')
    assert " ".join(folded.find("summary").text_content().split()) == "What you said about attempt 1 · Not yet"
    assert folded.get("open") is None
    assert not folded.xpath(".//input")
    assert "What was said about attempt 1" in screen(as_user(cast.assistant), second)


def test_questions_of_the_student_are_answered_in_place(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    make.release(sent, cast.teacher)
    key = str(client.get(f"/marking/{sent.pk}/").context["answering"].key)
    said = {"draft_key": key, "source": "Count *again*."}
    for _ in range(2):
        assert client.post(f"/marking/{sent.pk}/answer/", said).status_code == 302
    assert sent.remarks.count() == 1
    assert "Count <em>again</em>" in screen(client, sent)
    assert client.post(f"/marking/{sent.pk}/answer/", {"draft_key": key + "0", "source": ""}).status_code == 422


def test_who_else_has_it_open_is_told(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    teacher, assistant = as_user(cast.teacher), as_user(cast.assistant)
    assert str(cast.assistant) not in teacher.post(f"/marking/{sent.pk}/here/").content.decode()
    assert str(cast.teacher) in assistant.post(f"/marking/{sent.pk}/here/").content.decode()
    AtWork.objects.filter(person=cast.teacher).update(seen_at=timezone.now() - timedelta(minutes=3))
    assert str(cast.teacher) not in assistant.post(f"/marking/{sent.pk}/here/").content.decode()


def test_what_was_released_an_assistant_corrects_only_where_the_teacher_allows_it(
    cast: Cast, as_user: SignIn, step: Activity
) -> None:
    """A correction is read as it is saved."""
    sent = make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said("From the teacher."))
    place = comments.Place(start=12, quote="nine")
    said = comments.write(sent, uuid4(), place, "Which?", version=0, by=cast.teacher)
    assert said is not None
    before, assistant = Feedback.objects.get(), as_user(cast.assistant)
    page = screen(assistant, sent)
    assert "only a teacher can correct it" in page
    assert "Which?" in page
    for press in ("Save the correction", "Comment on this", "data-edit", f"comments/{said.pk}/delete/"):
        assert press not in page
    assert "data-change" not in assistant.get(f"/marking/{sent.pk}/?edit={said.pk}").content.decode()
    assert save(assistant, sent, revision=before.revision, source="Mine.", good_enough="yes").status_code == 403
    comment = {"draft_key": str(uuid4()), "source": "Which?"}
    assert assistant.post(f"/marking/{sent.pk}/comments/", comment).status_code == 403
    assert assistant.post(f"/marking/{sent.pk}/comments/{uuid4()}/delete/").status_code == 403
    assert assistant.post(f"/marking/{sent.pk}/cell/", {"good_enough": "no"}).status_code == 403
    assert Feedback.objects.get().source == "From the teacher."
    Marking.objects.create(cohort=cast.cohort, assistants_release=True)
    save(assistant, sent, revision=before.revision, source="Mine.", good_enough="yes")
    assert Feedback.objects.get().source == "Mine."


def test_a_marker_of_another_cohort_and_an_observer_are_kept_out(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    assert as_user(cast.elsewhere_teacher).get(f"/marking/{sent.pk}/").status_code == 404
    assert as_user(cast.observer).get(f"/marking/{sent.pk}/").status_code == 403
    assert as_user(cast.student).get(f"/marking/{sent.pk}/").status_code == 403


def test_without_a_reload_only_the_main_part_is_sent(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    part = client.get(f"/marking/{sent.pk}/", headers={"HX-Request": "true"}).content.decode()
    title = re.search("<title>.+ · .+ · Ownpace</title>", screen(client, sent))
    assert title is not None
    assert part.lstrip().startswith(title[0])
    assert "<html" not in part
    saved = client.post(
        f"/marking/{sent.pk}/", {"source": "Typed.", "draft_base": "0"}, headers={"Accept": "application/json"}
    )
    assert saved.json() == {"revision": 1}
    late = client.post(
        f"/marking/{sent.pk}/", {"source": "Other.", "draft_base": "0"}, headers={"Accept": "application/json"}
    )
    assert (late.status_code, late.json()) == (409, {"revision": 1})


def test_a_marking_page_costs_twelve_queries_at_most(cast: Cast, as_user: SignIn, step: Activity) -> None:
    first = make.release(make.hand_in(cast.enrolment, step), cast.teacher, make.said(good_enough=False))
    second = make.hand_in(cast.enrolment, step, "Again.")
    client = as_user(cast.teacher)
    for submission in (first, second):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            screen(client, submission)
        assert len(asked) <= 12, [one["sql"][:120] for one in asked]
