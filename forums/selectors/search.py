"""Posts found by their words, cut and folded as those of lessons are (`courses.words`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import User
from accounts.querysets import NAMED as NAMED_BY
from common.rows import Select, joined, limited
from common.templatetags.ui import HIT_END, HIT_START
from courses import search_terms
from courses.excerpts import excerpt
from courses.languages import stemmed_in
from courses.models import Activity, Cohort, Course
from courses.people import AS_SEEN
from courses.permissions import MODERATING
from courses.querysets import ACTIVE_SQL, SHOWN_SQL
from courses.search_terms import Terms
from forums import words as marked
from forums.models import Post, Thread
from forums.selectors.threads import ONLY, Show

MOST_SIMILAR = 5
# So many are put in order, and no more found.
MOST_ORDERED = 200
_SOME = "(SELECT id FROM forums_post WHERE vector @@ %(asked_{number})s::tsquery{also} {order} LIMIT {most})"
# Of a cohort's people, whether they are there now or not, and of admins.
NAMED = {
    in_full: f"""(SELECT r.id FROM accounts_user r
 WHERE (r.is_staff OR r.id IN (SELECT e.user_id FROM courses_enrolment e WHERE e.cohort_id = %(cohort)s))
   AND r.deleted_at IS NULL AND {found})"""  # noqa: S608  all of it is ours
    for in_full, found in AS_SEEN.items()
}
ALSO = {in_full: f" AND NOT anonymous AND author_id IN {named}" for in_full, named in NAMED.items()}
# Of those posts what `PostQuerySet.readable_by` lets the viewer read, by hand as `forums.access.THREAD` is. They are
# put in their order first: beside LATERAL, no more of them are asked than a page shows.
READABLE = f"""
SELECT p.id, p.created_at, p.fits
  FROM (SELECT p.id, p.thread_id, p.author_id, p.number, p.hidden_at, p.created_at, {{fits}} AS fits
          FROM forums_post p WHERE p.id = ANY(ARRAY({{latest}})) AND p.deleted_at IS NULL
         ORDER BY fits DESC, p.created_at DESC, p.id DESC) p
 CROSS JOIN LATERAL (SELECT * FROM forums_thread y
                      WHERE y.id = p.thread_id AND y.deleted_at IS NULL AND y.cohort_id = ANY(%(cohorts)s::bigint[])
                      LIMIT 1) t
  LEFT JOIN LATERAL (SELECT * FROM courses_activity y WHERE y.id = t.activity_id LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT * FROM courses_module y WHERE y.id = a.module_id LIMIT 1) m ON true
 CROSS JOIN LATERAL (SELECT ARRAY(SELECT e.role FROM courses_enrolment e
                                   WHERE e.cohort_id = t.cohort_id AND e.user_id = %(viewer)s AND {ACTIVE_SQL}
                                 )::varchar[] AS roles) AS mine
 WHERE {{also}}
   AND EXISTS (SELECT FROM courses_cohort h WHERE h.id = t.cohort_id AND h.deleted_at IS NULL)
   AND (%(staff)s OR mine.roles && %(moderating)s::varchar[]
        OR mine.roles <> '{{{{}}}}' AND (t.activity_id IS NULL OR {SHOWN_SQL})
           AND (t.hidden_at IS NULL OR t.author_id = %(viewer)s)
           AND (p.hidden_at IS NULL OR p.author_id = %(viewer)s)
           AND (NOT t.own_first OR p.number = 1 AND t.kind IN ('question', 'discussion')
                OR EXISTS (SELECT FROM forums_post o WHERE o.thread_id = t.id AND o.author_id = %(viewer)s
                              AND o.deleted_at IS NULL)))
 ORDER BY p.fits DESC, p.created_at DESC, p.id DESC
"""  # noqa: S608  all of it is ours
# Threads whose title holds all of it before the rest: only of what opens one is the vector read, and nothing is ranked,
# which favoured whoever writes at length.
TITLED = {"fits": "p.number = 1 AND ts_filter(p.vector, '{a}') @@ %(asked)s::tsquery"}
LIKEST = {"fits": "ts_rank(p.vector, %(asked)s::tsquery)", "also": "t.kind = 'question'"}
BEST = """
  FROM ({keys}) AS best
  JOIN forums_post p ON p.id = best.id
  JOIN forums_thread t ON t.id = p.thread_id
  LEFT JOIN courses_activity a ON a.id = t.activity_id
  LEFT JOIN accounts_user u ON u.id = p.author_id
 ORDER BY best.fits DESC, best.created_at DESC, best.id DESC
