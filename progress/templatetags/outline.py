from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from progress.outline import Step
from progress.pages import words

register = template.Library()


@register.filter
def due_line(step: Step, now: datetime) -> SafeString:
    return words.due_line(step, now)
