"""A transcript in one language, or the lines of it that hold what was searched for."""

import json
from dataclasses import dataclass

from django.db import connection

from courses.models import Activity
from courses.words import letters

TRACKS = """
SELECT t.language, CASE WHEN t.language = %(language)s THEN t.cues END
  FROM courses_lecturecontent l
  JOIN courses_captiontrack t ON t.recording_id = l.recording_id AND t.kind = 'captions'
 WHERE l.activity_id = %(activity)s
 ORDER BY t.language
"""


@dataclass(frozen=True)
class Transcript:
    language: str
    languages: list[str]
    # From and to in milliseconds, and what is said.
    cues: list[tuple[int, int, str]]
    # How many lines hold the words that were searched for; None when nothing was.
    found: int | None


def transcript_of(activity: Activity, language: str, words: str = "") -> Transcript | None:
    """The transcript in one language, or the lines of it that hold `words`; None where the language is not there."""
    with connection.cursor() as cursor:
        cursor.execute(TRACKS, {"activity": activity.pk, "language": language})
        tracks = dict(cursor.fetchall())
    if language not in tracks:
        return None
    said = json.loads(tracks[language])
    wanted, _ = letters(words, language)
    cues = [cue for cue in said if wanted in letters(cue[2], language)[0]] if words else said
    return Transcript(language, list(tracks), cues, len(cues) if words else None)
