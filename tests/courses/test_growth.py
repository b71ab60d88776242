"""Every reader of what people bring takes time in step with its size, up to its limit. Rich text has its own tests."""

import contextlib
import gzip
import io
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from accounts.names import LONGEST, folded
from common.numbers import row_key
from courses import captions, cue_markup, encodings, lengths
from courses.finding import find
from courses.forms.cohorts import MOST_AT_ONCE, EnrolForm
from courses.packages import PackageError, recognise
from courses.search_terms import LONGEST as LONGEST_SEARCH
from courses.services import passages
from courses.services.cohorts import find_people
from tests.cast import Cast
from tests.growth import MARKS, assert_in_step, sampled

# Coverage would be most of what is timed.
pytestmark = pytest.mark.usefixtures("untraced")

# Captions and chapters

HEADS = {
    "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\na\n\n",
    "sbv": "0:00:01.000,0:00:02.000\na\n\n",
}
PIECES = [
    "<", ">", "<a", "</", "x\n\n", "x\n", "\n", "\r\r", "{", "{x}", "&", "&#", "&amp", "&#x110000;", "-->", "--> ", "9",
    "99:", "9:9.", "0:00:01.000,", "00:00 --> ", " ", "\t", "\u00a0", "\ufeff", "\0", "NOTE\n", "NOTE\n\n", "STYLE\n\n",
    "WEBVTT\n\n", "WEBVTT", "1\n", "1\n\n", "\u0300", "00:01.000 --> 00:02.000\n", "00:01.000 --> 00:02.000\nx\n\n",
    "00:00:01,000 --> 00:00:02,000\nx\n\n", "0:00:01.000,0:00:02.000\nx\n\n", "00:01.000 --> 00:02.000 align:start\n",
    "99:99:99.999 --> 99:99:99.999\nx\n\n", "00:02.000 --> 00:01.000\nx\n\n", "<c.a>x</c>", "<00:01.000>x",
]  # fmt: skip


# The dearest of each kind are looked at in every run, and all of them in the soak.
SAMPLE = {"<", "x\n\n", "&", "{", "00:01.000 --> 00:02.000\nx\n\n"}


def read_captions(data: bytes) -> None:
    with contextlib.suppress(captions.Unreadable):
        captions.read(data)


@pytest.mark.parametrize("form", HEADS)
@pytest.mark.parametrize("piece", sampled(PIECES, SAMPLE))
def test_captions_take_time_in_step_and_less_than_a_second(piece: str, form: str) -> None:
    head = HEADS[form]
    # The most of a piece that is read: lines and captions have limits of their own.
    times = piece.count("-->") + piece.count(".000,")
    most = min(
        (captions.MOST_BYTES - 200) // len(piece.encode()),
        (captions.MOST_LINES - 9) // max(1, piece.count("\n") + piece.count("\r"))
        if set(piece) & set("\n\r")
        else 2**30,
        (captions.MOST_CUES - 2) // times if times and "\n" in piece else 2**30,
    )
    assert_in_step(read_captions, lambda count: (head + piece * count).encode(), most)


