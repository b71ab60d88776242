"""Every form of the site, with far too much in each field: a sentence, in little time, and never a fault of ours."""

from collections.abc import Callable

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from lxml import html

from accounts.models import User
from common.forms import AccessibleForm
from courses.forms.content import ReadingForm
from tests.cast import Cast
from tests.conftest import SOAK
from tests.factories import lectures
from tests.growth import within
from tests.test_access_matrix import MATRIX, ROLES

SignIn = Callable[[User | None], Client]
MOST_SECONDS = 1.5
LENGTH = 400_000
TOO_MUCH = {"digits": "9" * LENGTH, "letters": "a" * LENGTH, "marks": "a" + "\u0315\u0300" * (LENGTH // 2)}
TYPED = "./" + "/".join(["descendant::*[self::input or self::textarea or self::select or self::button]"])
# Fields that no form may name but a request can.
ACTIONS = {
    "/edit/courses/{c.course.pk}/editors/": ("remove", "admin"),
    "/manage/enrolments/{c.enrolment.pk}/state/": ("cohort", "admin"),
    "/edit/activities/{a.pk}/captions/": ("remove", "admin"),
    "/me/zone/": ("timezone", "student"),
}
BESIDE = ["/account/login/", "/account/password/reset/", "/account/password/change/", "/account/email/"]


def posted(client: Client, address: str, sent: dict[str, str]) -> None:
    with within(MOST_SECONDS, f"at {address} for {[*sent]}"), transaction.atomic():
        answer = client.post(address, sent)
        transaction.set_rollback(True)
    assert answer.status_code in (200, 302, 400, 403, 404, 409, 413, 422), f"{address}: {answer.status_code}"


def forms_of(page: bytes) -> list[tuple[str, dict[str, str]]]:
    found = []
    for form in html.fromstring(page).iter("form"):
        if (form.get("method") or "get").lower() == "post":
            fields = {one.get("name"): one.get("value") or "" for one in form.xpath(TYPED) if one.get("name")}
            fields.pop("csrfmiddlewaretoken", None)
            found.append((form.get("action") or "", fields))
    return found


@pytest.mark.parametrize(
    "much", [one if one == "letters" else pytest.param(one, marks=pytest.mark.soak) for one in TOO_MUCH]
)
def test_no_form_of_any_page_minds_too_much(much: str, cast: Cast, as_user: SignIn) -> None:
    asked: set[tuple[str, str]] = set()
    for call, answers in MATRIX.values():
        with transaction.atomic():
            method, path, _ = call(cast)
            who = next((role for role, answer in zip(ROLES, answers, strict=True) if answer == 200), None)
            if method == "get" and who and not path.startswith(("/files/", "/recordings/", "/captions/")):
                person = None if who == "anonymous" else cast.person(who)
                page = as_user(person).get(path)
                kind = page.headers.get("Content-Type", "")
                # What leads on to another page has no form, and no content.
                is_page = kind.startswith("text/html") and page.status_code == 200 and page.content.strip()
                for action, fields in forms_of(page.content) if is_page else []:
                    target = action or path
                    if (target, ",".join(fields)) not in asked and "logout" not in target:
                        asked.add((target, ",".join(fields)))
                        # In make soak each by itself, in make test all at once: none may be a fault of ours.
                        for names in [[name] for name in fields] if SOAK or not fields else [list(fields)]:
                            posted(as_user(person), target, {**fields, **dict.fromkeys(names, TOO_MUCH[much])})
            transaction.set_rollback(True)
    assert len(asked) > 20


@pytest.mark.parametrize("much", TOO_MUCH)
def test_no_field_that_a_request_makes_up_is_too_long(much: str, cast: Cast, as_user: SignIn) -> None:
    made = lectures.lecture(cast.module, title="Bees on film", position=7)
    for path, (field, who) in ACTIONS.items():
        for value in (TOO_MUCH[much], "9" * 19, "9" * 25, "٣", "-1"):
            posted(as_user(cast.person(who)), path.format(c=cast, a=made), {field: value})


@pytest.mark.parametrize("much", TOO_MUCH)
@pytest.mark.parametrize("address", BESIDE)
def test_no_form_for_signing_in_minds_too_much(address: str, much: str, cast: Cast, as_user: SignIn) -> None:
    fields = ["login", "password", "email", "oldpassword", "password1", "password2", "next"]
    whole = dict.fromkeys(fields, "x")
    for name in fields:
        posted(as_user(None if "login" in address else cast.student), address, {**whole, name: TOO_MUCH[much]})


def every_form(kind: type = AccessibleForm) -> set[type]:
    return {kind, *(form for below in kind.__subclasses__() for form in every_form(below))}


def test_every_text_field_says_how_much_it_takes() -> None:
    """But the text of a reading, whose limits `common.richtext` counts."""
    forms_of_ours = (form for form in every_form() if not form.__module__.startswith("tests."))
    found = [form for form in forms_of_ours if hasattr(form, "base_fields")]
    assert len(found) > 12
    for form in found:
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField) and (form, name) != (ReadingForm, "source"):
                assert field.max_length, f"{form.__name__}.{name}"
