"""Lessons that hold all of what was asked for, whichever of their passages holds which word."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection

from common.templatetags.ui import HIT_END, HIT_START
from courses import search_terms
from courses.excerpts import excerpt
from courses.languages import stemmed_in
from courses.models import Course, Passage
from courses.querysets import SHOWN_SQL, STANDING_SQL
from courses.search_terms import Terms

A_PAGE = 10
PASSAGES_SHOWN = 3

# Beyond so many courses, the index of words is quicker than looking at every lesson of theirs. The planner cannot
# know: its one plan for all words takes every word for a rare one (docs/adr/0011). OFFSET 0 keeps it from that index.
FEW_COURSES = 20
IN_FEW = "SELECT * FROM courses_lessonwords WHERE activity_id = a.id OFFSET 0"
IN_MANY = "SELECT * FROM courses_lessonwords WHERE activity_id = a.id AND vector @@ %(any)s::tsquery"
IN_THESE, IN_ONE = "= ANY(%(courses)s::bigint[])", "= %(course)s"
SEEN = f"({SHOWN_SQL} OR {STANDING_SQL} AND m.course_id = ANY(%(drafts)s::bigint[]))"
RANK = "ts_rank('{0.00001, 0.00001, 0.01, 1}', w.vector, asked.query)"
EVERYWHERE = f"""
    SELECT a.id, m.position AS module, a.position, asked.place, {RANK} AS rank
      FROM courses_activity a
      JOIN courses_module m ON m.id = a.module_id
     CROSS JOIN LATERAL ({{words}}) w
      JOIN asked ON w.vector @@ asked.query
     WHERE m.course_id {{of}} AND {SEEN}
"""  # noqa: S608  all of it is ours
# One word in a course of thousands of lessons may be in all of them. Those with it in their title are ranked, and the
# first of the course that have it; whoever looks for another one types a word more. Several words are looked for
# everywhere.
MOST_RANKED = 400
# A course with no more lessons than that is looked through whole. Of a larger one, its first lessons tell whether the
# word is a rare one: where it may be, the lessons with it are gathered, up to FEW of the school. Of a word that more of
# them have, the course is walked in its order until there are enough: to gather and sort them all would take most of
# the time of the page, and OFFSET 0 keeps the planner from doing so. Titles have an index of their own, which the word
# of their anchor names. What is found in two of these ways counts once.
FEW, COMMON = 1_000, 100
IN_ORDER = f"""
      FROM (SELECT * FROM courses_module WHERE course_id = %(course)s ORDER BY position OFFSET 0) m
     CROSS JOIN LATERAL (
           SELECT a.id, a.position FROM courses_activity a
            WHERE a.module_id = m.id AND {SEEN} ORDER BY a.position OFFSET 0) l
"""  # noqa: S608  all of it is ours
RANKED = f"""
    WITH first AS MATERIALIZED (
        SELECT l.id, m.position AS module, l.position {IN_ORDER} LIMIT {MOST_RANKED} + 1
    ), beginning AS MATERIALIZED (
        SELECT first.id, first.module, first.position, {RANK} AS rank
          FROM courses_lessonwords w JOIN asked ON w.vector @@ asked.query JOIN first ON first.id = w.activity_id
         WHERE w.activity_id = ANY(ARRAY(SELECT id FROM first LIMIT {MOST_RANKED}))
    ), it AS MATERIALIZED (
        SELECT (SELECT count(*) FROM first) > {MOST_RANKED} AS is_long, count(DISTINCT id) AS holding FROM beginning
    ), holder AS MATERIALIZED (
        SELECT w.activity_id, {RANK} AS rank FROM courses_lessonwords w JOIN asked ON w.vector @@ asked.query
         WHERE (SELECT is_long AND holding < {COMMON} FROM it) LIMIT {FEW} + 1
    )
    SELECT id, module, position, 1 AS place, rank FROM (
        (SELECT * FROM beginning)
        UNION ALL
        (SELECT a.id, m.position, a.position, {RANK}
           FROM courses_passage p JOIN asked ON p.vector @@ asked.query
           JOIN courses_lessonwords w ON w.activity_id = p.activity_id
           JOIN courses_activity a ON a.id = p.activity_id JOIN courses_module m ON m.id = a.module_id
          WHERE (SELECT is_long FROM it) AND m.course_id = %(course)s AND {SEEN}
            AND p.anchor = '{Passage.TITLE}' LIMIT {MOST_RANKED})
        UNION ALL
        (SELECT a.id, m.position, a.position, holder.rank
           FROM holder JOIN courses_activity a ON a.id = holder.activity_id JOIN courses_module m ON m.id = a.module_id
          WHERE (SELECT count(*) FROM holder) <= {FEW} AND m.course_id = %(course)s AND {SEEN}
          ORDER BY m.position, a.position LIMIT {MOST_RANKED})
        UNION ALL
        (SELECT l.id, m.position, l.position, held.rank {IN_ORDER}
          CROSS JOIN LATERAL (SELECT max({RANK}) AS rank FROM courses_lessonwords w
                                JOIN asked ON w.vector @@ asked.query WHERE w.activity_id = l.id) held
          WHERE held.rank IS NOT NULL AND (SELECT is_long AND holding < {MOST_RANKED} FROM it)
            AND ((SELECT holding >= {COMMON} FROM it) OR (SELECT count(*) FROM holder) > {FEW}) LIMIT {MOST_RANKED})
    ) AS found
