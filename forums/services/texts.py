"""What a post holds, made from what was typed: its HTML, its words for search, whom it names, which files it shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.querysets import PEER_NAME_SQL
from common import richtext
from courses import words
from courses.languages import stemmed
from courses.models import Cohort
from courses.querysets import ACTIVE_SQL
from courses.services.references import from_elsewhere, own_path
from files.models import File
from forums import words as marked
from forums.models import Mention, Post, PostFile

# Three thousand words.
LONGEST = 20_000
LONGEST_EXCERPT = 300
MOST_FILES = 10
# Names are looked for behind so many signs of "@" at the most.
MOST_MENTIONS, LONGEST_NAME = 20, 100
SHOWN_FILE = re.compile(r"/forum/files/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/")
MEDIA = re.compile(r"<(?:img|audio|video)\b")
SHOWABLE = re.compile(r"(/forum)?/files/[0-9a-f-]{36}/[^/?#]*$")
AT = re.compile(r"(?<![\w@/.])@(?=\w)")
# By the names that classmates see.
NAMED = """
WITH said AS (SELECT lower(words) AS words, place FROM unnest(%(said)s::text[]) WITH ORDINALITY AS t(words, place)),
member AS (
    SELECT DISTINCT r.id, lower({name}) AS name
      FROM courses_enrolment e JOIN accounts_user r ON r.id = e.user_id
     WHERE e.cohort_id = %(cohort)s AND {active} AND r.deleted_at IS NULL
), hit AS (
    SELECT member.id, place, rank() OVER (PARTITION BY place ORDER BY length(name) DESC) AS nearest
      FROM said JOIN member ON name <> '' AND starts_with(words, name)
     WHERE substr(words, length(name) + 1, 1) !~ '\\w'
)
SELECT DISTINCT id FROM hit WHERE nearest = 1
""".replace("{name}", PEER_NAME_SQL).replace("{active}", ACTIVE_SQL)


INDEX = """
UPDATE forums_post SET text = %s, vector = %s::tsvector || %s::tsvector || %s::tsvector, cut_by = %s WHERE id = %s
"""


class TooLong(richtext.TooMuch):
    pass


class TooManyFiles(richtext.TooMuch):
    pass


@dataclass(frozen=True)
class Made:
    html: str
    excerpt: str
    text: str


def made(source: str) -> Made:
    """Raises richtext.TooMuch, with a sentence."""
    if len(source) > LONGEST:
        said = gettext("This post has %(length)s characters. The limit is %(most)s. Split it into two posts.")
        raise TooLong(said % {"length": f"{len(source):,}", "most": f"{LONGEST:,}"})
    if (count := len(_files_in(source))) > MOST_FILES:
        said = gettext("This post shows %(count)d pictures and files. The limit is %(most)d. Split it into two posts.")
        raise TooManyFiles(said % {"count": count, "most": MOST_FILES})
    rich = richtext.from_markdown(source, own_path, shown)
    lines = [block.text for block in rich.blocks]
    return Made(rich.html, Truncator(" · ".join(lines)).chars(LONGEST_EXCERPT), "\n".join(lines))


@lru_cache(maxsize=64)
def mailed(source: str) -> str:
    """As a mail shows it: every link with the name of this site, and nothing that would be fetched. Remembered for all
    who get the same."""
    try:
        html = richtext.from_markdown(source, _from_elsewhere).html
    except richtext.TooMuch:
        return richtext.from_words(source).html
    return richtext.from_words(html).html if MEDIA.search(html) else html


def _from_elsewhere(address: str) -> str | None:
    """A file is shown to whoever is signed in: in its place stand its words."""
    return None if SHOWN_FILE.search(address) else from_elsewhere(address)


def shown(address: str) -> str | None:
    """A page fetches what it shows for everybody who reads it: only bytes, and nothing that notes who came."""
    return address if SHOWABLE.match(address) and own_path(address) else None


def index(post: Post, title: str, text: str, language: str) -> None:
    """Keep the words of the post for search; those of the thread's title, behind them, with the post that opened it."""
    stems = stemmed(words.to_stem((title, text), language), language)
    vector = words.vector(text, language, stems)
    head = words.vector(title, language, stems, "A") if post.number == 1 else ""
    cohort = post.thread.cohort
    marks = marked.kept(cohort.course_id, cohort.pk, post.created_at.date())
    with connection.cursor() as cursor:
        cursor.execute(INDEX, [text, vector, head, marks, marked.VERSION, post.pk])


def named_in(source: str, cohort: Cohort) -> list[int]:
    """The keys of the members whose names stand behind "@"; of two names that begin alike, the longer."""
    said = [source[at.end() : at.end() + LONGEST_NAME] for at in AT.finditer(source)][:MOST_MENTIONS]
    if not said:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NAMED, {"said": said, "cohort": cohort.pk})
        return [key for (key,) in cursor]


def keep_mentions(post: Post, cohort: Cohort) -> list[int]:
    """Store whom the post names now; the keys of those whom it did not name before."""
    named = set(named_in(post.source, cohort)) - {post.author_id}
    known = set(Mention.objects.filter(post=post).values_list("person", flat=True))
    Mention.objects.filter(post=post, person__in=known - named).delete()
    fresh = sorted(named - known)
    Mention.objects.bulk_create([Mention(post=post, person_id=key) for key in fresh], ignore_conflicts=True)
    return fresh


def _files_in(source: str) -> set[UUID]:
    return {UUID(found) for found in SHOWN_FILE.findall(source)}


def keep_files(post: Post) -> None:
    """The post shows those of its author's files that its text names, and those that it showed before."""
    mine = PostFile.objects.filter(
        pk__in=_files_in(post.source), brought_by=post.author_id, cohort=post.thread.cohort_id
    )
    shown = list(mine)
    post.files.set(shown)
    claim(one.file_id for one in shown)


def claim(files: Iterable[UUID]) -> None:
    """They are no longer uploads that led nowhere."""
    File.objects.filter(pk__in=[*files], claimed_at=None).update(claimed_at=timezone.now())
