"""The second step of a class list: who gets an account, as it was proposed or as it was corrected."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext

from accounts.forms import NewcomerForm
from accounts.models import User
from accounts.services import people
from courses.services.class_lists import Newcomer

# A browser sends four fields for each, of a thousand that are taken.
MOST_CREATED = 200


@dataclass
class Row:
    newcomer: Newcomer
    values: dict[str, str]
    is_ticked: bool
    errors: dict[str, Any] = field(default_factory=dict)

    @property
    def cells(self) -> list[tuple[str, str, str, list[str]]]:
        """Each field with its label, its value and what is wrong with it."""
        labels = {"display_name": gettext("Name"), "email": gettext("Email address"), "username": gettext("Username")}
        return [(name, label, self.values[name], self.errors.get(name, [])) for name, label in labels.items()]


class NewcomersForm:
    """A row for each newcomer; those that are unclear are not ticked before somebody has looked at them."""

    def __init__(self, new: Sequence[Newcomer], sent: QueryDict | None = None) -> None:
        self.is_bound = sent is not None
        self.minor = sent is not None and "minor" in sent
        self.rows = [self._row(one, sent) for one in new]

    def _row(self, one: Newcomer, sent: QueryDict | None) -> Row:
        proposed = {"display_name": one.entry.name, "email": one.entry.address, "username": one.username}
        if sent is None:
            return Row(one, proposed, is_ticked=not one.doubt)
        values = {name: sent.get(f"{one.key}-{name}", proposed[name]) for name in proposed}
        return Row(one, values, is_ticked=f"{one.key}-take" in sent)

    @property
    def ticked(self) -> list[Row]:
        return [row for row in self.rows if row.is_ticked]

    @property
    def wrong(self) -> list[Row]:
        return [row for row in self.rows if row.errors]

    def is_valid(self) -> bool:
        if not self.is_bound:
            return False
        for row in self.ticked:
            form = NewcomerForm(row.values)
            row.errors = dict(form.errors.items())
            row.values |= {name: form.cleaned_data[name] for name in form.cleaned_data}
        self._refuse_taken()
        return not self.wrong

    def _refuse_taken(self) -> None:
        """A username or an address is one person's: of those with an account, and of those in the list."""
        rows = [row for row in self.ticked if not row.errors]
        sent = [[row.values[name] for row in rows if row.values[name]] for name in ("username", "email")]
        held = people.taken(*sent)
        for row in rows:
            for name in ("username", "email"):
                if (value := row.values[name]) and value in held:
                    row.errors[name] = [str(User._meta.get_field(name).error_messages["unique"])]
                elif value:
                    held.add(value)

    def people(self, zone: ZoneInfo) -> list[User]:
        """Accounts that are not stored yet, in the time zone of their cohort."""
        return [
            User(
                display_name=row.values["display_name"],
                username=row.values["username"],
                email=row.values["email"] or None,
                timezone=zone,
                minor=self.minor,
            )
            for row in self.ticked
        ]
