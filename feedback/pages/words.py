"""Words that pages of students and of markers share."""

from decimal import Decimal
from math import ceil

from django.utils.translation import ngettext

from feedback.criteria import as_typed


def points(value: Decimal | None) -> str:
    """ "2.5 points"; "" where there are none."""
    if value is None:
        return ""
    words = ngettext("%(n)s point", "%(n)s points", 1 if value == 1 else max(2, ceil(value)))
    return words % {"n": as_typed(value)}
