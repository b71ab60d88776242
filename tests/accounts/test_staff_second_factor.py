"""REQUIRE_STAFF_SECOND_FACTOR: staff reach nothing until this session has shown a second step."""

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, include, path, reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from config import urls
from courses.models import CourseEditor, Enrolment
from tests.accounts.steps import activate_totp, committing, fresh_client, recovery_codes, sign_in, totp
from tests.cast import Cast
from tests.growth import sampled

STAFF = ["teacher", "assistant", "observer", "editor", "admin"]
STAFF_PAGES = ["/", "/me/", "/courses/", "/teach/", "/account/email/", "/account/password/change/"]
# The whole of what such a session reaches.
HELP = {"accounts:help", "accounts:help_teaching", "accounts:help_managing"}
REACHED = {"account_logout", "accounts:privacy", "healthz", "readyz"} | HELP
SETS_UP = {"account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"}
ASKS = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
SignIn = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    with time_machine.travel(timezone.now(), tick=False) as stopped:
        yield stopped


def every_address(patterns: list | None = None, space: str = "", known: dict | None = None) -> dict[str, str]:
    """Name -> an address, of every URL of the site."""
    found: dict[str, str] = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        known_here = {**(known or {}), **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found |= every_address(pattern.url_patterns, inner, known_here)
        elif isinstance(pattern, URLPattern):
            name = f"{space}{pattern.name}"
            found[name] = address_of(name, known_here)
    return found


def address_of(name: str, converters: dict) -> str:
    samples = {"IntConverter": 1, "UUIDConverter": "0e6f1d1c-6b39-4f35-a5a5-8f1c07a5d3b0"}
    values = {key: samples.get(type(one).__name__, "x") for key, one in converters.items()}
    for given in (values, {"uidb36": "1", "key": "x-y"}, {"key": "x"}):
        try:
            return reverse(name, kwargs=given)
        except NoReverseMatch:
            continue
    raise AssertionError(f"No address can be made for {name}.")


def reached_by(person: User, lead: str) -> set[str]:
    """Names of all URLs that, asked by GET or by POST, do anything but lead to the page named `lead`."""
    open_to, client = set(), Client()
    for name, address in every_address().items():
        if SESSION_KEY not in client.session:  # one of them signs out
            client.force_login(person)
        answers = [client.get(address), client.post(address)]
        if name == "may_upload":
            # The proxy asks it, and takes a redirect for a fault.
            assert {one.status_code for one in answers} == {403}
            continue
        if not all(one.status_code == 302 and one["Location"].split("?")[0] == reverse(lead) for one in answers):
            open_to.add(name)
    return open_to


@pytest.mark.parametrize("role", [*sampled(STAFF, {"assistant", "editor", "admin"})])
def test_staff_without_a_factor_reach_sign_out_help_and_what_sets_one_up(role: str, cast: Cast) -> None:
    # What asks for a factor is open as well, and has nothing to ask for yet.
    assert reached_by(cast.person(role), "mfa_index") == REACHED | SETS_UP | ASKS


@pytest.mark.parametrize("role", ["observer", "admin"])
def test_staff_whose_session_has_not_shown_the_factor_reach_only_what_asks_for_it(role: str, cast: Cast) -> None:
    activate_totp(fresh_client(cast.person(role)))
    person = User.objects.get(pk=cast.person(role).pk)
    # The first of the pages that ask is the one that all others lead to; it does not lead to itself by GET.
    assert reached_by(person, "mfa_reauthenticate") == REACHED | {"mfa_reauthenticate"}


def test_page_that_is_added_later_is_closed_without_a_word_anywhere(
    cast: Cast, as_user: SignIn, settings: Settings
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    later = ModuleType("later")
    pages = [path("page/", view, name="page"), path("unnamed/", view)]
    vars(later)["urlpatterns"] = [path("later/", include((pages, "later"))), *urls.urlpatterns]
    settings.ROOT_URLCONF = later
    for where in ("/later/page/", "/later/unnamed/"):
        for role in STAFF:
            assert as_user(cast.person(role)).get(where)["Location"] == reverse("mfa_index")
        assert as_user(cast.student).get(where).content == b"open"


def test_page_leads_to_the_second_step_and_says_why(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.admin)
    response = client.get("/manage/")
    assert response["Location"] == reverse("mfa_index")
    assert "Add a second step before you continue" in client.get(response["Location"]).content.decode()


def test_post_changes_nothing_without_a_second_step(cast: Cast, as_user: SignIn) -> None:
    address = reverse("manage:set_state", args=[cast.enrolment.pk])
    assert as_user(cast.admin).post(address, {"state": "suspended"})["Location"] == reverse("mfa_index")
    assert cast.enrolment.state == "active"


def test_students_are_not_asked(cast: Cast, as_user: SignIn) -> None:
    for role in ("student", "outsider"):
        assert as_user(cast.person(role)).get("/me/").status_code == 200


def test_fragment_and_script_are_answered_in_their_own_way(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.teacher)
    fragment = client.get("/teach/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/teach/"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, reverse("mfa_index"))
    script = client.post("/teach/", headers={"Sec-Fetch-Dest": "empty"})
    assert script.status_code == 401
    assert "second step" in script.json()["error"]


def test_pages_open_once_this_session_has_set_one_up(cast: Cast) -> None:
    client = fresh_client(cast.admin)
    assert client.get("/manage/people/").status_code == 302
    activate_totp(client)
    for address in [*STAFF_PAGES, "/manage/", "/edit/courses/new/"]:
        assert client.get(address).status_code == 200 or address == "/"


def test_address_that_waits_for_its_confirmation_does_not_keep_staff_out(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.admin, email="another@example.org")
    client = fresh_client(cast.admin)
    activate_totp(client)
    assert client.get("/manage/people/").status_code == 200


def test_session_of_before_the_factor_was_set_up_ends(cast: Cast) -> None:
    before, here = fresh_client(cast.admin), fresh_client(cast.admin)
    activate_totp(here)
    assert before.get("/manage/people/")["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("kind", ["totp", "recovery code"])
def test_factor_counts_where_it_is_shown(kind: str, cast: Cast, as_user: SignIn, clock: time_machine.Traveller) -> None:
    setting_up = fresh_client(cast.teacher)
    secret = activate_totp(setting_up)
    codes = recovery_codes(setting_up)
    clock.shift(60)
    typed = {"totp": totp(secret), "recovery code": codes[0]}[kind]
    signing_in, asked = Client(), as_user(User.objects.get(pk=cast.teacher.pk))
    if kind == "totp":
        sign_in(signing_in, "teacher")
        signing_in.post(reverse("mfa_authenticate"), {"code": typed})
        assert signing_in.get("/teach/").status_code == 200
        clock.shift(60)
        typed = totp(secret)
    wanted = asked.get("/teach/")
    assert wanted["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fteach%2F"
    answer = asked.post(wanted["Location"], {"code": typed, "next": "/teach/"})
    assert answer["Location"] == "/teach/"
    assert asked.get("/teach/").status_code == 200


def test_wrong_code_opens_nothing(cast: Cast, as_user: SignIn) -> None:
    activate_totp(fresh_client(cast.teacher))
    client = as_user(User.objects.get(pk=cast.teacher.pk))
    client.post(reverse("mfa_reauthenticate"), {"code": "000000"})
    assert client.get("/teach/").status_code == 302


def test_pages_close_again_when_the_second_step_is_removed_here(cast: Cast) -> None:
    client = fresh_client(cast.admin)
    activate_totp(client)
    assert client.get("/manage/people/").status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get("/manage/people/")["Location"] == reverse("mfa_index")


def test_pages_close_when_somebody_deletes_the_second_step_by_hand(cast: Cast) -> None:
    client = fresh_client(cast.admin)
    activate_totp(client)
    Authenticator.objects.filter(user=cast.admin).delete()
    assert client.get("/manage/people/")["Location"] == reverse("mfa_index")


def test_new_recovery_codes_do_not_close_the_session_that_came_by_an_old_one(cast: Cast) -> None:
    setting_up = fresh_client(cast.teacher)
    activate_totp(setting_up)
    code = recovery_codes(setting_up)[0]
    client = Client()
    sign_in(client, "teacher")
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("mfa_reauthenticate"), {"code": recovery_codes_of(cast.teacher)[1]})
    with committing():
        client.post(reverse("mfa_generate_recovery_codes"))
    assert client.get("/teach/").status_code == 200
    assert setting_up.get("/teach/")["Location"].startswith(reverse("account_login"))


def recovery_codes_of(person: User) -> list[str]:
    return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


def test_role_counts_from_the_next_request_on(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.outsider)
    assert client.get("/courses/").status_code == 200
    grant = Enrolment.objects.filter(
        pk=Enrolment.objects.create(user=cast.outsider, cohort=cast.cohort, role="student", started_on="2026-11-01").pk
    )
    assert client.get("/courses/").status_code == 200
    for change, status in [
        ({"role": "assistant"}, 302),
        ({"state": "suspended"}, 200),
        ({"state": "active"}, 302),
        ({"role": "student"}, 200),
    ]:
        grant.update(**change)
        assert client.get("/courses/").status_code == status, change
    editor = CourseEditor.objects.create(course=cast.course, user=cast.outsider)
    assert client.get("/courses/").status_code == 302
    editor.delete()
    assert client.get("/courses/").status_code == 200


def test_role_is_kept_by_the_database_whatever_a_stale_row_says(cast: Cast) -> None:
    stale = User.objects.get(pk=cast.outsider.pk)
    CourseEditor.objects.create(course=cast.course, user=cast.outsider)
    assert stale.has_staff_role is False
    stale.save()
    stale.refresh_from_db()
    assert stale.has_staff_role is True
    User.objects.filter(pk=cast.outsider.pk).update(has_staff_role=False)
    stale.refresh_from_db()
    assert stale.has_staff_role is True


def test_one_of_two_roles_may_end(cast: Cast) -> None:
    other = Enrolment.objects.create(user=cast.teacher, cohort=cast.elsewhere, role="observer", started_on="2026-11-01")
    other.delete()
    assert User.objects.get(pk=cast.teacher.pk).has_staff_role is True
    Enrolment.objects.filter(user=cast.teacher).delete()
    assert User.objects.get(pk=cast.teacher.pk).has_staff_role is False


def test_somebody_signed_out_is_sent_to_the_sign_in_page(cast: Cast, as_user: SignIn) -> None:
    response = as_user(None).get("/manage/people/")
    assert response["Location"] == f"{reverse('account_login')}?next=/manage/people/"


def test_nobody_is_asked_where_it_is_not_required(cast: Cast, as_user: SignIn, settings: Settings) -> None:
    settings.REQUIRE_STAFF_SECOND_FACTOR = False
    assert as_user(cast.admin).get("/manage/people/").status_code == 200
