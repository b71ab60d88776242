from datetime import date
from functools import lru_cache

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User

# More devices than anybody has. allauth looks up each session of the list by itself.
MOST_SESSIONS = 30


def end_others(request: HttpRequest, person: User) -> None:
    """Sign `person` out everywhere but in the browser of this request, which goes on under a new session key."""
    User.objects.filter(pk=person.pk).update(session_generation=F("session_generation") + 1)
    person.refresh_from_db(fields=["session_generation"])
    update_session_auth_hash(request, person)
    # The list of "where you are signed in": without those that just ended, and with this one under its new key.
    UserSession.objects.purge_and_list(person)
    UserSession.objects.create_from_request(request)


@lru_cache(maxsize=4096)
def record_use(session_key: str, day: date) -> None:
    """Keep that a session was used on a day, for the list of "where you are signed in".

    Each process writes it once for a session and day: allauth's own tracking would write at every request.
    """
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=timezone.now())


def end_oldest(person: User) -> None:
    """End the sessions beyond MOST_SESSIONS, those last used longest ago first: their list never grows for ever."""
    for session in UserSession.objects.filter(user=person).order_by("-last_seen_at", "-pk")[MOST_SESSIONS:]:
        session.end()
