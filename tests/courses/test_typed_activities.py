"""An activity is saved from a form that kept what was typed: once, and over what its author saw."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from courses.models import Activity, Reading
from courses.services import authoring
from drafts import selectors, services
from drafts.fields import Content, Stamp
from tests.cast import Cast

TYPED = {"title": "Bee eyes", "format": "markdown", "rule": "read", "required": "on", "published": "on"}


@pytest.fixture
def editor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor)
    return client


def hidden(response: HttpResponse) -> dict[str, str]:
    return dict(re.findall(r'name="(draft_\w+)" value="([^"]*)"', response.content.decode()))


def address(cast: Cast) -> str:
    return f"/edit/activities/{cast.reading.pk}/"


def test_form_shows_the_text_that_was_not_saved(cast: Cast, editor: Client) -> None:
    place = f"courses/activities/{cast.reading.pk}"
    content = Content({"title": "Bee eyes", "source": "Half a thought"}, {"format": "html", "published": ""})
    key = hidden(editor.get(address(cast)))["draft_key"]
    services.save(cast.editor, place, Stamp(key), content)
    page = editor.get(address(cast)).content.decode()
    assert "Half a thought</textarea>" in page
    assert '<option value="html" selected>' in page
    assert "You have not sent this text yet." in page


def test_saving_ends_the_draft(cast: Cast, editor: Client) -> None:
    sent = {**TYPED, "source": "Whole", **hidden(editor.get(address(cast)))}
    assert editor.post(address(cast), sent).status_code == 302
    assert Reading.objects.get(activity=cast.reading).source == "Whole"
    assert not selectors.writing(cast.editor, f"courses/activities/{cast.reading.pk}").resumed


def test_what_somebody_else_saved_is_replaced_only_when_asked_again(cast: Cast, editor: Client) -> None:
    sent = {**TYPED, "source": "Mine", **hidden(editor.get(address(cast)))}
    stored = Activity.objects.get(pk=cast.reading.pk)
    authoring.save_activity(stored, {"source": "Theirs", "format": "markdown"})
    refused = editor.post(address(cast), sent)
    assert refused.status_code == 422
    assert "Someone has changed this activity since you opened it." in refused.content.decode()
    assert Reading.objects.get(activity=cast.reading).source == "Theirs"
    assert editor.post(address(cast), {**sent, **hidden(refused)}).status_code == 302
    assert Reading.objects.get(activity=cast.reading).source == "Mine"


def test_fault_keeps_the_key_and_what_was_typed(cast: Cast, editor: Client) -> None:
    given = hidden(editor.get(address(cast)))
    refused = editor.post(address(cast), {**TYPED, "title": "", "source": "Kept", **given})
    assert refused.status_code == 422
    assert hidden(refused)["draft_key"] == given["draft_key"]
    assert "data-unsaved" in refused.content.decode()


def test_second_press_adds_no_second_activity(cast: Cast, editor: Client) -> None:
    new = f"/edit/modules/{cast.module.pk}/new/reading/"
    sent = {**TYPED, "title": "Wings", "source": "They beat.", **hidden(editor.get(new))}
    assert [editor.post(new, sent).status_code for _ in range(2)] == [302, 302]
    assert Activity.objects.filter(title="Wings").count() == 1


def test_second_press_on_a_change_is_no_change_by_somebody_else(cast: Cast, editor: Client) -> None:
    sent = {**TYPED, "source": "Whole", **hidden(editor.get(address(cast)))}
    assert [editor.post(address(cast), sent).status_code for _ in range(2)] == [302, 302]
