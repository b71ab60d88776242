from django.conf import settings
from django.http import HttpRequest

from common import places


def site(request: HttpRequest) -> dict[str, object]:
    """What base.html asks of every page. No query may hide here: it would count on every page."""
    user = getattr(request, "user", None)
    offered = places.of(user) if user is not None and user.is_authenticated else ()
    # An address that leads nowhere has no match; its page of 404 is built like any other.
    match = request.resolver_match
    name = match.view_name if match else ""
    # allauth has no namespaces; its names begin with one: `account_email`, `mfa_index`.
    space = match.namespace or name.partition("_")[0] if match else ""
    where = {
        "space": space,
        "view_name": name,
        "current_place": places.at(name, space, [place for place, _ in offered]),
    }
    # What would be mailed is for those who try out signing in and those who run the site.
    shows_outbox = settings.DEMO_ALLOWED and (not offered or getattr(user, "is_staff", False))
    return {"demo": shows_outbox, "places": offered, **where}
