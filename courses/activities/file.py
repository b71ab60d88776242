from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.forms.content import FileForm
from courses.kinds import BY_HAND, BY_STUDENT, ON_OPENING, Kind, Panel, References, Rule, register
from courses.models import Activity, CourseFile, Enrolment, FileContent
from courses.packages.draft import ItemDraft
from courses.services import file_uses, minutes, page_words
from courses.services.course_files import add_upload


def _content(activity: Activity) -> FileContent:
    return FileContent.objects.select_related("course_file__file").get(pk=activity.pk)


class FileKind(Kind):
    code = "file"
    label = _("File")
    icon = "file"
    form = FileForm
    rules = (
        Rule(
            "opened",
            _("the student opens it"),
            lambda seconds: gettext("Ticked when you open the file, or when you mark it as done."),
            (ON_OPENING, BY_STUDENT),
        ),
        BY_HAND,
    )

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        content = _content(activity)
        return Panel("courses/kinds/file.html", {"content": content, "file": content.course_file.file})

    def destination(self, activity: Activity) -> str:
        course_file = _content(activity).course_file
        return reverse("courses:file", args=[course_file.pk, course_file.file.name])

    def initial(self, activity: Activity) -> dict[str, Any]:
        content = _content(activity)
        return {"note": content.note, "has_file": True, "name": content.course_file.path}

    def save(self, activity: Activity, cleaned: dict[str, Any]) -> bool:
        existing = FileContent.objects.filter(activity=activity).select_related("course_file").first()
        course_file = existing.course_file if existing else None
        if upload := cleaned.get("upload"):
            course_file = add_upload(activity.module.course, upload, upload.name, own=course_file)
        FileContent.objects.update_or_create(
            activity=activity, defaults={"course_file": course_file, "note": cleaned["note"]}
        )
        self._settle(activity, cleaned["note"], course_file)
        return bool(existing and upload)

    def receive(self, activity: Activity, item: ItemDraft, references: References) -> bool:
        course_file = references.course_file(item.path)
        before = FileContent.objects.filter(activity=activity).values_list("course_file", flat=True).first()
        defaults = {"course_file": course_file} | ({"note": item.note} if item.note else {})
        content, _ = FileContent.objects.update_or_create(activity=activity, defaults=defaults)
        self._settle(activity, content.note, course_file)
        return before is not None and (before != course_file.pk or item.path in references.replaced)

    def _settle(self, activity: Activity, note: str, course_file: CourseFile) -> None:
        file_uses.record(activity, [course_file.pk])
        minutes.settle(activity, texts=note.splitlines())
        activity.save(update_fields=["minutes"])
        page_words.index(activity, note=note, file_name=course_file.file.name)


register(FileKind())
