from functools import lru_cache
from uuid import UUID

from django import template
from django.template.context import RequestContext
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from common.timecode import clock
from progress.selectors.lectures import Beside

register = template.Library()
NOBODY = UUID(int=0)
BLANKS = ("key", "save_url", "delete_url", "token", "writer", "version", "time", "second", "at_ms", "text")


@register.simple_tag(takes_context=True)
def note_forms(context: RequestContext, notes: list[Beside], new_key: UUID, new_at_ms: int) -> SafeString:
    """A form for each note and an empty one at the end.

    The template of a note is rendered once and filled in for each: engine and tags take 0.3 ms for a note.
    """
    language, activity = get_language(), context["activity"].pk
    common = {"token": context["csrf_token"], "writer": context["student"].pk}
    filled = [
        {**_addresses(activity, note.pk), **_place(note.at_ms), "version": note.version, "text": escape(note.text)}
        for note in notes
    ]
    rows = [_pattern(language, is_new=False).format(**common, **values) for values in filled]
    empty = {**common, **_addresses(activity, new_key), **_place(new_at_ms), "version": "", "text": ""}
    rows.append(_pattern(language, is_new=True).format(**empty))
    return mark_safe("".join(f"<li>{row}</li>" for row in rows))  # noqa: S308  a note's words are escaped above


@lru_cache(maxsize=64)
def _pattern(language: str, *, is_new: bool) -> str:
    """`language` is only the key."""
    blanks = {name: f"{{{name}}}" for name in BLANKS}
    return str(get_template("progress/note.html").render({**blanks, "is_new": is_new}))


@lru_cache(maxsize=1)
def _patterns_of_addresses() -> tuple[str, str]:
    save, delete = reverse("progress:save_note", args=[0, NOBODY]), reverse("progress:delete_note", args=[NOBODY])
    return save.replace(str(NOBODY), "{key}").replace("/0/", "/{activity}/"), delete.replace(str(NOBODY), "{key}")


def _addresses(activity: int, key: str | UUID) -> dict[str, object]:
    save, delete = _patterns_of_addresses()
    return {"key": key, "save_url": save.format(activity=activity, key=key), "delete_url": delete.format(key=key)}


def _place(at_ms: int) -> dict[str, object]:
    return {"at_ms": at_ms, "second": at_ms // 1000, "time": clock(at_ms)}
