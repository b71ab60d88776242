"""A transcript in one language, or the lines of it that hold what was searched for."""

import json
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from courses.models import Activity
from courses.words import folded, places

# A caption is two lines of some 40 letters; one letter that is searched for is in it ten times.
MOST_MARKED = 20

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
    # Of each, where the first MOST_MARKED places are of what was searched for; None when nothing was.
    hits: list[list[tuple[int, int]]] | None


def transcript_of(activity: Activity, language: str, words: str = "") -> Transcript | None:
    """The transcript in one language, or the lines of it that hold `words`; None where the language is not there."""
    with connection.cursor() as cursor:
        cursor.execute(TRACKS, {"activity": activity.pk, "language": language})
        tracks = dict(cursor.fetchall())
    if language not in tracks:
        return None
    said = json.loads(tracks[language])
    if not (wanted := folded(words, language)):
        return Transcript(language, list(tracks), said, None)
    marked = ((cue, list(islice(places(cue[2], wanted, language), MOST_MARKED))) for cue in said)
    found = [(cue, hits) for cue, hits in marked if hits]
    return Transcript(language, list(tracks), [cue for cue, _ in found], [hits for _, hits in found])
