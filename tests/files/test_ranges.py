"""`files.ranges` against RFC 9110 §14: what a header asks for, and that its bytes are what comes."""

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files import ranges

SPARSE = 1024**3


@pytest.mark.parametrize(
    ("header", "size", "wanted"),
    [
        ("bytes=0-", 10, (0, 9)),
        ("bytes=0-0", 10, (0, 0)),
        ("bytes=2-5", 10, (2, 5)),
        ("bytes=2-", 10, (2, 9)),
        ("bytes=9-9", 10, (9, 9)),
        ("bytes=5-500", 10, (5, 9)),
        ("bytes=-3", 10, (7, 9)),
        ("bytes=-10", 10, (0, 9)),
        ("bytes=-500", 10, (0, 9)),
        ("BYTES=2-5", 10, (2, 5)),
        ("bytes= 2-5 ", 10, (2, 5)),
        ("bytes=007-008", 10, (7, 8)),
    ],
)
def test_one_range_is_met(header: str, size: int, wanted: tuple[int, int]) -> None:
    assert ranges.parse(header, size) == wanted


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=999999999999999999-", "bytes=-0"])
def test_range_past_the_end_cannot_be_met(header: str) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.parse(header, 10)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_no_range_of_an_empty_file_can_be_met(header: str) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.parse(header, 0)


@pytest.mark.parametrize(
    "header",
    [
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "items=0-5", "bytes=0-1,3-4", "bytes=0-1, -1",
        "bytes=--5", "bytes=1.5-2", "bytes=0x1-2", "bytes=+1-2", "bytes=1-2-3", "bytes 1-2", "seconds=1-2", "=1-2",
        "bytes=1-2\nbytes=3-4", "bytes=1 - 2", "bytes=²-5",
    ],
)  # fmt: skip
def test_what_is_no_single_range_is_passed_over(header: str) -> None:
    assert ranges.parse(header, 10) is None


@pytest.mark.parametrize("header", ["bytes=٣-٥", "bytes=１-２"])
def test_digits_of_other_scripts_are_no_range(header: str) -> None:
    assert ranges.parse(header, 10) is None


@pytest.mark.parametrize("header", ["bytes={}-", "bytes=0-{}", "bytes=-{}"])
@pytest.mark.parametrize("digits", [19, 5000])
def test_number_that_no_file_has_is_passed_over(header: str, digits: int) -> None:
    assert ranges.parse(header.format("9" * digits), 10) is None


def reference(content: bytes, first: int | None, last: int | None) -> bytes | None:
    """What RFC 9110 §14.1.2 selects, by slicing; None where it selects nothing."""
    if first is None:
        return content[-last:] or None if last else None
    if last is not None and last < first:
        return content  # no valid range: the header is passed over
    return content[first : None if last is None else last + 1] or None


@given(
    content=st.binary(max_size=200),
    first=st.none() | st.integers(0, 250),
    last=st.none() | st.integers(0, 250),
)
def test_parsed_range_selects_the_bytes_of_the_reference(content: bytes, first: int | None, last: int | None) -> None:
    if first is None and last is None:
        return
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    try:
        wanted = ranges.parse(header, len(content))
    except ranges.Unsatisfiable:
        assert reference(content, first, last) is None
        return
    begin, end = wanted or (0, len(content) - 1)
    sent = b"".join(ranges.read(lambda: io.BytesIO(content), begin, end - begin + 1))
    assert sent == reference(content, first, last)


@given(st.text(max_size=40) | st.from_regex(r"bytes=[0-9,\- ]{0,12}", fullmatch=True), st.integers(0, 50))
def test_any_header_is_a_range_inside_the_file_or_none(header: str, size: int) -> None:
    try:
        wanted = ranges.parse(header, size)
    except ranges.Unsatisfiable:
        return
    assert wanted is None or 0 <= wanted[0] <= wanted[1] < size


@given(content=st.binary(max_size=300_000), first=st.integers(0, 1000), length=st.integers(0, 400_000))
def test_reading_gives_the_bytes_in_small_pieces_and_closes_the_file(content: bytes, first: int, length: int) -> None:
    stream = io.BytesIO(content)
    pieces = list(ranges.read(lambda: stream, first, length))
    assert b"".join(pieces) == content[first : first + length]
    assert all(0 < len(piece) <= ranges.CHUNK for piece in pieces)
    assert stream.closed


def test_file_is_closed_when_the_reader_goes_away_in_the_middle() -> None:
    stream = io.BytesIO(b"x" * (3 * ranges.CHUNK))
    reading = ranges.read(lambda: stream, 0, 3 * ranges.CHUNK)
    next(reading)
    reading.close()
    assert stream.closed


def test_answer_that_nobody_reads_opens_no_file() -> None:
    opened: list[io.BytesIO] = []

    def count() -> io.BytesIO:
        opened.append(io.BytesIO(b"x"))
        return opened[-1]

    ranges.read(count, 0, 1).close()
    assert opened == []


def test_memory_stays_flat_however_large_the_file_is(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(SPARSE)
    tracemalloc.start()
    sent = sum(len(piece) for piece in ranges.read(lambda: large.open("rb"), SPARSE - 48 * 1024**2, SPARSE))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent == 48 * 1024**2
    assert peak < 2 * 1024**2
