"""Attacks that other platforms have met, tried on work and feedback; the numbers are those of the list that we keep."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort, Enrolment
from courses.services.cohorts import set_state
from feedback import criteria
from feedback.models import Comment, Feedback, Remark, Submission
from feedback.services import comments
from notifications.models import Notice
from notifications.tasks import deliver, plan
from tests.cast import Cast
from tests.factories import courses as make_course
from tests.factories import documents
from tests.factories import feedback as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


def commented(work: Submission, by: User) -> Comment:
    made = comments.write(work, uuid4(), comments.Place(quote="nine"), "Which ones?", version=0, by=by)
    assert made is not None
    return made


def elsewhere(cast: Cast) -> tuple[Cohort, Submission]:
    """Work in the other cohort of the same course."""
    enrolment = Enrolment.objects.get(user=cast.elsewhere_student)
    return cast.elsewhere, make.hand_in(enrolment, make.assignment(cast.module, "Watch a wasp"), "Seven flowers.")


def test_case_1_a_classmate_finds_none_of_it_by_its_number(cast: Cast, as_user: SignIn) -> None:
    """CVE-2026-81339: the result of an attempt is fetched by its id, and nobody asks whose it is."""
    step = make.assignment(cast.module)
    sent = make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    file = documents.handed_in(cast.enrolment, make.assignment(cast.module, "Draw a bee"))
    client = as_user(cast.other_student)
    paths = [f"/work/{sent.pk}/{part}" for part in ("", "receipt/", "take-back/", "ask/")]
    paths += [f"/work/files/{file.pk}/bee.png", f"/work/pages/{file.pages.get().pk}.webp"]
    for path in paths:
        assert client.get(path).status_code == 404, path
    for path, data in (
        (f"/work/{sent.pk}/change/", {"will_change": "Mine."}),
        (f"/work/{sent.pk}/ask/", {"source": "?"}),
    ):
        assert client.post(path, data).status_code == 404, path
    assert client.get(f"/marking/{sent.pk}/").status_code == 403
    assert Feedback.objects.get().will_change == ""


def test_case_2_ids_inside_an_address_belong_to_what_it_names(cast: Cast, as_user: SignIn) -> None:
    """CVE-2026-18439: the course is checked, and the ids within it are not."""
    mine = make.hand_in(cast.enrolment, make.assignment(cast.module))
    _, theirs = elsewhere(cast)
    foreign = commented(theirs, cast.elsewhere_teacher)
    file = documents.handed_in(Enrolment.objects.get(user=cast.elsewhere_student), make.assignment(cast.module, "Draw"))
    client = as_user(cast.teacher)
    assert client.post(f"/marking/{mine.pk}/comments/{foreign.pk}/delete/", {"delete": ""}).status_code in (302, 404)
    assert Comment.objects.get(pk=foreign.pk).deleted_at is None
    client.post(
        f"/marking/{mine.pk}/comments/", {"source": "Taken over.", "draft_key": str(foreign.pk), "version": "1"}
    )
    assert Comment.objects.get(pk=foreign.pk).source == "Which ones?"
    client.post(f"/marking/{mine.pk}/comments/", {"source": "On a file.", "file": str(file.pk), "page": "1"})
    assert not Comment.objects.filter(submission=mine, work_file__isnull=False).exists()
    client.post(f"/marking/{mine.pk}/give/", {"to": str(cast.elsewhere_teacher.pk)})
    assert Submission.objects.get(pk=mine.pk).marker is None
    make.feedback(theirs, cast.elsewhere_teacher)
    client.post(f"/cohorts/{cast.cohort.pk}/marking/release/", {"work": [str(theirs.pk)], "when": "now", "sure": ""})
    assert Submission.objects.get(pk=theirs.pk).release_at is None
    released = make.release(mine, cast.teacher)
    student = as_user(cast.student)
    assert student.get(f"/work/{released.pk}/ask/?comment={foreign.pk}").status_code == 404
    assert student.post(f"/work/{released.pk}/ask/?comment={foreign.pk}", {"source": "?"}).status_code == 404
    assert not Remark.objects.exists()


def test_case_2_files_of_another_do_not_come_along(cast: Cast, as_user: SignIn) -> None:
    step = make.assignment(cast.module)
    file = documents.handed_in(Enrolment.objects.get(user=cast.other_student), step)
    as_user(cast.student).post(f"/lessons/{step.pk}/hand-in/", {"source": "Mine.", "files": [str(file.pk)]})
    assert not Submission.objects.filter(enrolment=cast.enrolment, files=file).exists()


def test_case_4_a_marker_sees_no_work_of_another_cohort(cast: Cast, as_user: SignIn) -> None:
    """CVE-2024-25981: lists and exports pass the groups by."""
    _, theirs = elsewhere(cast)
    for who in (cast.teacher, cast.assistant):
        client = as_user(who)
        name = str(cast.elsewhere_student)
        for path in (
            "/marking/",
            f"/marking/?cohort={cast.elsewhere.pk}",
            f"/marking/?q={name[:5]}",
            "/marking/?show=free",
        ):
            assert f"/marking/{theirs.pk}/" not in client.get(path).content.decode(), path
        assert client.get(f"/marking/{theirs.pk}/").status_code == 404
        assert client.get(f"/cohorts/{cast.elsewhere.pk}/marking/release/").status_code == 404
        assert client.get(f"/cohorts/{cast.elsewhere.pk}/marking/bank/").status_code == 404


def test_case_5_a_role_in_one_place_is_none_in_another(cast: Cast, as_user: SignIn) -> None:
    """CVE-2025-68270: a small role at one level became a large one at another."""
    _, theirs = elsewhere(cast)
    make_course.EnrolmentFactory(user=cast.teacher, cohort=cast.elsewhere, role="student")
    make_course.EnrolmentFactory(user=cast.assistant, cohort=cast.elsewhere, role="observer")
    for who, code in ((cast.teacher, 403), (cast.assistant, 403), (cast.editor, 404), (cast.observer, 404)):
        client = as_user(who)
        assert client.get(f"/marking/{theirs.pk}/").status_code == code, who
        assert client.post(f"/marking/{theirs.pk}/", {"source": "Mine.", "draft_base": "0"}).status_code == code, who
        assert client.post(f"/marking/{theirs.pk}/release/", {"when": "now"}).status_code == code, who
    assert not Feedback.objects.exists()


def test_case_6_fields_that_no_form_has_change_nothing(cast: Cast, as_user: SignIn) -> None:
    """CVE-2025-13563: a form writes whatever it is sent."""
    step = make.assignment(cast.module)
    more = {
        "attempt": "9",
        "enrolment": str(Enrolment.objects.get(user=cast.other_student).pk),
        "release_at": "2020-01-01T00:00",
        "promised_at": "2020-01-01T00:00",
        "marker": str(cast.student.pk),
        "good_enough": "yes",
        "points": "100",
        "counts_at": "2020-01-01T00:00",
    }
    client = as_user(cast.student)
    client.post(f"/lessons/{step.pk}/hand-in/", {"source": "Nine.", **more})
    sent = Submission.objects.get()
    assert (sent.enrolment, sent.attempt, sent.release_at, sent.marker) == (cast.enrolment, 1, None, None)
    assert sent.promised_at > timezone.now()
    assert sent.counts_at > timezone.now() - timedelta(minutes=5)
    make.release(sent, cast.teacher, make.said(good_enough=False))
    client.post(f"/work/{sent.pk}/change/", {"will_change": "More.", **more})
    found = Feedback.objects.get()
    assert (found.will_change, found.good_enough, found.points) == ("More.", False, None)


def test_case_15_who_is_suspended_hears_and_reads_nothing_more(cast: Cast, as_user: SignIn) -> None:
    """CVE-2025-62394: notices go on to those who are suspended."""
    sent = make.hand_in(cast.enrolment, make.assignment(cast.module))
    make.feedback(sent, cast.teacher, make.said(marks={"seen": criteria.Mark("close", "")}))
    client, marker = as_user(cast.student), as_user(cast.teacher)
    set_state(cast.enrolment, "suspended", by=cast.admin)
    make.releasing.release(sent, at=timezone.now(), now=timezone.now(), by=cast.teacher)
    for path in (f"/work/{sent.pk}/", f"/work/{sent.pk}/receipt/", f"/lessons/{sent.activity_id}/hand-in/"):
        assert client.get(path).status_code == 404, path
    other = make.hand_in(
        make_course.EnrolmentFactory(user=UserFactory(), cohort=cast.cohort), make.assignment(cast.module, "Count bees")
    )
    set_state(Enrolment.objects.get(user=cast.teacher, cohort=cast.cohort), "suspended", by=cast.admin)
    for path in (f"/marking/{other.pk}/", f"/cohorts/{cast.cohort.pk}/marking/release/"):
        assert marker.get(path).status_code == 404, path
    assert f"/marking/{other.pk}/" not in marker.get("/marking/").content.decode()
    plan()
    deliver()
    told = Notice.objects.filter(person__in=[cast.student, cast.teacher], state="told", kind__startswith="feedback")
    assert not told.exists()
    assert [one.subject for one in mail.outbox if cast.student.email in one.to or cast.teacher.email in one.to] == []
