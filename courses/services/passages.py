"""What search keeps of texts: their passages, with the words of each as Postgres looks for them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from courses import words
from courses.languages import stemmed
from courses.models import Activity, Course, Passage

# One letter is a word at the most, and a tsvector counts 16,383 places; it also holds no more than a megabyte.
LONGEST = 16_000
RENEWED_AT_ONCE = 200
# More of a course whose language changed are left to the job.
MOST_IN_A_REQUEST = 1_000
# The letters by which `ts_rank` weighs.
TITLE, HEADING, TEXT = "A", "B", ""


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


def add(activity: Activity, written: Sequence[Written]) -> None:
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


def index_again(course: Course) -> None:
    """After its language has changed: what is searched must be folded and stemmed as the words of a search are."""
    mine = Passage.objects.filter(activity__module__course=course)
    mine.update(cut_by=0)
    _renew(mine.order_by("pk")[:MOST_IN_A_REQUEST])


@transaction.atomic
def renew_some() -> int:
    """Cut a few passages anew whose words were cut otherwise before; how many."""
    old = Passage.objects.filter(cut_by__lt=words.VERSION).select_for_update(skip_locked=True, of=("self",))
    return _renew(old.order_by("cut_by", "pk")[:RENEWED_AT_ONCE])


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
    return sum(map(len, spoken.values()))
