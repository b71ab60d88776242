"""Captions as people bring them (WebVTT, SRT, SBV) into WebVTT and plain cues. Pure: knows no model and no request."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise

import webvtt
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.timecode import LONGEST_MS, clock
from courses import cue_markup, encodings
from courses.encodings import Option, Unsure

# The longest recordings that people bring are a working day: eight hours with a caption every three seconds are 9,600.
MOST_CUES = 10_000
# 200 bytes for each: two lines of speech, its times, and marks for some of its words.
MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 10 * MOST_CUES
# A caption is two lines on a screen, some 80 letters; one with a time before every word takes five times as much.
LONGEST_CUE = 2_000
# More of them say nothing new: the file is then of another kind, or broken from its beginning.
MOST_FAULTS = 100
# Every visit of a lecture brings all of its chapters along.
MOST_CHAPTERS = 200
LONGEST_LINE_SHOWN = 60
# What may stand in a WebVTT file besides cues.
NO_CUE = ("NOTE", "STYLE", "REGION", "WEBVTT")
SBV_TIME = re.compile(r"^\s*\d+:\d{1,2}:\d{1,2}\.\d{3},")
# A recording and its captions end together, within so much of its length, or so many milliseconds.
LATE_SHARE, LATE_MS, EARLY_SHARE = 10, 60_000, 2


# As the menus of editors call them.
ENCODINGS = {
    "cp1250": _("Central European (Windows-1250)"),
    "iso8859-2": _("Central European (ISO 8859-2)"),
    "cp1251": _("Cyrillic (Windows-1251)"),
    "koi8-r": _("Cyrillic (KOI8-R)"),
    "koi8-u": _("Cyrillic (KOI8-U)"),
    "cp866": _("Cyrillic (DOS)"),
    "iso8859-5": _("Cyrillic (ISO 8859-5)"),
    "cp1252": _("Western European (Windows-1252)"),
    "cp1253": _("Greek (Windows-1253)"),
    "iso8859-7": _("Greek (ISO 8859-7)"),
    "cp1254": _("Turkish (Windows-1254)"),
    "cp1255": _("Hebrew (Windows-1255)"),
    "cp1256": _("Arabic (Windows-1256)"),
    "iso8859-6": _("Arabic (ISO 8859-6)"),
    "cp1257": _("Baltic (Windows-1257)"),
    "cp1258": _("Vietnamese (Windows-1258)"),
    "cp874": _("Thai (Windows-874)"),
    "cp932": _("Japanese (Shift JIS)"),
    "euc_jp": _("Japanese (EUC-JP)"),
    "gb18030": _("Chinese, simplified (GB 18030)"),
    "big5": _("Chinese, traditional (Big5)"),
    "cp949": _("Korean (EUC-KR)"),
}


class Unreadable(Exception):
    """Not one caption could be read; the text says why, to the person who brought the file."""


class Undecided(Unreadable):
    """Nobody can tell in which encoding the file is written but who brought it."""

    def __init__(self, options: list[Option]) -> None:
        super().__init__(gettext("We cannot tell which encoding this file uses. Choose the version that looks right."))
        self.options = options


@dataclass(frozen=True)
class Cue:
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Captions:
    vtt: str
    cues: list[Cue]
    # What was left out: a sentence each, beginning with the line of the file; the first MOST_FAULTS of them.
    faults: list[str]
    # How many were left out besides those.
    more_faults: int = 0


def read(data: bytes, language: str = "en", encoding: str = "") -> Captions:
    """Every caption that can be read, in order of time, and a sentence for each that cannot. Raises Unreadable.

    `encoding` is what whoever brought the file chose after an Undecided.
    """
    if len(data) > MOST_BYTES:
        most = filesizeformat(MOST_BYTES)
        raise Unreadable(gettext("This file is too large for captions (more than %(most)s).") % {"most": most})
    try:
        decoded = encodings.decode(data, language, encoding)
    except Unsure as unsure:
        # Its times are ASCII in all of them.
        if _format(_text(data.decode("latin-1"))) is None:
            raise Unreadable(_no_captions()) from unsure
        raise Undecided(unsure.options) from unsure
    text = _text(decoded.text)
    form = _format(text)
    if form is None:
        raise Unreadable(_no_captions())
    found, faults = _found(text, form)
    if decoded.is_damaged:
        for number, line in enumerate(text.split("\n"), start=1):
            if "\ufffd" in line:
                faults.add(partial(_at_line, number, gettext("one of its characters could not be read.")))
    if not found:
        first = faults.shown[0] if faults.shown else gettext("The file is empty.")
        raise Unreadable(gettext("We could not read any captions. %(first)s") % {"first": first})
    found.sort(key=lambda pair: (pair[0].start_ms, pair[0].end_ms))
    cues = _named([(cue, cue_markup.said(caption.raw_text)) for cue, caption in found])
    return Captions(_written([caption for _, caption in found]), cues, faults.shown, faults.more)


def misfit(cues: list[Cue], duration_ms: int, *, chapters: bool = False) -> str:
    """A sentence that names both lengths where they are not those of one recording; else ""."""
    end = max(cue.end_ms for cue in cues)
    is_late = end - duration_ms > min(duration_ms // LATE_SHARE, LATE_MS)
    if not is_late and end * EARLY_SHARE >= duration_ms:
        return ""
    words = (
        gettext("The chapters end at %(end)s, and the recording is %(length)s long.")
        if chapters
        else gettext("The captions end at %(end)s, and the recording is %(length)s long.")
    )
    return words % {"end": clock(end), "length": clock(duration_ms)}


def _no_captions() -> str:
    return gettext("This is not a captions file. Use WebVTT (.vtt), SRT or SBV.")


def _named(found: list[tuple[Cue, list[tuple[str, str]]]]) -> list[Cue]:
    """With the name of who speaks before the words, wherever somebody else did before."""
    cues, last = [], ""
    for cue, parts in found:
        text = []
        for speaker, words in parts:
            text.append(f"{speaker}: {words}" if speaker and speaker != last else words)
            last = speaker
        cues.append(Cue(cue.start_ms, cue.end_ms, " ".join(text)))
    return cues


class _Faults:
    """The first ones as sentences; the others are only counted, and no words are made for them."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.more = 0

    def add(self, sentence: Callable[[], str]) -> None:
        if len(self.shown) < MOST_FAULTS:
            self.shown.append(sentence())
        else:
            self.more += 1


