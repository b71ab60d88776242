"""What is read by hand of work and feedback shows exactly what the querysets allow, to everybody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Cohort, Enrolment
from courses.permissions import MARKING
from feedback import access
from feedback.models import Submission
from feedback.querysets import SubmissionQuerySet
from feedback.selectors import marking, queue, reading
from feedback.selectors.queue import Filter, Listed, Show
from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db
PEOPLE = "student other_student elsewhere_student teacher assistant observer elsewhere_teacher editor outsider admin"


@pytest.fixture
def every_sort(cast: Cast) -> list[Submission]:
    """Work that not everybody marks, and of each list some, in both cohorts; two assignments of it have no names."""
    made, now = [], timezone.now()
    sorts = ("free", "taken", "marked", "timed", "released", "taken back", "hidden", "deleted")
    steps = [make.assignment(cast.module, sort, nameless=sort in ("free", "timed")) for sort in sorts]
    for name in ("student", "other_student", "elsewhere_student"):
        theirs = Enrolment.objects.get(user=cast.person(name), role="student")
        free, taken, marked, timed, released, back, hidden, deleted = (make.hand_in(theirs, step) for step in steps)
        Submission.objects.filter(pk=taken.pk).update(marker=cast.teacher)
        make.feedback(marked, cast.teacher)
        make.release(timed, cast.teacher, at=now + timedelta(hours=1))
        for one in (released, hidden, deleted):
            make.release(one, cast.teacher)
        Submission.objects.filter(pk=back.pk).update(taken_back_at=now, promised_at=None)
        made += [free, taken, marked, timed, released, back, hidden, deleted]
    Activity.objects.filter(pk=steps[-2].pk).update(published=False)
    Activity.objects.filter(pk=steps[-1].pk).update(deleted_at=now)
    return made


def people(cast: Cast) -> Iterator[User]:
    return (cast.person(name) for name in PEOPLE.split())


def test_work_is_fetched_by_whoever_marks_it(cast: Cast, every_sort: list[Submission]) -> None:
    standing = set(Submission.objects.standing())
    for person in people(cast):
        marked_in = set(Cohort.objects.all() if person.is_staff else Cohort.objects.member(person, MARKING))
        known = set(Cohort.objects.known_to(person))
        for one in every_sort:
            cohort = one.enrolment.cohort
            if one not in standing or cohort not in known:
                with pytest.raises(Http404):
                    access.marked_submission(person, one.pk)
            elif cohort not in marked_in:
                with pytest.raises(PermissionDenied):
                    access.marked_submission(person, one.pk)
            else:
                found, standing_of = access.marked_submission(person, one.pk)
                assert found == one
                assert standing_of == access.marking_in(person, cohort.pk)[1]
                assert getattr(found, "feedback", None) == getattr(one, "feedback", None)
                assert (found.enrolment.user, found.rubric) == (one.enrolment.user, one.rubric)


def shown(rows: SubmissionQuerySet, person: User, show: Show) -> SubmissionQuerySet:
    now = timezone.now()
    return {
        Show.ALL: rows.to_mark(),
        Show.MINE: rows.to_mark().filter(marker=person),
        Show.FREE: rows.to_mark().filter(marker=None),
        Show.MARKED: rows.to_mark().filter(feedback__revision__gt=0),
        Show.TIMED: rows.filter(release_at__gt=now),
        Show.RELEASED: rows.released(now),
    }[show]


@pytest.mark.parametrize("show", list(Show))
def test_the_queue_lists_what_the_queryset_lets_its_reader_mark(
    cast: Cast, every_sort: list[Submission], show: Show
) -> None:
    seen, now = 0, timezone.now()
    step = every_sort[list(Show).index(show) % 5].activity_id
    for person in people(cast):
        rows = shown(Submission.objects.markable_by(person), person, show)
        named = rows.exclude(activity__assignment__nameless=True, release_at=None)
        named = named.exclude(activity__assignment__nameless=True, release_at__gt=now)
        name = cast.other_student.display_name
        for asked, expected in (
            (Filter(show), rows),
            (Filter(show, cohort=cast.elsewhere.pk), rows.filter(enrolment__cohort=cast.elsewhere)),
            (Filter(show, activity=step), rows.filter(activity=step)),
            (Filter(show, words=name.upper()), named.filter(enrolment__user__display_name__icontains=name)),
        ):
            found = [one.pk for one in Listed(person, asked, now)[:50]]
            assert sorted(found) == sorted(expected.values_list("pk", flat=True)), (person, asked)
            assert Listed(person, asked, now)[1:3] == Listed(person, asked, now)[:50][1:3]
            seen += len(found)
            for before, at, after in zip([None, *found], found, [*found[1:], None], strict=False):
                sides = queue.around(person, Submission.objects.get(pk=at), asked, now)
                assert (sides.before, sides.after) == (before, after), (person, asked)
        if show is Show.ALL:
            cohorts = [cast.cohort.pk, cast.elsewhere.pk]
            per_cohort = {one: rows.filter(enrolment__cohort=one).count() for one in cohorts}
            assert queue.waiting(person, cohorts) == {one: count for one, count in per_cohort.items() if count}
            assert queue.ahead(person).count == rows.count()
    assert seen


def test_a_student_reads_the_feedback_that_the_queryset_shows(cast: Cast, every_sort: list[Submission]) -> None:
    now = timezone.now()
    for person in people(cast):
        mine = Submission.objects.of(person).released(now).filter(taken_back_at=None)
        found = reading.OfCourse(person, cast.course, now)[0:50]
        assert found == list(mine.order_by("-release_at", "-pk")), person
    assert len(reading.OfCourse(cast.student, cast.course, now)[0:50]) == 1


def test_a_student_hears_on_today_of_the_feedback_that_they_can_read_and_have_not(
    cast: Cast, every_sort: list[Submission]
) -> None:
    for person in people(cast):
        mine = Submission.objects.of(person).released(timezone.now()).filter(taken_back_at=None, feedback__read_at=None)
        assert reading.unopened(person) == list(mine), person
    assert [one.activity.title for one in reading.unopened(cast.student)] == ["released"]
    Cohort.objects.filter(pk=cast.cohort.pk).update(deleted_at=timezone.now())
    Enrolment.objects.filter(cohort=cast.cohort).update(deleted_at=timezone.now())
    assert reading.unopened(cast.student) == []


def test_the_comments_of_work_come_in_its_order_and_without_those_that_were_deleted(
    cast: Cast, every_sort: list[Submission]
) -> None:
    one = every_sort[0]
    for start in (30, 10, 20):
        one.comments.create(start=start, source=str(start), by=cast.teacher if start == 10 else None)
    one.comments.filter(start=20).update(deleted_at=timezone.now())
    found = marking.comments_of(one)
    assert [(comment.start, comment.by) for comment in found] == [(10, str(cast.teacher)), (30, "")]
