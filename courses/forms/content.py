"""What authors type: a course, its modules and activities, captions, a package."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import richtext
from common.forms import AccessibleForm, whole_address
from courses import captions
from courses.forms.languages import LanguageField
from courses.models import Activity, CaptionTrack, Course, Module, Reading
from courses.packages import PackageError, recognise
from courses.services.package_words import in_words
from files import media

# What is said beside a file, a link or a course: a page of it is a reading.
LONGEST_NOTE = 5_000
MARKDOWN_HELP = _(
    "Markdown: ## for a heading, * for a list, **bold**, [words](https://address), $x^2$ for a formula. "
    "To link to another activity, use its address on this site. To link to a file of this course, use file:its-name."
)


def small_enough(upload: UploadedFile) -> None:
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        limit = filesizeformat(settings.UPLOAD_LIMIT_BYTES)
        raise ValidationError(_("The file is larger than %(limit)s."), params={"limit": limit})


class CourseForm(AccessibleForm, forms.ModelForm):
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 3})
    )

    language = LanguageField(initial="en")

    class Meta:
        model = Course
        fields = ["title", "summary", "language", "licence"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].kept = self.instance.language if self.instance.pk else ""


class EditorForm(AccessibleForm, forms.Form):
    person = forms.CharField(
        label=_("Username or email address"),
        max_length=254,
        help_text=_("Editors can change everything in this course."),
    )


class ModuleForm(AccessibleForm, forms.ModelForm):
    class Meta:
        model = Module
        fields = ["title", "published"]


class ActivityForm(AccessibleForm, forms.ModelForm):
    """What every kind has; the kind's own form stands beside it."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=1440,
        required=False,
        help_text=_("Leave empty to take them from the length of the text or the recording."),
    )
    look_again = forms.BooleanField(
        label=_("Ask students who have finished this to look again"),
        required=False,
        help_text=_("They keep their tick, and the activity is marked as changed."),
    )

    class Meta:
        model = Activity
        fields = ["title", "heading", "minutes", "required", "published", "for_instructors", "rule"]

    def __init__(self, *args: object, rules: list[tuple[str, str]], measured: bool = True, **kwargs: object) -> None:
        """`measured` is whether the length can be told from what the activity holds; else its author is asked."""
        super().__init__(*args, **kwargs)
        if not measured:
            self.fields["minutes"].label = _("How many minutes will students need?")
            self.fields["minutes"].help_text = _("Leave empty if you cannot say. Then no time is shown or added up.")
        self.fields["rule"] = forms.ChoiceField(label=_("Ticked when"), choices=rules)
        self._offer_modules()
        if self.instance.pk is None:
            del self.fields["look_again"]
        if not self.instance.minutes_by_hand:
            self.initial["minutes"] = None

    def _offer_modules(self) -> None:
        """A new one goes where its form was opened."""
        modules = Module.objects.filter(course=self.instance.module.course_id).order_by("position")
        if self.instance.pk is None or len(modules) < 2:
            return
        self.fields["module"] = forms.ModelChoiceField(
            label=_("Module"),
            queryset=modules,
            empty_label=None,
            initial=self.instance.module_id,
            help_text=_("In another module it goes to the end. Students keep their progress."),
        )
        self.order_fields(["title", "heading", "module"])

    def clean_minutes(self) -> int | None:
        minutes = self.cleaned_data["minutes"]
        self.instance.minutes_by_hand = minutes is not None
        return minutes or self.instance.minutes


class ReadingForm(AccessibleForm, forms.Form):
    format = forms.ChoiceField(label=_("Format"), choices=Reading.Format.choices)
    source = forms.CharField(
        label=_("Text"),
        max_length=richtext.LONGEST,
        widget=forms.Textarea({"rows": 24, "data-write": ""}),
        help_text=MARKDOWN_HELP,
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if "source" in cleaned and "format" in cleaned:
            make = richtext.from_html if cleaned["format"] == Reading.Format.HTML else richtext.from_markdown
            try:
                make(cleaned["source"], lambda address: None)
            except richtext.TooMuch as refusal:
                self.add_error("source", ValidationError(refusal.args[0]))
        return cleaned


def _note(label: str | Promise) -> forms.CharField:
    """A few words of the author beside what a student opens."""
    return forms.CharField(label=label, required=False, max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 3}))


