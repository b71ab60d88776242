from allauth.account.models import EmailAddress
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import OutgoingMail, SoftBounce, User
from accounts.services import addresses, outgoing
from accounts.services.letters import password_link
from common.origin import absolute

# Sent in the transaction that gives a person another time zone; each receiver is given `person`.
ZONE_CHANGED = Signal()


@transaction.atomic
def save_person(person: User) -> User:
    """Store an account that a site admin made or changed, and keep allauth's address book in step with it."""
    if person.pk is None:
        person.set_unusable_password()
    former, zone = User.objects.filter(pk=person.pk).values_list("email", "timezone").first() or (None, None)
    person.save()
    if zone and zone != person.timezone:
        ZONE_CHANGED.send(sender=User, person=person)
    # Before they first signed in, the address may have been a slip and another person's.
    if former and former != person.email and person.last_login:
        outgoing.tell(person, OutgoingMail.Kind.EMAIL_CHANGED, former_address=former)
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


def reached(person: User) -> None:
    """Somebody has followed a link that was mailed to the person's address: it is theirs, and mail gets there."""
    User.objects.filter(pk=person.pk).exclude(email=None).update(
        reached_at=timezone.now(), mail_stopped_at=None, mail_stopped_for=""
    )
    SoftBounce.objects.filter(person=person).delete()


def send_password_link(person: User) -> str:
    """Have a link mailed where there is an address; else the link, for an admin to hand over."""
    if person.email:
        outgoing.send_password_link(person)
        return ""
    return absolute(password_link(person))


@transaction.atomic
def save_own(person: User, *, chose_zone: bool) -> User:
    """Store what somebody changed of their own account; a zone that they chose is asked about no more."""
    if chose_zone:
        person.zone_confirmed_at = timezone.now()
    person.save()
    if chose_zone:
        ZONE_CHANGED.send(sender=User, person=person)
    return person


@transaction.atomic
def confirm_zone(person: User, zone: object) -> None:
    person.timezone = zone
    person.zone_confirmed_at = timezone.now()
    person.save(update_fields=["timezone", "zone_confirmed_at"])
    ZONE_CHANGED.send(sender=User, person=person)


def give_up_names(person: User) -> None:
    """Of a deleted account: others may take its username and address, and nobody signs in or gets mail by them."""
    EmailAddress.objects.filter(user=person).delete()
    former = {"username": person.username, "email": person.email}
    # No username that people choose has this sign in it, so it is free.
    User.everything.filter(pk=person.pk).update(former_names=former, username=f"deleted\u00a0{person.pk}", email=None)


def take_back_names(person: User) -> bool:
    """Whether they were still free."""
    former = person.former_names
    if any(addresses.is_taken(name, besides=person) for name in former.values() if name):
        return False
    person.username, person.email, person.former_names = former["username"], former["email"], {}
    save_person(person)
    return True
