"""What is typed about the working days of a cohort."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm, prepared
from courses import public_holidays
from courses.services.calendars import Span, Wanted

# The plan of a school year, and the summer holidays.
MOST_ROWS, MOST_DAYS, LONGEST_NAME = 40, 100, 60
ROW = ("first", "last", "name")
# Buttons that change the form, and save nothing.
ADD, REGION, REMOVE = "add", "region", "remove-"


class CalendarForm(AccessibleForm, forms.Form):
    """Days off come in numbered rows: `first_0`, `last_0`, `name_0`. A row that is left empty is none."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        coerce=int,
        choices=[(number + 1, day) for number, day in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    # Beside a country that has just been changed, that of the country before counts for nothing.
    subdivision = forms.CharField(
        label=_("Region"),
        max_length=40,
        required=False,
        widget=forms.Select,
        help_text=_("Some regions have public holidays of their own."),
    )
    rows = forms.IntegerField(min_value=0, max_value=MOST_ROWS, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any], focus: str = "") -> None:
        super().__init__(data, initial=initial)
        known = data or initial
        self.fields["weekdays"].error_messages["required"] = _("Tick at least one day.")
        self.fields["country"].choices = [("", _("No public holidays")), *public_holidays.countries().items()]
        self.regions = public_holidays.subdivisions(str(known.get("country", "")))
        self.fields["subdivision"].widget.choices = [("", _("The whole country")), *self.regions.items()]
        self.count = _counted(known.get("rows"))
        for number in range(self.count):
            self._add_row(number)
        if focus in self.fields:
            self.fields[focus].widget.attrs["data-focus"] = ""

    def _add_row(self, number: int) -> None:
        fields = (
            forms.DateField(label=_("First day"), required=False),
            forms.DateField(label=_("Last day"), required=False),
            forms.CharField(label=_("Name"), required=False, max_length=LONGEST_NAME),
        )
        self.fields |= {f"{name}_{number}": prepared(field) for name, field in zip(ROW, fields, strict=True)}

    def numbered(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{number}"] for name in ROW] for number in range(self.count)]

    def clean_subdivision(self) -> str:
        wanted = self.cleaned_data["subdivision"]
        return wanted if wanted in self.regions else ""

    def clean(self) -> dict[str, Any]:
        taken: set[object] = set()
        self.typed: list[Span] = []
        for number in range(self.count):
            if span := self._span(number):
                if not taken.isdisjoint(span.days()):
                    self.add_error(f"first_{number}", _("Another row has this day already."))
                taken |= set(span.days())
                self.typed.append(span)
        return self.cleaned_data

    def _span(self, number: int) -> Span | None:
        """What a row says; with it the errors of one that is not whole."""
        first, last, name = (self.cleaned_data.get(f"{part}_{number}") for part in ROW)
        if not (first or last or name):
            return None
        if not first:
            self._complain(f"first_{number}", _("Fill in the first day, or empty the row."))
        elif not name:
            self._complain(f"name_{number}", _("Say what it is, such as “Winter break”."))
        elif last and last < first:
            self._complain(f"last_{number}", _("The last day cannot be before the first day."))
        elif last and (last - first).days >= MOST_DAYS:
            self._complain(f"last_{number}", _("A row can have %(most)d days at most.") % {"most": MOST_DAYS})
        elif not any(f"{part}_{number}" in self.errors for part in ROW):
            return Span(first, last or first, name)
        return None

    def _complain(self, name: str, words: object) -> None:
        if name not in self.errors:
            self.add_error(name, words)

    def wanted(self) -> Wanted:
        values = self.cleaned_data
        return Wanted(values["weekdays"], values["country"], values["subdivision"], self.typed)


def shown(wanted: Wanted) -> CalendarForm:
    """The calendar as it is, with a row to fill in."""
    initial: dict[str, Any] = {name: getattr(wanted, name) for name in ("weekdays", "country", "subdivision")}
    for number, span in enumerate(wanted.typed):
        last = "" if span.last == span.first else span.last
        initial |= {f"first_{number}": span.first, f"last_{number}": last, f"name_{number}": span.name}
    return CalendarForm(initial=initial | {"rows": min(len(wanted.typed) + 1, MOST_ROWS)})


def changed(sent: QueryDict, step: str) -> CalendarForm:
    """The form as it was sent, after one of its own buttons; nothing of it is checked yet."""
    rows = [[sent.get(f"{name}_{number}", "") for name in ROW] for number in range(_counted(sent.get("rows")))]
    focus = "subdivision" if step == REGION else ""
    if step == ADD and len(rows) < MOST_ROWS:
        focus = f"first_{len(rows)}"
        rows.append(["", "", ""])
    removed = step.removeprefix(REMOVE)
    if step.startswith(REMOVE) and removed in map(str, range(len(rows))):
        del rows[int(removed)]
        focus = f"first_{min(int(removed), len(rows) - 1)}"
    initial = {"weekdays": sent.getlist("weekdays"), "rows": len(rows)}
    initial |= {name: sent.get(name, "") for name in ("country", "subdivision")}
    for number, row in enumerate(rows):
        initial |= {f"{name}_{number}": value for name, value in zip(ROW, row, strict=True)}
    return CalendarForm(initial=initial, focus=focus)


def _counted(rows: object) -> int:
    words = str(rows)
    return min(int(words), MOST_ROWS) if words.isascii() and words.isdecimal() and len(words) < 4 else 0
