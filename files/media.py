"""What a recording is, and what is made of it. The reading itself happens in another process (`media_reader`)."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext

from common.timecode import LONGEST_MS

LONGEST_SECONDS = 240
# Where the database's small integers end; a file may say of itself whatever it likes.
MOST_PIXELS = 2**15 - 1
# What every browser of the last years plays, by FFmpeg's names: container, then codecs (developer.mozilla.org, "Media
# container formats").
PLAYED = {
    "mov": ({"h264", "av1", "vp9", ""}, {"aac", "mp3", "opus", ""}),
    "matroska": ({"vp8", "vp9", "av1", ""}, {"opus", "vorbis", ""}),
    "mp3": ({""}, {"mp3"}),
    "ogg": ({""}, {"vorbis", "opus"}),
    "wav": ({""}, {"pcm_s16le"}),
}
TYPES = {
    ("mov", True): ("video/mp4", ".mp4"),
    ("mov", False): ("audio/mp4", ".m4a"),
    ("matroska", True): ("video/webm", ".webm"),
    ("matroska", False): ("audio/webm", ".weba"),
    ("mp3", False): ("audio/mpeg", ".mp3"),
    ("ogg", False): ("audio/ogg", ".ogg"),
    ("wav", False): ("audio/wav", ".wav"),
}
SOUND_TYPES = {"mp4": ("audio/mp4", ".m4a"), "webm": ("audio/webm", ".weba"), "mp3": ("audio/mpeg", ".mp3")}


class Unplayable(Exception):
    """Browsers cannot play it; the text says why and what to do, to the person who brought it."""


@dataclass(frozen=True)
class Recorded:
    """What a file holds. Width and height in pixels; None for sound alone."""

    duration_ms: int
    content_type: str
    ending: str
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Parts:
    """Paths of what was made of a recording; they live as long as the folder they lie in."""

    poster: Path | None
    sound: Path | None
    sound_type: str
    sound_ending: str


def examine(stream: BinaryIO) -> Recorded:
    """Raises Unplayable."""
    with on_disk(stream) as path:
        told = _read(path)
    form = told["format"].partition(",")[0]
    pictures, sounds = PLAYED.get(form, (set(), set()))
    if told["video"] not in pictures or told["audio"] not in sounds or not (told["video"] or told["audio"]):
        names = ", ".join(filter(None, [form, told["video"], told["audio"]]))
        raise Unplayable(
            gettext(
                "Browsers cannot play this recording (%(names)s). Save it as an MP4 with H.264 and AAC, and add that."
            )
            % {"names": names}
        )
    if not 0 < told["duration_ms"] <= LONGEST_MS or max(told["width"] or 0, told["height"] or 0) > MOST_PIXELS:
        raise Unplayable(
            gettext("This recording has no length or size. Save it again in the program you made it with.")
        )
    content_type, ending = TYPES[form, bool(told["video"])]
    return Recorded(told["duration_ms"], content_type, ending, told["width"], told["height"])


@contextmanager
def parts(stream: BinaryIO) -> Iterator[Parts]:
    """A picture of the recording and its sound alone, each None where it has none. Raises Unplayable."""
    with on_disk(stream) as path, tempfile.TemporaryDirectory() as folder:
        told = _read(path, folder)
        poster, sound = Path(folder) / "poster.jpg", Path(folder) / "sound"
        content_type, ending = SOUND_TYPES.get(told["sound_format"], ("", ""))
        yield Parts(
            poster if poster.exists() else None,
            sound if content_type and sound.exists() else None,
            content_type,
            ending,
        )


@contextmanager
def on_disk(stream: BinaryIO) -> Iterator[str]:
    """The path of a stream's bytes; one that lies in a bucket or in memory is copied for as long as the block lasts."""
    path = getattr(stream, "temporary_file_path", lambda: None)() or getattr(stream, "name", None)
    # An upload kept in memory has a name too, but that says nothing of a file of ours.
    if isinstance(path, str) and os.path.isabs(path) and os.path.isfile(path):
        yield path
        return
    stream.seek(0)
    with tempfile.NamedTemporaryFile() as copy:
        while block := stream.read(1024 * 1024):
            copy.write(block)
        copy.flush()
        stream.seek(0)
        yield copy.name


def _read(path: str, folder: str | None = None) -> dict[str, Any]:
    command = [sys.executable, "-m", "files.media_reader", os.path.abspath(path), *([folder] if folder else [])]
    # Nothing of our environment: it holds the addresses and secrets of this site.
    environment = {"PATH": os.defpath, "TMPDIR": tempfile.gettempdir(), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=LONGEST_SECONDS, env=environment, cwd=settings.BASE_DIR, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unplayable(
            gettext("We could not read this file as a recording. Add a video or audio file, such as an MP4.")
        ) from error
    return dict(json.loads(done.stdout))
