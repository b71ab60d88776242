"""Only a confirmed address belongs to anybody. One that is merely claimed holds up nobody and ends when it is taken."""

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts.models import User


def is_taken(name: str, *, besides: User) -> bool:
    """Whether another person signs in with `name`, as a confirmed address or as a username."""
    others = User.objects.exclude(pk=besides.pk)
    confirmed = EmailAddress.objects.filter(email=name, verified=True).exclude(user=besides.pk)
    return others.filter(Q(email=name) | Q(username=name)).exists() or confirmed.exists()


def drop_claims(email: str, *, owner: User) -> None:
    """`email` is the owner's from now on; links to confirm it for anybody else lead nowhere."""
    EmailAddress.objects.filter(email=email, verified=False).exclude(user=owner).delete()
