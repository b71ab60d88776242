import factory
from allauth.account.models import EmailAddress

from accounts.models import User

PASSWORD = "a-password-of-the-suite"


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody who can sign in with PASSWORD, by username and by e-mail."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    display_name = factory.LazyAttribute(lambda user: user.username.title())
    timezone = "Europe/Berlin"

    @factory.post_generation
    def password(self: User, create: bool, extracted: str | None, **kwargs: object) -> None:
        self.set_password(extracted or PASSWORD)
        self.save()
        if self.email:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)
