"""A part of a name or title, looked for in the order of a page: in capitals or not."""

from django.db.models import F, Value
from django.db.models.functions import StrIndex, Upper
from django.db.models.lookups import GreaterThan


def holds(path: str, words: str) -> GreaterThan:
    """Whether a title or name has `words` in it.

    Postgres takes `LIKE` for rare and looks through the whole table before it sorts what it found; of this it expects
    every third row, and walks an index in the order of the page until that is full.
    """
    return GreaterThan(StrIndex(Upper(F(path)), Upper(Value(words))), 0)


def holds_sql(column: str) -> str:
    """The same of `%(words)s` in a statement by hand."""
    return f"strpos(upper({column}), upper(%(words)s::text)) > 0"
