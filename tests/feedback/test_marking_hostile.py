"""What somebody might put into the fields of marking: two hundred payloads in each, and all of them are only words."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from feedback import criteria
from feedback.models import Assignment, BankComment, Comment, Feedback, Remark, Rubric, Submission
from feedback.services import comments, texts
from feedback.services.assignments import criteria as plain
from tests.cast import Cast
from tests.factories import feedback as make
from tests.forums.test_hostile import PAYLOADS, assert_harmless, skeleton, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
KEY = UUID(int=3)


@pytest.fixture
def sent(cast: Cast) -> Submission:
    made = make.hand_in(cast.enrolment, make.assignment(cast.module))
    make.feedback(made, cast.teacher)
    comments.write(made, KEY, comments.Place(quote="nine flowers"), "Which?", version=0, by=cast.teacher)
    comments.keep("Say where.", by=cast.teacher, course=None)
    return made


def test_what_markers_write_holds_only_what_is_allowed() -> None:
    for payload in PAYLOADS:
        assert_harmless(texts.made(payload.replace("\0", "")))


def assert_words(client: Client, pages: list[str], say: Callable[[str], object]) -> None:
    """The pages have the elements and attributes that they have with an honest word, whatever is said."""
    say("Honey")
    honest = {page: skeleton(client.get(page).content.decode()) for page in pages}
    for number, payload in enumerate(PAYLOADS):
        say(words(payload, 100))
        page = pages[number % len(pages)]
        assert skeleton(client.get(page).content.decode()) == honest[page], payload


def test_names_are_words_to_those_who_mark(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    pages = ["/marking/", f"/marking/{sent.pk}/", f"/marking/{sent.pk}/release/", f"/marking/{sent.pk}/give/"]
    pages.append(f"/cohorts/{cast.cohort.pk}/marking/release/")
    theirs = User.objects.filter(pk=cast.student.pk)
    assert_words(as_user(cast.teacher), pages, lambda said: theirs.update(display_name=said[:80]))


def test_quotations_and_their_surroundings_are_words(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    rows = Comment.objects.filter(pk=KEY)
    assert_words(
        as_user(cast.teacher),
        [f"/marking/{sent.pk}/"],
        lambda said: rows.update(quote=said, before=said[:40], after=said[:40]),
    )


def test_words_of_criteria_levels_and_the_bank_are_words(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)

    def say(said: str) -> None:
        level = criteria.Level("close", said, said)
        rubric = criteria.Criteria((criteria.Criterion("seen", said, said, (level, level)),))
        Rubric.objects.update(plain=plain.to_plain(rubric))
        Feedback.objects.update(marks={"seen": {"level": "close", "words": said}}, will_change=said)
        BankComment.objects.update(source=said)

    bank = f"/cohorts/{cast.cohort.pk}/marking/bank/"
    assert_words(client, [f"/marking/{sent.pk}/", bank, f"{bank}found/"], say)


def test_levels_of_the_scale_and_titles_are_words(cast: Cast, as_user: SignIn) -> None:
    step = make.assignment(cast.module, scale="levels", levels=["Good", "Fair"])
    sent = make.hand_in(cast.enrolment, step)

    def say(said: str) -> None:
        Assignment.objects.update(levels=[said[:60], "Fair"])
        type(step).objects.filter(pk=step.pk).update(title=said)

    assert_words(as_user(cast.teacher), [f"/marking/{sent.pk}/", "/marking/"], say)


def test_of_two_versions_both_are_words(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client, seen = as_user(cast.teacher), set()
    for payload in ["Honey", *PAYLOADS]:
        typed = {"source": words(payload, 100), "words-seen": words(payload, 100), "draft_base": "0"}
        answer = client.post(f"/marking/{sent.pk}/", typed)
        assert answer.status_code == 409
        seen.add(tuple(skeleton(answer.content.decode())))
    assert len(seen) == 1


def test_a_remark_is_a_text_like_any_other(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    make.release(sent, cast.teacher)
    client = as_user(cast.teacher)
    for number, payload in enumerate(PAYLOADS[:20]):
        client.post(f"/marking/{sent.pk}/answer/", {"draft_key": str(UUID(int=number)), "source": payload})
    for remark in Remark.objects.all():
        assert_harmless(remark.html)
