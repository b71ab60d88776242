"""What a form and its script say about a text that is being written, cleaned of what Postgres cannot hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django import forms

LONGEST_PLACE, LONGEST_NAME, LONGEST_BASE = 100, 60, 64
MOST_FIELDS, MOST_FILES = 60, 40
_PLACE = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*")
_NUMBER = re.compile(r"\d{1,15}")
_TEXTS = {"text", "search", "url", "email"}
# No text of ours holds them, and neither does jsonb: NUL, and halves of characters that a script cut.
_UNKEPT = re.compile("[\0\ud800-\udfff]")


class Malformed(ValueError):
    """Not sent by a form of ours."""


@dataclass(frozen=True)
class Stamp:
    """Which draft a text is, who wrote it, and over what.

    `key` is that of the sending it is for. `writer` is one opening of a form, whose saves `seq` counts. `revision` is
    the state of the draft that the writer saw; 0 for none. `base` is what the text was started over, such as the
    version of a page: opaque here.
    """

    key: UUID
    revision: int = 0
    writer: UUID = field(default_factory=uuid4)
    seq: int = 1
    base: str = ""


@dataclass(frozen=True)
class Content:
    """What stands in a form: texts, what is ticked and chosen beside them, and the files it names.

    `weighs` where what is chosen is worth keeping without a word beside it, as a marker's levels are.
    """

    fields: dict[str, str]
    choices: dict[str, str] = field(default_factory=dict)
    files: list[UUID] = field(default_factory=list)
    weighs: bool = field(default=False, compare=False)

    @property
    def size(self) -> int:
        return sum(len(name) + len(value) for part in (self.fields, self.choices) for name, value in part.items())


def place_of(typed: object) -> str:
    """Raises Malformed for what no form of ours names a place."""
    if not isinstance(typed, str) or len(typed) > LONGEST_PLACE or not _PLACE.fullmatch(typed):
        raise Malformed("place")
    return typed


def stamp_of(said: Mapping[str, Any]) -> Stamp:
    """Of what a script sends. Raises Malformed."""
    return Stamp(
        key=_uuid(said.get("key")),
        revision=_number(said.get("revision")),
        writer=_uuid(said.get("writer")),
        seq=_number(said.get("seq")),
        base=_text(said.get("base", ""))[:LONGEST_BASE],
    )


def sent_with(posted: Mapping[str, Any]) -> Stamp:
    """Of the hidden fields of a form (`rows/draft.html`). What is missing or damaged counts as new."""
    try:
        key = _uuid(posted.get("draft_key"))
    except Malformed:
        return Stamp(uuid4())
    try:
        writer, seq = _uuid(posted.get("draft_writer")), _number(posted.get("draft_seq"))
    except Malformed:
        # Without its script a form is opened by a writer of its own each time.
        writer, seq = uuid4(), 1
    try:
        revision = _number(posted.get("draft_revision"))
    except Malformed:
        revision = 0
    return Stamp(key, revision, writer, seq, _text(posted.get("draft_base", ""))[:LONGEST_BASE])


def content_of(said: Mapping[str, Any]) -> Content:
    """Of what a script sends. Raises Malformed."""
    files = said.get("files", [])
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise Malformed("files")
    named = [_uuid(one) for one in files]
    return Content(cleaned(said.get("fields")), cleaned(said.get("choices", {})), named, said.get("weighs") is True)


def typed(*sent: forms.BaseForm) -> Content:
    """What stands in forms that were sent, as their script calls it: without files, passwords and what is hidden."""
    fields, choices = {}, {}
    for form in sent:
        for name, one in form.fields.items():
            kind = getattr(one.widget, "input_type", "")
            value = form.data.get(form.add_prefix(name), "")
            if kind in _TEXTS or isinstance(one.widget, forms.Textarea):
                fields[form.add_prefix(name)] = value
            elif kind not in {"hidden", "file", "password"}:
                choices[form.add_prefix(name)] = value
    return Content(cleaned(fields), cleaned(choices))


def cleaned(values: object) -> dict[str, str]:
    """Texts by name as they are kept: with the line breaks of a script, whoever sent them. Raises Malformed."""
    if not isinstance(values, Mapping) or len(values) > MOST_FIELDS:
        raise Malformed("fields")
    found = {_text(name): _text(value) for name, value in values.items()}
    if any(len(name) > LONGEST_NAME for name in found):
        raise Malformed("fields")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("text")
    return _UNKEPT.sub("", value.replace("\r\n", "\n"))


def _number(value: object) -> int:
    if not _NUMBER.fullmatch(str(value)):
        raise Malformed("number")
    return int(str(value))


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Malformed("uuid") from None
