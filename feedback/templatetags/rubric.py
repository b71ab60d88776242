"""What a rubric needs in a template."""

from decimal import Decimal
from math import ceil

from django import template
from django.template import Context
from django.utils.translation import ngettext

from feedback.criteria import Criterion, Mark

register = template.Library()


@register.simple_tag(takes_context=True)
def mark_of(context: Context, criterion: Criterion) -> Mark:
    """What the `marks` of the template say of a criterion; an empty mark where they say nothing, or there are none."""
    return (context.get("marks") or {}).get(criterion.key) or Mark()


@register.filter
def points(value: Decimal | None) -> str:
    """ "2.5 points"; "" where there are none."""
    if value is None:
        return ""
    words = ngettext("%(n)s point", "%(n)s points", 1 if value == 1 else max(2, ceil(value)))
    return words % {"n": f"{value.normalize():f}"}