"""  # noqa: S608  all of it is ours
# For each word, a lesson ranks by where it says it: a word in a title weighs more than any number in headings, and one
# in a heading more than any number in the text. Among lessons alike, those that say it more often come first.
FIND = """
WITH asked AS MATERIALIZED (
    SELECT place, query FROM unnest(%(queries)s::text[]::tsquery[]) WITH ORDINALITY AS asked(query, place)
), said AS MATERIALIZED ({said}
), best AS (
    SELECT id, module, position, place, max(rank) AS rank FROM said GROUP BY id, module, position, place
), lesson AS (
    SELECT id, module, position, sum(rank) AS rank
      FROM best GROUP BY id, module, position HAVING count(*) = %(asked)s::int
), placed AS (
    SELECT id, row_number() OVER (ORDER BY rank DESC, module, position, id) AS place, count(*) OVER () AS total
      FROM lesson
     WHERE %(without)s::text = '' OR NOT EXISTS (
           SELECT FROM courses_lessonwords w
            WHERE w.activity_id = lesson.id AND w.vector @@ %(without)s::text::tsquery)
)
SELECT placed.total, a.id, a.title, m.title, m.course_id, passage.anchor, passage.heading, passage.second, passage.text,
       passage.vector
  FROM placed
  JOIN courses_activity a ON a.id = placed.id
  JOIN courses_module m ON m.id = a.module_id
  LEFT JOIN LATERAL (
       SELECT p.*, count(*) AS holds, sum(ts_rank(p.vector, query)) AS rank
         FROM courses_passage p JOIN asked ON p.vector @@ query
        WHERE p.activity_id = placed.id AND p.anchor <> %(title)s
        GROUP BY p.id ORDER BY holds DESC, rank DESC, p.id LIMIT %(shown)s) passage ON true
 WHERE (placed.place - 1) / %(size)s::int
       = CASE WHEN (%(page)s::int - 1) * %(size)s::int < placed.total THEN %(page)s::int - 1 ELSE 0 END
 ORDER BY placed.place, passage.holds DESC, passage.rank DESC, passage.id
"""


@dataclass(frozen=True)
class Place:
    """A passage of a lesson. `excerpt` holds the signs of `common.templatetags.ui` around what was asked for."""

    anchor: str
    heading: str
    second: int | None
    excerpt: str
    is_heading: bool = False


@dataclass(frozen=True)
class Lesson:
    pk: int
    title: str
    module: str
    course: Course
    places: list[Place] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """One page of lessons, best first, and how many there are in all."""

    total: int
    lessons: list[Lesson]


def find(courses: Sequence[Course], asked: str, *, drafts: Collection[int], page: int = 1) -> Found:
    """What `courses` hold of all that was asked; the first page where `page` is beyond it. Two queries.

    `drafts` are the ids of those courses in which what is not published is looked through too.
    """
    languages = sorted({course.language for course in courses})
    stems = stemmed_in({tag: search_terms.words_to_stem(asked, tag) for tag in languages})
    terms = search_terms.read(asked, stems)
    if not courses or not terms.wanted:
        return Found(0, [])
    rows = _rows(terms, courses, drafts, page)
    by_key = {course.pk: course for course in courses}
    lessons = [_lesson(list(one), terms, by_key) for _, one in groupby(rows, key=lambda row: row[1])]
    return Found(rows[0][0] if rows else 0, lessons)


def _rows(terms: Terms, courses: Sequence[Course], drafts: Collection[int], page: int) -> list[tuple[Any, ...]]:
    values = {
        "any": "|".join(f"({query})" for query in terms.queries),
        "queries": terms.queries,
        "asked": len(terms.queries),
        "without": terms.without,
        "courses": [course.pk for course in courses],
        "course": courses[0].pk,
        "drafts": list(drafts),
        "title": Passage.TITLE,
        "shown": PASSAGES_SHOWN,
        "size": A_PAGE,
        "page": page,
    }
    if len(courses) == 1 and len(terms.queries) == 1:
        said = RANKED
    else:
        words = IN_FEW if len(courses) <= FEW_COURSES else IN_MANY
        said = EVERYWHERE.replace("{words}", words).replace("{of}", IN_ONE if len(courses) == 1 else IN_THESE)
    with connection.cursor() as cursor:
        cursor.execute(FIND.replace("{said}", said), values)
        return cursor.fetchall()


def _lesson(rows: list[tuple[Any, ...]], terms: Terms, courses: Mapping[int, Course]) -> Lesson:
    _, pk, title, module, course_id, *_ = rows[0]
    places = [_place(terms, *row[5:]) for row in rows if row[5] is not None]
    return Lesson(pk, title, module, courses[course_id], places)


def _place(terms: Terms, anchor: str, heading: str, second: int | None, text: str, vector: str) -> Place:
    hits = terms.hits(text, terms.places(vector))
    shown = excerpt(text, hits, HIT_START, HIT_END)
    return Place(anchor.partition(Passage.PART)[0], heading, second, shown, second is None and text == heading)
