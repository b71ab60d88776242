"""What allauth tells of; connected in `apps.ready`."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.services import people, sessions
from accounts.sign_in import limits
from accounts.sign_in.second_factor import FACTORS


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    # Recovery codes come along with a first factor, and go with the last.
    if authenticator.type not in FACTORS:
        return
    sessions.end_others(request, user)
    # A code or a key was just shown to add it: we do not ask for it twice.
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    if authenticator.type in FACTORS:
        sessions.end_others(request, user)


@receiver(authenticator_reset)
def codes_made_anew(request: HttpRequest, user: User, **kwargs: object) -> None:
    sessions.end_others(request, user)


@receiver(password_reset)
def reached_by_link(request: HttpRequest, user: User, **kwargs: object) -> None:
    """A link to choose a password goes by mail to whoever has an address, and is handed over to others alone."""
    people.reached(user)


@receiver(email_confirmed)
def reached_by_confirmation(request: HttpRequest, email_address: EmailAddress, **kwargs: object) -> None:
    people.reached(email_address.user)


@receiver(password_reset)
def attempts_forgotten(request: HttpRequest, user: User, **kwargs: object) -> None:
    for name in filter(None, (user.username, user.email)):
        limits.forget(request, name)


@receiver(user_logged_in)
def session_begun(request: HttpRequest, user: User, **kwargs: object) -> None:
    # So that the first page after it does not write it.
    sessions.record_use(request.session.session_key, timezone.now().date())


@receiver(post_save, sender=UserSession)
def session_listed(instance: UserSession, created: bool, **kwargs: object) -> None:
    if created:
        sessions.end_oldest(instance.user)
