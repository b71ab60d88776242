"""Recordings, what is made of them, their captions, and what search finds in those."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.claims import Claims
from common.enqueue import wake
from courses.captions import Captions, Cue
from courses.models import Activity, CaptionTrack, Course, LectureContent, Recording
from courses.services import news
from courses.services.passages import LONGEST, Written, exchange
from files import media
from files import services as files
from files.models import File

logger = logging.getLogger(__name__)
CLAIMS = Claims(lease=timedelta(minutes=5), most_attempts=3, until="prepare_lease_until", attempts="prepare_attempts")
# A passage of a transcript is about half a minute of speech: short enough to land near the word.
PASSAGE_MS = 30_000
HELD = "captions held for an answer"


@transaction.atomic
def record(
    course: Course, stream: BinaryIO, name: str, *, found: media.Recorded | None = None, by: User | None = None
) -> Recording:
    """Put a recording into a course; the worker makes its picture and its sound alone.

    `found` is what `media.examine` said, where it was asked already. Raises media.Unplayable.
    """
    found = found or media.examine(stream)
    name = Path(name).stem + found.ending
    stored = files.store(stream, name, by=by, claimed=True, content_type=found.content_type)
    recording = Recording.objects.create(
        course=course, file=stored, duration_ms=found.duration_ms, width=found.width, height=found.height
    )
    wake("courses.tasks.do_media_jobs")
    return recording


@transaction.atomic
def replace(content: LectureContent, recording: Recording) -> None:
    """Another recording of the same lecture: captions come along, what was watched stays, the old files go."""
    old = content.recording
    if old.pk == recording.pk:
        return
    CaptionTrack.objects.filter(recording=old).update(recording=recording)
    content.recording = recording
    content.save(update_fields=["recording"])
    discard(old)


def discard(recording: Recording) -> None:
    renditions = list(recording.renditions.select_related("file"))
    gone = [recording.file, recording.poster, *(one.file for one in renditions)]
    recording.delete()
    files.delete([file for file in gone if file])


def claim_unprepared() -> Recording | None:
    """The next recording that nobody prepares, or whose worker died: its lease has run out."""
    _give_up()
    claimed = CLAIMS.take(Recording.objects.filter(prepared_at=None))
    return claimed[0] if claimed else None


@transaction.atomic
def _give_up() -> None:
    """What no worker survived plays as it was sent, and whoever brought it hears so."""
    tried = Recording.objects.filter(prepared_at=None, prepare_attempts__gte=CLAIMS.most_attempts)
    for recording in tried.filter(prepare_lease_until__lt=timezone.now()).select_for_update(skip_locked=True):
        _settle(recording)


@transaction.atomic
def _settle(recording: Recording) -> None:
    news.recording_prepared(recording.course_id, brought_by=recording.file.uploaded_by_id)
    recording.prepared_at = timezone.now()
    Recording.objects.filter(pk=recording.pk).update(poster=recording.poster, prepared_at=recording.prepared_at)


def prepare(recording: Recording) -> None:
    """The picture shown before playing, and the sound alone for a poor line. Only the picture is encoded again.

    A recording of which neither can be made plays as it is.
    """
    try:
        with files.stored(recording.file) as stream, media.parts(stream) as made:
            _keep_parts(recording, made)
    except media.Unplayable:
        logger.warning("Neither a picture nor the sound alone could be made of recording %s.", recording.pk)
        _settle(recording)


@transaction.atomic
def _keep_parts(recording: Recording, made: media.Parts) -> None:
    # Another worker may have taken it over when the lease ran out.
    if not Recording.objects.select_for_update().filter(pk=recording.pk, prepared_at=None).exists():
        return
    stem = Path(recording.file.name).stem
    if made.poster:
        with made.poster.open("rb") as picture:
            recording.poster = _made(picture, f"{stem}.jpg", "image/jpeg")
    if made.sound and recording.has_picture:
        with made.sound.open("rb") as sound:
            stored = _made(sound, stem + made.sound_ending, made.sound_type)
        Recording.objects.create(
            course_id=recording.course_id,
            file=stored,
            duration_ms=recording.duration_ms,
            rendition_of=recording,
            prepared_at=timezone.now(),
        )
    _settle(recording)


def _made(stream: BinaryIO, name: str, content_type: str) -> File:
    return files.store(stream, name, by=None, claimed=True, content_type=content_type)


def hold_captions(upload: BinaryIO, name: str, *, by: User) -> str:
    """Keep a file until whoever brought it has answered a question about it; nobody else gets it by this token."""
    stored = files.store(upload, name, by=by, claimed=False)
    return signing.dumps(str(stored.pk), salt=HELD)


def held_captions(token: str, *, by: User) -> File | None:
    try:
        key = signing.loads(token, salt=HELD, max_age=files.STALE_AFTER)
    except signing.BadSignature:
        return None
    return File.objects.filter(pk=key, uploaded_by=by, claimed_at=None).first()


def bytes_of(held: File) -> bytes:
    with held.blob.open("rb") as stream:
        return stream.read()


@transaction.atomic
def save_track(
    activity: Activity, found: Captions, *, kind: str, language: str, held: File | None = None
) -> CaptionTrack:
    """Add captions or chapters in a language, or replace those that are there. `held` is thrown away with it."""
    recording = activity.lecture.recording
    track, _ = CaptionTrack.objects.update_or_create(
        recording=recording,
        kind=kind,
        language=language,
        defaults={
            "vtt": found.vtt,
            "cues": [[cue.start_ms, cue.end_ms, cue.text] for cue in found.cues],
            "faults": found.faults,
            "more_faults": found.more_faults,
        },
    )
    index(activity)
    if held:
        files.delete([held])
    return track


@transaction.atomic
def delete_track(activity: Activity, track: CaptionTrack) -> None:
    track.delete()
    index(activity)


def transcript_track(tracks: list[CaptionTrack], *wanted: str) -> CaptionTrack | None:
    """The captions in the first of the `wanted` languages that there are (`pt` for `pt-BR` too), else the first."""
    spoken = [track for track in tracks if track.kind == CaptionTrack.Kind.CAPTIONS]
    for tag in filter(None, wanted):
        for alike in (str.lower, _spoken):
            if found := next((track for track in spoken if alike(track.language) == alike(tag)), None):
                return found
    return spoken[0] if spoken else None


def _spoken(tag: str) -> str:
    """The language of a tag, without the country or the script."""
    return tag.lower().split("-")[0]


def index(activity: Activity) -> None:
    """Let search find what is said, in the course's language or else the first there is, and land on the second."""
    course = activity.module.course
    tracks = CaptionTrack.objects.captions().filter(recording=activity.lecture.recording).defer("vtt", "faults")
    track = transcript_track(list(tracks), course.language)
    spoken = passages([Cue(*cue) for cue in track.cues]) if track else []
    # Two that begin in one second are told apart, because an anchor is there once.
    written = [Written(f"t{at}-{place}", text, second=at) for place, (at, text) in enumerate(spoken)]
    exchange(activity, activity.passages.filter(second__isnull=False), written)


def passages(cues: list[Cue]) -> list[tuple[int, str]]:
    """The second at which each half minute of speech begins, and its words."""
    found: list[tuple[int, list[str]]] = []
    begun = None
    for cue in cues:
        if begun is None or cue.start_ms - begun >= PASSAGE_MS:
            begun = cue.start_ms
            found.append((begun // 1000, []))
        found[-1][1].append(cue.text)
    return [(second, " ".join(words)[:LONGEST]) for second, words in found]