def _found(text: str, form: str) -> tuple[list[tuple[Cue, webvtt.Caption]], _Faults]:
    found: list[tuple[Cue, webvtt.Caption]] = []
    faults, times = _Faults(), 0
    for (line, block), following in pairwise(chain(_blocks(text), [(0, [])])):
        if _is_number_alone(block, following[1]):
            continue
        if form == "vtt" and block[0].startswith(NO_CUE) and not any("-->" in row for row in block[1:2]):
            continue
        # Counted before they are read: the library takes as long for a time that is none.
        times += sum(_has_time(row) for row in block)
        if times > MOST_CUES:
            raise Unreadable(gettext("This file has more than %(most)d captions.") % {"most": MOST_CUES})
        captions = _parse(block, form)
        if not captions:
            faults.add(partial(_fault, line, block))
        for caption in captions:
            cue = _cue(caption, form)
            if wrong := _wrong(cue):
                faults.add(partial(_at_line, line, wrong))
            else:
                found.append((cue, caption))
    return found, faults


def _is_number_alone(block: list[str], after: list[str]) -> bool:
    """The number of a caption with an empty line behind it, or one at the end with no caption left: nothing said."""
    number = block[0].strip()
    if len(block) > 1 or not (number.isascii() and number.isdigit() and len(number) < 9):
        return False
    if not after or _has_time(after[0]):
        return True
    return len(after) > 1 and _has_time(after[1]) and after[0].strip() == str(int(number) + 1)


def _text(decoded: str) -> str:
    """Within the limits that keep the reading of it under a second."""
    text = decoded.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise Unreadable(
            gettext("This file has too many lines for captions (more than %(most)d).") % {"most": MOST_LINES}
        )
    return text


def _format(text: str) -> str | None:
    lines = [line for line in text.split("\n") if line.strip()][:20]
    if lines and lines[0].startswith("WEBVTT"):
        return "vtt"
    if any(SBV_TIME.match(line) for line in lines):
        return "sbv"
    return "srt" if any("-->" in line for line in lines) else None


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """The stretches between empty lines, each with the number of its first line."""
    start, block = 0, []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            start = start or number
            block.append(line)
        elif block:
            yield start, block
            start, block = 0, []


def _parse(block: list[str], form: str) -> list[webvtt.Caption]:
    """The library decides on each block by itself, so that a broken one does not spoil the others."""
    if not any(_has_time(row) for row in block):
        return []
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
    return captions


def _has_time(line: str) -> bool:
    return "-->" in line or SBV_TIME.match(line) is not None


def _fault(line: int, block: list[str]) -> str:
    timed = next((row for row in block if _has_time(row)), None)
    if timed is None:
        sentence = gettext("Line %(line)d: there is no time above “%(text)s”.")
        return sentence % {"line": line, "text": _short(block[-1])}
    if block[-1] is timed:
        return _at_line(line, gettext("this caption has no text."))
    sentence = gettext("Line %(line)d: we could not read the time “%(text)s”.")
    return sentence % {"line": line + block.index(timed), "text": _short(timed)}


def _at_line(line: int, fault: str) -> str:
    return gettext("Line %(line)d: %(fault)s") % {"line": line, "fault": fault}


def _cue(caption: webvtt.Caption, form: str) -> Cue:
    """One that is too long stays as it is: it is refused by its length, and nothing is looked for in it."""
    words = caption.raw_text
    if len(words) <= LONGEST_CUE:
        caption.lines = cue_markup.to_vtt(words, form).split("\n")
        words = " ".join(said for _, said in cue_markup.said(caption.raw_text))
    return Cue(_ms(caption.start), _ms(caption.end), words)


def _wrong(cue: Cue) -> str:
    if cue.end_ms <= cue.start_ms:
        return gettext("this caption ends before it starts.")
    if cue.end_ms > LONGEST_MS:
        return gettext("this caption is later than any recording lasts.")
    if len(cue.text) > LONGEST_CUE:
        return gettext("this caption has more than %(most)d characters.") % {"most": LONGEST_CUE}
    return "" if cue.text else gettext("this caption has no text.")


def _short(line: str) -> str:
    line = line.strip()
    return line if len(line) <= LONGEST_LINE_SHOWN else line[: LONGEST_LINE_SHOWN - 1] + "…"


def _ms(stamp: str) -> int:
    """`stamp` as the library writes it: hours, minutes, seconds and three places."""
    hours, minutes, seconds = stamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))


def _written(captions: list[webvtt.Caption]) -> str:
    made = webvtt.WebVTT(captions=captions)
    return str(made.content)
