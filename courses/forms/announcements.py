"""What is typed to a cohort, or to everybody."""

import hashlib
import json
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import richtext
from common.forms import AccessibleForm
from common.templatetags.ui import zone_city
from courses.fields import WallTimeFormField
from courses.models import Announcement, Cohort
from courses.models.announcement import LONGEST_SUBJECT
from courses.services import announcements


class AnnouncementForm(AccessibleForm, forms.Form):
    """`zone` is in whose time an hour is set. `offered` are the cohorts to choose from; None where that is settled."""

    key = forms.CharField(label=_("Form"), max_length=36, widget=forms.HiddenInput)
    revision = forms.IntegerField(label=_("Version"), widget=forms.HiddenInput, min_value=1, required=False)
    for_everybody = forms.BooleanField(label=_("Everyone who has an account here"), required=False)
    cohorts = forms.MultipleChoiceField(label=_("Cohorts"), required=False, widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    source = forms.CharField(
        label=_("Message"),
        max_length=announcements.LONGEST,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("Markdown: ## for a heading, * for a list, **bold**, [words](https://address)."),
    )
    wall = WallTimeFormField(label=_("Send it at"), required=False)
    tell_again = forms.BooleanField(
        label=_("Tell everyone again, also by email"),
        required=False,
        help_text=_("Otherwise the text changes wherever it is shown, and no one gets a second email."),
    )

    def __init__(
        self,
        *args: object,
        zone: ZoneInfo,
        found: Announcement | None = None,
        offered: list[Cohort] | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.found, self.offered = zone, found, offered
        self.fields["wall"].help_text = _("Leave empty to send it straight away. In %(zone)s time.") % {
            "zone": zone_city(zone)
        }
        self.initial = {"key": uuid4()}
        if found:
            self.initial = {name: getattr(found, name) for name in ("key", "revision", "title", "source", "wall")}
        unwanted = ["for_everybody", "cohorts"] if offered is None else []
        unwanted += ["wall"] if found and found.is_published else ["tell_again"]
        for name in unwanted:
            del self.fields[name]
        if offered is not None:
            self.fields["cohorts"].choices = [(one.pk, f"{one.name} · {one.course.title}") for one in offered]

    def clean_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            raise ValidationError(_("Part of this form is missing. Open it again.")) from None

    def clean_source(self) -> str:
        try:
            self.made = announcements.rendered(self.cleaned_data["source"])
        except richtext.TooMuch as refusal:
            raise ValidationError(refusal.args[0]) from refusal
        if not self.made.blocks:
            raise ValidationError(_("Write a message with at least one word."))
        return self.cleaned_data["source"]

    def clean_wall(self) -> datetime | None:
        wall = self.cleaned_data["wall"]
        if wall and announcements.instant(wall, self.zone) <= timezone.now():
            raise ValidationError(_("This time has already passed. Choose a later one, or leave it empty."))
        return wall

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if self.offered is not None and not cleaned.get("for_everybody") and not cleaned.get("cohorts"):
            self.add_error("for_everybody", ValidationError(_("Choose who gets it.")))
        return cleaned

    def written(self, cohorts: list[Cohort]) -> announcements.Written:
        """For `cohorts`, or those that were chosen."""
        values = self.cleaned_data
        chosen = set(values.get("cohorts", ()))
        return announcements.Written(
            values["title"],
            values["source"],
            self.zone,
            values.get("wall"),
            [one for one in self.offered or cohorts if self.offered is None or str(one.pk) in chosen],
            values.get("for_everybody", self.found.for_everybody if self.found else False),
        )

    def fingerprint(self) -> str:
        """Of all that was typed: what is sent is the very text that was previewed."""
        values = {name: str(value) for name, value in self.cleaned_data.items()}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
