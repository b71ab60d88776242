"""What makes a form save itself."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from drafts.selectors import Writing

register = template.Library()


@register.simple_tag
def draft(writing: Writing) -> SafeString:
    """Attributes of the form; inside it comes `components/draft.html`, at the end of the page `js/drafts.js`."""
    return format_html(
        'data-draft="{}" data-person="{}" data-key="{}" data-revision="{}" data-base="{}" data-address="{}"{}',
        writing.place,
        writing.person,
        writing.key,
        writing.revision,
        writing.base,
        reverse("drafts:drafts"),
        " data-unsaved" if writing.unsaved else "",
    )
