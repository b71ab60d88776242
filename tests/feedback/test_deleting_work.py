"""Deleting counts work, and takes it along with its bytes; so does erasing a person."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from accounts.models import User
from common.removal import KEPT
from courses.models import Activity, Cohort
from courses.services import deleting
from courses.services.deleting import work_of
from courses.tasks import erase_what_was_deleted
from feedback.models import BankComment, Beginning, Comment, Feedback, PageImage, Remark, Submission, WorkFile
from feedback.services import comments, handing_in
from files.models import File
from tests.cast import Cast
from tests.factories import documents
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db
OF_STUDENTS = (Submission, WorkFile, PageImage, Beginning, Feedback, Comment, Remark)


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


@pytest.fixture
def paths(cast: Cast, step: Activity) -> list[Path]:
    """Of the bytes of one piece of work with all that can hang on it."""
    found = documents.handed_in(cast.enrolment, step)
    sent = Submission.objects.get()
    handing_in.begin(cast.enrolment, step, uuid4())
    comments.write(sent, uuid4(), comments.Place(found.pk, 1), "A bee.", version=0, by=cast.teacher)
    make.release(sent, cast.teacher)
    Remark.objects.create(submission=sent, author=cast.student, key=uuid4(), source="Why?", html="<p>Why?</p>")
    assert all(model.objects.exists() for model in OF_STUDENTS)
    files = File.objects.filter(pk__in=[found.pk, found.pages.get().file_id])
    return [Path(one.blob.path) for one in files]


def assert_gone(paths: list[Path]) -> None:
    assert [model.__name__ for model in OF_STUDENTS if model.objects.exists()] == []
    assert len(paths) == 2
    assert not any(path.exists() for path in paths)


@pytest.mark.parametrize("name", ["course", "cohort", "enrolment", "module", "step", "student"])
def test_deleting_says_how_much_work_there_is(cast: Cast, step: Activity, paths: list[Path], name: str) -> None:
    work = work_of(step if name == "step" else getattr(cast, name))
    assert work.students == 1
    assert "1 piece of work handed in" in work.counts


@pytest.mark.parametrize("name", ["course", "cohort", "module", "step", "student"])
def test_erasing_takes_the_work_along_with_its_bytes(
    cast: Cast,
    step: Activity,
    paths: list[Path],
    name: str,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    row = step if name == "step" else getattr(cast, name)
    # An admin who was told how much there is.
    deleting.delete(row, by=cast.admin, students=1)
    later = time_machine.travel(timezone.now() + KEPT + timedelta(seconds=1))
    with later, django_capture_on_commit_callbacks(execute=True):
        erase_what_was_deleted()
    assert not type(row).everything.filter(pk=row.pk).exists()
    assert_gone(paths)


def test_what_was_deleted_is_out_of_reach_before_it_is_erased(cast: Cast, step: Activity, paths: list[Path]) -> None:
    deleting.delete(Cohort.objects.get(pk=cast.cohort.pk), by=cast.admin, students=1)
    assert not Submission.objects.markable_by(cast.teacher).exists()
    assert not WorkFile.objects.readable_by(cast.teacher).exists()
    assert not WorkFile.objects.readable_by(cast.student).exists()


def test_what_others_said_stays_when_who_said_it_is_erased(cast: Cast, step: Activity, paths: list[Path]) -> None:
    """A student's feedback is the student's: it loses the name of its marker, and nothing else."""
    BankComment.objects.create(owner=cast.teacher, source="Well seen.")
    User.objects.filter(pk=cast.teacher.pk).delete()
    feedback, comment = Feedback.objects.get(), Comment.objects.get()
    assert (feedback.source, feedback.saved_by, comment.source, comment.by) == ("Well seen.", None, "A bee.", None)
    assert Submission.objects.get().marker is None
    assert not BankComment.objects.exists()


def test_every_row_that_names_somebody_has_a_way_to_go() -> None:
    """An account that is erased may be named by no row that keeps it from going."""
    held = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("feedback").get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
        if field.remote_field.on_delete.__name__ not in ("CASCADE", "SET_NULL")
    ]
    assert held == []
