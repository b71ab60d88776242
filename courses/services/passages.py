"""What search keeps of texts: their passages, with the words of each as Postgres looks for them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from courses import words
from courses.languages import stemmed
from courses.models import Activity, Course, LessonWords, Passage

# One letter is a word at the most, and a tsvector counts 16,383 places; it also holds no more than a megabyte.
LONGEST = 16_000
RENEWED_AT_ONCE = 200
# More of a course whose language changed are left to the job.
MOST_IN_A_REQUEST = 1_000
# The letters by which `ts_rank` weighs.
TITLE, HEADING, TEXT = "A", "B", ""
# No phrase that people type reaches over it from one passage into the next.
GAP = 10
# Of a word, Postgres counts 256 places in a vector, and the commonest words are one in fourteen. A vector holds a
# megabyte at the most: a place counts for more where its word has more bytes than people's words have.
PLACES_TOGETHER, BYTES_OF_A_PLACE = 2_000, 100
# Passages that lie within the same stretch of so many places share a row. One that reaches into the next stretch has a
# row of its own: none is divided.
GATHER = r"""
WITH passage AS (
    SELECT p.activity_id, p.id, p.anchor <> %(title)s AS in_text, p.vector, measured.size
      FROM courses_passage p
     CROSS JOIN LATERAL (
           SELECT greatest(coalesce(max(place), 0) + %(gap)s, sum(octet_length(lexeme)) / %(bytes)s) AS size
             FROM unnest(p.vector) AS word, unnest(word.positions) AS place) measured
     WHERE p.activity_id = ANY(%(keys)s::bigint[])
), laid AS (
    SELECT *, sum(size) OVER (PARTITION BY activity_id ORDER BY in_text, id) - size AS start FROM passage
), stretch AS (
    SELECT *, div(start, %(together)s) AS first, div(start + size, %(together)s) AS last FROM laid
), placed AS (
    SELECT *, start - min(start) OVER (PARTITION BY activity_id, first, last) AS before FROM stretch
), word AS (
    SELECT activity_id, first, last, lexeme, string_agg((place + before)::int || weight, ',') AS places
      FROM placed, unnest(vector) AS kept(lexeme, positions, weights), unnest(positions, weights) AS at(place, weight)
     GROUP BY activity_id, first, last, lexeme
)
INSERT INTO courses_lessonwords (activity_id, vector)
SELECT activity_id,
       string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''':' || places, ' ')::tsvector
  FROM word GROUP BY activity_id, first, last
"""


@dataclass(frozen=True)
class Written:
    """A passage as it is stored; `second` is where in a lecture it is said."""

    anchor: str
    text: str
    heading: str = ""
    second: int | None = None

    @property
    def weight(self) -> str:
        if self.anchor == Passage.TITLE:
            return TITLE
        return HEADING if self.second is None and self.text == self.heading else TEXT


def portions(text: str) -> Iterator[str]:
    """`text` in pieces that can be kept, divided between words where that is possible."""
    while len(text) > LONGEST:
        end = text.rfind(" ", LONGEST // 2, LONGEST)
        end = end if end > 0 else LONGEST
        yield text[:end]
        text = text[end:].lstrip()
    if text:
        yield text


@transaction.atomic
def exchange(activity: Activity, former: QuerySet[Passage], written: Sequence[Written]) -> None:
    """Keep `written` in the place of `former`, which are passages of `activity`."""
    _hold(Activity.objects.filter(pk=activity.pk))
    former.delete()
    _add(activity, written)
    gather([activity.pk])


def _hold(activities: QuerySet[Activity]) -> None:
    """Whoever changes passages holds their activity first: of two at once, the later gathers what both have written."""
    list(activities.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))


def _add(activity: Activity, written: Sequence[Written]) -> None:
    language = activity.module.course.language
    rows = [
        (activity.pk, one.anchor, one.heading, one.second, one.text, vector, words.VERSION)
        for one, vector in zip(written, _vectors(written, language), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO courses_passage (activity_id, anchor, heading, second, text, vector, cut_by)"
            " VALUES (%s, %s, %s, %s, %s, %s::tsvector, %s)",
            rows,
        )


def _vectors(written: Sequence[Written], language: str) -> list[str]:
    stems = stemmed(words.to_stem((one.text for one in written), language), language)
    return [words.vector(one.text, language, stems, one.weight) for one in written]


def gather(activities: Collection[int]) -> None:
    """Make the words of these activities anew out of their passages."""
    LessonWords.objects.filter(activity__in=activities).delete()
    values = {"keys": list(activities), "title": Passage.TITLE, "gap": GAP}
    values |= {"together": PLACES_TOGETHER, "bytes": BYTES_OF_A_PLACE}
    with connection.cursor() as cursor:
        cursor.execute(GATHER, values)


@transaction.atomic
def index_again(course: Course) -> None:
    """After its language has changed: what is searched must be folded and stemmed as the words of a search are."""
    _hold(Activity.objects.filter(module__course=course))
    mine = Passage.objects.filter(activity__module__course=course)
    mine.update(cut_by=0)
    _renew(mine.order_by("activity", "pk")[:MOST_IN_A_REQUEST])


@transaction.atomic
def renew_some() -> int:
    """Cut a few passages anew whose words were cut otherwise before; how many.

    Those of an activity that somebody saves at the moment wait for the next turn.
    """
    old = Passage.objects.filter(cut_by__lt=words.VERSION)
    free = old.select_for_update(skip_locked=True, no_key=True, of=("self", "activity"))
    return _renew(free.order_by("cut_by", "pk")[:RENEWED_AT_ONCE])


def _renew(found: QuerySet[Passage]) -> int:
    spoken: dict[str, list[Passage]] = defaultdict(list)
    for passage in found.select_related("activity__module__course").defer("vector"):
        spoken[passage.activity.module.course.language].append(passage)
    for language, passages in spoken.items():
        written = [Written(one.anchor, one.text, one.heading, one.second) for one in passages]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE courses_passage p SET vector = new.vector::tsvector, cut_by = %s"
                " FROM unnest(%s::bigint[], %s::text[]) AS new(id, vector) WHERE p.id = new.id",
                [words.VERSION, [one.pk for one in passages], _vectors(written, language)],
            )
    renewed = [passage for passages in spoken.values() for passage in passages]
    gather({passage.activity_id for passage in renewed})
    return len(renewed)
