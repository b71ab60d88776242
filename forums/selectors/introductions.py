"""What people said of themselves."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from accounts.models import User
from common.slots import Remark
from forums.models import Post


def said(viewer: User, cohort_id: int, people: Sequence[int]) -> Mapping[int, Remark]:
    """By person, how the first post begins in which they introduced themselves; in one query."""
    mine = Post.objects.readable_by(viewer).filter(thread__cohort=cohort_id, thread__kind="introductions")
    named = mine.filter(author__in=people, anonymous=False, parent=None)
    first = named.order_by("author", "number").distinct("author").values_list("author", "excerpt", "pk")
    return {person: Remark(words, reverse("forums:post", args=[key])) for person, words, key in first}
