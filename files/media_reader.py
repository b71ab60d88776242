"""Looks into a recording, in a process of its own: `python -m files.media_reader FILE [FOLDER]`.

FFmpeg reads what strangers made, so this process holds no connection and no secret, and may use little. Prints what
it found as JSON; with a folder, leaves the first picture (`poster.jpg`) and the sound alone (`sound`) in it. Ends with
2 for a file that is no recording.
"""

import json
import resource
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

MEMORY_BYTES, CPU_SECONDS = 2 * 1024**3, 120
# A poster is part of a first visit, and a page may weigh 80 KB.
POSTER_AT, POSTER_WIDTH, POSTER_QUALITY = Fraction(1, 10), 640, 7
# No playlist and no list of parts: those make FFmpeg open other files and addresses.
OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,matroska,ogg,mp3,wav,flac,aac,asf,avi,mpeg,mpegts,flv",
}
# Formats whose sound can be copied without encoding it again.
SOUND_IN = {"aac": "mp4", "mp3": "mp3", "opus": "webm", "vorbis": "webm"}


def main(path: str, folder: str | None = None) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    # Python objects that only hold what FFmpeg allocated: its own messages are of no use to a person.
    av.logging.set_level(av.logging.PANIC)
    try:
        with av.open(path, options=OPTIONS) as media:
            told = _told(media)
            if folder:
                told |= {"poster": _poster(media, Path(folder) / "poster.jpg")}
        if folder and told["sound_format"]:
            _copy_sound(path, Path(folder) / "sound", told["sound_format"])
    except (av.FFmpegError, ValueError, IndexError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(told))
    return 0


def _told(media: Any) -> dict[str, Any]:
    pictures = [stream for stream in media.streams.video if not stream.disposition & av.stream.Disposition.attached_pic]
    sounds = list(media.streams.audio)
    picture, sound = (pictures[0] if pictures else None), (sounds[0] if sounds else None)
    lasts = media.duration / av.time_base if media.duration else _counted(media)
    return {
        "duration_ms": round(lasts * 1000),
        "format": media.format.name,
        "video": _codec(picture),
        "audio": _codec(sound),
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
        "sound_format": SOUND_IN.get(_codec(sound), "") if sound and picture else "",
    }


def _codec(stream: Any) -> str:
    """By the format's name, not by that of whichever decoder reads it here (`mp3`, not `mp3float`)."""
    return str(stream.codec_context.codec.canonical_name) if stream else ""


def _counted(media: Any) -> float:
    """A recording that was streamed while it was made names no length: the end of its last packet is it."""
    ends = [
        float((packet.pts + (packet.duration or 0)) * packet.time_base)
        for packet in media.demux()
        if packet.pts is not None
    ]
    media.seek(0)
    return max(ends, default=0.0)


def _poster(media: Any, into: Path) -> bool:
    if not media.streams.video:
        return False
    media.seek(int((media.duration or 0) * POSTER_AT))
    frame = next(media.decode(video=0))
    width = min(POSTER_WIDTH, frame.width) // 2 * 2
    height = frame.height * width // frame.width // 2 * 2
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"flags": "+qscale", "global_quality": str(118 * POSTER_QUALITY)}
    still = frame.reformat(width=width, height=height, format="yuvj420p")
    still.pts = 0
    into.write_bytes(b"".join(bytes(packet) for packet in [*encoder.encode(still), *encoder.encode(None)]))
    return True


def _copy_sound(path: str, into: Path, form: str) -> None:
    options = {"movflags": "+faststart"} if form == "mp4" else {}
    with av.open(path, options=OPTIONS) as media, av.open(str(into), "w", format=form, options=options) as out:
        sound = media.streams.audio[0]
        copy = out.add_stream_from_template(sound)
        for packet in media.demux(sound):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
