"""What a server does not start with, though it would run: secrets that are no secret, addresses that are none."""

from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

SHORTEST_KEY = 50
# A random key of that length has about forty; `abcabc…` and a line of zeros have few.
FEWEST_CHARACTERS = 20
SHORTEST_OF_WEBHOOK = 16
# Sample keys in documentation, templates and tutorials contain one of these.
OF_SAMPLES = ("django-insecure", "change", "example", "sample", "secret", "password", "replace", "your", "only-for")
SAMPLE_PASSWORDS = {"secret", "password", "ownpace", "postgres", "changeme", "change-me", "example", "admin", "test"}
MAKE_ONE = """Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(50))\""""


def refusals(*, secret_key: str, database_url: str, public_origin: str, allowed_hosts: list[str]) -> Iterator[str]:
    """Sentences; none of them repeats a secret."""
    if len(secret_key) < SHORTEST_KEY:
        yield f"SECRET_KEY has {len(secret_key)} characters and needs {SHORTEST_KEY} or more. {MAKE_ONE}"
    elif any(word in secret_key.lower() for word in OF_SAMPLES):
        yield f"SECRET_KEY is a published sample. {MAKE_ONE}"
    elif len(set(secret_key)) < FEWEST_CHARACTERS:
        yield f"SECRET_KEY repeats a few characters and could be guessed. {MAKE_ONE}"
    if (urlsplit(database_url).password or "").lower() in SAMPLE_PASSWORDS:
        yield "DATABASE_URL has a sample password. Choose a secret one."
    yield from _of_origin(public_origin)
    if "*" in allowed_hosts:
        yield "ALLOWED_HOSTS is *, which accepts any host name. List the names people use."


def refusals_of_mail(*, provider: str, url: str, webhook_secret: str) -> Iterator[str]:
    if provider and url:
        yield "MAIL_PROVIDER and MAIL_URL are both set. Mail leaves by one of them."
    if provider and not (provider.isidentifier() and find_spec(f"anymail.backends.{provider}")):
        yield f"MAIL_PROVIDER is {provider}, which Anymail does not know. Take a name such as postmark or mailgun."
    name, colon, password = webhook_secret.partition(":")
    if webhook_secret and (not colon or min(len(name), len(password)) < SHORTEST_OF_WEBHOOK):
        yield (
            "MAIL_WEBHOOK_SECRET must be two random strings with a colon between them, each of"
            f" {SHORTEST_OF_WEBHOOK} characters or more. {MAKE_ONE}"
        )


def _of_origin(public_origin: str) -> Iterator[str]:
    parts = urlsplit(public_origin)
    if parts.scheme != "https" or not parts.hostname:
        yield "PUBLIC_ORIGIN must start with https:// and a host name, such as https://learn.example.org."
    elif public_origin != f"https://{parts.netloc}" or parts.username is not None:
        yield "PUBLIC_ORIGIN must be scheme and host only, without a path, a user or a trailing slash."
