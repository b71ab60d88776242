from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext


def require(allowed: bool) -> None:
    """403 for somebody who may know that the thing exists. Who may not gets 404 from the queryset before this."""
    if not allowed:
        raise PermissionDenied(gettext("You can view this but not change it."))
