"""Undo as a thing of the house: who may press it, for how long, and what it says when it cannot."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from common import undo
from courses.models import Activity
from tests.cast import Cast
from tests.undoing import offered
from tests.undoing import undo as press


def delete(client: Client, activity: Activity) -> object:
    return client.post(f"/edit/activities/{activity.pk}/delete/", follow=True)


def test_button_stands_beside_what_was_done_and_needs_no_script(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    after = delete(client, cast.draft)
    assert "“Unfinished” was deleted." in after.content.decode()
    assert "“Unfinished” is back." in press(client, after)
    assert Activity.objects.filter(pk=cast.draft.pk).exists()


def test_undo_pressed_twice_changes_nothing_more(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    address = offered(delete(client, cast.draft))
    client.post(address)
    assert client.post(address, follow=True).status_code == 200
    assert Activity.objects.get(pk=cast.draft.pk).position == cast.draft.position


@pytest.mark.parametrize("person", ["teacher", "student", "admin"])
def test_undo_is_for_whoever_did_it(cast: Cast, client: Client, person: str) -> None:
    client.force_login(cast.editor)
    address = offered(delete(client, cast.draft))
    client.force_login(cast.person(person))
    assert client.post(address).status_code == 404
    assert not Activity.objects.filter(pk=cast.draft.pk).exists()


def test_undo_asks_for_the_right_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    after = delete(client, cast.draft)
    cast.course.editors.all().delete()
    back = client.post(offered(after))
    assert back.status_code == 302
    assert not Activity.objects.filter(pk=cast.draft.pk).exists()


def test_undo_ends_after_an_hour_and_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    with time_machine.travel("2026-11-24T10:00Z", tick=False) as clock:
        after = delete(client, cast.draft)
        clock.shift(undo.LASTS + timedelta(seconds=2))
        assert "too late to undo" in press(client, after)
    assert not Activity.objects.filter(pk=cast.draft.pk).exists()


@pytest.mark.parametrize("salt", ["", "elsewhere"])
def test_token_of_somebody_else_s_making_is_not_there(cast: Cast, client: Client, salt: str) -> None:
    client.force_login(cast.admin)
    values = {"kind": "activity", "key": cast.draft.pk}
    token = signing.dumps([cast.admin.pk, "deleted", "/", values], salt=salt) if salt else "a:b:c"
    assert client.post(f"/undo/{token}/").status_code == 404


def test_undo_is_never_done_by_a_link(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    assert client.get(offered(delete(client, cast.draft))).status_code == 405


def test_deed_that_nobody_registered_is_a_fault_of_ours(cast: Cast) -> None:
    with pytest.raises(LookupError, match="forgotten"):
        undo.offer(None, "Done.", "forgotten", back="/")
