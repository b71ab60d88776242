"""The page on which a lecture is watched, before any script runs."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Activity, Recording
from progress import played
from progress.models import Note, Visit
from progress.services import ticks, watching
from tests.cast import Cast
from tests.factories import lectures as make

MOST = 8


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def page(client: Client, lecture: Activity, query: str = "") -> str:
    response = client.get(f"/lessons/{lecture.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def tag(text: str, name: str) -> str:
    return re.search(rf"<{name} [^>]*>", text)[0]


def play(cast: Cast, lecture: Activity, ranges: list[tuple[int, int]], position: int) -> None:
    now = timezone.now()
    second = int(now.timestamp())
    report = played.Report(ranges, position, now, [(second - 60, second)])
    watching.add(cast.enrolment, lecture, report, opened_at=now - timedelta(minutes=5))


def told(text: str) -> dict:
    return json.loads(re.search(r'<script id="watching" type="application/json">(.*?)</script>', text)[1])


def test_player_has_picture_tracks_and_poster(student: Client, lecture: Activity) -> None:
    text, recording = page(student, lecture), lecture.lecture.recording
    video = tag(text, "video")
    assert 'preload="metadata"' in video
    assert f'poster="/recordings/{recording.pk}/poster.jpg"' in video
    assert f'src="/recordings/{recording.pk}/talk.mp4#t=0.0"' in video
    captions = re.findall(r'<track kind="captions" [^>]*srclang="(\w+)" label="(\w+)"( default)?>', text)
    assert captions == [("de", "Deutsch", ""), ("en", "English", " default")]
    assert 'kind="chapters"' in text
    assert "1 min · 39\xa0bytes" in text


def test_captions_are_off_for_whoever_put_them_off(cast: Cast, student: Client, lecture: Activity) -> None:
    cast.student.captions = False
    cast.student.save()
    assert " default>" not in page(student, lecture)


def test_low_data_loads_nothing_before_it_is_asked_for(cast: Cast, student: Client, lecture: Activity) -> None:
    cast.student.low_data = True
    cast.student.save()
    text = page(student, lecture)
    assert 'preload="none"' in tag(text, "video")
    assert "poster" not in text
    assert 'hx-trigger="click"' in text
    assert 'preload="none"' in tag(page(student, lecture, "?sound=1"), "audio")


def test_sound_alone_is_offered_with_its_size_and_played(student: Client, lecture: Activity) -> None:
    assert '<a href="?sound=1">Play audio only (39' in page(student, lecture)
    text = page(student, lecture, "?sound=1")
    sound = lecture.lecture.recording.renditions.get()
    assert f'src="/recordings/{sound.pk}/talk.m4a#t=0.0"' in tag(text, "audio")
    assert "<video" not in text
    assert "Show the video" in text


def test_lecture_without_a_sound_of_its_own_offers_none(student: Client, lecture: Activity) -> None:
    lecture.lecture.recording.renditions.all().delete()
    assert "Play audio only" not in page(student, lecture)
    assert "<video" in page(student, lecture, "?sound=1")


def test_recording_of_sound_has_no_picture_to_show(student: Client, lecture: Activity) -> None:
    Recording.objects.filter(pk=lecture.lecture.recording_id).update(width=None, height=None)
    text = page(student, lecture)
    assert "<audio" in text
    assert "Show the video" not in text


@pytest.mark.parametrize(
    ("query", "start"),
    [("", "20.5"), ("?at=31", "31"), ("?at=0", "0"), ("?at=%22%3E%3Cb%3E", "&quot;&gt;&lt;b&gt;")],
)
def test_page_goes_on_where_one_was_or_where_a_link_points(
    cast: Cast, student: Client, lecture: Activity, query: str, start: str
) -> None:
    play(cast, lecture, [(0, 20_500)], 20_500)
    text = page(student, lecture, query)
    assert f"#t={start}" in tag(text, "video")
    assert "You left off at <span data-resumed>0:20</span>." in text


def test_lecture_left_at_its_end_begins_again(cast: Cast, student: Client, lecture: Activity) -> None:
    play(cast, lecture, [(0, 60_000)], 58_000)
    assert "#t=0.0" in tag(page(student, lecture), "video")


def test_what_was_watched_is_drawn_and_told_in_words(cast: Cast, student: Client, lecture: Activity) -> None:
    assert "Not watched yet" in page(student, lecture)
    play(cast, lecture, [(0, 6_000), (30_000, 45_500)], 45_500)
    text = page(student, lecture)
    assert '<rect class="bar-done" x="0.0" width="10.0"' in text
    assert '<rect class="bar-done" x="50.0" width="25.83"' in text
    assert "35% watched" in text
    assert "0:00–0:06, 0:30–0:45" in text


def test_percent_never_says_more_than_it_is(cast: Cast, student: Client, lecture: Activity) -> None:
    play(cast, lecture, [(0, 59_750)], 1_000)
    assert "99% watched" in page(student, lecture)


def test_player_is_told_what_is_there(cast: Cast, student: Client, lecture: Activity) -> None:
    cast.student.playback_percent = 150
    cast.student.save()
    play(cast, lecture, [(0, 6_000)], 6_000)
    found = told(page(student, lecture))
    assert found["address"] == f"/lessons/{lecture.pk}/watch/"
    assert (found["covered"], found["position"], found["speed"]) == ([[0, 6_000]], 6_000, 1.5)
    assert found["duration"] == 60_000


def test_tick_of_watching_says_how_much_was_seen(cast: Cast, student: Client, lecture: Activity) -> None:
    play(cast, lecture, [(0, 55_000)], 55_000)
    assert ticks.tick_when_watched(cast.enrolment, lecture, 55_000, by=cast.student)
    assert "you had watched 55 s of 1 min. You needed 90%." in page(student, lecture)


def test_teacher_watches_without_a_trace(cast: Cast, client: Client, lecture: Activity) -> None:
    client.force_login(cast.teacher)
    text = page(client, lecture)
    assert told(text)["address"] == ""
    assert "Your notes" not in text
    assert "watched" not in re.sub(r"<script.*?</script>", "", text).lower()
    assert not Visit.objects.exists()


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_first_visit_asks_eight_times_at_most_and_the_same_with_more_beside_it(
    cast: Cast, client: Client, lecture: Activity
) -> None:
    few = make.bare_lecture(cast.module, position=8)
    make.caption(few, make.SPOKEN["en"])
    counts = []
    for one, notes in ((few, 1), (lecture, 3)):
        for number in range(notes):
            Note.objects.create(enrolment=cast.enrolment, activity=one, at_ms=number, text="Mine")
        # Signed in anew, so that each is the visit that also notes that the student was seen.
        client.force_login(cast.student)
        cast.enrolment.cohort.enrolments.update(last_seen_at=None)
        counts.append(queries(client, f"/lessons/{one.pk}/"))
    assert counts[0] == counts[1] <= MOST


@pytest.mark.parametrize(
    "path", ["/lessons/{a}/transcript/en/", "/courses/{c}/notes/", "/courses/{c}/notes.md", "/lessons/{a}/?sound=1"]
)
def test_pages_beside_it_ask_the_same_at_one_and_at_three(
    cast: Cast, student: Client, lecture: Activity, path: str
) -> None:
    path = path.format(a=lecture.pk, c=cast.course.pk)
    counts = []
    for round_ in range(3):
        another = make.lecture(cast.module, position=20 + round_)
        for one in (lecture, another):
            Note.objects.create(enrolment=cast.enrolment, activity=one, at_ms=round_, text="Mine")
        student.get(path)
        counts.append(queries(student, path))
    assert counts[0] == counts[2] <= MOST
