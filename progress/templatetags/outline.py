from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from progress import words
from progress.outline import Step

register = template.Library()


@register.filter
def due_line(step: Step, now: datetime) -> SafeString:
    return words.due_line(step, now)
