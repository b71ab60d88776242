"""Comments on words and pages, saved at once; and the bank of those that are used again."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from drafts import services as drafts
from drafts.fields import Content, Stamp
from drafts.models import Draft
from feedback.models import BankComment, Comment, Submission
from feedback.services import comments
from tests.cast import Cast
from tests.factories import feedback as make
from tests.feedback.test_handing_in_pages import words
from tests.undoing import undo

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
KEY = UUID(int=5)


@pytest.fixture
def sent(cast: Cast) -> Submission:
    return make.hand_in(cast.enrolment, make.assignment(cast.module))


def say(client: Client, submission: Submission, source: str, key: UUID = KEY, **typed: str) -> HttpResponse:
    path = f"/marking/{submission.pk}/comments/"
    return client.post(path, {"draft_key": str(key), "quote": "", "source": source, **typed})


def test_a_comment_keeps_its_words_and_where_they_stood(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    typed = {"quote": "nine flowers", "start": "13", "before": "It flew to ", "after": "."}
    answer = say(client, sent, "*Which* ones?", **typed)
    assert answer["Location"] == f"/marking/{sent.pk}/#comment-{KEY}"
    found = Comment.objects.get()
    assert (found.pk, found.quote, found.start, found.before, found.after) == (
        KEY,
        "nine flowers",
        13,
        "It flew to ",
        ".",
    )
    page = client.get(f"/marking/{sent.pk}/").content.decode()
    assert "<em>Which</em> ones?" in page
    assert 'data-quote="nine flowers"' in page


def test_words_that_were_pasted_are_enough(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    say(as_user(cast.teacher), sent, "Good.", quote="nine flowers")
    assert Comment.objects.get().start == 0


def test_sent_twice_it_is_one_comment_and_its_draft_is_closed(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    place = f"feedback/marking/{sent.pk}/comment"
    drafts.save(cast.teacher, place, Stamp(KEY), Content({"source": "Good."}))
    assert "Good." in client.get(f"/marking/{sent.pk}/").content.decode()
    for _ in range(2):
        say(client, sent, "Good.")
    assert Comment.objects.count() == 1
    assert Draft.objects.get().sent_at is not None
    composer = client.get(f"/marking/{sent.pk}/").context["composer"]
    assert composer.writing.key != KEY
    assert not composer.is_open


def test_what_is_empty_or_too_long_comes_back(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    assert "Your comment (optional)" not in words(client.get(f"/marking/{sent.pk}/").content)
    assert "Write a comment first." in say(client, sent, " ").content.decode()
    answer = say(client, sent, "x" * 5_001, quote="nine flowers")
    assert answer.status_code == 422
    assert "nine flowers" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_that_was_changed_meanwhile_is_shown_beside_ones_own(
    cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    say(as_user(cast.teacher), sent, "First words.")
    path = f"/marking/{sent.pk}/comments/"
    changed = {"key": str(KEY), "version": "1", "source": "Second words."}
    assert as_user(cast.assistant).post(path, changed).status_code == 302
    answer = as_user(cast.teacher).post(path, {**changed, "source": "Third words."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Second words." in page
    assert "Third words." in page
    assert 'name="version" value="2"' in page
    assert Comment.objects.get().source == "Second words."


def test_it_is_changed_in_its_place_without_a_script(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    say(client, sent, "First words.")
    page = client.get(f"/marking/{sent.pk}/?edit={KEY}").content.decode()
    assert f'id="change-{KEY}"' in page
    assert ">First words.</textarea>" in page


def test_a_comment_of_other_work_is_not_reached_by_its_key(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    say(as_user(cast.teacher), sent, "Mine.")
    other = make.hand_in(cast.enrolment, make.assignment(cast.module, "Other"))
    client = as_user(cast.teacher)
    changed = {"key": str(KEY), "version": "1", "source": "Changed."}
    assert client.post(f"/marking/{other.pk}/comments/", changed).status_code == 404
    assert client.post(f"/marking/{other.pk}/comments/", {**changed, "key": "?"}).status_code == 404
    client.post(f"/marking/{other.pk}/comments/{KEY}/delete/")
    assert Comment.objects.get().deleted_at is None
    assert say(client, other, "Again.").status_code == 422


def test_deleted_it_comes_back_by_undo(cast: Cast, as_user: SignIn, sent: Submission) -> None:
    client = as_user(cast.teacher)
    say(client, sent, "Mine.")
    gone = client.post(f"/marking/{sent.pk}/comments/{KEY}/delete/", follow=True)
    assert f'id="comment-{KEY}"' not in gone.content.decode()
    back = undo(client, gone)
    assert "The comment is back." in back
    assert f'id="comment-{KEY}"' in back


def test_by_htmx_the_list_and_an_empty_form_with_another_key_come_back(
    cast: Cast, as_user: SignIn, sent: Submission
) -> None:
    client = as_user(cast.teacher)
    typed = {"draft_key": str(KEY), "quote": "nine", "source": "Mine."}
    part = client.post(f"/marking/{sent.pk}/comments/", typed, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f'data-fresh="{KEY}"' in part
    assert "hx-swap-oob" in part
    assert part.count(str(KEY)) >= 3
    assert f'name="draft_key" value="{KEY}"' not in part


# --- the bank -------------------------------------------------------------------------------------


def found(client: Client, cast: Cast, words: str = "") -> str:
    return client.get(f"/cohorts/{cast.cohort.pk}/marking/bank/found/?q={words}").content.decode()


def test_the_bank_is_found_by_its_words(cast: Cast, as_user: SignIn) -> None:
    comments.keep("Say where you saw it.", by=cast.teacher, course=None)
    comments.keep("Give a reason: 100% sure?", by=cast.teacher, course=None)
    client = as_user(cast.teacher)
    assert "Say where" in found(client, cast, "WHERE")
    assert "Give a reason" not in found(client, cast, "WHERE")
    assert "Give a reason" in found(client, cast, "100%25")
    assert "Nothing in the bank has these words" in found(client, cast, "zzz")


def test_others_see_what_is_shared_and_nothing_else_and_may_not_change_it(cast: Cast, as_user: SignIn) -> None:
    client, path = as_user(cast.teacher), f"/cohorts/{cast.cohort.pk}/marking/bank/"
    client.post(path, {"source": "Mine alone."})
    client.post(path, {"source": "For all.", "shared": "on"})
    other = as_user(cast.assistant)
    assert "For all." in found(other, cast)
    assert "Mine alone." not in found(other, cast)
    mine, shared = (BankComment.objects.get(source=words) for words in ("Mine alone.", "For all."))
    assert other.get(f"{path}{mine.pk}/").status_code == 404
    assert other.get(f"{path}{shared.pk}/").status_code == 403
    assert other.post(f"{path}{shared.pk}/delete/").status_code == 403
    assert as_user(cast.elsewhere_teacher).get(path).status_code == 404


def test_a_comment_of_the_bank_is_changed_shared_and_deleted_with_undo(cast: Cast, as_user: SignIn) -> None:
    client, path = as_user(cast.teacher), f"/cohorts/{cast.cohort.pk}/marking/bank/"
    kept = comments.keep("Say where.", by=cast.teacher, course=None)
    client.post(f"{path}{kept.pk}/", {"source": "Say where and when.", "shared": "on"})
    kept.refresh_from_db()
    assert (kept.source, kept.course) == ("Say where and when.", cast.course)
    gone = client.post(f"{path}{kept.pk}/delete/", follow=True)
    assert not BankComment.objects.exists()
    assert "in your bank again" in undo(client, gone)
    assert BankComment.objects.get().course == cast.course


def test_kept_twice_it_is_there_once_and_a_full_bank_says_so(cast: Cast, as_user: SignIn) -> None:
    client, path = as_user(cast.teacher), f"/cohorts/{cast.cohort.pk}/marking/bank/"
    for _ in range(2):
        client.post(path, {"source": "Say where."}, headers={"HX-Request": "true"})
    assert BankComment.objects.count() == 1
    BankComment.objects.bulk_create(
        BankComment(owner=cast.teacher, source=str(uuid4())) for _ in range(comments.MOST_IN_BANK)
    )
    answer = client.post(path, {"source": "One more."})
    assert answer.status_code == 422
    assert "Your bank holds 500 comments" in answer.content.decode()
