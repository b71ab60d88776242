"""What makes a form save itself."""

from django import template
from django.utils.safestring import SafeString

from common.addresses import address
from common.templatetags.ui import attributes
from drafts.selectors import Writing

register = template.Library()


@register.simple_tag
def draft(writing: Writing) -> SafeString:
    """Attributes of the form; inside it comes `rows/draft.html`, at the end of the page `js/drafts.js`."""
    return attributes(
        {
            "data-draft": writing.place,
            "data-person": writing.person,
            "data-key": writing.key,
            "data-revision": writing.revision,
            "data-base": writing.base,
            "data-address": address("drafts:drafts"),
            "data-unsaved": writing.unsaved,
        }
    )
