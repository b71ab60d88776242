"""Comments on the work, answers, and what is kept to be used again."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import QUICK_WIDGETS, AccessibleForm
from feedback.services import comments, texts
from feedback.services.comments import Place

LONGEST_LINE = 1_000_000


class CommentForm(AccessibleForm, forms.Form):
    """Words of the text, or a page of a file; a script fills in where the words stand."""

    default_renderer = QUICK_WIDGETS
    quote = forms.CharField(
        label=_("Comment on these words"),
        required=False,
        strip=False,
        max_length=comments.LONGEST_QUOTE,
        widget=forms.Textarea({"rows": 2, "data-quote": ""}),
        help_text=_("Select them in the text, or paste them here."),
    )
    file = forms.ChoiceField(label=_("Or on a page of"), required=False)
    page = forms.IntegerField(label=_("Page or line"), required=False, min_value=1, max_value=LONGEST_LINE)
    source = forms.CharField(
        label=_("Your comment"),
        max_length=texts.LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 3, "data-bank": ""}),
    )
    # Where the words stand, so that they are found again; texts, so that a draft keeps them.
    start = forms.CharField(required=False, max_length=9, widget=forms.TextInput({"hidden": "", "tabindex": "-1"}))
    before = forms.CharField(required=False, strip=False, max_length=200, widget=forms.TextInput({"hidden": ""}))
    after = forms.CharField(required=False, strip=False, max_length=200, widget=forms.TextInput({"hidden": ""}))

    def __init__(self, data: Any = None, *, files: list[tuple[str, str]], **more: Any) -> None:
        # Beside the form of the feedback, which has fields of the same names.
        super().__init__(data, auto_id="comment_%s", **more)
        self.fields["source"].error_messages["required"] = _("Write a comment first.")
        self.fields["file"].choices = [("", _("The text")), *files]
        if not files:
            del self.fields["file"], self.fields["page"]
        elif len(files) == 1:
            self.fields["file"].label = _("Or on a page of the file")

    def place(self) -> Place:
        values = self.cleaned_data
        start = values["start"]
        file = values.get("file")
        return Place(
            work_file=UUID(file) if file else None,
            page=values.get("page") if file else None,
            start=int(start) if start.isascii() and start.isdecimal() else 0,
            quote=values["quote"].replace("\r\n", "\n"),
            before=values["before"],
            after=values["after"],
        )


# What nobody has typed into yet is the same for all work: a page renders it once (`remembered`).
EMPTY = CommentForm(files=[])


class WordsForm(AccessibleForm, forms.Form):
    """Other words for a comment, an answer, or a comment of the bank."""

    source = forms.CharField(
        label=_("Your comment"), max_length=texts.LONGEST_COMMENT, widget=forms.Textarea({"rows": 3, "data-bank": ""})
    )


class BankForm(AccessibleForm, forms.Form):
    source = forms.CharField(label=_("Comment"), max_length=2_000, widget=forms.Textarea({"rows": 3}))
    shared = forms.BooleanField(label=_("Share with everyone who marks in this course"), required=False)
