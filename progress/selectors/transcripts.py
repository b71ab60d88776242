"""A transcript in one language, or the lines of it that hold what was searched for."""

from dataclasses import dataclass

from courses.models import Activity, CaptionTrack
from courses.words import letters


@dataclass(frozen=True)
class Transcript:
    track: CaptionTrack
    languages: list[str]
    # From and to in milliseconds, and what is said.
    cues: list[tuple[int, int, str]]
    # How many lines hold the words that were searched for; None when nothing was.
    found: int | None


def transcript_of(activity: Activity, language: str, words: str = "") -> Transcript | None:
    """The transcript in one language, or the lines of it that hold `words`; None where the language is not there."""
    tracks = CaptionTrack.objects.captions().filter(recording__used_as_activity__activity=activity)
    languages = list(tracks.values_list("language", flat=True))
    track = tracks.filter(language=language).only("language", "cues", "recording_id").first()
    if track is None:
        return None
    wanted, _ = letters(words, language)
    cues = [cue for cue in track.cues if wanted in letters(cue[2], language)[0]] if words else track.cues
    return Transcript(track, languages, cues, len(cues) if words else None)
