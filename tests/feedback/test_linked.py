"""The link in the mail of a check-in: for one answer, once, until it expires, and for nothing else."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from courses.models import Enrolment
from courses.services import cohorts
from feedback.models import Asked, Conversation, Message
from feedback.services import checkins
from notifications.services.letters import stop_token
from tests.cast import Cast
from tests.factories import talks as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(cast: Cast) -> Asked:
    return make.asked(cast.cohort, cast.teacher, cast.student, source="{first name}, <i>how</i> are the bees?")


@pytest.fixture
def where(one: Asked) -> str:
    return f"/check-in/{checkins.token_of(one.pk)}/"


def test_it_shows_the_check_in_with_the_answer_chosen(client: Client, cast: Cast, where: str) -> None:
    page = client.get(f"{where}?answer=stuck").content.decode()
    assert f"{cast.student.get_short_name()}, &lt;i&gt;how&lt;/i&gt; are the bees?" in page
    assert re.findall(r'value="([a-z ]+)"[^>]*checked', page) == ["stuck"]
    assert client.get(f"{where}?answer=<script>").status_code == 200


def test_one_press_answers_without_signing_in(client: Client, cast: Cast, one: Asked, where: str) -> None:
    answer = client.post(where, {"pulse": "stuck", "said": "Which bees?"})
    assert "Thank you" in answer.content.decode()
    message = Message.objects.get()
    assert (message.author, message.text, message.conversation.teacher) == (cast.student, "Which bees?", cast.teacher)
    one.refresh_from_db()
    assert one.pulse == "stuck"


def rows() -> dict[str, int]:
    """How often each table was written; of the cache and the sessions too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def test_looking_changes_nothing(client: Client, where: str) -> None:
    cache.clear()
    client.get(where)
    before = rows()
    for method in (client.get, client.head):
        assert method(f"{where}?answer=stuck").status_code == 200
        # As a browser that looks ahead, and as a program that looks through mail.
        assert method(f"{where}?answer=stuck", headers={"Sec-Purpose": "prefetch"}).status_code == 200
        assert method(f"{where}?answer=stuck&pulse=stuck", headers={"User-Agent": "Mail scanner"}).status_code == 200
    for other in (client.put, client.patch, client.delete, client.options):
        assert other(where, "pulse=stuck").status_code == 405
    after = rows()
    # What counts how often somebody came is no more than that.
    assert {name for name in after if after[name] != before.get(name, 0)} <= {"cache_entries"}
    assert Asked.objects.get().answered_at is None


def test_it_signs_nobody_in_and_begins_no_session(client: Client, cast: Cast, where: str) -> None:
    for answer in (client.get(where), client.post(where, {"pulse": "stuck"}), client.get(where)):
        assert not answer.cookies
        assert "_auth_user_id" not in client.session
    assert client.get("/").status_code == 302
    assert client.get(f"/conversations/{Conversation.objects.get().pk}/").status_code == 302


def test_it_works_once(client: Client, one: Asked, where: str) -> None:
    client.post(where, {"pulse": "on track"})
    for again in (client.post(where, {"pulse": "stuck"}), client.get(where)):
        assert "answered already" in again.content.decode()
    one.refresh_from_db()
    assert one.pulse == "on track"
    assert Message.objects.count() == 1


def test_it_expires_with_the_check_in(client: Client, one: Asked, where: str) -> None:
    assert one.expires_at
    with time_machine.travel(one.expires_at + timedelta(seconds=1)):
        for answer in (client.get(where), client.post(where, {"pulse": "stuck"})):
            page = answer.content.decode()
            assert "closed" in page
            assert "how" not in page.split("<main")[1].split("</main>")[0].replace("show", "")
    assert not Message.objects.exists()


def test_it_cannot_be_guessed_forged_or_made_of_another(client: Client, cast: Cast, one: Asked, where: str) -> None:
    other = make.asked(cast.cohort, cast.teacher, cast.other_student)
    token = checkins.token_of(one.pk)
    forged = [
        str(one.pk),
        token[:-1],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        f"{checkins.token_of(other.pk).split(':')[0]}:{token.split(':', 1)[1]}",
        signing.dumps(one.pk),
        signing.dumps(one.pk, salt="common.undo"),
        stop_token(one.pk, []),
        signing.dumps([one.pk], salt=checkins.SALT),
        signing.dumps("x" * 400, salt=checkins.SALT),
        checkins.token_of(10**15),
    ]
    for each in forged:
        for answer in (client.get(f"/check-in/{each}/"), client.post(f"/check-in/{each}/", {"pulse": "stuck"})):
            assert answer.status_code == 404, each
            assert "Sign in" in answer.content.decode()
    assert not Message.objects.exists()
    client.post(where, {"pulse": "stuck"})
    assert Asked.objects.get(pk=other.pk).answered_at is None


