"""What a rubric needs in a template."""

from django import template
from django.template import Context

from feedback.criteria import Criterion, Mark
from feedback.pages.words import points

register = template.Library()


@register.simple_tag(takes_context=True)
def mark_of(context: Context, criterion: Criterion) -> Mark:
    """What the `marks` of the template say of a criterion; an empty mark where they say nothing, or there are none."""
    return (context.get("marks") or {}).get(criterion.key) or Mark()


register.filter("points", points)
