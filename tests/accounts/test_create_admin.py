import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.accounts.steps import sign_in, signed_in_as
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
GOOD = "quiet-river-stone"


def run(monkeypatch: pytest.MonkeyPatch, typed: str, *arguments: str) -> str:
    """The command with `typed` on its standard input, as a script would give it; what it said."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    said = io.StringIO()
    call_command("create_admin", *arguments, stdout=said)
    return said.getvalue()


def test_admin_signs_in_with_the_password_from_standard_input(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    said = run(monkeypatch, f"{GOOD}\n", "Ada@Example.org", "--name", "Ada Marsh", "--zone", "Europe/London")
    assert said == "Ada Marsh can sign in as ada@example.org.\n"
    ada = User.objects.get()
    assert (ada.username, ada.email, ada.is_staff, str(ada.timezone)) == (
        "ada@example.org", "ada@example.org", True, "Europe/London",
    )  # fmt: skip
    sign_in(client, "ada@example.org", GOOD)
    assert signed_in_as(client) == ada.pk
    assert client.get("/manage/people/").status_code == 200


def test_only_the_first_line_is_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, f"{GOOD}\nand something else\n", "ada@example.org")
    assert User.objects.get().check_password(GOOD)


def test_name_is_the_address_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, f"{GOOD}\n", "ada@example.org")
    assert str(User.objects.get()) == "ada@example.org"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "too short"),
        ("short", "too short"),
        ("password123", "too common"),
        ("ada@example.org", "too similar"),
    ],
)
def test_weak_password_is_refused_with_a_sentence(
    password: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(monkeypatch, f"{password}\n", "ada@example.org")
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["ada@example.org", "ADA@Example.ORG"])
def test_second_account_with_the_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(username="ada", email="ada@example.org")
    with pytest.raises(CommandError, match="Someone else uses this address"):
        run(monkeypatch, f"{GOOD}\n", address)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"), [(["not an address"], "valid email"), (["ada@example.org", "--zone", "Mars"], "Mars")]
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(monkeypatch, f"{GOOD}\n", *arguments)
    assert not User.objects.exists()
