from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from accounts.models import User


def end_others(request: HttpRequest, person: User) -> None:
    """Sign `person` out everywhere but in the browser of this request, which goes on under a new session key."""
    User.objects.filter(pk=person.pk).update(session_generation=F("session_generation") + 1)
    person.refresh_from_db(fields=["session_generation"])
    update_session_auth_hash(request, person)
    # The list of "where you are signed in": without those that just ended, and with this one under its new key.
    UserSession.objects.purge_and_list(person)
    UserSession.objects.create_from_request(request)