class FileForm(AccessibleForm, forms.Form):
    upload = forms.FileField(label=_("File"), validators=[small_enough])
    note = _note(_("What this is for"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("has_file"):
            self.fields["upload"].required = False
            self.fields["upload"].help_text = _(
                "Choose a file only to replace “%(name)s”, which is there. "
                "To link to it from a text of this course, write [words](file:%(name)s)."
            ) % {"name": self.initial["name"]}


class LectureForm(AccessibleForm, forms.Form):
    upload = forms.FileField(
        label=_("Recording"),
        validators=[small_enough],
        help_text=_("A video or audio file. MP4 (H.264 and AAC) plays on every device."),
    )
    note = _note(_("What to look for"))
    needed_percent = forms.IntegerField(label=_("Percentage to watch"), min_value=1, max_value=100, initial=90)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].error_messages["required"] = _("Choose a recording.")
        if self.initial.get("has_file"):
            self.fields["upload"].required = False
            self.fields["upload"].help_text = _(
                "A video or audio file. MP4 (H.264 and AAC) plays on every device. "
                "Choose one only to replace the recording that is there."
            )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        upload = cleaned.get("upload")
        if upload:
            try:
                cleaned["recorded"] = media.examine(upload)
            except media.Unplayable as refusal:
                self.add_error("upload", refusal)
        return cleaned


class CaptionsForm(AccessibleForm, forms.Form):
    """`found` in the cleaned data is what could be read of the file.

    Where that needs an answer first, `asks` is true and the file is to be held: `options` are ways to read its letters.
    """

    kind = forms.ChoiceField(label=_("Type"), choices=CaptionTrack.Kind.choices)
    language = LanguageField()
    upload = forms.FileField(label=_("File"), help_text=_("WebVTT, SRT or SBV."))
    encoding = forms.CharField(label=_("Encoding"), required=False, max_length=20, widget=forms.HiddenInput)
    take_anyway = forms.BooleanField(label=_("Add them to this recording anyway"), required=False)

    def __init__(self, *args: object, duration_ms: int, held: bytes | None = None, **kwargs: object) -> None:
        """`held` is the file that was sent before the question."""
        super().__init__(*args, **kwargs)
        self.duration_ms, self.held = duration_ms, held
        # Encoding, its name, lines of the file as they read in it.
        self.options: list[tuple[str, Promise, tuple[str, ...]]] = []
        self.asks = False
        if held is not None:
            self._has_file()
        if not self.is_bound:
            del self.fields["take_anyway"]

    def _ask(self) -> None:
        self.asks = True
        self._has_file()

    def _has_file(self) -> None:
        self.fields["upload"].required = False
        # Of the bound field, which has taken over the words of the other by now.
        self["upload"].help_text = _("We have kept the file. Choose another only if it is the wrong one.")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if "language" in cleaned and "kind" in cleaned and "upload" not in self.errors:
            upload = cleaned["upload"]
            self._read(cleaned, upload.read(captions.MOST_BYTES + 1) if upload else self.held or b"")
        if "take_anyway" not in self.errors:
            del self.fields["take_anyway"]
        return cleaned

    def _read(self, cleaned: dict[str, object], data: bytes) -> None:
        encoding = "" if cleaned["upload"] and self.held is not None else cleaned.get("encoding", "")
        try:
            found = captions.read(data, cleaned["language"], encoding)
        except captions.Undecided as question:
            self._ask()
            self.options = [(one.encoding, captions.ENCODINGS[one.encoding], one.lines) for one in question.options]
            # Asked for by the page, with some lines of the file beside each answer.
            del self.fields["encoding"]
            self.add_error(None, ValidationError(question.args[0]))
            return
        except captions.Unreadable as refusal:
            self.add_error("upload", ValidationError(refusal.args[0]))
            return
        chapters, most = cleaned["kind"] == CaptionTrack.Kind.CHAPTERS, captions.MOST_CHAPTERS
        if chapters and len(found.cues) > most:
            self.add_error("upload", gettext("A lecture can have at most %(most)d chapters.") % {"most": most})
            return
        wrong = captions.misfit(found.cues, self.duration_ms, chapters=chapters)
        if wrong and not cleaned["take_anyway"]:
            self._ask()
            self.add_error("take_anyway", wrong)
        cleaned["found"] = found


class WebAddressField(forms.CharField):
    def to_python(self, value: object) -> str:
        return whole_address(super().to_python(value))


class LinkForm(AccessibleForm, forms.Form):
    url = WebAddressField(
        label=_("Address"),
        max_length=2000,
        validators=[URLValidator(["http", "https"])],
        error_messages={"invalid": _("Enter a web address, such as https://example.org/page.")},
        help_text=_("If you leave out https:// it is put in front."),
    )
    note = _note(_("What to look for"))


class PackageForm(AccessibleForm, forms.Form):
    package = forms.FileField(
        label=_("Course package"),
        validators=[small_enough],
        help_text=_("An IMS Common Cartridge (.imscc) or a Canvas export."),
    )

    publish = forms.BooleanField(
        label=_("Also show what the package hides"),
        required=False,
        help_text=_(
            "Without this, each lesson comes in as the package has it: shown or hidden. Most packages show everything, "
            "and Canvas exports often nothing. No student sees a new course before it has a cohort. "
            "What is for instructors, or empty, stays hidden. So do hidden lessons of a course that is already here. "
            "You can also show the whole course later with one button."
        ),
    )

    def clean_package(self) -> object:
        """What it is decides, whatever it is called. The worker, which reads it whole, refuses in the same words."""
        package = self.cleaned_data["package"]
        try:
            recognise(package.file)
        except PackageError as refusal:
            raise ValidationError(in_words(refusal.reason)) from refusal
        finally:
            package.seek(0)
        return package
