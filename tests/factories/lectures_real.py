"""Lectures that really play: the recordings of the demo course, with their captions and chapters."""

from functools import cache
from pathlib import Path

from django.conf import settings

from courses import captions
from courses.models import Activity, CaptionTrack, LectureContent, Module
from courses.services import lectures
from files import media
from tests.factories.courses import ActivityFactory

FOLDER: Path = settings.BASE_DIR / "demo" / "lectures"
# Has captions in English and German, and seven chapters.
STEM = "plan-a-week"


@cache
def _examined(stem: str) -> media.Recorded:
    with _recording(stem).open("rb") as stream:
        return media.examine(stream)


def _recording(stem: str) -> Path:
    return FOLDER / f"{stem}.mp4"


def lecture(
    module: Module, *, needed_percent: int = 90, prepared: bool = False, tracks: bool = True, **values: object
) -> Activity:
    """`prepared` with the picture shown before playing and the sound alone, as the worker makes them."""
    activity = ActivityFactory(module=module, kind="lecture", rule="watched", **values)
    with _recording(STEM).open("rb") as stream:
        recording = lectures.record(module.course, stream, f"{STEM}.mp4", found=_examined(STEM))
    activity.lecture = LectureContent.objects.create(
        activity=activity, recording=recording, needed_percent=needed_percent
    )
    if prepared:
        lectures.prepare(recording)
    if tracks:
        save_tracks(activity)
    return activity


def save_tracks(activity: Activity) -> None:
    for path in sorted(FOLDER.glob(f"{STEM}.*.vtt")):
        name = path.name.split(".")[1]
        kind = CaptionTrack.Kind.CHAPTERS if name == "chapters" else CaptionTrack.Kind.CAPTIONS
        language = "en" if name == "chapters" else name
        lectures.save_track(activity, captions.read(path.read_bytes()), kind=kind, language=language)
