"""The demo course, from the folder `demo/` at the root: Markdown, files and one TOML file that names them."""

import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from courses import captions
from courses.models import Activity, CaptionTrack, Course, LectureContent
from courses.packages.draft import CourseDraft, ItemDraft, ModuleDraft
from courses.services import imports, lectures

FOLDER: Path = settings.BASE_DIR / "demo"


class DemoFolder:
    def open(self, path: str) -> BinaryIO:
        return (FOLDER / path).open("rb")


def load() -> Course:
    """Write the course, or bring the one that is there up to date."""
    draft = _draft(tomllib.loads((FOLDER / "course.toml").read_text("utf-8")))
    course = imports.apply(draft, DemoFolder(), into=None, by=None, progress=lambda done, total: None)
    for activity in Activity.objects.filter(module__course=course, kind="lecture").select_related("module__course"):
        _captions(activity)
    return course


def _captions(activity: Activity) -> None:
    """Beside `plan-a-week.mp4` lie `plan-a-week.en.vtt` and `plan-a-week.chapters.vtt`."""
    activity.lecture = LectureContent.objects.select_related("recording").get(activity=activity)
    for path in sorted((FOLDER / "lectures").glob(f"{activity.origin}.*.vtt")):
        name = path.name.split(".")[1]
        is_chapters = name == CaptionTrack.Kind.CHAPTERS
        language = activity.module.course.language if is_chapters else name
        kind = CaptionTrack.Kind.CHAPTERS if is_chapters else CaptionTrack.Kind.CAPTIONS
        lectures.save_track(activity, captions.read(path.read_bytes()), kind=kind, language=language)


def _draft(told: dict[str, Any]) -> CourseDraft:
    return CourseDraft(
        identifier=told["identifier"],
        title=told["title"],
        language=told["language"],
        description=told["summary"],
        modules=[_module(module) for module in told["modules"]],
        files=sorted(
            str(path.relative_to(FOLDER))
            for path in [*(FOLDER / "files").iterdir(), *(FOLDER / "lectures").glob("*.mp4")]
            if path.is_file()
        ),
    )


def _module(told: dict[str, Any]) -> ModuleDraft:
    return ModuleDraft(told["identifier"], told["title"], items=[_item(item) for item in told["activities"]])


def _item(told: dict[str, Any]) -> ItemDraft:
    source = told.get("source")
    return ItemDraft(
        identifier=told["identifier"],
        title=told["title"],
        kind=told["kind"],
        required=told["required"],
        markdown=(FOLDER / source).read_text("utf-8") if source else "",
        path=told.get("path", ""),
        url=told.get("url", ""),
        note=told.get("note", ""),
        minutes=told.get("minutes", 0),
    )
