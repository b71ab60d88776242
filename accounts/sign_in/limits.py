"""How often a password may be tried, and a link opened that asks for none. The rates are ACCOUNT_RATE_LIMITS; they are
counted in Postgres."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from accounts.names import folded
from accounts.sign_in import known_browsers

APP = "allauth.account"  # where allauth looks for the rates of an action


def spend_attempt(request: HttpRequest, name: str) -> ratelimit.RateLimitUsage | None:
    """Count an attempt before the password is looked at; None where there are none left.

    A stranger's attempts count by place and name, by place, and by name; one that is refused by an earlier count is
    not added to the next, so that nobody fills the count of a name from one place. A browser in which the person of
    that name has signed in has a count of its own, and the strangers' do not hold it up.
    """
    name = folded(name)
    if mark := known_browsers.mark_for(request, name):
        return ratelimit.consume(request, app=APP, action="password_known_browser", key=f"{mark} {name}")
    spent = ratelimit.RateLimitUsage(usage=[])
    for action, key in _counts(request, name):
        used = ratelimit.consume(request, app=APP, action=action, key=key)
        if not used:
            return None
        spent.usage += used.usage
    return spent


def spend_link(request: HttpRequest) -> bool:
    """Count somebody who came by a link that needs no sign-in, by place; False where there were too many."""
    return bool(ratelimit.consume(request, app=APP, action="open_link", limit_get=True))


def forget(request: HttpRequest, name: str) -> None:
    """Someone who can open the link in a mail does not have to wait because of what others tried."""
    for action, key in _counts(request, folded(name)):
        if key:
            ratelimit.clear(request, app=APP, action=action, key=key)


def _counts(request: HttpRequest, name: str) -> list[tuple[str, str | None]]:
    return [
        ("password_place_and_name", f"{ratelimit.get_ip(request)} {name}"),
        ("password_place", None),
        ("password_name", name),
    ]
