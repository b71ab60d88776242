from django.conf import settings
from django.http import HttpRequest

from common import places


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html asks of every page. No query may hide here: it would count on every page."""
    user = getattr(request, "user", None)
    offered = places.of(user) if user is not None and user.is_authenticated else ()
    return {"demo": settings.DEMO_ALLOWED, "places": offered}