"""
FOUND = Select(
    {"p": Post, "t": Thread, "a": Activity, "u": User},
    BEST,
    also=("p.vector",),
    only={
        "p": frozenset({"thread", "author", "anonymous", "text", "created_at"}),
        "t": frozenset({"title", "activity", "at_ms", "cohort"}),
        "a": frozenset({"title"}),
        "u": NAMED_BY,
    },
    shared=frozenset("au"),
)
LIKE = Select({"t": Thread}, BEST, only={"t": frozenset({"title"})})


@dataclass(frozen=True)
class By:
    """Those in whose name this stands, as the viewer sees it: with `in_full`, as whoever looks after the forum does."""

    cohort: Cohort
    name: str
    in_full: bool


class Hit(NamedTuple):
    """`excerpt` holds the signs of `common.templatetags.ui` around what was asked for."""

    post: Post
    excerpt: str


def terms_of(courses: Iterable[Course], asked: str) -> Terms:
    """In the languages of all of them; one query."""
    languages = {course.language for course in courses}
    stems = stemmed_in({language: search_terms.words_to_stem(asked, language) for language in languages})
    return search_terms.read(asked, stems)


@dataclass(frozen=True)
class WrittenBy:
    """What they wrote under their names, the latest first; reads only the part it is asked for."""

    viewer: User
    by: By
    show: Show = Show.ALL

    def __getitem__(self, part: slice) -> list[Hit]:
        sql = NAMED[self.by.in_full].replace("%(cohort)s", "%s").replace("%(words)s", "%s")
        named = RawSQL(sql, [self.by.cohort.pk, self.by.name])  # noqa: S611  values only
        mine = Post.objects.readable_by(self.viewer).filter(author__in=named, anonymous=False)
        shown = mine.filter(thread__cohort=self.by.cohort).select_related("thread__activity", "author")
        if self.show is Show.UNANSWERED:
            shown = shown.filter(thread__in=Thread.objects.unanswered())
        elif self.show is Show.MINE:
            shown = shown.filter(thread__in=Post.objects.standing().filter(author=self.viewer).values("thread"))
        return [
            Hit(post, post.excerpt)
            for post in shown.defer("vector", "html", "source", "text").order_by("-created_at", "-pk")[part]
        ]


@dataclass(frozen=True)
class Found:
    """Posts of cohorts that hold all of what was asked, the best first; reads only the part it is asked for.

    With `by`, those that one of them wrote under their name, in the one cohort that is asked. Of what very many posts
    hold, those are found that are among the latest. Two queries.
    """

    viewer: User
    # With their courses.
    cohorts: Sequence[Cohort]
    asked: str
    by: By | None = None
    # In which threads; what is unread is asked of lists alone.
    show: Show = Show.ALL

    def __getitem__(self, part: slice) -> list[Hit]:
        terms = terms_of((cohort.course for cohort in self.cohorts), self.asked)
        if not terms.wanted:
            return []
        whole, full = (" & ".join(f"({query})" for query in one.queries) for one in (terms, terms.in_full))
        latest, asking = _latest(self.cohorts, whole, full, without=terms.without, by=self.by)
        keys = limited(READABLE.format(**TITLED, also=ONLY[self.show], latest=latest), part)
        values = _values(self.viewer, self.cohorts, whole)
        return [_hit(terms, *row) for row in FOUND.among(keys, **values, **asking)]


def _hit(terms: Terms, post: Any, thread: Any, activity: Activity | None, author: User | None, vector: str) -> Hit:
    joined(thread, activity=activity)
    joined(post, thread=thread, author=author)
    return Hit(post, excerpt(post.text, terms.hits(post.text, terms.places(vector)), HIT_START, HIT_END))


def _values(viewer: User, cohorts: Sequence[Cohort], asked: str) -> dict[str, Any]:
    roles = {"staff": viewer.is_staff, "moderating": list(MODERATING)}
    return {"viewer": viewer.pk, "cohorts": [cohort.pk for cohort in cohorts], "asked": asked, **roles}


def _latest(
    cohorts: Sequence[Cohort], whole: str, full: str, *, without: str = "", opening: bool = False, by: By | None = None
) -> tuple[str, dict[str, Any]]:
    """A statement, with its values, for posts that hold what was asked: those of the latest months first, and no more
    than can be ordered.

    It is to be an array: joined to all that makes a post readable, the planner reads every post for it. Before others
    come those that hold the words in `full`: for the beginning of a common word, Postgres gathers every post.
    Those of the last months come in their order; of what is older, which may be very much, they are any.
    """
    but = f" & !({without})" if without else ""
    ways = [f"({full})", f"({whole}) & !({full})"] if full != whole else [f"({whole})"]
    places = [marked.of_cohort(cohort.pk) for cohort in cohorts]
    periods = list(marked.latest_first(places, timezone.now().date()))
    asking = [f"{way} & {when}{but}" for way in ways for when in periods]
    also = ALSO[by.in_full] if by else " AND number = 1" if opening else ""
    orders = [*["ORDER BY created_at DESC"] * (len(periods) - 1), ""] * len(ways)
    some = [
        _SOME.format(number=number, also=also, order=order, most=MOST_ORDERED) for number, order in enumerate(orders)
    ]
    # Postgres asks for a part only where those before it did not give enough.
    enough = f"SELECT id FROM ({' UNION ALL '.join(some)}) AS latest LIMIT {MOST_ORDERED}"  # noqa: S608  all of it is ours
    values = {f"asked_{number}": one for number, one in enumerate(asking)}
    return enough, values | ({"words": by.name, "cohort": by.cohort.pk} if by else {})


def like(viewer: User, cohort: Cohort, title: str) -> list[Thread]:
    """Questions of this cohort that share words with `title`, the likest first."""
    terms = terms_of([cohort.course], title)
    if not terms.wanted:
        return []
    some, full = (" | ".join(f"({query})" for query in one.queries) for one in (terms, terms.in_full))
    latest, asking = _latest([cohort], some, full, opening=True)
    likest = limited(READABLE.format(**LIKEST, latest=latest), slice(0, MOST_SIMILAR))
    return [thread for (thread,) in LIKE.among(likest, **_values(viewer, [cohort], some), **asking)]
