from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts import addresses
from accounts.models import User


@transaction.atomic
def save_person(person: User) -> User:
    """Store an account that a site admin made or changed, and keep allauth's address book in step with it."""
    if person.pk is None:
        person.set_unusable_password()
    person.save()
    stale = EmailAddress.objects.filter(user=person)
    if person.email:
        stale = stale.exclude(email__iexact=person.email)
    stale.delete()
    if person.email:
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"primary": True, "verified": True}
        )
        addresses.drop_claims(person.email, owner=person)
    return person


def password_link(person: User) -> str:
    """The path of a page where `person` chooses a password; valid once and for `PASSWORD_RESET_TIMEOUT` seconds."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    uid, _, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def send_password_link(person: User, *, origin: str) -> str:
    """Mail the link where there is an address; return it, for an admin to hand over where there is none."""
    link = origin + password_link(person)
    if person.email:
        words = {"person": person, "link": link, "days": settings.PASSWORD_RESET_TIMEOUT // 86400}
        send_mail(
            gettext("Your Ownpace account: choose a password"),
            render_to_string("emails/password_link.txt", words),
            None,
            [person.email],
        )
    return link


def confirm_zone(person: User, zone: object) -> None:
    person.timezone = zone
    person.zone_confirmed_at = timezone.now()
    person.save(update_fields=["timezone", "zone_confirmed_at"])
