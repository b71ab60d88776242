"""How a step of an outline is put into words and marks, in one place for pages and rows alike."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.templatetags import ui
from progress.outline import BEHIND, Step


def due_line(step: Step, now: datetime) -> SafeString:
    """When a step is or was due, or closed, in the reader's zone; '' where it has no date."""
    due = step.due_at
    if due is None:
        return SafeString("")
    if step.state in BEHIND:
        return format_html("{} {}", gettext("Due"), ui.instant(due))
    closes = step.closes_at
    if closes and closes < now:
        return format_html("{} {}", gettext("Closed"), ui.instant(closes))
    if due < now:
        late = gettext("Late: was due")
        return format_html('<span class="due late">{} {} {}</span>', ui.icon("alert"), late, ui.instant(due))
    kind = "due soon" if ui.soon(due, now) else "due"
    return format_html('<span class="{}">{} {}, {}</span>', kind, gettext("Due"), ui.left(due), ui.instant(due))
