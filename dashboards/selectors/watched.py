"""How much of a lecture a class has watched, second by second, where it was lost and where it asked.

What fewer than FEWEST people did is drawn and told nowhere: in a small class it would be somebody's own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from django.db import connection
from django.db.models import QuerySet

from common import timecode
from courses.models import Activity, CaptionTrack, Cohort, LectureContent
from courses.querysets import ACTIVE_SQL

# Rows of the table where a lecture has no chapters, and the shortest that is worth one.
ROWS, SHORTEST_ROW_SECONDS = 10, 10
HEIGHT = 40
FEWEST = 5
# Taps are counted by the minute; in a lecture shorter than SHORT by ten seconds.
SHORT, LONG_CELL, SHORT_CELL = 600, 60, 10
# Minutes to look at again.
WORST = 5

PARTS = """
SELECT e.id, lower(part) / 1000, (upper(part) + 999) / 1000
  FROM progress_watch w
  JOIN courses_enrolment e ON e.id = w.enrolment_id AND e.role = 'student' AND {active}
  CROSS JOIN unnest(w.covered) AS part
 WHERE e.cohort_id = %s AND w.activity_id = %s
 ORDER BY e.id, lower(part)
""".replace("{active}", ACTIVE_SQL)
# Of each lecture: who began it, who has enough of it, and the mean share in percent of those who began.
OVERVIEW = """
SELECT w.activity_id, count(*), count(*) FILTER (WHERE covered.ms >= r.duration_ms * l.needed_percent / 100.0),
       round(avg(covered.ms * 100.0 / r.duration_ms))::int
  FROM progress_watch w
  JOIN courses_enrolment e ON e.id = w.enrolment_id AND e.role = 'student' AND {active}
  JOIN courses_lecturecontent l ON l.activity_id = w.activity_id
  JOIN courses_recording r ON r.id = l.recording_id
  CROSS JOIN LATERAL (
      SELECT progress_covered_ms(w.covered * int4multirange(int4range(0, r.duration_ms::int))) AS ms
  ) AS covered
 WHERE e.cohort_id = %s AND w.activity_id = ANY(%s) AND covered.ms > 0
 GROUP BY w.activity_id
