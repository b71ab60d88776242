"""The talk of one cohort: a real forum (`bench.dump`), what the measured pages show, and copies of it all by SQL."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from bench import dump, fill_lectures, inside
from bench.fill_people import MEASURED
from common import richtext
from courses import words
from courses.languages import stemmed
from courses.models import Activity, Cohort, Enrolment
from forums import words as marked
from forums.models import Post, Thread

LANGUAGE = "en"
REPLIES, LONG, PINNED = 30, 500, 40
# The indexes of words.
WORDS = ("post_words", "words_of_openings")
# Each third reply is one to the reply before it.
GATHER = """
INSERT INTO forums_post (thread_id, number, under, author_id, anonymous, key, source, html, cleaned_by, cut_by, excerpt,
                         text, vector, created_at, hidden_for)
SELECT %(thread)s, n, CASE WHEN n > 1 AND mod(n, 3) = 0 THEN n - 1 ELSE n END, author_id, false, gen_random_uuid(),
       source, html, cleaned_by, cut_by, excerpt, text, vector, %(last)s - make_interval(mins => %(count)s - n::int), ''
  FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM forums_post
         WHERE thread_id = ANY(%(known)s) ORDER BY id LIMIT %(count)s) AS p
"""
# A copy is a thousand hours older than the one before it, so that they do not lie between each other.
COPY_THREADS = """
INSERT INTO forums_thread (id, cohort_id, activity_id, at_ms, kind, title, author_id, anonymous, own_first, opened_at,
                           last_post_at, last_number, answered_at, answer_by, wonders, pinned)
OVERRIDING SYSTEM VALUE
SELECT t.id + n * %(threads)s, cohort_id, activity_id, at_ms, kind, title, author_id, anonymous, own_first,
       opened_at - n * interval '1000 hours', last_post_at - n * interval '1000 hours', last_number, answered_at,
       answer_by, wonders, pinned
  FROM forums_thread t CROSS JOIN generate_series(1, %(copies)s) AS n WHERE t.id = ANY(%(known)s)
"""
COPY_POSTS = """
INSERT INTO forums_post (id, thread_id, number, under, author_id, anonymous, key, source, html, cleaned_by, cut_by,
                         excerpt, text, vector, created_at, hidden_for)
OVERRIDING SYSTEM VALUE
SELECT p.id + n * %(posts)s, thread_id + n * %(threads)s, number, under, author_id, anonymous, gen_random_uuid(),
       source, html, cleaned_by, cut_by, excerpt, text, vector || {marks}, created_at - n * interval '1000 hours', ''
  FROM generate_series(1, %(copies)s) AS n CROSS JOIN forums_post p WHERE p.thread_id = ANY(%(known)s)
 ORDER BY n DESC, p.id
"""
INDEX = "UPDATE forums_post SET vector = %s::tsvector || %s::tsvector || %s::tsvector WHERE id = %s"
# The marks of `forums.words` are those of the copy's own months.
BARE = """
UPDATE forums_post SET vector = ts_delete(vector, ARRAY(SELECT lexeme FROM unnest(vector) WHERE lexeme ^@ %(sign)s))
 WHERE thread_id = ANY(%(known)s)
"""
MARK = "UPDATE forums_post SET vector = vector || {} WHERE thread_id = ANY(%(known)s)"
MARKS = """
format('%%L %%L %%L %%L', %(course)s::text, %(course)s::text || to_char({at}, '.YYYYMM'),
       %(place)s::text, %(place)s::text || to_char({at}, '.YYYYMM'))::tsvector
"""
# Every second thread was read, some of them to the end.
READ = """
INSERT INTO forums_reading (thread_id, person_id, numbers)
SELECT id, %(person)s, int4multirange(int4range(1, 1 + greatest(1, last_number - mod(id::int, 3))))
  FROM forums_thread WHERE cohort_id = %(cohort)s AND mod(id, 2) = 0
