"""What authors type of a rubric: criteria in numbered rows, and in each its levels.

`c0_title` is the title of the first criterion and `c0_l1_points` the points of its second level. A row that is left
empty is none.
"""

import re
from collections.abc import Iterator, Mapping, MutableSequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm, prepared
from feedback.criteria import (
    LONGEST_SENTENCE,
    LONGEST_TITLE,
    MOST_CRITERIA,
    MOST_LEVELS,
    Criteria,
    Criterion,
    Level,
    number,
)

# Buttons that change the form, and save nothing: "add", "add-0", "remove-0", "up-0-1".
STEP = re.compile(r"(add|remove|up|down)(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
KEY = re.compile(r"[a-z0-9-]{1,32}")
# A criterion begins with so many levels to fill in.
BEGUN = 3
CRITERION, LEVEL = ("key", "title", "sentence"), ("key", "title", "sentence", "points")


@dataclass
class Row:
    """A criterion or a level as it was typed."""

    values: dict[str, str]
    levels: "list[Row]"

    @property
    def is_empty(self) -> bool:
        typed = any(value.strip() for name, value in self.values.items() if name != "key")
        return not typed and all(level.is_empty for level in self.levels)


def new_level() -> Row:
    return Row(dict.fromkeys(LEVEL, ""), [])


def new_criterion() -> Row:
    return Row(dict.fromkeys(CRITERION, ""), [new_level() for _ in range(BEGUN)])


def rows_of(criteria: Criteria) -> list[Row]:
    return [
        Row(
            {"key": one.key, "title": one.title, "sentence": one.sentence},
            [
                Row({"key": v.key, "title": v.title, "sentence": v.sentence, "points": _points(v)}, [])
                for v in one.levels
            ],
        )
        for one in criteria.criteria
    ]


def _points(level: Level) -> str:
    return "" if level.points is None else f"{level.points:f}"


def typed_rows(sent: Mapping[str, Any]) -> list[Row]:
    return [
        Row(
            {name: str(sent.get(f"c{c}_{name}", "")) for name in CRITERION},
            [
                Row({name: str(sent.get(f"c{c}_l{v}_{name}", "")) for name in LEVEL}, [])
                for v in range(_counted(sent.get(f"c{c}_levels"), MOST_LEVELS))
            ],
        )
        for c in range(_counted(sent.get("criteria"), MOST_CRITERIA))
    ]


def _counted(rows: object, most: int) -> int:
    words = str(rows)
    return min(int(words), most) if words.isascii() and words.isdecimal() and len(words) < 4 else 0


def changed(rows: list[Row], step: str) -> str:
    """Do what a button says; the name of the field to go on in."""
    found = STEP.fullmatch(step)
    if not found:
        return ""
    what, first, second = found[1], found[2], found[3]
    if first is None:
        return _added(rows, new_criterion(), MOST_CRITERIA, "c{}_title") if what == "add" else ""
    if int(first) >= len(rows):
        return ""
    if what == "add":
        return _added(rows[int(first)].levels, new_level(), MOST_LEVELS, f"c{first}_l{{}}_title")
    if second is None:
        return _changed(rows, what, int(first), "c{}_title")
    return _changed(rows[int(first)].levels, what, int(second), f"c{first}_l{{}}_title")


def _added(rows: list[Row], row: Row, most: int, name: str) -> str:
    if len(rows) < most:
        rows.append(row)
    return name.format(len(rows) - 1)


def _changed(rows: MutableSequence[Row], what: str, at: int, name: str) -> str:
    if at >= len(rows):
        return ""
    if what == "remove":
        del rows[at]
        return name.format(min(at, len(rows) - 1)) if rows else ""
    there = at - 1 if what == "up" else at + 1
    if 0 <= there < len(rows):
        rows[at], rows[there] = rows[there], rows[at]
        return name.format(there)
    return name.format(at)


class RubricForm(AccessibleForm, forms.Form):
    """With `data` it is what was sent to be saved; else it shows `rows`. `base` is what it was opened over."""

    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    criteria = forms.IntegerField(min_value=0, max_value=MOST_CRITERIA, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, rows: list[Row], base: str, focus: str = "") -> None:
        super().__init__(data, initial={"base": base, "criteria": len(rows)})
        self.rows = rows
        for name, value in self._named():
            *_, part = name.split("_")
            self.fields[name] = prepared(_field(part))
            self.initial[name] = value
        if focus in self.fields:
            self.fields[focus].widget.attrs["data-focus"] = ""

    def _named(self) -> Iterator[tuple[str, str]]:
        for c, row in enumerate(self.rows):
            yield from ((f"c{c}_{name}", row.values[name]) for name in CRITERION)
            yield f"c{c}_levels", str(len(row.levels))
            for v, level in enumerate(row.levels):
                yield from ((f"c{c}_l{v}_{name}", level.values[name]) for name in LEVEL)

    def numbered(self) -> list[dict[str, Any]]:
        """The fields of each criterion, and of its levels."""
        return [
            {
                "number": c,
                "at": str(c),
                "title": self[f"c{c}_title"],
                "sentence": self[f"c{c}_sentence"],
                "hidden": [self[f"c{c}_key"], self[f"c{c}_levels"]],
                "levels": [
                    {"at": f"{c}-{v}", **{name: self[f"c{c}_l{v}_{name}"] for name in LEVEL}}
                    for v in range(len(row.levels))
                ],
                "has_room": len(row.levels) < MOST_LEVELS,
            }
            for c, row in enumerate(self.rows)
        ]

    def clean(self) -> dict[str, Any]:
        taken: set[str] = set()
        self.typed = Criteria(
            tuple(self._criterion(c, row, taken) for c, row in enumerate(self.rows) if not row.is_empty)
        )
        return self.cleaned_data

    def _criterion(self, c: int, row: Row, taken: set[str]) -> Criterion:
        if not row.values["title"].strip():
            self.add_error(f"c{c}_title", _("Give this criterion a title, or remove it."))
        keys: set[str] = set()
        levels = [self._level(f"c{c}_l{v}", level, keys) for v, level in enumerate(row.levels) if not level.is_empty]
        if len({level.points is None for level in levels}) > 1:
            lacking = [not one.is_empty and not one.values["points"].strip() for one in row.levels]
            if True in lacking:
                name = f"c{c}_l{lacking.index(True)}_points"
                self.add_error(name, _("Give points to each level here, or to none."))
        return Criterion(_key(row, taken), row.values["title"].strip(), self._cleaned(f"c{c}_sentence"), tuple(levels))

    def _level(self, name: str, row: Row, taken: set[str]) -> Level:
        if not row.values["title"].strip():
            self.add_error(f"{name}_title", _("Give this level a title, or remove it."))
        points = number(row.values["points"])
        if row.values["points"].strip() and points is None:
            self.add_error(f"{name}_points", _("Enter points as a number, such as 2 or 1.5."))
        return Level(_key(row, taken), row.values["title"].strip(), self._cleaned(f"{name}_sentence"), points)

    def _cleaned(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))


def _field(part: str) -> forms.Field:
    match part:
        case "title":
            return forms.CharField(label=_("Title"), required=False, max_length=LONGEST_TITLE)
        case "sentence":
            words = forms.Textarea({"rows": 2})
            return forms.CharField(label=_("In a sentence"), required=False, max_length=LONGEST_SENTENCE, widget=words)
        case "points":
            figure = forms.TextInput({"inputmode": "decimal"})
            return forms.CharField(label=_("Points"), required=False, max_length=10, widget=figure)
        case _:
            return forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


def _key(row: Row, taken: set[str]) -> str:
    """Marks name criteria and levels by it, so one that was there stays."""
    key = row.values["key"]
    if not KEY.fullmatch(key) or key in taken:
        key = uuid4().hex[:12]
    taken.add(key)
    return key