@pytest.mark.parametrize("piece", sampled(PIECES, SAMPLE))
def test_one_long_caption_takes_time_in_step(piece: str) -> None:
    head = HEADS["vtt"].replace("a\n\n", "")
    most = (captions.MOST_BYTES - 200) // len(piece.encode())
    assert_in_step(read_captions, lambda count: (head + piece.replace("\n", " ") * count).encode(), most)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_captions_in_another_encoding_take_time_in_step(encoding: str) -> None:
    most = (captions.MOST_BYTES - 400) // len("é".encode(encoding)[-2:])
    assert_in_step(read_captions, lambda count: (HEADS["vtt"] + "é" * count).encode(encoding), most)


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
@pytest.mark.parametrize(
    "piece", [b"\xe9", b"\xe9\n", b"a\xff", b"\xe4" * 40 + b"\n", b"\xc3\xa9\xff", b"\xff\xfe\xfd", b"a\0"]
)
def test_letters_of_any_encoding_are_told_in_step(piece: bytes, language: str) -> None:
    def work(data: bytes) -> None:
        encodings.charset(data, language)
        with contextlib.suppress(encodings.Unsure):
            encodings.decode(data, language)

    assert_in_step(work, lambda count: piece * count, captions.MOST_BYTES // len(piece))


PLAIN = ["<", "<v ", "<v a", "{\\", "<font ", "<c.", "&lt;", "<00:01.000>", "{\\a}", "</v>"]


@pytest.mark.parametrize("form", ["vtt", "srt", "sbv"])
@pytest.mark.parametrize("piece", PLAIN)
def test_markup_of_a_caption_is_told_in_step(piece: str, form: str) -> None:
    most = captions.LONGEST_CUE // len(piece)
    assert_in_step(lambda text: cue_markup.said(cue_markup.to_vtt(text, form)), lambda count: piece * count, most)


LENGTHS = ["1", "1 h ", "(1", "- ", "video ", "~", "12'", "PT", "(a", " ", "1:", "1-", "1.1"]


@pytest.mark.parametrize("piece", LENGTHS)
def test_length_in_a_title_is_looked_for_in_step(piece: str) -> None:
    most = 10 * lengths.MOST_LETTERS // len(piece)
    assert_in_step(lambda text: (lengths.in_title(text), lengths.in_text([text] * 40)), lambda n: piece * n, most)


BROUGHT = {
    "gzip": lambda n: gzip.compress(bytes(64 * n)),
    "tar": lambda n: b"".join(tarfile.TarInfo(f"a{i}").tobuf() for i in range(n // 8)),
    "tags": lambda n: b"<" * (32 * n),
    "words": lambda n: b"\n$" * (32 * n),
}


@pytest.mark.parametrize("case", BROUGHT)
def test_file_that_is_no_package_is_recognised_in_step(case: str) -> None:
    def work(data: bytes) -> None:
        with contextlib.suppress(PackageError):
            recognise(io.BytesIO(data))

    assert_in_step(work, BROUGHT[case], 8_000)


# Search


@pytest.fixture
def postgres_clock(db: None) -> Callable[[], float]:
    """Seconds that our process and the server's for this connection have worked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        pytest.skip("Postgres runs where its time cannot be read")

    def clock() -> float:
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / 100

    return lambda: clock() + time.process_time()


QUERIES = {
    "letters": "a" * 10**6,
    "words": "a " * 500_000,
    "different words": " ".join(f"w{n}" for n in range(150_000)),
    "a phrase": '"' + "a b " * 250_000 + '"',
    "quotation marks": '"' * 10**6,
    "not": "-a " * 300_000,
    "not not": "-" * 10**6,
    "or": "a or " * 200_000,
    "digits": "9" * 10**6,
    "marks": MARKS * 500_000,
    "an address": "http://" + "a." * 500_000,
    "NUL": "\0" * 10**6,
    "astral": "\U0001f41d" * 250_000,
    "not with spaces": "- " * 500_000,
    "not brackets": "(-" * 500_000,
    "not quoted": '-"a' * 300_000,
}


@pytest.mark.parametrize("query", sampled(QUERIES, {"letters", "not with spaces", "not"}))
def test_a_megabyte_in_the_search_box_is_cut_and_answered(
    query: str, cast: Cast, postgres_clock: Callable[[], float]
) -> None:
    def work(words: str) -> None:
        find([cast.course], words, drafts=[cast.course.pk])

    work(QUERIES[query])
    assert_in_step(work, lambda size: QUERIES[query][:size], 10**6, clock=postgres_clock)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("a ", "a"),
        ("bee ", "bee"),
        ("bee wax ", "bee wax"),
        ("bee wax ", '"bee wax"'),
        ("bee wax ", '"' + "bee wax " * 24 + '"'),
        ("bee wax ", "bee or wax -none"),
        ("bee wax ", '"' + "bee wax " * 24 + 'honey" or bee'),
        ("b-e-e-s ", "b-e-e-s"),
        ("b-" * 20 + " ", "b-b"),
        ("9.9.9.9.9 ", "9.9"),
        ("a@b.c/d/e ", "a@b.c"),
    ],
)
def test_excerpts_of_long_passages_take_time_in_step(
    word: str, query: str, cast: Cast, postgres_clock: Callable[[], float]
) -> None:
    def store(size: int) -> str:
        text = (word * size)[:size]
        written = [passages.Written(f"a{place}", part) for place, part in enumerate(passages.portions(text))]
        passages.exchange(cast.reading, cast.reading.passages.all(), written)
        return query

    def work(words: str) -> None:
        find([cast.course], words, drafts=[cast.course.pk])

    assert_in_step(work, store, 50_000, clock=postgres_clock)


def test_search_takes_as_many_letters_as_it_says(cast: Cast) -> None:
    for words in ("a" * LONGEST_SEARCH, "\U0001f41d" * LONGEST_SEARCH, "é-" * LONGEST_SEARCH, "蜂" * LONGEST_SEARCH):
        assert find([cast.course], words, drafts=[cast.course.pk]).total == 0


# Names and numbers that people type


@pytest.mark.parametrize("piece", ["a\n", "\n", "a", "a@b.c\n", MARKS, MARKS + "\n", "\u2028", " \n", "é\n", "9"])
def test_lists_of_people_take_time_in_step(piece: str, db: None) -> None:
    def work(people: str) -> None:
        form = EnrolForm({"people": people, "role": "student"})
        if form.is_valid():
            find_people(form.cleaned_data["people"])

    assert_in_step(work, lambda count: piece * count, 10**6 // len(piece))


def test_people_are_named_in_hundreds_and_not_in_thousands() -> None:
    for count, valid in ((MOST_AT_ONCE, True), (MOST_AT_ONCE + 1, False)):
        form = EnrolForm({"people": "\n".join(f"p{n}" for n in range(count)), "role": "student"})
        assert form.is_valid() is valid
    assert form.errors["people"] == ["Paste at most 500 lines at a time."]


@pytest.mark.parametrize("piece", ["a", MARKS, "\ufdfa", "\uff21", " ", "@"])
def test_name_of_any_length_is_folded_in_step(piece: str) -> None:
    assert_in_step(folded, lambda count: piece * count, 2 * 10**6 // len(piece))
    assert folded("Ａ" * LONGEST) == "a" * LONGEST


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7), ("0007", 7), ("", 0), ("-7", 0), ("7.0", 0), (" 7", 0), ("٧", 0), ("²", 0), ("9" * 4301, 0),
        ("9" * 10**6, 0), (str(10**18 - 1), 10**18 - 1), (str(2**63 - 1), 0), ("1e3", 0), ("1_0", 0), ("\0", 0),
    ],
)  # fmt: skip
def test_key_that_somebody_typed_is_one_or_none(text: str, number: int) -> None:
    assert row_key(text) == number