"""


@dataclass(frozen=True)
class Talk:
    """`thirty` and `long` are threads of so many replies; `lecture` has the pinned questions."""

    cohort: Cohort
    lecture: Activity
    base: list[int]
    thirty: Thread
    long: Thread


def cohort() -> Cohort:
    """That of the measured student in the course that has the lecture."""
    lecture = fill_lectures.lecture()
    mine = Enrolment.objects.filter(user__username=MEASURED, cohort__course=lecture.module.course_id)
    return mine.select_related("cohort__course").get().cohort


@transaction.atomic
def write(told: Iterable[dump.Said]) -> Talk:
    """What was said there, by the people of the cohort, as if the last of it had been said now."""
    where, found = cohort(), list(told)
    take_back(where)
    people = list(Enrolment.objects.filter(cohort=where).order_by("pk").values_list("user", flat=True))
    later = timezone.now() - max(one.at for one in found)
    by_question = defaultdict(list)
    for one in found:
        by_question[one.to or one.id].append(one)
    threads, posts = [], []
    for said in by_question.values():
        thread, its = _thread(where, said, people, later)
        threads.append(thread)
        posts += its
    Thread.objects.bulk_create(threads)
    _settle(where, threads, posts)
    base = [thread.pk for thread in threads]
    lecture = fill_lectures.lecture()
    for number in range(PINNED):
        at_ms = number * 60_000
        _gathered(where, f"Pinned {number}", base, 3, activity=lecture, at_ms=at_ms, kind=Thread.Kind.QUESTION)
    thirty = _gathered(where, "Thirty replies", base, REPLIES + 1)
    return Talk(where, lecture, base, thirty, _gathered(where, "Long", base, LONG))


def _thread(
    where: Cohort, said: list[dump.Said], people: list[int], later: timedelta
) -> tuple[Thread, list[tuple[Post, dump.Said]]]:
    said = sorted(said, key=lambda one: (one.to is not None, one.at, one.id))
    question = said[0]
    thread = Thread(
        cohort=where,
        kind=Thread.Kind.QUESTION,
        title=question.title,
        author_id=people[question.by % len(people)],
        opened_at=question.at + later,
        last_post_at=max(one.at for one in said) + later,
        last_number=len(said),
        answered_at=min((one.at + later for one in said[1:]), default=None),
    )
    return thread, [(_post(thread, one, number, people, later), one) for number, one in enumerate(said, start=1)]


def _post(thread: Thread, said: dump.Said, number: int, people: list[int], later: timedelta) -> Post:
    rich = richtext.from_html(said.html, lambda address: None)
    lines = [block.text for block in rich.blocks]
    return Post(
        thread=thread,
        number=number,
        under=number,
        author_id=people[said.by % len(people)],
        key=uuid4(),
        source=said.html,
        html=rich.html,
        excerpt=" · ".join(lines)[:300],
        text="\n".join(lines),
        cleaned_by=richtext.VERSION,
        cut_by=marked.VERSION,
        created_at=said.at + later,
    )


def _settle(where: Cohort, threads: list[Thread], posts: list[tuple[Post, dump.Said]]) -> None:
    """What points at rows that were not there yet: posts at threads, threads at what they accepted; and the words."""
    for post, _ in posts:
        post.thread_id = post.thread.pk
    Post.objects.bulk_create([post for post, _ in posts], batch_size=500)
    of_dump = {said.id: post for post, said in posts}
    for post, said in posts:
        if said.accepted in of_dump:
            post.thread.accepted = of_dump[said.accepted]
    Thread.objects.bulk_update(threads, ["accepted"], batch_size=500)
    index_words(where, [post for post, _ in posts])


def index_words(where: Cohort, posts: list[Post]) -> None:
    """As `forums.services.texts.index` does for one."""
    stems = stemmed(
        words.to_stem([*(post.text for post in posts), *(post.thread.title for post in posts)], LANGUAGE), LANGUAGE
    )
    rows = [
        (
            words.vector(post.text, LANGUAGE, stems),
            words.vector(post.thread.title, LANGUAGE, stems, "A") if post.number == 1 else "",
            marked.kept(where.course_id, where.pk, post.created_at.date()),
            post.pk,
        )
        for post in posts
    ]
    with connection.cursor() as cursor:
        cursor.executemany(INDEX, rows)


def _gathered(where: Cohort, title: str, known: list[int], count: int, **rest: object) -> Thread:
    last = timezone.now()
    thread = Thread.objects.create(
        cohort=where, title=title, last_post_at=last, last_number=count, **{"kind": Thread.Kind.DISCUSSION, **rest}
    )
    with connection.cursor() as cursor:
        cursor.execute(GATHER, {"thread": thread.pk, "known": known, "count": count, "last": last})
    return thread


@contextmanager
def written_quickly() -> Iterator[None]:
    """A quarter of a million posts take minutes longer where little may wait to be put into the indexes of words."""
    _let_wait("RESET (gin_pending_list_limit)")
    try:
        yield
    finally:
        _let_wait(f"SET (gin_pending_list_limit = {words.MOST_WAITING})")


def _let_wait(how: str) -> None:
    # Each in a transaction of its own: a vacuum may be there.
    for name in WORDS:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER INDEX {name} {how}")


def few(talk: Talk, count: int) -> None:
    """Only so many threads of the dump are left, beside those that pages show."""
    Thread.objects.filter(pk__in=talk.base[count:]).delete()
    _reopen(talk)


def many(talk: Talk, threads: int) -> int:
    """Copies of the dump until there are so many threads; how many posts there are then. In a transaction."""
    copies = math.ceil(threads / len(talk.base))
    posts = Post.objects.order_by("-pk").values_list("pk", flat=True)
    given = {"known": talk.base, "copies": copies, "threads": _span(Thread), "posts": _span(Post)}
    where = talk.cohort
    given |= {"sign": marked.SIGN, "course": marked.of_course(where.course_id), "place": marked.of_cohort(where.pk)}
    with inside.without_triggers(), connection.cursor() as cursor:
        cursor.execute(COPY_THREADS, given)
        cursor.execute(BARE, given)
        cursor.execute(COPY_POSTS.format(marks=MARKS.format(at="(created_at - n * interval '1000 hours')")), given)
        cursor.execute(MARK.format(MARKS.format(at="created_at")), given)
        # As a vacuum leaves them.
        cursor.execute("SELECT " + ", ".join(f"gin_clean_pending_list('{name}')" for name in WORDS))
    _reopen(talk)
    return posts.count()


def _span(model: type[Thread] | type[Post]) -> int:
    """So far on there is room for a copy with ids of its own."""
    ids = model.objects.order_by("pk").values_list("pk", flat=True)
    return int(ids.last() or 0) + 1


def _reopen(talk: Talk) -> None:
    reader = Enrolment.objects.get(user__username=MEASURED, cohort=talk.cohort).user_id
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM forums_reading WHERE person_id = %s", [reader])
        cursor.execute(READ, {"person": reader, "cohort": talk.cohort.pk})
    inside.analyse()


def take_back(where: Cohort) -> None:
    """What `write` committed, in this run or in one that was ended."""
    Thread.objects.filter(cohort=where).delete()
