"""What a student sends of a lesson or asks of a transcript takes time in step with its size, up to its limit."""

import contextlib
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from common import timecode
from common.templatetags import ui
from courses import captions
from courses.models import Activity, CaptionTrack
from progress import beacons, played
from progress.pages import transcripts as transcript_pages
from progress.selectors import transcripts
from tests.cast import Cast
from tests.factories import lectures
from tests.growth import assert_in_step

# Coverage would be most of what is timed.
pytestmark = pytest.mark.usefixtures("untraced")

SignIn = Callable[[User | None], Client]
BODIES = ["[", "[[", "{", '{"a":', "9", "-", '"', '"\\u00e9', "[1,2],", "[[0,1]", "1e9,", " ", "\\", "é", "0.", "null,"]


def lines_of(activity: Activity, words: str) -> str:
    found = transcripts.transcript_of(activity, "en", words)
    if found is None:
        return ""
    cues = transcript_pages.lines(found)
    return ui.rows("lines.html", cues=cues, lesson_url=f"/lessons/{activity.pk}/", searched=words)


def report(body: str) -> None:
    with contextlib.suppress(beacons.Refused, KeyError, TypeError):
        sent = beacons.message(body)
        opening = beacons.Opening(1, 1, 0)
        beacons.visible_seconds(opening, sent["visible"])
    with contextlib.suppress(beacons.Refused, KeyError, TypeError):
        played.parse_report(beacons.message(body), 60_000)


@pytest.mark.parametrize("piece", BODIES)
def test_reports_take_time_in_step_and_are_refused_or_read(piece: str) -> None:
    assert_in_step(report, lambda count: piece * count, beacons.MOST_BYTES // len(piece))
    report(f'{{"visible": [[{piece * 5000}, 1]], "ranges": [[{piece * 5000}, 1]], "position": 0, "at": 0}}')


@pytest.mark.parametrize("name", ["visible", "ranges", "wall", "position", "at"])
@pytest.mark.parametrize(
    "value", ["9" * 5000, f'"{"9" * 5000}"', "1e400", "-1e400", "NaN", "[[1e400, 1]]", '"ab"', "{}"]
)
def test_no_number_of_a_report_is_too_long_for_an_answer(name: str, value: str) -> None:
    fields = {"visible": "[[0, 1]]", "ranges": "[[0, 1]]", "wall": "[]", "position": "0", "at": "0", name: value}
    report("{" + ",".join(f'"{key}": {one}' for key, one in fields.items()) + "}")


@pytest.mark.parametrize("piece", ["9", ":", "9:", "1:1:", " ", "٣", "\n"])
def test_times_of_notes_take_time_in_step(piece: str) -> None:
    assert_in_step(timecode.typed, lambda count: piece * count, 10**6 // len(piece))


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("a", "a"),
        ("ß", "s"),
        ("aab", "aab"),
        ("a", "a" * 99 + "b"),
        ("a ", "a a"),
        ("<&", "<"),
        ("é", "E"),
        ("e\u0301", "E"),
    ],
)
def test_transcript_is_searched_in_step_and_its_page_does_not_swell(word: str, words: str, cast: Cast) -> None:
    made = lectures.lecture(cast.module, title="Bees on film", position=7)
    track = made.lecture.recording.tracks.get(kind="captions", language="en")

    def store(cues: int) -> str:
        text = (word * captions.LONGEST_CUE)[: captions.MOST_BYTES // captions.MOST_CUES]
        CaptionTrack.objects.filter(pk=track.pk).update(cues=[[n, n + 1, text] for n in range(cues)])
        return words

    assert_in_step(lambda asked: lines_of(made, asked), store, captions.MOST_CUES)
    assert len(lines_of(made, words)) < 8 * captions.MOST_BYTES


def test_note_of_a_megabyte_is_answered_with_a_sentence(cast: Cast, as_user: SignIn) -> None:
    made, client = lectures.lecture(cast.module, title="Bees on film", position=7), as_user(cast.student)
    for field in ("text", "at", "version"):
        sent = {"text": "Mine", "at": "0:10", field: "9" * 10**6}
        answer = client.post(f"/lessons/{made.pk}/notes/00000000-0000-4000-8000-000000000007/", sent)
        assert answer.status_code in (302, 422)