""".replace("{active}", ACTIVE_SQL)


@dataclass(frozen=True)
class Overview:
    activity: Activity
    began: int
    enough: int
    mean_percent: int


@dataclass(frozen=True)
class Row:
    """A stretch of the lecture, and how many watched it on average over its seconds.

    `mean` and `share` are None where these are too few, and so is `lost` where too few of them tapped.
    """

    title: str
    clock: str
    mean: float | None
    share: int | None
    lost: int | None
    asked: int


@dataclass(frozen=True)
class Cell:
    """So many students were lost between `start` and `start + seconds`; `height` is their share of HEIGHT."""

    start: int
    seconds: int
    lost: int
    height: float
    asked: int

    @property
    def top(self) -> float:
        return HEIGHT - self.height

    @property
    def clock(self) -> str:
        return _clock(self.start, self.start + self.seconds)


@dataclass(frozen=True)
class Watched:
    students: int
    began: int
    rows: list[Row]
    path: str
    seconds: int
    # Of the seconds that are drawn; 0 where none is.
    most: int
    lost: list[Cell]
    asked: list[int]

    @property
    def worst(self) -> list[Cell]:
        """Those in which the most were lost, in the order of the lecture."""
        return sorted(sorted(self.lost, key=lambda cell: -cell.lost)[:WORST], key=lambda cell: cell.start)


def overview(cohort: Cohort, lectures: Sequence[Activity]) -> list[Overview]:
    with connection.cursor() as cursor:
        cursor.execute(OVERVIEW, [cohort.pk, [one.pk for one in lectures]])
        told = {activity: rest for activity, *rest in cursor}
    return [Overview(one, *told.get(one.pk, (0, 0, 0))) for one in lectures]


def lectures(cohort: Cohort, words: str = "") -> QuerySet[Activity]:
    """Those that the students are shown, in the order of the course; with `words`, those with them in the title."""
    found = Activity.objects.shown().filter(module__course=cohort.course_id, kind="lecture")
    return found.titled_like(words).in_order()


def by_second(
    cohort: Cohort, content: LectureContent, taps: Sequence[tuple[int, int]], asked: Iterable[int]
) -> Watched:
    """`taps` are (whose, second) of “Lost here”, `asked` the seconds of questions."""
    seconds = -(-content.recording.duration_ms // 1000)
    students = cohort.enrolments.active().students().count()
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [cohort.pk, content.activity_id])
        parts = cursor.fetchall()
    counts, asked = _counts(parts, seconds), [second for second in asked if second < seconds]
    rows = [
        _row(title, range(start, end), counts, students, taps, asked)
        for title, start, end in _stretches(content, seconds)
    ]
    drawn = [count if count >= FEWEST else 0 for count in counts]
    return Watched(
        students=students,
        began=len({enrolment for enrolment, _, _ in parts}),
        rows=rows,
        path=_path(drawn, max(students, 1)),
        seconds=seconds,
        most=max(drawn, default=0),
        lost=_cells(taps, asked, seconds),
        asked=asked,
    )


def _cells(taps: Sequence[tuple[int, int]], asked: Sequence[int], seconds: int) -> list[Cell]:
    """Those in which enough students were lost; somebody who tapped twice in one is one."""
    length = SHORT_CELL if seconds < SHORT else LONG_CELL
    counts = Counter(cell for _, cell in {(whose, second // length) for whose, second in taps if second < seconds})
    questions = Counter(second // length for second in asked)
    most = max(counts.values(), default=1)
    return [
        Cell(
            start=cell * length,
            seconds=min(length, seconds - cell * length),
            lost=count,
            height=round(count * HEIGHT / most, 1),
            asked=questions[cell],
        )
        for cell, count in sorted(counts.items())
        if count >= FEWEST
    ]


def _counts(parts: list[tuple[int, int, int]], seconds: int) -> list[int]:
    """How many students watched each second; one who watched any of it counts once."""
    change = [0] * (seconds + 1)
    for _, mine in groupby(parts, key=lambda part: part[0]):
        until = 0
        for _, start, end in mine:
            # Two parts of one student may share a second at their edges.
            start, end = max(start, until), min(end, seconds)
            if start < end:
                change[start] += 1
                change[end] -= 1
                until = end
    return list(accumulate(change[:-1]))


def _stretches(content: LectureContent, seconds: int) -> list[tuple[str, int, int]]:
    """The chapters, or equal parts: title, first second, second after the last."""
    chapters = CaptionTrack.objects.filter(recording=content.recording, kind="chapters").values_list("cues", flat=True)
    if cues := chapters.first():
        # Chapters may be those of an earlier, longer recording.
        starts = [min(start // 1000, seconds) for start, _, _ in cues]
        ends = [*starts[1:], seconds]
        named = zip((text for _, _, text in cues), starts, ends, strict=True)
        return [(title, start, end) for title, start, end in named if start < end]
    length = max(SHORTEST_ROW_SECONDS, -(-seconds // ROWS))
    return [("", start, min(start + length, seconds)) for start in range(0, seconds, length)]


def _row(
    title: str,
    stretch: range,
    counts: list[int],
    students: int,
    taps: Sequence[tuple[int, int]],
    asked: Sequence[int],
) -> Row:
    mean = sum(counts[stretch.start : stretch.stop]) / len(stretch)
    # Ten seconds belong to the part that their middle lies in.
    lost = len({whose for whose, second in taps if min(second + SHORT_CELL // 2, len(counts) - 1) in stretch})
    return Row(
        title=title,
        clock=_clock(stretch.start, stretch.stop),
        mean=mean if mean >= FEWEST else None,
        # Of the whole students that stand beside it.
        share=(round(int(mean + 0.5) * 100 / students) if students else 0) if mean >= FEWEST else None,
        lost=lost if lost >= FEWEST else None,
        asked=sum(second in stretch for second in asked),
    )


def _clock(start: int, end: int) -> str:
    return f"{timecode.clock(start * 1000)}–{timecode.clock(end * 1000)}"


def _path(counts: list[int], students: int) -> str:
    """The outline of an area in a box of a unit a second and HEIGHT units, where all students fill the height."""
    steps, second = [], 0
    for count, same in groupby(counts):
        steps.append(f"V{HEIGHT - count * HEIGHT / students:.1f}H{(second := second + len(list(same)))}")
    return f"M0 {HEIGHT}{''.join(steps)}V{HEIGHT}Z"
