"""The demo course, from the folder `demo/` at the root: Markdown, files and one TOML file that names them."""

import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from courses.models import Course
from courses.packages.draft import CourseDraft, ItemDraft, ModuleDraft
from courses.services import imports

FOLDER: Path = settings.BASE_DIR / "demo"


class DemoFolder:
    def open(self, path: str) -> BinaryIO:
        return (FOLDER / path).open("rb")


def load() -> Course:
    """Write the course, or bring the one that is there up to date."""
    draft = _draft(tomllib.loads((FOLDER / "course.toml").read_text("utf-8")))
    return imports.apply(draft, DemoFolder(), into=None, by=None, progress=lambda done, total: None)


def _draft(told: dict[str, Any]) -> CourseDraft:
    return CourseDraft(
        identifier=told["identifier"],
        title=told["title"],
        language=told["language"],
        description=told["summary"],
        modules=[_module(module) for module in told["modules"]],
        files=sorted(str(path.relative_to(FOLDER)) for path in (FOLDER / "files").iterdir() if path.is_file()),
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