def test_what_comes_with_it_chooses_nobody_else(client: Client, cast: Cast, one: Asked, where: str) -> None:
    typed = {"pulse": "stuck", "enrolment": "1", "asked": "2", "author": cast.admin.pk, "user": cast.admin.pk}
    client.post(where, typed)
    assert Message.objects.get().author == cast.student


@pytest.mark.parametrize("why", ["student left", "student closed", "teacher left", "student erased", "not its turn"])
def test_where_it_is_not_theirs_any_more_nothing_is_sent(client: Client, cast: Cast, where: str, why: str) -> None:
    match why:
        case "student left":
            cohorts.set_state(cast.enrolment, Enrolment.State.LEFT, by=cast.admin)
        case "teacher left":
            cohorts.set_state(make.enrolment(cast.cohort, cast.teacher), Enrolment.State.LEFT, by=cast.admin)
        case "student closed":
            User.objects.filter(pk=cast.student.pk).update(is_active=False)
        case "student erased":
            cast.student.delete()
        case _:
            Asked.objects.update(opened_at=None, expires_at=None)
    for answer in (client.get(where), client.post(where, {"pulse": "stuck"})):
        assert "bees" not in answer.content.decode()
        assert answer.status_code in (200, 404)
    assert not Message.objects.exists()


def test_it_names_nobody_but_the_student_by_first_name(client: Client, cast: Cast, where: str) -> None:
    User.objects.filter(pk=cast.student.pk).update(display_name="Quill Zanzibarov", email="quill@canary.example")
    User.objects.filter(pk=cast.teacher.pk).update(display_name="Tamsin Canaryteacher")
    pages = [client.get(where), client.post(where, {"pulse": ""}), client.post(where, {"pulse": "stuck"})]
    for page in (one.content.decode() for one in [*pages, client.get(where)]):
        for canary in ("Zanzibarov", "canary.example", "Canaryteacher", cast.course.title, cast.cohort.name):
            assert canary not in page


def test_it_is_kept_and_told_nowhere(client: Client, where: str) -> None:
    for answer in (client.get(where), client.post(where, {"pulse": "stuck"}), client.get("/check-in/x/")):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"


def test_too_many_from_one_place_are_asked_to_wait(client: Client, where: str) -> None:
    cache.clear()
    answers = [client.get(f"/check-in/guess{number}/").status_code for number in range(125)]
    assert answers.count(429) == 5
    refused = client.post(where, {"pulse": "stuck"})
    assert refused.status_code == 429
    assert not Message.objects.exists()
    cache.clear()


def test_signed_in_as_somebody_else_it_is_still_that_students(client: Client, cast: Cast, where: str) -> None:
    client.force_login(cast.outsider)
    client.post(where, {"pulse": "stuck"})
    assert Message.objects.get().author == cast.student
    assert client.get("/me/").wsgi_request.user == cast.outsider


def test_the_token_of_somebody_else_answers_for_them_and_not_for_who_is_signed_in(client: Client, cast: Cast) -> None:
    mine, theirs = (make.asked(cast.cohort, cast.teacher, who) for who in (cast.other_student, cast.student))
    client.force_login(cast.other_student)
    client.post(f"/check-in/{checkins.token_of(theirs.pk)}/", {"pulse": "stuck"})
    assert Message.objects.get().author == cast.student
    assert Asked.objects.get(pk=mine.pk).answered_at is None
    assert client.get(f"/conversations/{Conversation.objects.get().pk}/").status_code == 404
    assert client.get(f"/check-ins/{theirs.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_one_answer(cast: Cast) -> None:
    one = make.asked(cast.cohort, cast.teacher, cast.student)
    where = f"/check-in/{checkins.token_of(one.pk)}/"

    def press(pulse: str) -> str:
        try:
            return Client().post(where, {"pulse": pulse}).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        pages = dict(zip(Asked.Pulse.values, pool.map(press, Asked.Pulse.values), strict=True))
    assert sum("answered already" in page for page in pages.values()) == 3
    assert Message.objects.count() == 1
    one.refresh_from_db()
    assert [pulse for pulse, page in pages.items() if "Thank you" in page] == [one.pulse]
