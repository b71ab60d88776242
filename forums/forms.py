"""What people type into a forum. The key of a form makes a second press, a retry and the back button one post."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import richtext
from common.forms import AccessibleForm
from courses.forms.content import MARKDOWN_HELP
from courses.models import Activity, Reading
from courses.services import texts as lesson_texts
from files import pictures
from forums.models import Discussion, Post, Thread
from forums.services import texts
from forums.services.talk import Written

HELP = _("Markdown works: **bold**, * for a list, `code`, $a^2$ for a formula. Write @Name to name someone.")


class TextForm(AccessibleForm, forms.Form):
    """The text of a post, whatever it is for."""

    source = forms.CharField(
        label=_("Your text"),
        max_length=texts.LONGEST,
        widget=forms.Textarea({"rows": 7, "data-write": ""}),
        help_text=HELP,
    )

    def clean_source(self) -> str:
        # Browsers send line breaks in two signs, a page that is filled in again has one.
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        try:
            self.made = texts.made(source)
        except richtext.TooMuch as refusal:
            raise ValidationError(refusal.args[0]) from refusal
        if not self.made.html.strip():
            raise ValidationError(_("Write at least one word."))
        return source


class PostForm(TextForm):
    """A reply."""

    anonymous = forms.BooleanField(
        label=_("Post without my name"),
        required=False,
        help_text=_("Classmates see “Anonymous”. Your teachers can look up your name. If one does, you can see it."),
    )

    def __init__(self, data: Any = None, *, may_be_anonymous: bool, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        # Whoever asked for it while it was allowed is told, and not named.
        if not may_be_anonymous and not (data and "anonymous" in data):
            del self.fields["anonymous"]

    def written(self) -> Written:
        return Written(self.cleaned_data["source"], self.cleaned_data.get("anonymous", False))


class ThreadForm(PostForm):
    """A question or a discussion; `activity` and `at_ms` are what the page says that it is about."""

    field_order = ("kind", "title", "source", "anonymous")
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (Thread.Kind.QUESTION, _("A question: you need an answer")),
            (Thread.Kind.DISCUSSION, _("A discussion: you want to hear what others think")),
        ],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("The question itself, in one sentence."))

    def written_about(self, activity: Activity | None, at_ms: int | None) -> Written:
        values = self.cleaned_data
        return Written(
            values["source"], values.get("anonymous", False), values["title"], values["kind"], activity, at_ms
        )


class EditForm(TextForm):
    title = forms.CharField(label=_("Title"), max_length=200)

    field_order = ("title", "source")

    def __init__(self, *args: object, post: Post, initial: dict[str, Any]) -> None:
        super().__init__(*args, initial={"title": post.thread.title, "source": post.source, **initial})
        if post.number > 1:
            del self.fields["title"]


class ReasonForm(AccessibleForm, forms.Form):
    reason = forms.CharField(label=_("What is wrong with it?"), max_length=500, widget=forms.Textarea({"rows": 3}))


class SettingsForm(AccessibleForm, forms.Form):
    anonymous_allowed = forms.BooleanField(
        label=_("Students may post without their name"),
        required=False,
        help_text=_("Classmates then see “Anonymous”. You can look up the name. Your student can see that you did."),
    )
    introductions = forms.CharField(
        label=_("Questions for introductions"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Two or three, each on its own line. Students answer them when they say hello."),
    )


class FileForm(AccessibleForm, forms.Form):
    """A picture needs words for those who do not see it."""

    file = forms.FileField(
        label=_("File"), help_text=_("A picture, PDF, text, office or sound file of up to 10 MB."), max_length=200
    )
    alternative = forms.CharField(
        label=_("What does the picture show?"),
        max_length=300,
        required=False,
        help_text=_("Read aloud to those who can’t see it. Not needed for other files."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        brought = cleaned.get("file")
        if brought and pictures.is_picture(brought.name) and not cleaned.get("alternative", "").strip():
            self.add_error("alternative", _("Say what the picture shows, for classmates who can’t see it."))
        return cleaned


class DiscussionForm(AccessibleForm, forms.ModelForm):
    source = forms.CharField(
        label=_("What to discuss"),
        max_length=richtext.LONGEST,
        widget=forms.Textarea({"rows": 10, "data-write": ""}),
        help_text=MARKDOWN_HELP,
    )
    posts_needed = forms.IntegerField(
        label=_("Posts"), min_value=0, max_value=20, initial=1, help_text=_("How many each student writes.")
    )
    replies_needed = forms.IntegerField(label=_("Replies to others"), min_value=0, max_value=20, initial=0)

    class Meta:
        model = Discussion
        fields = ["source", "format", "posts_needed", "replies_needed", "own_first"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("posts_needed") == 0 and cleaned.get("replies_needed") == 0:
            self.add_error("posts_needed", _("Ask for a post or a reply at least."))
        if cleaned.get("source"):
            try:
                lesson_texts.rendered(cleaned["source"], cleaned.get("format", Reading.Format.MARKDOWN), lambda _: None)
            except richtext.TooMuch as refusal:
                self.add_error("source", refusal.args[0])
        return cleaned
