"""Posts found by their words, cut and folded as those of lessons are (`courses.words`)."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, JSONField
from django.db.models.expressions import RawSQL
from django.urls import reverse

from accounts.models import User
from common.templatetags.ui import HIT_END, HIT_START
from common.timecode import clock
from courses import search_terms
from courses.excerpts import excerpt
from courses.languages import stemmed_in
from courses.models import Cohort, Course
from courses.search_terms import Terms
from forums.models import Post, Thread

MOST = 40
# Where the words of a search stand in the text of a post.
PLACES = """(SELECT jsonb_object_agg(lexeme, positions) FROM unnest(forums_post.vector)
              WHERE lexeme = ANY(%s::text[]) OR lexeme ^@ ANY(%s::text[]))"""
MOST_SIMILAR = 5


@dataclass(frozen=True)
class Hit:
    """`excerpt` holds the signs of `common.templatetags.ui` around what was asked for."""

    post: Post
    excerpt: str

    @property
    def address(self) -> str:
        return reverse("forums:post", args=[self.post.pk])

    @property
    def place(self) -> str:
        thread = self.post.thread
        return clock(thread.at_ms) if thread.at_ms is not None else ""


def terms_of(course: Course, asked: str) -> Terms:
    stems = stemmed_in({course.language: search_terms.words_to_stem(asked, course.language)})
    return search_terms.read(asked, stems)


class Asked(SearchQuery):
    """A query in the language of tsquery, as `courses.search_terms` writes it; Postgres looks up no word of it."""

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql}::tsquery", params


def posts(viewer: User, course: Course, asked: str, *, cohort: Cohort | None = None, most: int = MOST) -> list[Hit]:
    """Posts that hold all of what was asked, the best first; in the talk of one cohort, or of all on the course."""
    terms = terms_of(course, asked)
    if not terms.wanted:
        return []
    found = Post.objects.readable_by(viewer).filter(thread__cohort__course=course)
    if cohort:
        found = found.filter(thread__cohort=cohort)
    whole = Asked(" & ".join(f"({query})" for query in terms.queries))
    found = found.filter(vector=whole)
    if terms.without:
        found = found.exclude(vector=Asked(terms.without))
    said = RawSQL(PLACES, [terms.words, terms.beginnings], output_field=JSONField())  # noqa: S611  values only
    ranked = found.annotate(rank=SearchRank(F("vector"), whole), said=said).order_by("-rank", "-created_at")
    shown = ranked.select_related("thread__cohort", "thread__activity", "author").defer("vector", "html", "source")
    return [Hit(post, _excerpt(post, terms)) for post in shown[:most]]


def _excerpt(post: Any, terms: Terms) -> str:
    return excerpt(post.text, terms.hits(post.text, post.said or {}), HIT_START, HIT_END)


def like(viewer: User, cohort: Cohort, title: str) -> list[Thread]:
    """Questions of this cohort that share words with `title`, the likest first."""
    terms = terms_of(cohort.course, title)
    if not terms.wanted:
        return []
    some = Asked(" | ".join(f"({query})" for query in terms.queries))
    opening = Post.objects.readable_by(viewer).filter(
        thread__cohort=cohort, thread__kind=Thread.Kind.QUESTION, number=1
    )
    ranked = opening.filter(vector=some).annotate(rank=SearchRank(F("vector"), some)).order_by("-rank", "-created_at")
    return [post.thread for post in ranked.select_related("thread").only("thread__title")[:MOST_SIMILAR]]
