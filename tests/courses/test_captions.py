"""Captions as people bring them: every line that can be read is kept, every other is named."""

import pytest

from courses import captions
from courses.captions import Cue

ONE = "00:01.000 --> 00:02.500\nBees see"


def read(text: str | bytes) -> captions.Captions:
    return captions.read(text.encode() if isinstance(text, str) else text)


def vtt(*blocks: str) -> captions.Captions:
    return read("\n\n".join(["WEBVTT", *blocks]) + "\n")


def refusal(data: str | bytes) -> str:
    with pytest.raises(captions.Unreadable) as refused:
        read(data)
    return str(refused.value)


WRITTEN = "WEBVTT\n\n00:01.000 --> 00:02.500\nÄhren – “Näe”\n"


@pytest.mark.parametrize(
    "data",
    [
        WRITTEN.encode(),
        b"\xef\xbb\xbf" + WRITTEN.encode(),
        WRITTEN.encode("utf-16"),
        b"\xfe\xff" + WRITTEN.encode("utf-16-be"),
        WRITTEN.encode("cp1252"),
        WRITTEN.replace("\n", "\r\n").encode(),
        WRITTEN.replace("\n", "\r").encode(),
        WRITTEN.replace("\n\n", "\n \t\n").encode(),
        WRITTEN.replace("WEBVTT", "WEBVTT - a title\nKind: captions").encode(),
        "1\n00:00:01,000 --> 00:00:02,500\nÄhren – “Näe”\n".encode(),
        "\n\n\n1\n00:00:01,000 --> 00:00:02,500\nÄhren – “Näe”".encode(),
        "00:00:01,000 --> 00:00:02,500\nÄhren – “Näe”\n".encode(),
        "0:00:01.000,0:00:02.500\nÄhren – “Näe”\n".encode(),
    ],
    ids=[
        "vtt",
        "bom",
        "utf-16",
        "utf-16-be",
        "cp1252",
        "crlf",
        "cr",
        "spaced",
        "titled",
        "srt",
        "srt-late",
        "srt-unnumbered",
        "sbv",
    ],
)
def test_every_way_of_writing_gives_the_same_line(data: bytes) -> None:
    found = read(data)
    assert found.cues == [Cue(1000, 2500, "Ähren – “Näe”")]
    assert found.faults == []
    assert found.vtt.startswith("WEBVTT")
    assert read(found.vtt).cues == found.cues


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("<v Ada>Bees</v> <i.loud>see</i>", "Ada: Bees see"),
        ("When <00:01.500>the <c.yellow>moon</c>", "When the moon"),
        ("<ruby>蜂<rt>hachi</rt></ruby>", "蜂hachi"),
        ("- Bees?\n- Bees.", "- Bees? - Bees."),
        ("2 &lt; 3 &amp; 4&nbsp;&gt; 3", "2 < 3 & 4 > 3"),
        ("a < b", "a < b"),
        ("{\\an8}Above", "Above"),
        ("Line one\r\n<b>two</b>", "Line one two"),
    ],
)
def test_transcript_has_the_words_without_their_dress(said: str, plain: str) -> None:
    assert vtt(f"00:01.000 --> 00:02.500\n{said}").cues == [Cue(1000, 2500, plain)]


def test_dress_and_place_of_a_caption_stay_for_the_player() -> None:
    found = vtt("first\n00:01.000 --> 00:02.500 align:start line:0\n<v Ada>Bees</v>")
    assert "align:start" in found.vtt
    assert "<v Ada>Bees</v>" in found.vtt


def test_notes_styles_and_regions_are_neither_words_nor_faults() -> None:
    found = vtt("NOTE\nnot\nspoken", "STYLE\n::cue { color: red }", "REGION\nid:top", ONE, "NOTE done")
    assert found.cues == [Cue(1000, 2500, "Bees see")]
    assert found.faults == []


