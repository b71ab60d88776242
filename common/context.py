from django.conf import settings
from django.http import HttpRequest

PLACES = "places"


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html asks of every page. No query may hide here: it would count on every page."""
    session = getattr(request, "session", None)
    return {"demo": settings.DEMO_ALLOWED, "places": session.get(PLACES, {}) if session is not None else {}}
