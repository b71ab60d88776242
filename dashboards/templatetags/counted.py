from django import template
from django.utils.safestring import SafeString

from common.addresses import quick_url
from common.templatetags import ui
from dashboards.pages import counts

register = template.Library()


@register.simple_tag
def counted_rows(template_name: str, **variables: object) -> SafeString:
    """As `rows`, for a template that puts counts into words."""
    return ui.rows(template_name, counts=counts, url=quick_url, **variables)