def test_name_of_a_caption_that_reads_like_a_note_does_not_hide_it() -> None:
    assert vtt(f"NOTE 1\n{ONE}").cues == [Cue(1000, 2500, "Bees see")]


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("00:01.000 --> 00:0x.000\nBroken", "Line 6: we could not read the time “00:01.000 --> 00:0x.000”."),
        ("name\n00:01,000 -> 00:02,000\nBroken", "Line 6: there is no time above “Broken”."),
        ("name\n00:61.000 --> x\nBroken", "Line 7: we could not read the time “00:61.000 --> x”."),
        ("00:01.000 --> 00:02.000", "Line 6: this caption has no text."),
        ("00:01.000 --> 00:02.000\n<i> </i>&nbsp;", "Line 6: this caption has no text."),
        (
            "900:00:00.000 --> 900:00:01.000\nLate",
            "Line 6: this caption is later than any recording lasts.",
        ),
        ("00:03.000 --> 00:02.000\nBackwards", "Line 6: this caption ends before it starts."),
        ("00:02.000 --> 00:02.000\nNo time at all", "Line 6: this caption ends before it starts."),
        ("Words alone", "Line 6: there is no time above “Words alone”."),
        ("x" * 100, f"Line 6: there is no time above “{'x' * 59}…”."),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line_and_takes_no_other_with_it(block: str, fault: str) -> None:
    found = vtt(ONE, block, "00:10.000 --> 00:12.000\nFlowers")
    assert [cue.text for cue in found.cues] == ["Bees see", "Flowers"]
    assert found.faults == [fault]


def test_lines_of_a_file_from_windows_are_counted_once() -> None:
    found = read(f"WEBVTT\n\n{ONE}\n\nWords alone\n".replace("\n", "\r\n"))
    assert found.faults == ["Line 6: there is no time above “Words alone”."]


def test_lines_are_sorted_and_may_overlap() -> None:
    found = vtt("00:09.000 --> 00:12.000\nc", "00:01.000 --> 00:05.000\na", "00:04.000 --> 00:08.000\nb")
    assert [cue.text for cue in found.cues] == ["a", "b", "c"]
    assert found.vtt.index("\na\n") < found.vtt.index("\nb\n") < found.vtt.index("\nc")


@pytest.mark.parametrize("head", ["1\n00:00:01,000 --> 00:00:02,500", "0:00:01.000,0:00:02.500"])
def test_arrow_among_the_words_stays_a_word(head: str) -> None:
    found = read(f"{head}\nThen a --> b\n--> c\n")
    assert found.cues == [Cue(1000, 2500, "Then a --> b --> c")]
    assert read(found.vtt).cues == found.cues


def test_hours_are_read() -> None:
    assert vtt("101:01:01.007 --> 101:01:02.000\nLate").cues == [Cue(363_661_007, 363_662_000, "Late")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "not a captions file"),
        ("   \n\n", "not a captions file"),
        ("Dear editor,\n\nhere they are.", "not a captions file"),
        (bytes(range(256)) * 40, "not a captions file"),
        ("WEBVTT", "The file is empty."),
        ("WEBVTT\n\nNOTE nothing yet\n", "The file is empty."),
        ("WEBVTT\n\n00:01.000 --> 00:0x.000\nBroken\n", "Line 3: we could not read the time"),
        ("1\n00:00:01,000 --> 00:00:01,000\nNo length\n", "Line 1: this caption ends before it starts."),
        (b"WEBVTT\n\n" + b"x" * captions.MOST_BYTES, "too large"),
    ],
)
def test_file_without_one_readable_line_is_refused_with_the_reason(data: str | bytes, said: str) -> None:
    assert said in refusal(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("WEBVTT\n" + "x\n\n" * captions.MOST_LINES, "too many lines"),
        ("WEBVTT\n\n" + f"{ONE}\n\n" * (captions.MOST_CUES + 1), "more than 10000 captions"),
        ("1\n" + "a --> b\n" * (captions.MOST_CUES + 1), "more than 10000 captions"),
    ],
)
def test_more_than_a_working_day_of_speech_is_refused(data: str, said: str) -> None:
    assert said in refusal(data)


@pytest.mark.parametrize("letter", ["<", "a", "&#1"])
def test_caption_that_fills_more_than_a_screen_is_left_out(letter: str) -> None:
    found = vtt(ONE, f"00:10.000 --> 00:12.000\n{letter * captions.LONGEST_CUE}a")
    assert [cue.text for cue in found.cues] == ["Bees see"]
    assert found.faults == ["Line 6: this caption has more than 2000 characters."]


@pytest.mark.parametrize(
    ("said", "plain"), [("<v a<b>Bees", "a<b: Bees"), ("1 < 2 <i>b</i> < 3", "1 < 2 b < 3"), ("<" * 1999, "<" * 1999)]
)
def test_tags_end_where_they_always_did(said: str, plain: str) -> None:
    assert vtt(f"00:01.000 --> 00:02.500\n{said}").cues == [Cue(1000, 2500, plain)]
