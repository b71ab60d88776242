"""What students wrote, counted before somebody deletes what it belongs to."""

from collections.abc import Iterator

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F
from django.utils.translation import ngettext

from courses.work import Held, Where
from forums.models import Post

# A post has no enrolment: whose it is and in which cohort says the same.
PATHS = {
    "enrolment__cohort": "thread__cohort",
    "enrolment__user": "author",
    "activity": "thread__activity",
    "activity__module": "thread__activity__module",
    "activity__module__course": "thread__cohort__course",
}


def held(where: Where) -> Iterator[Held]:
    """Posts of students, in one query."""
    found = Post.objects.standing().filter(
        thread__cohort__enrolments__user=F("author"), thread__cohort__enrolments__role="student"
    )
    for path, value in where.items():
        if path == "enrolment":
            found = found.filter(thread__cohort__enrolments=value)
        else:
            found = found.filter(**{PATHS[path]: value})
    counted = found.aggregate(n=Count("pk", distinct=True), people=ArrayAgg("author", distinct=True, default=[]))
    words = ngettext("%d forum post", "%d forum posts", counted["n"]) % counted["n"]
    yield Held(words, frozenset(counted["people"]))
