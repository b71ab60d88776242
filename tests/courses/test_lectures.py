"""Recordings from the upload to what is played, replaced and found."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from courses.captions import Cue
from courses.models import CaptionTrack, Passage, Recording
from courses.services import lectures
from courses.tasks import do_media_jobs
from files.models import File
from progress import played
from progress.fields import total
from progress.models import Watch
from progress.services import ticks, watching
from tests.cast import Cast
from tests.factories import lectures as make
from tests.files.responses import body

CUES = [Cue(start * 1000, start * 1000 + 900, str(start)) for start in (0, 10, 29, 31, 60, 61, 200)]


@pytest.fixture
def fresh(cast: Cast) -> Recording:
    return lectures.record(cast.course, io.BytesIO(make.film(2)), "Bees, part 1.MOV")


def test_recording_is_stored_as_what_it_is(fresh: Recording) -> None:
    assert (fresh.duration_ms, fresh.width, fresh.height) == (2000, 64, 48)
    assert (fresh.file.name, fresh.file.content_type) == ("Bees, part 1.mp4", "video/mp4")
    assert fresh.prepared_at is None


def test_worker_makes_the_picture_and_the_sound_alone(fresh: Recording, cast: Cast, client: Client) -> None:
    do_media_jobs()
    fresh.refresh_from_db()
    sound = fresh.renditions.get()
    assert (sound.duration_ms, sound.has_picture, sound.file.content_type) == (2000, False, "audio/mp4")
    assert sound.file.name == "Bees, part 1.m4a"
    # No lecture shows it yet.
    client.force_login(cast.editor)
    poster = client.get(f"/recordings/{fresh.pk}/poster.jpg")
    assert poster["Content-Type"] == "image/jpeg"
    assert body(poster).startswith(b"\xff\xd8")
    part = client.get(f"/recordings/{sound.pk}/any-name", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part["Content-Type"], body(part)) == (206, "audio/mp4", b"ftyp")


def test_worker_called_twice_makes_everything_once(fresh: Recording) -> None:
    do_media_jobs()
    before = File.objects.count()
    do_media_jobs()
    assert File.objects.count() == before
    assert fresh.renditions.count() == 1


def test_recording_of_sound_needs_no_other_sound(cast: Cast) -> None:
    one = lectures.record(cast.course, io.BytesIO(make.film(form="mp3", picture=False)), "talk.mp3")
    do_media_jobs()
    one.refresh_from_db()
    assert (one.prepared_at is None, one.poster, one.renditions.count()) == (False, None, 0)


def test_recording_of_which_nothing_can_be_made_plays_as_it_is(cast: Cast) -> None:
    one = make.recording(cast.module)
    Recording.objects.filter(pk=one.pk).update(prepared_at=None)
    do_media_jobs()
    one.refresh_from_db()
    assert one.prepared_at is not None


def test_claimed_recording_is_left_alone_until_its_lease_has_run_out(fresh: Recording) -> None:
    with time_machine.travel("2026-11-24T10:00Z", tick=False) as clock:
        assert lectures.claim_unprepared() == fresh
        clock.shift(lectures.CLAIMS.lease)
        assert lectures.claim_unprepared() is None
        clock.shift(timedelta(seconds=1))
        assert lectures.claim_unprepared() == fresh


def test_worker_gives_up_after_three_attempts(fresh: Recording) -> None:
    fresh.file.blob.delete(save=False)
    File.objects.filter(pk=fresh.file_id).update(blob="gone")
    with time_machine.travel("2026-11-24T10:00Z", tick=False) as clock:
        for _ in range(3):
            with pytest.raises(FileNotFoundError):
                do_media_jobs()
            fresh.refresh_from_db()
            assert fresh.prepared_at is None
            clock.shift(lectures.CLAIMS.lease * 2)
        do_media_jobs()
        fresh.refresh_from_db()
        # It plays as it was sent, and waits for nobody any more.
        assert (fresh.prepare_attempts, fresh.prepared_at) == (3, timezone.now())


def test_another_recording_keeps_captions_and_what_was_watched_and_takes_the_old_files_away(
    cast: Cast, fresh: Recording, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    lecture = make.lecture(cast.module, position=7)
    old = lecture.lecture.recording
    kept = list(CaptionTrack.objects.filter(recording=old).values_list("pk", flat=True))
    now = timezone.now()
    Watch.objects.create(enrolment=cast.enrolment, activity=lecture, position_at=now, since=now)
    gone = [old.file, old.poster, old.renditions.get().file]
    with django_capture_on_commit_callbacks(execute=True):
        lectures.replace(lecture.lecture, fresh)
    assert list(CaptionTrack.objects.filter(recording=fresh).values_list("pk", flat=True)) == kept
    assert Watch.objects.filter(activity=lecture).exists()
    assert not Recording.objects.filter(pk=old.pk).exists()
    assert not File.objects.filter(pk__in=[file.pk for file in gone]).exists()
    assert not any(file.blob.storage.exists(file.blob.name) for file in gone)


def test_half_minutes_begin_where_somebody_speaks() -> None:
    assert lectures.passages(CUES) == [(0, "0 10 29"), (31, "31 60"), (61, "61"), (200, "200")]
    assert lectures.passages([]) == []


def test_search_finds_what_is_said_and_leads_to_the_second(cast: Cast, client: Client) -> None:
    lecture = make.lecture(cast.module, title="Bees on film", position=7)
    client.force_login(cast.student)
    page = client.get(f"/courses/{cast.course.pk}/search/?q=colour+flowers").content.decode()
    assert f'href="/lessons/{lecture.pk}/?at=31"' in page
    assert "In the lecture, from 0:31" in page
    assert "<mark>Flowers</mark> &amp; bees talk in <mark>colours</mark>" in page
    assert "1 lesson" in page


def test_search_follows_the_captions(cast: Cast) -> None:
    lecture = make.lecture(cast.module, position=7)
    spoken = Passage.objects.filter(activity=lecture, second__isnull=False)
    assert list(spoken.values_list("second", flat=True).order_by("second")) == [0, 31]
    make.caption(lecture, "WEBVTT\n\n00:05.000 --> 00:06.000\nWasps\n")
    assert [(one.second, one.text) for one in spoken] == [(5, "Wasps")]
    for track in lecture.lecture.recording.tracks.filter(kind="captions"):
        lectures.delete_track(lecture, track)
    assert not spoken.all().exists()


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        (("pt", "en"), "pt-BR"),
        (("PT-br",), "pt-BR"),
        (("pt-PT",), "pt-BR"),
        (("fi", "en"), "en"),
        (("fi", ""), "de"),
        ((), "de"),
    ],
)
def test_transcript_is_in_the_language_that_was_wanted_first(wanted: tuple[str, ...], got: str) -> None:
    tracks = [CaptionTrack(kind="chapters", language="fi")]
    tracks += [CaptionTrack(kind="captions", language=language) for language in ("de", "en", "pt-BR")]
    assert lectures.transcript_track(tracks, *wanted).language == got
    assert lectures.transcript_track(tracks[:1], *wanted) is None


def test_what_was_watched_beyond_the_end_of_a_shorter_recording_counts_for_nothing(
    cast: Cast, client: Client, fresh: Recording
) -> None:
    lecture = make.bare_lecture(cast.module, seconds=60, position=7)
    now = timezone.now()
    watching.add(
        cast.enrolment,
        lecture,
        played.Report([(0, 1000), (30_000, 60_000)], 60_000, now),
        opened_at=now - timedelta(minutes=2),
    )
    lectures.replace(lecture.lecture, fresh)
    client.force_login(cast.student)
    page = client.get(f"/lessons/{lecture.pk}/")
    assert page.context["panel"].context["lecture"].percent == 50
    assert page.context["panel"].context["lecture"].drawn == [(0, 50)]
    client.force_login(cast.teacher)
    shown = client.get(f"/teach/cohorts/{cast.cohort.pk}/lectures/").context["lectures"]
    assert [(one.began, one.enough, one.mean_percent) for one in shown] == [(1, 0, 50)]
    assert ticks.recount(lecture) == 0
    # Nothing is forgotten: the longer recording may come back.
    assert total(Watch.objects.get().covered) == 31_000
