"""Captions as people bring them (WebVTT, SRT, SBV) into WebVTT and plain cues. Pure: knows no model and no request."""

import codecs
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import webvtt
from django.utils.translation import gettext

from common.timecode import LONGEST_MS

MOST_BYTES = 5 * 1024 * 1024
LONGEST_LINE_SHOWN = 60
TAG = re.compile(r"<[^>]*>")
# What may stand in a WebVTT file besides cues.
NO_CUE = ("NOTE", "STYLE", "REGION", "WEBVTT")
SBV_TIME = re.compile(r"^\s*\d+:\d{1,2}:\d{1,2}\.\d{3},")
MARKS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]


class Unreadable(Exception):
    """Not one caption could be read; the text says why, to the person who brought the file."""


@dataclass(frozen=True)
class Cue:
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Captions:
    vtt: str
    cues: list[Cue]
    # What was left out: a sentence each, beginning with the line of the file.
    faults: list[str]


def read(data: bytes) -> Captions:
    """Every caption that can be read, in order of time, and a sentence for each that cannot. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(gettext("This is too large for captions (more than 5 MB)."))
    text = _decoded(data)
    form = _format(text)
    if form is None:
        raise Unreadable(gettext("This is none of the formats that captions come in: WebVTT (.vtt), SRT or SBV."))
    found: list[tuple[Cue, webvtt.Caption]] = []
    faults: list[str] = []
    for line, block in _blocks(text):
        if form == "vtt" and block[0].startswith(NO_CUE) and not any("-->" in row for row in block[1:2]):
            continue
        captions = _parse(block, form)
        if not captions:
            faults.append(_fault(line, block, form))
        for caption in captions:
            cue = Cue(_ms(caption.start), _ms(caption.end), _plain(caption.raw_text))
            if wrong := _wrong(cue):
                faults.append(gettext("Line %(line)d: %(fault)s") % {"line": line, "fault": wrong})
            else:
                found.append((cue, caption))
    if not found:
        first = faults[0] if faults else gettext("The file is empty.")
        raise Unreadable(gettext("No caption could be read. %(first)s") % {"first": first})
    found.sort(key=lambda pair: (pair[0].start_ms, pair[0].end_ms))
    return Captions(_written([caption for _, caption in found]), [cue for cue, _ in found], faults)


def _decoded(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Old subtitle editors on Windows.
        return data.decode("cp1252", "replace")


def _format(text: str) -> str | None:
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()][:20]
    if lines and lines[0].startswith("WEBVTT"):
        return "vtt"
    if any(SBV_TIME.match(line) for line in lines):
        return "sbv"
    return "srt" if any("-->" in line for line in lines) else None


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """The stretches between empty lines, each with the number of its first line."""
    start, block = 0, []
    lines = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            start = start or number
            block.append(line)
        elif block:
            yield start, block
            start, block = 0, []


def _parse(block: list[str], form: str) -> list[webvtt.Caption]:
    """The library is the judge of a block; read one by one, a broken one takes no other with it."""
    if form == "vtt" and not block[0].startswith("WEBVTT"):
        block = ["WEBVTT", "", *block]
    if form == "srt" and "-->" in block[0]:
        # Some programs leave the numbers out, and the library wants one before the first caption.
        block = ["1", *block]
    text = "\n".join(block)
    try:
        captions = list(webvtt.WebVTT.from_buffer(io.StringIO(text + "\n"), format=form).captions)
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, StopIteration):
        return []
    for caption in captions:
        # SRT and SBV may say "a --> b"; in WebVTT an arrow among the words would begin another caption.
        caption.lines = [row.replace("-->", "--&gt;") for row in caption.lines]
    return captions


def _fault(line: int, block: list[str], form: str) -> str:
    timed = next((row for row in block if "-->" in row or SBV_TIME.match(row)), None)
    if timed is None:
        sentence = gettext("Line %(line)d: there is no time above “%(text)s”.")
        return sentence % {"line": line, "text": _short(block[-1])}
    if block[-1] is timed:
        return gettext("Line %(line)d: %(fault)s") % {"line": line, "fault": gettext("this caption has no words.")}
    sentence = gettext("Line %(line)d: the time “%(text)s” cannot be read.")
    return sentence % {"line": line + block.index(timed), "text": _short(timed)}


def _wrong(cue: Cue) -> str:
    if cue.end_ms <= cue.start_ms:
        return gettext("this caption ends before it begins.")
    if cue.end_ms > LONGEST_MS:
        return gettext("no recording is as long as the time of this caption.")
    return "" if cue.text else gettext("this caption has no words.")


def _short(line: str) -> str:
    line = line.strip()
    return line if len(line) <= LONGEST_LINE_SHOWN else line[: LONGEST_LINE_SHOWN - 1] + "…"


def _plain(text: str) -> str:
    return " ".join(html.unescape(TAG.sub("", text)).split())


def _ms(stamp: str) -> int:
    """`stamp` as the library writes it: hours, minutes, seconds and three places."""
    hours, minutes, seconds = stamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))


def _written(captions: list[webvtt.Caption]) -> str:
    made = webvtt.WebVTT(captions=captions)
    return str(made.content)
