"""Everything a lecture's page shows, in one query."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from common import timecode
from common.rows import Select
from courses.models import Activity, CaptionTrack, Enrolment, LectureContent, Recording
from courses.services.lectures import transcript_track
from files.models import File
from progress.models import Watch
from progress.played import Ranges, length, pairs

LECTURE = Select(
    {"l": LectureContent, "r": Recording, "f": File, "p": File, "s": Recording, "sf": File, "w": Watch},
    """
  FROM courses_lecturecontent l
  JOIN courses_recording r ON r.id = l.recording_id
  JOIN files_file f ON f.id = r.file_id
  LEFT JOIN files_file p ON p.id = r.poster_id
  LEFT JOIN courses_recording s ON s.rendition_of_id = r.id AND s.width IS NULL
  LEFT JOIN files_file sf ON sf.id = s.file_id
  LEFT JOIN progress_watch w ON w.activity_id = l.activity_id AND w.enrolment_id = %(enrolment)s
 WHERE l.activity_id = %(activity)s
""",
    also=(
        """
(SELECT json_agg(json_build_array(t.id, t.kind, t.language, octet_length(t.vtt),
                                  CASE WHEN t.kind = 'chapters' THEN t.cues END) ORDER BY t.kind, t.language)
   FROM courses_captiontrack t WHERE t.recording_id = r.id)""",
        """
(SELECT json_agg(json_build_array(n.id, n.at_ms, n.version, n.text) ORDER BY n.at_ms, n.created_at)
   FROM progress_note n
  WHERE n.activity_id = l.activity_id AND n.enrolment_id = %(enrolment)s AND n.deleted_at IS NULL)""",
    ),
)
# Near its end a lecture is over: whoever opens it again wants it from the start.
END_MS = 3_000
# Captions of about half an hour; compressed they are a third of it, and a first visit may weigh 80 KB.
LIGHT_BYTES = 40_000


class Beside(NamedTuple):
    """A note as the lecture's page shows it."""

    pk: str
    at_ms: int
    version: int
    text: str


@dataclass
class Lecture:
    content: LectureContent
    recording: Recording
    sound: Recording | None
    watch: Watch | None
    tracks: list[CaptionTrack]
    # The ids of tracks that are not fetched with the page.
    heavy: set[int]
    notes: list[Beside] = field(default_factory=list)

    @property
    def duration(self) -> str:
        return timecode.spoken(self.recording.duration_ms)

    @cached_property
    def covered(self) -> Ranges:
        return pairs(self.watch.covered, self.recording.duration_ms) if self.watch else []

    @property
    def drawn(self) -> list[tuple[float, float]]:
        """Left edge and width of what was watched, in percent of the lecture."""
        share = 100 / self.recording.duration_ms
        return [(round(start * share, 2), round((end - start) * share, 2)) for start, end in self.covered]

    @property
    def percent(self) -> int:
        """Whole percent that was watched; never more than it is."""
        return length(self.covered) * 100 // self.recording.duration_ms

    @property
    def parts(self) -> str:
        """What was watched, in words: "0:00–1:20, 2:00–4:00"."""
        return ", ".join(f"{timecode.clock(start)}–{timecode.clock(end)}" for start, end in self.covered)

    @property
    def position_ms(self) -> int:
        """Where to go on; the start for one that was left at its end."""
        at = self.watch.position_ms if self.watch else 0
        return 0 if at > self.recording.duration_ms - END_MS else at

    @property
    def position_second(self) -> float:
        return self.position_ms / 1000

    @property
    def position_clock(self) -> str:
        return timecode.clock(self.position_ms)

    @property
    def captions(self) -> list[CaptionTrack]:
        return [track for track in self.tracks if track.kind == CaptionTrack.Kind.CAPTIONS]

    @property
    def caption_languages(self) -> tuple[str, ...]:
        """Of the captions that can be put on its picture."""
        return tuple(track.language for track in self.captions) if self.recording.has_picture else ()

    @property
    def chapter_track(self) -> CaptionTrack | None:
        return next((track for track in self.tracks if track.kind == CaptionTrack.Kind.CHAPTERS), None)

    @property
    def has_chapters(self) -> bool:
        return self.chapter_track is not None

    def transcript(self, *languages: str) -> CaptionTrack | None:
        return transcript_track(self.tracks, *languages)


def lecture_of(student: Enrolment | None, activity: Activity) -> Lecture:
    """What was watched and noted is the student's; whoever else looks sees the lecture alone."""
    found = LECTURE.first(activity=activity.pk, enrolment=student.pk if student else None)
    if found is None:
        raise LectureContent.DoesNotExist
    content, recording, file, poster, sound, sound_file, watch, tracks, written = found
    recording.file, recording.poster, content.recording, activity.lecture = file, poster, recording, content
    if sound:
        sound.file = sound_file
    made = [CaptionTrack(pk, kind=kind, language=tag, cues=cues or []) for pk, kind, tag, _, cues in tracks or []]
    heavy = {pk for pk, _, _, size, _ in tracks or [] if size > LIGHT_BYTES}
    return Lecture(content, recording, sound, watch, made, heavy, [Beside(*note) for note in written or []])
