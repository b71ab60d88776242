"""What students type: their work, and what they say to feedback."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import richtext
from common.forms import AccessibleForm, whole_address
from feedback.models import Assignment
from feedback.models.marking import LONGEST_CHANGE
from feedback.services import texts
from feedback.services.handing_in import MOST_FILES, MOST_LINKS, Work

LONGEST_LINK = 2_000
HELP = _("Markdown works: **bold**, * for a list, `code`, $a^2$ for a formula.")
_is_link = URLValidator(schemes=["http", "https"])


class WorkForm(AccessibleForm, forms.Form):
    """Work as it is written; what the assignment does not take has no field. Its files are hidden fields, `files`."""

    source = forms.CharField(
        label=_("Your text"),
        required=False,
        max_length=texts.LONGEST_WORK,
        widget=forms.Textarea({"rows": 16, "data-write": ""}),
        help_text=HELP,
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        max_length=MOST_LINKS * (LONGEST_LINK + 2),
        widget=forms.Textarea({"rows": 3, "data-plain": ""}),
        help_text=_("Each on its own line, such as https://example.org/my-page. Up to 10."),
    )

    def __init__(self, data: Any = None, *, assignment: Assignment, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self._takes_files = assignment.takes_files
        if not assignment.takes_text:
            del self.fields["source"]
        if not assignment.takes_links:
            del self.fields["links"]

    @property
    def asks_one_thing(self) -> bool:
        return super().asks_one_thing and not self._takes_files

    def clean_source(self) -> str:
        # Browsers send line breaks in two signs, a page that is filled in again has one.
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        try:
            self.html = texts.made(source)
        except richtext.TooMuch as refusal:
            raise ValidationError(refusal.args[0]) from refusal
        return source

    def clean_links(self) -> list[str]:
        lines = [whole_address(line.strip()) for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(gettext("You can hand in up to 10 links."))
        for line in lines:
            try:
                _is_link(line)
            except ValidationError:
                words = gettext("“%(line)s” is not a whole link. Copy it from the address bar, with https:// in front.")
                raise ValidationError(words, params={"line": line[:60]}) from None
            if len(line) > LONGEST_LINK:
                raise ValidationError(gettext("A link can have up to 2,000 characters."))
        return lines

    def work(self, files: list[UUID]) -> Work:
        return Work(self.cleaned_data.get("source", ""), files, self.cleaned_data.get("links", []))


def files_of(posted: Any) -> list[UUID]:
    """The keys of files that a form or an address names, each once; what is none is left out."""
    found: dict[UUID, None] = {}
    for one in posted.getlist("files")[: MOST_FILES * 2]:
        try:
            found[UUID(one)] = None
        except ValueError:
            continue
    return list(found)


class ChangeForm(AccessibleForm, forms.Form):
    will_change = forms.CharField(
        label=_("What I will change"),
        required=False,
        max_length=LONGEST_CHANGE,
        help_text=_("In one line. Your teacher sees it, and it appears beside your next attempt."),
    )

    def __init__(self, *args: Any, tries_again: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not tries_again:
            words = _("In one line. It is for the next time you do something like this, and your teacher sees it.")
            self.fields["will_change"].help_text = words


class AskForm(AccessibleForm, forms.Form):
    source = forms.CharField(
        label=_("Your message"),
        max_length=texts.LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 4}),
        help_text=HELP,
    )

    def clean_source(self) -> str:
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        try:
            if not texts.made(source).strip():
                raise ValidationError(_("Write at least one word."))
        except richtext.TooMuch as refusal:
            raise ValidationError(refusal.args[0]) from refusal
        return source


def initial_of(work: Work, kept: Mapping[str, str]) -> dict[str, str]:
    """For the form of work that was handed in before; what was typed since goes before it."""
    return {"source": work.source, "links": "\n".join(work.links), **kept}
