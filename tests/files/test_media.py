"""What a recording is told to be: by its bytes alone, and without opening anything else."""

import io
import os
from pathlib import Path

import av
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from files import media
from tests.factories import lectures as make

FOLDER = Path(__file__).parents[3] / "shared" / "packages" / "video"
ABSENT = pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample recordings are not beside the project")
UNREAD = "could not read this file as a recording"
UNPLAYED = "Browsers cannot play this recording"
# Name -> (length in milliseconds, type, width, height), or what the refusal says.
SAMPLES = {
    "flower.webm": (5055, "video/webm", 960, 540),
    "friday.mp4": (6166, "video/mp4", 640, 480),
    "math_fi_normal.mp4": (216_200, "video/mp4", 854, 480),
    "math_fi_prosenttiarvo1.mp4": (160_400, "video/mp4", 854, 480),
    "math_fi_prosenttiarvo2.mp4": (95_700, "video/mp4", 854, 480),
    "teal_tutorial.wmv": UNPLAYED,
    "friday.vtt": UNREAD,
}


def examine(data: bytes) -> media.Recorded:
    return media.examine(io.BytesIO(data))


def refusal(data: bytes) -> str:
    with pytest.raises(media.Unplayable) as refused:
        examine(data)
    return str(refused.value)


@ABSENT
@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_told_apart(name: str) -> None:
    data, expected = (FOLDER / name).read_bytes(), SAMPLES[name]
    if isinstance(expected, str):
        assert expected in refusal(data)
        return
    found = examine(data)
    assert abs(found.duration_ms - expected[0]) < 100
    assert (found.content_type, found.width, found.height) == expected[1:]


@ABSENT
def test_every_sample_is_looked_at() -> None:
    assert {path.name for path in FOLDER.iterdir()} == SAMPLES.keys()


@pytest.mark.parametrize(
    ("form", "picture", "content_type", "ending"),
    [
        ("mp4", True, "video/mp4", ".mp4"),
        ("av1", True, "video/mp4", ".mp4"),
        ("webm", True, "video/webm", ".webm"),
        ("mp4", False, "audio/mp4", ".m4a"),
        ("webm", False, "audio/webm", ".weba"),
        ("mp3", False, "audio/mpeg", ".mp3"),
        ("ogg", False, "audio/ogg", ".ogg"),
        ("wav", False, "audio/wav", ".wav"),
    ],
)
def test_what_browsers_play_is_taken(form: str, picture: bool, content_type: str, ending: str) -> None:
    found = examine(make.film(form=form, picture=picture))
    assert (found.content_type, found.ending) == (content_type, ending)
    assert (found.width, found.height) == ((64, 48) if picture else (None, None))
    assert 990 <= found.duration_ms <= 1050


@pytest.mark.parametrize("form", ["avi", "mkv", "flac"])
def test_what_they_do_not_play_is_refused_with_what_to_do(form: str) -> None:
    said = refusal(make.film(form=form, picture=form != "flac"))
    assert UNPLAYED in said
    assert "Save it as an MP4 with H.264 and AAC" in said


@pytest.mark.parametrize(
    "data",
    [b"", b"Minutes of the meeting\n" * 500, make.film()[:300], b"\x00\x00\x00\x20ftypisom" + bytes(4000)],
    ids=["empty", "text", "cut off", "a head alone"],
)
def test_what_is_no_recording_is_refused(data: bytes) -> None:
    assert refusal(data)


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{path}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXTINF:1,\n{path}\n",
        "ffconcat version 1.0\nfile '{path}'\n",
    ],
)
def test_playlist_opens_no_other_file(tmp_path: Path, playlist: str) -> None:
    other = tmp_path / "secret.mp4"
    other.write_bytes(make.film())
    assert UNREAD in refusal(playlist.format(path=other).encode())


def test_upload_in_memory_is_never_taken_for_a_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talk.mp4").write_bytes(make.film())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(media.Unplayable):
        media.examine(SimpleUploadedFile("talk.mp4", b"not a recording"))


def test_reader_knows_nothing_of_the_sites_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # A module that Python loads at its start would run in the reader, if the reader were told of it.
    told = tmp_path / "told"
    (tmp_path / "sitecustomize.py").write_text(f"import os\nopen({str(told)!r}, 'w').write(os.environ['DATABASE_URL'])")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert examine(make.film()).duration_ms == 1000
    assert not told.exists()


def test_stream_is_left_at_its_start() -> None:
    stream = io.BytesIO(make.film())
    media.examine(stream)
    assert stream.tell() == 0


def test_poster_and_sound_are_made_of_a_film() -> None:
    with media.parts(io.BytesIO(make.film(2))) as made:
        assert made.poster.read_bytes().startswith(b"\xff\xd8")
        assert (made.sound_type, made.sound_ending) == ("audio/mp4", ".m4a")
        with av.open(str(made.sound)) as sound:
            assert [stream.type for stream in sound.streams] == ["audio"]
            assert sound.duration == pytest.approx(2_000_000, abs=50_000)
        folder = made.poster.parent
    assert not folder.exists()


@pytest.mark.parametrize(("picture", "sound"), [(False, True), (True, False)])
def test_a_part_that_is_not_there_is_not_made(picture: bool, sound: bool) -> None:
    with media.parts(io.BytesIO(make.film(picture=picture, sound=sound))) as made:
        assert (made.poster is not None) is picture
        assert made.sound is None


@ABSENT
@pytest.mark.parametrize("name", ["flower.webm", "math_fi_normal.mp4"])
def test_poster_of_a_sample_weighs_little_enough_for_a_first_visit(name: str) -> None:
    with (FOLDER / name).open("rb") as stream, media.parts(stream) as made:
        assert made.poster.stat().st_size < 40_000
        with av.open(str(made.sound)) as sound:
            assert sound.duration == pytest.approx(SAMPLES[name][0] * 1000, abs=200_000)


def test_making_a_film_leaves_the_process_as_urgent_as_it_was() -> None:
    make.film(form="av1")
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
