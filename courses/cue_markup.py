"""What in the text of a caption is markup and what are words, by the form of its file. Pure.

WebVTT has eight tags and times; SRT has, by habit, four; SBV has none. Whatever else stands in "<…>" was said.
"""

import re
from collections.abc import Callable

from common.numbers import characters

# Places on the screen, of Advanced SubStation, that SRT files carry along: "{\an8}".
PLACE = re.compile(r"\{\\[^{}\n]{0,100}\}")
# Of HTML, which people write into both: behind a name, only attributes. "a<b and c>d" was said.
ATTRIBUTES = r"(?:\s+[\w-]{1,40}\s?=\s?(?:\"[^\"<>\n]{0,100}\"|'[^'<>\n]{0,100}'|[^\s\"'<>=]{1,100})){0,9}\s{0,9}"
VTT_TAG = re.compile(
    rf"</?(?:c|i|b|u|ruby|rt)(?:\.[^\s<>]{{1,200}})?{ATTRIBUTES}>|</?(?:v|lang)(?:[.\s][^>]{{0,500}})?>"
    rf"|(?P<unknown></?font{ATTRIBUTES}>)|<(?:\d{{2,4}}:)?\d{{2}}:\d{{2}}\.\d{{3}}>",
    re.IGNORECASE,
)
SRT_TAG = re.compile(rf"<(/?)(b|i|u|font){ATTRIBUTES}>", re.IGNORECASE)
# Who speaks: <v Anna Smith>, <v.loud Anna>.
VOICE = re.compile(r"</v>|<v(?:\.[^\s<>]{1,100})?\s+([^>]{1,200})>", re.IGNORECASE)


def to_vtt(text: str, form: str) -> str:
    """The text as WebVTT shows it: its own tags stay, and what is words stays words."""
    text = PLACE.sub("", text)
    if form == "vtt":
        return _escaped_around(text, VTT_TAG, lambda tag: "" if tag["unknown"] else tag[0])
    if form == "srt":
        return _escaped_around(text, SRT_TAG, _srt_tag)
    return _escaped(text)


def said(text: str) -> list[tuple[str, str]]:
    """Who speaks, "" where that is not said, and the words alone, of text as `to_vtt` gives it."""
    found, at, speaker = [], 0, ""
    for voice in [*VOICE.finditer(text), None]:
        words = _plain(text[at : voice.start() if voice else len(text)])
        if words:
            found.append((speaker, words))
        if voice:
            at, speaker = voice.end(), _plain(voice[1] or "")
    return found


def _plain(text: str) -> str:
    return " ".join(characters(VTT_TAG.sub("", text)).split())


def _srt_tag(tag: re.Match[str]) -> str:
    return "" if tag[2].lower() == "font" else f"<{tag[1]}{tag[2].lower()}>"


def _escaped_around(text: str, tag: re.Pattern[str], keep: Callable[[re.Match[str]], str]) -> str:
    pieces: list[str] = []
    at = 0
    for found in tag.finditer(text):
        pieces += [_escaped(text[at : found.start()]), keep(found)]
        at = found.end()
    return "".join([*pieces, _escaped(text[at:])])


def _escaped(words: str) -> str:
    """An arrow among the words would begin another caption."""
    return words.replace("<", "&lt;").replace("-->", "--&gt;")
