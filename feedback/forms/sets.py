"""What authors type of a big task that is handed in in parts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import richtext
from common.forms import AccessibleForm, prepared
from courses.forms.content import MARKDOWN_HELP
from courses.models import Reading
from courses.services import texts
from feedback.services.sets import Part, Task

FEWEST_PARTS, MOST_PARTS = 2, 6
LONGEST_TASK, LONGEST_PART, LONGEST_WORDS = 120, 60, 2_000
# Buttons that change the form, and save nothing.
ADD, REMOVE = "add", "remove-"


def usual_parts() -> list[tuple[str, str]]:
    return [
        (gettext("Outline"), gettext("Your plan: what you want to say, in which order.")),
        (gettext("Draft"), gettext("A whole first version. It need not be polished yet.")),
        (gettext("Final version"), gettext("The version that you are content with, after the feedback on your draft.")),
    ]


class SetForm(AccessibleForm, forms.Form):
    """Parts come in numbered rows: `title_0`, `words_0`. A row that is left empty is none."""

    task = forms.CharField(
        label=_("Title of the task"),
        max_length=LONGEST_TASK,
        help_text=_("Each part is called by it and by its own title, such as “Bees in town: Outline”."),
    )
    source = forms.CharField(
        label=_("Instructions for all parts"),
        max_length=richtext.LONGEST,
        widget=forms.Textarea({"rows": 8}),
        help_text=MARKDOWN_HELP,
    )
    parts = forms.IntegerField(min_value=0, max_value=MOST_PARTS, widget=forms.HiddenInput)
    published = forms.BooleanField(label=_("Show the parts to students now"), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None, focus: str = ""
    ) -> None:
        super().__init__(data, initial=initial or _filled(usual_parts()))
        self.count = _counted((data or self.initial).get("parts"))
        for number in range(self.count):
            title = forms.CharField(label=_("Title of this part"), required=False, max_length=LONGEST_PART)
            words = forms.CharField(
                label=_("What is handed in"),
                required=False,
                max_length=LONGEST_WORDS,
                widget=forms.Textarea({"rows": 2}),
            )
            self.fields |= {f"title_{number}": prepared(title), f"words_{number}": prepared(words)}
        if focus in self.fields:
            self.fields[focus].widget.attrs["data-focus"] = ""

    def numbered(self) -> list[list[forms.BoundField]]:
        return [[self[f"title_{number}"], self[f"words_{number}"]] for number in range(self.count)]

    def clean(self) -> dict[str, Any]:
        self.typed = []
        for number in range(self.count):
            title, words = (str(self.cleaned_data.get(f"{name}_{number}", "")).strip() for name in ("title", "words"))
            if words and not title:
                self.add_error(f"title_{number}", _("Give this part a title, or empty the row."))
            elif title:
                self.typed.append(Part(title, words))
        if len(self.typed) < FEWEST_PARTS and not self.errors:
            self.add_error("title_0" if self.count else None, _("A big task has two parts at least."))
        if "source" in self.cleaned_data:
            try:
                texts.rendered(self.cleaned_data["source"], Reading.Format.MARKDOWN, lambda _: None)
            except richtext.TooMuch as refusal:
                self.add_error("source", refusal.args[0])
        return self.cleaned_data

    def wanted(self) -> Task:
        return Task(self.cleaned_data["task"], self.cleaned_data["source"], self.typed)


def _filled(parts: list[tuple[str, str]]) -> dict[str, Any]:
    initial: dict[str, Any] = {"parts": len(parts)}
    for number, (title, words) in enumerate(parts):
        initial |= {f"title_{number}": title, f"words_{number}": words}
    return initial


def changed(sent: QueryDict, step: str) -> SetForm:
    """The form as it was sent, after one of its own buttons; nothing of it is checked yet."""
    count, focus = _counted(sent.get("parts")), ""
    parts = [(sent.get(f"title_{number}", ""), sent.get(f"words_{number}", "")) for number in range(count)]
    if step == ADD and count < MOST_PARTS:
        focus = f"title_{count}"
        parts.append(("", ""))
    removed = step.removeprefix(REMOVE)
    if step.startswith(REMOVE) and removed in map(str, range(count)):
        del parts[int(removed)]
        focus = f"title_{min(int(removed), len(parts) - 1)}"
    initial = {"task": sent.get("task", ""), "source": sent.get("source", ""), "published": "published" in sent}
    return SetForm(initial=initial | _filled(parts), focus=focus)


def _counted(rows: object) -> int:
    words = str(rows)
    return min(int(words), MOST_PARTS) if words.isascii() and words.isdecimal() and len(words) < 4 else 0
