from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.dates import local
from common.forms import AccessibleForm
from notifications.kinds import CADENCES, Kind
from notifications.models import LEADS, MOST_QUIET_HOURS, QUIET_FROM, QUIET_HOURS, Mailbox
from notifications.selectors import Choice

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


def days(count: int) -> str:
    return ngettext("%(count)d day before", "%(count)d days before", count) % {"count": count}


class MailboxForm(AccessibleForm, forms.Form):
    """When somebody is told."""

    leads = forms.TypedMultipleChoiceField(
        label=_("Remind me of a date"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = forms.TypedChoiceField(label=_("No email from"), coerce=int, choices=HOURS)
    quiet_until = forms.TypedChoiceField(label=_("until"), coerce=int, choices=HOURS)
    no_quiet_hours = forms.BooleanField(label=_("No quiet hours: email may come at any hour"), required=False)
    break_until = forms.DateField(
        label=_("I am on a break until"),
        required=False,
        help_text=_("No nudges and no news until then. Dates and messages from your teachers still reach you."),
    )

    def __init__(self, *args: Any, mailbox: Mailbox, minor: bool = False, **kwargs: Any) -> None:
        self.minor = minor
        super().__init__(*args, **kwargs)
        if minor:
            del self.fields["no_quiet_hours"]
        self.fields["leads"].choices = [(lead, days(lead)) for lead in LEADS]
        self.initial = {
            "leads": mailbox.leads,
            "quiet_from": mailbox.quiet_from,
            "quiet_until": (mailbox.quiet_from + mailbox.quiet_hours) % 24,
            "no_quiet_hours": mailbox.quiet_hours == 0,
            "break_until": mailbox.break_on(local(timezone.now()).date()),
        }

    def clean_break_until(self) -> date | None:
        until: date | None = self.cleaned_data["break_until"]
        if until is not None and until < local(timezone.now()).date():
            raise ValidationError(_("This day is past. Choose a day to come, or leave it empty for no break."))
        return until

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("no_quiet_hours"):
            values["quiet_hours"] = 0
        elif "quiet_from" in values and "quiet_until" in values:
            values["quiet_hours"] = (values["quiet_until"] - values["quiet_from"]) % 24
            if not values["quiet_hours"]:
                words = _("These two hours are the same, so no hour would be quiet. Choose another one for the end.")
                raise ValidationError(words)
            if values["quiet_hours"] > MOST_QUIET_HOURS:
                raise ValidationError(
                    _("Quiet hours can last %(most)d hours at most."), params={"most": MOST_QUIET_HOURS}
                )
            if self.minor and (QUIET_FROM - values["quiet_from"]) % 24 + QUIET_HOURS > values["quiet_hours"]:
                raise ValidationError(_("For people under 18, the hours from 20:00 to 07:00 stay quiet."))
        return values

    def mailbox_values(self) -> dict[str, Any]:
        kept = ("quiet_from", "quiet_hours", "break_until")
        return {name: self.cleaned_data[name] for name in kept} | {"leads": sorted(self.cleaned_data["leads"])[::-1]}


def _has_switch(kind: Kind) -> bool:
    """For the inbox."""
    return kind.in_inbox and not kind.stays_in_inbox


Row = tuple[Choice, forms.BoundField, forms.BoundField | None]


class Group(NamedTuple):
    heading: str
    rows: list[Row]
    is_wrong: bool


class ChoicesForm(AccessibleForm, forms.Form):
    """Where and how often somebody is told of each kind: two fields for each."""

    def __init__(self, *args: Any, choices: list[Choice], **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(*args, **kwargs)
        for one in choices:
            if not one.kind.may_be_switched_off:
                continue
            self.fields[f"mail_{one.kind.name}"] = forms.ChoiceField(
                label=_("By email"),
                choices=[(str(cadence), label) for cadence, label in CADENCES.items()],
                initial=one.mail,
            )
            if _has_switch(one.kind):
                self.fields[f"inbox_{one.kind.name}"] = forms.BooleanField(
                    label=_("In the inbox"), required=False, initial=one.in_inbox
                )

    def rows(self) -> list[Row]:
        return [
            (one, self[f"mail_{one.kind.name}"], self[f"inbox_{one.kind.name}"] if _has_switch(one.kind) else None)
            for one in self.choices
            if one.kind.may_be_switched_off
        ]

    def groups(self) -> list[Group]:
        """The rows under the headings of their kinds, in the order in which these were declared."""
        found: dict[str, list[Row]] = {}
        for row in self.rows():
            found.setdefault(str(row[0].kind.heading), []).append(row)
        wrong = set(self.errors) if self.is_bound else set()
        return [
            Group(heading, rows, any(field.name in wrong for row in rows for field in row[1:] if field))
            for heading, rows in found.items()
        ]

    def chosen(self) -> list[tuple[str, bool, str]]:
        """Those that differ from how they were: kind, inbox, mail."""
        now = [
            (
                one.kind.name,
                bool(self.cleaned_data.get(f"inbox_{one.kind.name}", one.kind.in_inbox)),
                self.cleaned_data[f"mail_{one.kind.name}"],
            )
            for one, *_fields in self.rows()
        ]
        before = {(one.kind.name, one.in_inbox, str(one.mail)) for one in self.choices}
        return [choice for choice in now if choice not in before]
