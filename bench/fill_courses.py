"""The courses: modules, activities, what is to be read in them, and the passages that search finds."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from bench.words import Author
from common import richtext
from courses import words
from courses.languages import stemmed
from courses.models import Activity, Course, LinkContent, Module, Reading
from courses.services import passages, texts

MIDDLE, LARGE = 65, 265
A_MODULE = 13
TEXTS = LARGE
SEED = 20_480

TEXT_TABLE = "CREATE TEMPORARY TABLE bench_passage (text int, anchor text, heading text, body text, vector tsvector)"
TEXT_ROW = "INSERT INTO bench_passage VALUES (%s, %s, %s, %s, %s::tsvector)"
PASSAGES = """
INSERT INTO courses_passage (activity_id, anchor, heading, text, vector, cut_by)
SELECT used.activity, p.anchor, p.heading, p.body, p.vector, %s
  FROM unnest(%s::bigint[], %s::int[]) AS used(activity, text) JOIN bench_passage p ON p.text = used.text
"""


@dataclass(frozen=True)
class Text:
    source: str
    rich: richtext.RichText


@dataclass(frozen=True)
class Written:
    """All courses; the first has LARGE activities, the second MIDDLE, the others between 20 and 65."""

    courses: list[Course]
    sizes: dict[int, int]


def write(count: int) -> Written:
    author = Author(SEED)
    sizes = [LARGE, MIDDLE, *(author.chance.randint(20, 65) for _ in range(count - 2))]
    courses = Course.objects.bulk_create(
        Course(title=author.title(), summary=author.reading(30).split("\n\n")[-1]) for _ in sizes
    )
    modules = Module.objects.bulk_create(
        Module(course=course, title=author.title(), position=place)
        for course, size in zip(courses, sizes, strict=True)
        for place in range(-(-size // A_MODULE))
    )
    texts_ = _texts(author)
    activities = Activity.objects.bulk_create(_activities(author, modules, courses, sizes, texts_), batch_size=2000)
    _contents(activities, texts_)
    return Written(courses, {course.pk: size for course, size in zip(courses, sizes, strict=True)})


def _texts(author: Author) -> list[Text]:
    """As many different ones as the largest course has activities, each sanitised once."""
    sources = [author.reading() for _ in range(TEXTS)]
    return [Text(source, richtext.from_markdown(source, lambda address: None)) for source in sources]


def _activities(
    author: Author, modules: list[Module], courses: list[Course], sizes: list[int], written: list[Text]
) -> Iterator[Activity]:
    left = {course.pk: size for course, size in zip(courses, sizes, strict=True)}
    published = datetime.now(UTC) - timedelta(days=120)
    number = 0
    for module in modules:
        for place in range(min(A_MODULE, left[module.course_id])):
            left[module.course_id] -= 1
            yield _activity(author.chance, module, place, author.title(), published, written[number % TEXTS].rich.words)
            number += 1


def _activity(
    chance: random.Random, module: Module, place: int, title: str, published: datetime, words: int
) -> Activity:
    """Nine in ten are readings; one in ten is optional; a heading stands above every fifth."""
    link = chance.random() < 0.1
    return Activity(
        module=module,
        kind="link" if link else "reading",
        rule="opened" if link else "read",
        title=title,
        heading=title.split(" and ")[0] if place % 5 == 0 else "",
        position=place,
        minutes=10 if link else texts.estimated_minutes(words),
        dwell_seconds=0 if link else texts.dwell_seconds(words),
        required=place == 0 or chance.random() > 0.1,
        published_at=published,
    )


def _contents(activities: list[Activity], written: list[Text]) -> None:
    used = {activity.pk: number % TEXTS for number, activity in enumerate(activities) if activity.kind == "reading"}
    LinkContent.objects.bulk_create(
        LinkContent(activity=activity, url=f"https://example.org/{activity.pk}", note="Look for the second table.")
        for activity in activities
        if activity.kind == "link"
    )
    Reading.objects.bulk_create((_reading(pk, written[text]) for pk, text in used.items()), batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute(TEXT_TABLE)
        cursor.executemany(TEXT_ROW, list(_passages(written)))
        cursor.execute(PASSAGES, [words.VERSION, list(used), list(used.values())])
    passages.gather(used)


def _reading(activity_id: int, text: Text) -> Reading:
    return Reading(activity_id=activity_id, source=text.source, html=text.rich.html, words=text.rich.words)


def _passages(written: list[Text]) -> Iterator[tuple[int, str, str, str, str]]:
    stems = stemmed(words.to_stem((block.text for text in written for block in text.rich.blocks), "en"), "en")
    for number, text in enumerate(written):
        for block in text.rich.blocks:
            yield number, block.anchor, block.heading, block.text, words.vector(block.text, "en", stems)
