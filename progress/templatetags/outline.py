from datetime import datetime

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from common.addresses import quick_url
from common.templatetags import ui
from progress.outline import Step
from progress.pages.words import words

register = template.Library()


@register.filter
def due_line(step: Step, now: datetime) -> SafeString:
    """When a step is or was due, or closed, in the reader's zone; '' where it has no date."""
    return get_template("dates.html", using="rows").template.module.due_line(step, now)


@register.simple_tag
def outline_rows(template_name: str, **variables: object) -> SafeString:
    """As `rows`, for a template that puts states, rules and counts into words."""
    return ui.rows(template_name, words=words(), url=quick_url, **variables)
