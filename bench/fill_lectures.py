"""A lecture of two hours in the course of MIDDLE activities, and a thousand students more who watch it.

It takes the place of a link, so that every other page stays what it was; for the same reason search does not find what
is said in it.
"""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from bench.fill_courses import Written
from bench.fill_people import MEASURED, SINGLE, People, students
from bench.words import Author
from courses.models import Activity, CaptionTrack, Course, Enrolment, LectureContent, LinkContent, Recording
from files.models import File, blob_name
from progress import played
from progress.models import Note
from progress.services import watching

SEED = 7_200
LANGUAGES = ("en", "de", "es", "fr", "pt")
CUES, CUE_MS = 2_000, 3_600
DURATION_MS = CUES * CUE_MS
CHAPTERS, NOTES, WATCHERS = 12, 20, 1_000
# A poster of 640 pixels: a slide takes half of that, a picture of people more.
RECORDING_BYTES, POSTER_BYTES = 2 * 1024**3, 20_000
MINUTE_MS = 60_000
# What the measured student watched of it, and then stopped.
WATCHED = [(0, 20 * MINUTE_MS), (30 * MINUTE_MS, 41 * MINUTE_MS)]


def add(written: Written, people: People) -> None:
    author, course, student = Author(SEED), written.courses[1], people.measured[1]
    activity, recording = _make_room(course), _recording(course)
    LectureContent.objects.create(activity=activity, recording=recording)
    CaptionTrack.objects.bulk_create(_tracks(author, recording))
    Note.objects.bulk_create(_notes(author, student, activity))
    now = datetime.now(UTC)
    report = played.Report(WATCHED, WATCHED[-1][1], now)
    watching.add(student, activity, report, opened_at=now - timedelta(hours=2))
    _enrol(course)


def lecture() -> Activity:
    content = "lecture__recording"
    return Activity.objects.select_related("module", f"{content}__file", f"{content}__poster").get(kind="lecture")


def watchers(activity: Activity) -> QuerySet[Enrolment]:
    course = Enrolment.objects.filter(cohort__course=activity.module.course_id, role=Enrolment.Role.STUDENT)
    # Who stands in a course twice acts with the latest of the two.
    latest = course.filter(user=OuterRef("user")).order_by("-pk").values("pk")[:1]
    others = course.filter(pk=latest).exclude(user__username__in=[MEASURED, SINGLE])
    return others.select_related("user").order_by("pk")[:WATCHERS]


def lay_files() -> None:
    """The bytes behind the rows: 2 GB that take no room on the disk, and a picture that cannot be compressed."""
    recording = lecture().lecture.recording
    with _place(recording.file).open("wb") as hollow:
        hollow.truncate(RECORDING_BYTES)
    _place(recording.poster).write_bytes(random.Random(SEED).randbytes(POSTER_BYTES))


def _place(file: File) -> Path:
    path = Path(file.blob.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _make_room(course: Course) -> Activity:
    """The last link of the course becomes the lecture."""
    links = Activity.objects.filter(module__course=course, kind="link")
    activity = links.order_by("module__position", "position").last()
    LinkContent.objects.filter(activity=activity).delete()
    activity.kind, activity.rule, activity.minutes = "lecture", "watched", DURATION_MS // MINUTE_MS
    activity.save(update_fields=["kind", "rule", "minutes"])
    return activity


def _recording(course: Course) -> Recording:
    """As the worker leaves it: with a poster, and the sound alone beside it."""
    film = _file(1, "lecture.mp4", "video/mp4", RECORDING_BYTES)
    same = {"course": course, "duration_ms": DURATION_MS, "prepared_at": datetime.now(UTC)}
    poster = _file(2, "lecture.jpg", "image/jpeg", POSTER_BYTES)
    recording = Recording.objects.create(file=film, poster=poster, width=1280, height=720, **same)
    sound = _file(3, "lecture.m4a", "audio/mp4", RECORDING_BYTES // 20)
    Recording.objects.create(file=sound, rendition_of=recording, **same)
    return recording


def _file(number: int, name: str, content_type: str, size: int) -> File:
    file = File(
        pk=UUID(int=number), name=name, content_type=content_type, size=size, claimed_at=datetime.now(UTC),
        sha256=hashlib.sha256(name.encode()).hexdigest(),
    )  # fmt: skip
    file.blob.name = blob_name(file, name)
    file.save(force_insert=True)
    return file


def _tracks(author: Author, recording: Recording) -> Iterator[CaptionTrack]:
    for language in LANGUAGES:
        yield _track(recording, "captions", language, [author.line() for _ in range(CUES)])
    yield _track(recording, "chapters", LANGUAGES[0], [author.title() for _ in range(CHAPTERS)])


def _track(recording: Recording, kind: str, language: str, lines: list[str]) -> CaptionTrack:
    """The lines one after the other, each as long as the others, over the whole of the recording."""
    each = DURATION_MS // len(lines)
    cues = [[number * each, (number + 1) * each, line] for number, line in enumerate(lines)]
    blocks = [f"{_stamp(start)} --> {_stamp(end)}\n{line}\n" for start, end, line in cues]
    return CaptionTrack(
        recording=recording, kind=kind, language=language, vtt="\n".join(["WEBVTT\n", *blocks]), cues=cues
    )


def _stamp(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _notes(author: Author, student: Enrolment, activity: Activity) -> Iterator[Note]:
    for number in range(NOTES):
        at, text = number * DURATION_MS // NOTES, f"{author.line()}\n{author.line()}"
        yield Note(pk=UUID(int=number), enrolment=student, activity=activity, at_ms=at, text=text)


def _enrol(course: Course) -> None:
    cohort = course.cohorts.order_by("pk").last()
    others = students().exclude(enrolments__cohort__course=course).order_by("pk")[:WATCHERS]
    Enrolment.objects.bulk_create(Enrolment(user=one, cohort=cohort, started_on=cohort.starts_on) for one in others)
