"""What becomes of a text that is being written: whatever order its saves arrive in, no newer word is lost."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from accounts.models import User
from drafts import selectors, services
from drafts.fields import Content, Stamp
from drafts.models import Draft
from drafts.services import Conflict, Saved
from tests.cast import Cast
from tests.factories.people import UserFactory

PLACE = "forums/thread/12/reply"
KEY, OTHER_KEY = UUID(int=1), UUID(int=2)
TAB, OTHER_TAB = UUID(int=10), UUID(int=11)


def content(text: str = "Hello", **more: str) -> Content:
    return Content({"text": text, **more})


def save(person: User, text: str = "Hello", place: str = PLACE, **stamp: object) -> Saved | Conflict:
    return services.save(person, place, Stamp(**{"key": KEY, "writer": TAB, **stamp}), content(text))


def saved(*args: object, **kwargs: object) -> Saved:
    outcome = save(*args, **kwargs)
    assert isinstance(outcome, Saved)
    return outcome


def text_of(person: User) -> str:
    return Draft.objects.get(person=person, place=PLACE).fields["text"]


def test_first_save_is_kept_and_found_again(cast: Cast) -> None:
    kept = saved(cast.student)
    writing = selectors.writing(cast.student, PLACE)
    assert (writing.key, writing.revision, writing.fields) == (KEY, kept.revision, {"text": "Hello"})
    assert writing.resumed
    assert not selectors.writing(cast.other_student, PLACE).resumed


def test_place_without_a_draft_gets_a_key_of_its_own_and_nothing_is_written(cast: Cast) -> None:
    one, other = selectors.writing(cast.student, PLACE), selectors.writing(cast.student, PLACE)
    assert one.key != other.key
    assert not Draft.objects.exists()


def test_nothing_is_kept_of_an_empty_form(cast: Cast) -> None:
    assert saved(cast.student, " \n ").revision == 0
    assert not Draft.objects.exists()


def test_same_tab_goes_on_though_it_missed_an_answer(cast: Cast) -> None:
    first = saved(cast.student, "One", seq=1)
    second = saved(cast.student, "One two", seq=2)
    assert second.revision > first.revision
    assert text_of(cast.student) == "One two"


def test_request_that_arrives_late_does_not_bring_back_what_it_held(cast: Cast) -> None:
    saved(cast.student, "One two", seq=2)
    late = save(cast.student, "One", seq=1)
    assert isinstance(late, Conflict)
    assert text_of(cast.student) == "One two"


def test_other_tab_that_saw_the_text_goes_on_with_it(cast: Cast) -> None:
    seen = saved(cast.student, "One").revision
    saved(cast.student, "One two", writer=OTHER_TAB, revision=seen)
    assert text_of(cast.student) == "One two"


def test_other_tab_that_did_not_see_it_is_shown_it(cast: Cast) -> None:
    kept = saved(cast.student, "One")
    outcome = save(cast.student, "Two", writer=OTHER_TAB, revision=0)
    assert isinstance(outcome, Conflict)
    assert (outcome.draft.fields, outcome.draft.revision) == ({"text": "One"}, kept.revision)
    assert text_of(cast.student) == "One"


def test_tab_that_wrote_before_another_did_is_shown_what_the_other_wrote(cast: Cast) -> None:
    first = saved(cast.student, "One", seq=1)
    saved(cast.student, "Two", writer=OTHER_TAB, revision=first.revision)
    assert isinstance(save(cast.student, "One more", seq=2, revision=first.revision), Conflict)
    assert text_of(cast.student) == "Two"


def test_same_text_again_is_acknowledged_and_counts_nothing(cast: Cast) -> None:
    first = saved(cast.student)
    again = saved(cast.student, writer=OTHER_TAB, key=OTHER_KEY, revision=0)
    assert (again.revision, again.key) == (first.revision, KEY)


def test_another_choice_beside_the_same_text_is_kept(cast: Cast) -> None:
    first = saved(cast.student, seq=1)
    named = Content({"text": "Hello"}, {"anonymous": "on"})
    services.save(cast.student, PLACE, Stamp(KEY, first.revision, TAB, 2), named)
    assert selectors.writing(cast.student, PLACE).initial == {"text": "Hello", "anonymous": "on"}


def test_second_draft_of_a_place_is_shown_the_first(cast: Cast) -> None:
    saved(cast.student, "One")
    assert isinstance(save(cast.student, "Two", key=OTHER_KEY, writer=OTHER_TAB), Conflict)


def test_text_over_one_that_was_emptied_asks_nothing(cast: Cast) -> None:
    saved(cast.student, "One", seq=1)
    saved(cast.student, "", seq=2)
    saved(cast.student, "Two", key=OTHER_KEY, writer=OTHER_TAB)
    assert text_of(cast.student) == "Two"


def test_letters_that_postgres_cannot_hold_are_left_out(cast: Cast) -> None:
    from drafts.fields import cleaned

    fields = cleaned({"text": "a\0b\ud83d\r\nc"})
    services.save(cast.student, PLACE, Stamp(KEY), Content(fields))
    assert text_of(cast.student) == "ab\nc"


def send(person: User, text: str, **stamp: object) -> bool:
    return services.sent(person, PLACE, Stamp(**{"key": KEY, "writer": TAB, "seq": 9, **stamp}), content(text))


def test_a_file_without_a_word_is_kept_and_found_again(cast: Cast) -> None:
    file = uuid4()
    services.save(cast.student, PLACE, Stamp(KEY), Content({"text": ""}, files=[file]))
    writing = selectors.writing(cast.student, PLACE)
    assert (writing.resumed, writing.files) == (True, [file])
    assert selectors.named([file]) == {file}
    assert len(selectors.unsent(cast.student)) == 1


def test_what_was_sent_is_no_draft_any_more(cast: Cast) -> None:
    saved(cast.student)
    send(cast.student, "Hello")
    writing = selectors.writing(cast.student, PLACE)
    assert not writing.resumed
    assert writing.key != KEY
    assert list(selectors.unsent(cast.student)) == []


def test_same_text_with_the_key_of_what_was_sent_counts_as_sent(cast: Cast) -> None:
    send(cast.student, "Hello")
    assert saved(cast.student, "Hello ", writer=OTHER_TAB).closed


def test_second_press_is_no_second_sending(cast: Cast) -> None:
    assert send(cast.student, "Hello")
    assert not send(cast.student, "Hello", seq=10)
    assert send(cast.student, "Hello again", seq=11)


def test_save_that_was_on_its_way_opens_no_draft_of_what_was_sent(cast: Cast) -> None:
    send(cast.student, "Hello", seq=3)
    assert saved(cast.student, "Hell", seq=2).closed
    assert list(selectors.unsent(cast.student)) == []


def test_other_text_with_the_key_of_what_was_sent_is_a_draft_again(cast: Cast) -> None:
    send(cast.student, "Hello")
    assert not saved(cast.student, "Hello again", writer=OTHER_TAB).closed
    writing = selectors.writing(cast.student, PLACE)
    assert (writing.key, writing.fields) == (KEY, {"text": "Hello again"})


def test_form_that_was_only_opened_makes_nobody_forget_what_was_sent(cast: Cast) -> None:
    send(cast.student, "Hello")
    saved(cast.student, "", key=OTHER_KEY, writer=OTHER_TAB)
    assert saved(cast.student, "Hello", seq=10).closed
    assert list(selectors.unsent(cast.student)) == []


def test_words_that_are_added_unseen_stand_after_those_that_are_there(cast: Cast) -> None:
    for text in ("One", "Two", "Two", "Three\nlines"):
        services.add(cast.student, PLACE, Stamp(uuid4()), content(text))
    assert text_of(cast.student) == "One / Two\n\nThree\nlines"


def test_press_that_arrives_late_leaves_what_was_typed_after_it(cast: Cast) -> None:
    saved(cast.student, "One", seq=1)
    saved(cast.student, "One two", seq=3)
    assert send(cast.student, "One", seq=2)
    writing = selectors.writing(cast.student, PLACE)
    assert (writing.resumed, writing.fields) == (True, {"text": "One two"})


def test_press_that_arrives_after_a_later_one_changes_nothing(cast: Cast) -> None:
    send(cast.student, "One two", seq=4)
    send(cast.student, "One", seq=2)
    assert saved(cast.student, "One two", seq=5).closed


def test_new_key_after_a_sending_starts_afresh(cast: Cast) -> None:
    send(cast.student, "Hello")
    saved(cast.student, "Next", key=OTHER_KEY, writer=OTHER_TAB)
    assert selectors.writing(cast.student, PLACE).key == OTHER_KEY


def test_sending_leaves_words_that_the_sender_had_not_seen(cast: Cast) -> None:
    first = saved(cast.student, "One", seq=1)
    saved(cast.student, "One from the phone", writer=OTHER_TAB, revision=first.revision)
    send(cast.student, "One", revision=first.revision)
    writing = selectors.writing(cast.student, PLACE)
    assert (writing.key, writing.fields) == (KEY, {"text": "One from the phone"})


def test_sending_what_was_typed_after_the_last_save_closes_the_draft(cast: Cast) -> None:
    saved(cast.student, "Hel", seq=1)
    send(cast.student, "Hello", seq=2)
    assert not selectors.writing(cast.student, PLACE).resumed


def test_discarded_text_comes_back_until_something_else_is_written(cast: Cast) -> None:
    saved(cast.student)
    gone = services.discard(cast.student, PLACE)
    assert gone
    assert not selectors.writing(cast.student, PLACE).resumed
    assert not services.restore(cast.other_student, gone.pk, gone.revision)
    assert services.restore(cast.student, gone.pk, gone.revision)
    assert selectors.writing(cast.student, PLACE).fields == {"text": "Hello"}
    services.discard(cast.student, PLACE)
    saved(cast.student, "New", key=OTHER_KEY)
    assert not services.restore(cast.student, gone.pk, gone.revision)


def test_text_that_is_too_long_is_refused_with_a_sentence(cast: Cast) -> None:
    with pytest.raises(services.Full, match="Only up to 220,000"):
        save(cast.student, "a" * (services.LONGEST + 1))
    assert not Draft.objects.exists()
    assert saved(cast.student, "a" * (services.LONGEST - 10)).revision


def many(person: User, count: int, **values: object) -> None:
    defaults = {"key": KEY, "revision": 1, "writer": TAB, "seq": 1, "fields": {"text": "x"}, "excerpt": "x", "size": 5}
    Draft.objects.bulk_create(
        Draft(person=person, place=f"old/{number}", **{**defaults, **values}) for number in range(count)
    )


def test_one_draft_too_many_is_refused_with_what_to_do(cast: Cast) -> None:
    many(cast.student, services.MOST)
    with pytest.raises(services.Full, match="Send or discard some"):
        save(cast.student)
    assert saved(cast.other_student).revision


def test_what_was_sent_makes_room_first(cast: Cast) -> None:
    many(cast.student, services.MOST - 1)
    services.sent(cast.student, "sent/1", Stamp(KEY), content("Gone"))
    saved(cast.student)
    assert not Draft.objects.filter(place="sent/1").exists()
    assert Draft.objects.filter(person=cast.student).count() == services.MOST


def test_all_texts_together_have_a_limit(cast: Cast) -> None:
    many(cast.student, 10, size=services.MOST_CHARACTERS // 10)
    with pytest.raises(services.Full):
        save(cast.student)


@pytest.mark.parametrize(
    ("values", "goes"),
    [
        ({"sent_at": timedelta(days=31)}, True),
        ({"sent_at": timedelta(days=29)}, False),
        ({"discarded_at": timedelta(hours=2)}, True),
        ({"discarded_at": timedelta(minutes=50)}, False),
        ({"saved_at": timedelta(days=181)}, True),
        ({"saved_at": timedelta(days=179)}, False),
    ],
)
def test_old_drafts_are_cleared(values: dict[str, timedelta], goes: bool, cast: Cast) -> None:
    saved(cast.student)
    Draft.objects.update(**{name: timezone.now() - age for name, age in values.items()})
    assert services.clear_old() == goes
    assert Draft.objects.exists() != goes


def test_files_of_an_open_draft_are_named_and_those_of_a_sent_one_are_not(cast: Cast) -> None:
    file, unknown = uuid4(), uuid4()
    services.save(cast.student, PLACE, Stamp(KEY, writer=TAB), Content({"text": "See"}, files=[file]))
    assert selectors.named([file, unknown]) == {file}
    send(cast.student, "See")
    assert selectors.named([file, unknown]) == set()


def test_drafts_go_with_the_account(cast: Cast) -> None:
    saved(cast.student)
    get_user_model().everything.filter(pk=cast.student.pk).delete()
    assert not Draft.objects.exists()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each came to: what it returned, or raised."""
    ready, came = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            came.append(act())
        except Exception as fault:
            came.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_draft_and_one_conflict() -> None:
    person = UserFactory()
    tabs = [(uuid4(), uuid4(), f"Text {number}") for number in range(4)]
    came = at_once(*(lambda one=one: save(person, one[2], key=one[0], writer=one[1]) for one in tabs))
    assert sorted(type(one).__name__ for one in came) == ["Conflict"] * 3 + ["Saved"]
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_saves_of_one_tab_at_once_leave_the_latest() -> None:
    person = UserFactory()
    at_once(*(lambda seq=seq: save(person, f"Text {seq}", seq=seq) for seq in range(1, 7)))
    assert text_of(person) == "Text 6"


@pytest.mark.django_db(transaction=True)
def test_sending_and_saving_at_once_raise_nothing() -> None:
    person = UserFactory()
    came = at_once(lambda: save(person, "Hell", seq=1), lambda: send(person, "Hello", seq=2))
    assert [one for one in came if isinstance(one, Exception)] == []
    assert not selectors.writing(person, PLACE).resumed
