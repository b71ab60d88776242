"""What students and teachers type to each other: plain words."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import AccessibleForm
from feedback.models import Asked
from feedback.models.talks import LONGEST_LINE, LONGEST_MESSAGE


class PlainText(forms.CharField):
    """Lines of plain words, with one sign for a line break."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), **kwargs)

    def clean(self, value: Any) -> str:
        return super().clean(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class MessageForm(AccessibleForm, forms.Form):
    text = PlainText(label=_("Your message"), max_length=LONGEST_MESSAGE)


class WordForm(MessageForm):
    """A student asks one of those who teach them; `teachers` are whom they can ask."""

    teacher = forms.ChoiceField(label=_("Who do you want to write to?"))
    field_order = ["teacher", "text"]

    def __init__(self, *args: Any, teachers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._teachers = {str(one.pk): one for one in teachers}
        self.fields["teacher"].choices = [(key, str(one)) for key, one in self._teachers.items()]

    def clean_teacher(self) -> User:
        return self._teachers[self.cleaned_data["teacher"]]


class Answers(forms.RadioSelect):
    """Its field is named by the group, to which the list of what is wrong leads."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index) if index else id_


class AnswerForm(AccessibleForm, forms.Form):
    """The answer to a check-in, with a line where the student has one. Which button was pressed is the answer."""

    pulse = forms.ChoiceField(label=_("Your answer"), choices=Asked.Pulse.choices, widget=Answers)
    # Of a single line, Enter would press the first of the answers.
    said = PlainText(label=_("Do you want to add a line?"), max_length=LONGEST_LINE, required=False, rows=2)

    def clean_said(self) -> str:
        return " ".join(self.cleaned_data["said"].split())


class HideForm(AccessibleForm, forms.Form):
    why = forms.CharField(
        label=_("Why do you hide it?"),
        max_length=LONGEST_LINE,
        help_text=_("Everyone in this conversation can read the reason."),
    )
