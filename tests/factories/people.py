import factory
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User

PASSWORD = "a-password-of-the-suite"


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody who can sign in with PASSWORD, by username and by email."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    display_name = factory.LazyAttribute(lambda user: user.username.title())
    password = factory.django.Password(PASSWORD)
    timezone = "Europe/Berlin"
    # A link that was mailed there was followed.
    reached_at = factory.LazyAttribute(lambda user: timezone.now() if user.email else None)

    @factory.post_generation
    def address(self: User, create: bool, extracted: object, **kwargs: object) -> None:
        if create and self.email:
            addresses([self])


def addresses(people: list[User]) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people
    )
