"""Posts found by their words, cut and folded as those of lessons are (`courses.words`)."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import BooleanField, F, JSONField, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.templatetags.ui import HIT_END, HIT_START
from common.timecode import clock
from courses import search_terms
from courses.excerpts import excerpt
from courses.languages import stemmed_in
from courses.models import Cohort, Course
from courses.people import AS_SEEN
from courses.search_terms import Terms
from forums import words as marked
from forums.models import Post, Thread

MOST = 40
# Where the words of a search stand in the text of a post.
PLACES = """(SELECT jsonb_object_agg(lexeme, positions) FROM unnest(forums_post.vector)
              WHERE lexeme = ANY(%s::text[]) OR lexeme ^@ ANY(%s::text[]))"""
MOST_SIMILAR = 5
# So many are put in order of how well they fit.
MOST_ORDERED = 200
_SOME = "(SELECT id FROM forums_post WHERE vector @@ %s::tsquery{also} LIMIT {most})"
# Postgres asks for the second part only where the first did not give enough.
_ENOUGH = f"SELECT id FROM ({_SOME} UNION ALL {_SOME} UNION ALL {_SOME}) AS latest LIMIT {{most}}"  # noqa: S608  all of it is ours
LATEST, OPENING = (_ENOUGH.format(also=also, most=MOST_ORDERED) for also in ("", " AND number = 1"))
# Of a cohort's people, whether they are there now or not, and of admins.
NAMED = {
    in_full: f"""(SELECT r.id FROM accounts_user r
 WHERE (r.is_staff OR r.id IN (SELECT e.user_id FROM courses_enrolment e WHERE e.cohort_id = %s))
   AND r.deleted_at IS NULL AND {found.replace("%(words)s", "%s")})"""  # noqa: S608  all of it is ours
    for in_full, found in AS_SEEN.items()
}
BY_SOME = {
    in_full: _ENOUGH.format(also=f" AND NOT anonymous AND author_id IN {named}", most=MOST_ORDERED)
    for in_full, named in NAMED.items()
}


@dataclass(frozen=True)
class By:
    """Those in whose name this stands, as the viewer sees it: with `in_full`, as whoever looks after the forum does."""

    cohort: Cohort
    name: str
    in_full: bool

    @property
    def values(self) -> list[Any]:
        return [self.cohort.pk, self.name]


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


def written_by(viewer: User, by: By) -> list[Hit]:
    """What they wrote under their names, the latest first."""
    named = RawSQL(NAMED[by.in_full], by.values)  # noqa: S611  values only
    mine = Post.objects.readable_by(viewer).filter(author__in=named, anonymous=False, thread__cohort=by.cohort)
    return [Hit(post, post.excerpt) for post in _shown(mine.order_by("-created_at", "-pk"))[:MOST]]


def posts(
    viewer: User,
    course: Course,
    asked: str,
    *,
    cohort: Cohort | None = None,
    by: By | None = None,
    most: int = MOST,
) -> list[Hit]:
    """Posts that hold all of what was asked, the best first; in the talk of one cohort, or of all on the course.

    With `by`, those that one of them wrote under their name. Of what very many posts hold, those are found that are
    among the latest.
    """
    terms = terms_of(course, asked)
    if not terms.wanted:
        return []
    whole = " & ".join(f"({query})" for query in terms.queries)
    place = marked.of_cohort(cohort.pk) if cohort else marked.of_course(course.pk)
    found = Post.objects.readable_by(viewer).filter(_latest(place, whole, without=terms.without, by=by))
    said = RawSQL(PLACES, [terms.words, terms.beginnings], output_field=JSONField())  # noqa: S611  values only
    ranked = found.annotate(rank=SearchRank(F("vector"), Asked(whole)), said=said).order_by("-rank", "-created_at")
    return [Hit(post, _excerpt(post, terms)) for post in _shown(ranked)[:most]]


def _shown(found: QuerySet[Post]) -> QuerySet[Post]:
    return found.select_related("thread__cohort", "thread__activity", "author").defer("vector", "html", "source")


def _latest(place: str, asked: str, *, without: str = "", opening: bool = False, by: By | None = None) -> RawSQL:
    """Whether a post is of those that hold what was asked: the latest months first, no more than can be ordered.

    They are read first: joined to all that makes a post readable, the planner reads every post for them.
    """
    words = f"({asked}) & !({without})" if without else f"({asked})"
    asking = [f"{words} & {when}" for when in marked.latest_first(place, timezone.now().date())]
    with connection.cursor() as cursor:
        if by:
            cursor.execute(BY_SOME[by.in_full], [value for when in asking for value in (when, *by.values)])
        else:
            cursor.execute(OPENING if opening else LATEST, asking)
        keys = [key for (key,) in cursor]
    return RawSQL("forums_post.id = ANY(%s::bigint[])", [keys], output_field=BooleanField())


def _excerpt(post: Any, terms: Terms) -> str:
    return excerpt(post.text, terms.hits(post.text, post.said or {}), HIT_START, HIT_END)


def like(viewer: User, cohort: Cohort, title: str) -> list[Thread]:
    """Questions of this cohort that share words with `title`, the likest first."""
    terms = terms_of(cohort.course, title)
    if not terms.wanted:
        return []
    some = " | ".join(f"({query})" for query in terms.queries)
    opening = Post.objects.readable_by(viewer).filter(thread__kind=Thread.Kind.QUESTION)
    found = opening.filter(_latest(marked.of_cohort(cohort.pk), some, opening=True))
    ranked = found.annotate(rank=SearchRank(F("vector"), Asked(some))).order_by("-rank", "-created_at")
    return [post.thread for post in ranked.select_related("thread").only("thread__title")[:MOST_SIMILAR]]
