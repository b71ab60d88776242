"""Lectures without a player: rows with a few stored bytes, and where a test needs one, a tiny real recording."""

import io
import os
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from django.utils import timezone

from courses import captions
from courses.models import Activity, CaptionTrack, LectureContent, Module, Recording
from courses.services import lectures
from files import services as files
from tests.factories import courses as make

BYTES = b"a recording, as far as these tests look"
SPOKEN = {
    "en": "WEBVTT\n\n00:00.000 --> 00:04.000\nBees see <b>ultraviolet</b> light.\n\n"
    "00:31.000 --> 00:35.000\nFlowers & bees talk in colours.\n",
    "de": "WEBVTT\n\n00:00.000 --> 00:04.000\nBienen sehen ultraviolettes Licht.\n",
}
CHAPTERS = "WEBVTT\n\n00:00.000 --> 00:30.000\nEyes\n\n00:30.000 --> 01:00.000\nFlowers\n"
# Form -> ending, picture, sound.
FORMS = {
    "mp4": ("mp4", "libx264", "aac"),
    "av1": ("mp4", "libsvtav1", "libmp3lame"),
    "webm": ("webm", "libvpx", "libopus"),
    "mkv": ("mkv", "libx264", "aac"),
    "avi": ("avi", "mpeg4", "libmp3lame"),
    "mp3": ("mp3", "", "libmp3lame"),
    "ogg": ("ogg", "", "libopus"),
    "wav": ("wav", "", "pcm_s16le"),
    "flac": ("flac", "", "flac"),
}
RATE, SAMPLES, PIECE = 10, 48_000, 960


def lecture(module: Module, *, seconds: float = 60, needed_percent: int = 90, **values: object) -> Activity:
    """A published lecture with a recording, a poster, the sound alone, captions in two languages and two chapters."""
    activity = bare_lecture(module, seconds=seconds, needed_percent=needed_percent, **values)
    for language, vtt in SPOKEN.items():
        caption(activity, vtt, language=language)
    caption(activity, CHAPTERS, kind="chapters")
    return activity


def bare_lecture(module: Module, *, seconds: float = 60, needed_percent: int = 90, **values: object) -> Activity:
    activity = make.ActivityFactory(module=module, **{"kind": "lecture", "rule": "watched", **values})
    activity.lecture = LectureContent.objects.create(
        activity=activity, recording=recording(module, seconds=seconds), needed_percent=needed_percent
    )
    return activity


def recording(module: Module, *, seconds: float = 60) -> Recording:
    poster = files.store(io.BytesIO(b"\xff\xd8 a picture"), "talk.jpg", by=None, claimed=True)
    values = {"course": module.course, "duration_ms": round(seconds * 1000), "prepared_at": timezone.now()}
    made = Recording.objects.create(**values, file=stored("talk.mp4"), poster=poster, width=640, height=360)
    Recording.objects.create(**values, file=stored("talk.m4a"), rendition_of=made)
    return made


def stored(name: str) -> files.File:
    return files.store(io.BytesIO(BYTES), name, by=None, claimed=True)


def caption(activity: Activity, vtt: str, *, kind: str = "captions", language: str = "en") -> CaptionTrack:
    return lectures.save_track(activity, captions.read(vtt.encode()), kind=kind, language=language)


def film(seconds: float = 1, *, form: str = "mp4", picture: bool = True, sound: bool = True) -> bytes:
    """A grey picture of 64 by 48 and silence, made by the encoders that the reader's own library brings."""
    ending, picture_codec, sound_codec = FORMS[form]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{ending}"
        with av.open(str(path), "w") as out:
            # Both before the first packet: with that the head of the file is written.
            seen = out.add_stream(picture_codec, rate=RATE, width=64, height=48, pix_fmt="yuv420p") if picture else None
            heard = out.add_stream(sound_codec, rate=SAMPLES, layout="mono") if sound else None
            for stream, frames in ((seen, _pictures(seconds)), (heard, _silence(seconds))):
                for frame in [*frames, None] if stream else []:
                    out.mux(stream.encode(frame))
        # Run as root, the encoder of AV1 makes the process that called it a real-time one, and so every browser that
        # is started later: those have starved whole runs.
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        return path.read_bytes()


def _pictures(seconds: float) -> Iterator[av.VideoFrame]:
    for number in range(round(seconds * RATE)):
        frame = av.VideoFrame(64, 48, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        yield frame


def _silence(seconds: float) -> Iterator[av.AudioFrame]:
    for number in range(round(seconds * SAMPLES / PIECE)):
        frame = av.AudioFrame("s16", "mono", PIECE)
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.sample_rate, frame.pts, frame.time_base = SAMPLES, number * PIECE, Fraction(1, SAMPLES)
        yield frame
