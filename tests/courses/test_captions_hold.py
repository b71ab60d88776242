"""Whatever is in the file: a reader that only ever says what it read or why it could not."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courses import captions
from tests.conftest import SOAK

FOLDER = Path(__file__).parents[3] / "shared" / "packages" / "captions"
# Name -> how many lines are read, how many are named as left out. The length of one without a second number.
SAMPLES = {
    "dj4e_sql_basic.srt": (204, 0),
    "dj4e_sql_basic.vtt": (204, 0),
    "dj4e_welcome.srt": (163, 0),
    "dj4e_welcome.vtt": (163, 0),
    "py4e_ch1p1.el.srt": (296, 0),
    "py4e_ch1p1.en.srt": (296, 0),
    "py4e_ch1p1.es.srt": (296, 0),
    "py4e_ch1p1.pt-BR.srt": (296, 0),
    "webvttpy_comments.vtt": (3, 0),
    "webvttpy_cue_tags.vtt": (3, 0),
    "webvttpy_invalid_timeframe.vtt": (6, 1),
    "webvttpy_missing_caption_text.vtt": (4, 1),
    "webvttpy_missing_timeframe.srt": (4, 1),
    "webvttpy_sample.sbv": (4, 1),
    "webvttpy_sample.srt": (5, 0),
    "webvttpy_sample.vtt": (16, 0),
    "webvttpy_youtube_dl.vtt": (4, 0),
}
REFUSED = {"edx_lecture.sjson"}
ABSENT = pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample captions are not beside the project")


@ABSENT
def test_every_sample_is_looked_at() -> None:
    assert {path.name for path in FOLDER.iterdir()} == SAMPLES.keys() | REFUSED


@ABSENT
@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_read_whole(name: str) -> None:
    found = captions.read((FOLDER / name).read_bytes())
    assert (len(found.cues), len(found.faults)) == SAMPLES[name]
    assert captions.read(found.vtt.encode()).cues == found.cues


@ABSENT
@pytest.mark.parametrize("stem", ["dj4e_sql_basic", "dj4e_welcome"])
def test_both_formats_of_one_lecture_say_the_same(stem: str) -> None:
    vtt, srt = (captions.read((FOLDER / f"{stem}.{ending}").read_bytes()) for ending in ("vtt", "srt"))
    assert vtt.cues == srt.cues


@ABSENT
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_sample_of_another_format_is_refused(name: str) -> None:
    with pytest.raises(captions.Unreadable):
        captions.read((FOLDER / name).read_bytes())


TIMES = st.builds(
    "{}{:02}:{:02}{}{:03}".format,
    st.sampled_from(["", "00:", "0:", "1:", "99999:", "x"]),
    st.integers(0, 75),
    st.integers(0, 75),
    st.sampled_from([".", ",", ":", ""]),
    st.integers(0, 1200),
)
ARROWS = st.sampled_from([" --> ", "-->", ",", " -> ", " --> --> "])
ENDS = st.sampled_from(["", " align:start", " line:0 position:20%", "9", "\u00a0", "\x0b"])
PIECES = st.one_of(
    st.builds("{}{}{}{}".format, TIMES, ARROWS, TIMES, ENDS),
    st.sampled_from(
        ["WEBVTT", "NOTE", "STYLE", "REGION", "NOTE x", "1", "<v Ada>hm", "&lt;", "<", "", "-->", "\ufeff"]
    ),
    st.text(max_size=12),
)
FILES = st.builds(
    lambda head, lines, end: end.join([*head, *lines]),
    st.sampled_from([["WEBVTT", ""], ["WEBVTT"], ["1"], []]),
    st.lists(PIECES, max_size=14),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
EXAMPLES = settings(max_examples=5000 if SOAK else 150, deadline=None)


def lines_of(data: bytes) -> int:
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1")
    return len(re.split("\r\n|\r|\n", text))


def holds(data: bytes) -> None:
    """Every promise of the reader at once."""
    try:
        found = captions.read(data)
    except captions.Unreadable:
        return
    assert found.cues
    assert [cue.start_ms for cue in found.cues] == sorted(cue.start_ms for cue in found.cues)
    assert all(0 <= cue.start_ms < cue.end_ms and cue.text.strip() for cue in found.cues)
    for fault in found.faults:
        line = int(re.match(r"Line (\d+): ", fault)[1])
        assert 1 <= line <= lines_of(data)
    again = captions.read(found.vtt.encode())
    assert again.cues == found.cues
    assert again.faults == []


@EXAMPLES
@given(text=FILES, encoding=ENCODINGS)
@example("WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb", "utf-8")
@example("1\n00:00:01,000 --> 00:00:02,000\nNOTE x\n\nWEBVTT", "utf-8")
def test_whatever_looks_like_captions_is_read_or_refused(text: str, encoding: str) -> None:
    holds(text.encode(encoding, "replace"))


@EXAMPLES
@given(data=st.binary(max_size=300))
def test_whatever_bytes_are_read_or_refused(data: bytes) -> None:
    holds(data)


@EXAMPLES
@given(words=st.text(min_size=1, max_size=60))
def test_whatever_is_said_comes_out_in_order(words: str) -> None:
    holds(f"WEBVTT\n\n00:09.000 --> 00:11.000\nlast\n\n00:01.000 --> 00:02.000\n{words}\n".encode("utf-8", "replace"))
