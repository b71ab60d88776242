import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services.people import save_person


class Command(BaseCommand):
    help = "Makes the first site admin of a real site. Everybody else is added in the browser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="what people see; asked for when it is not given")
        parser.add_argument("--zone", default="UTC", help="IANA time zone, such as Europe/London")

    def handle(self, *args: object, **options: str) -> None:
        try:
            person = self.person(options)
            password = self.password()
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        save_person(person)
        person.set_password(password)
        person.save(update_fields=["password"])
        self.stdout.write(f"{person} can sign in as {person.email}.")

    def person(self, options: dict[str, str]) -> User:
        """Raises ValidationError for what cannot be an account, before a password is asked for."""
        person = User(
            username=options["email"].lower(),
            email=options["email"].lower(),
            display_name=options["name"] or self.ask("Name: ") or options["email"],
            timezone=options["zone"],
            is_staff=True,
        )
        person.full_clean(exclude=["password"])
        return person

    def ask(self, question: str) -> str:
        return input(question).strip() if sys.stdin.isatty() else ""

    def password(self) -> str:
        """From the keyboard, typed twice; or the first line of standard input, for scripts."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Password again: "):
            raise CommandError("The passwords do not match. No account was created.")
        return first
