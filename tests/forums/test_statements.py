"""What is read by hand shows exactly what the querysets allow, to everybody."""

from collections.abc import Iterator

import pytest
from django.db.models import Max
from django.http import Http404

from accounts.models import User
from courses.models import Activity, Cohort
from forums import access
from forums.models import Post, Thread
from forums.selectors import forums, search, threads
from forums.selectors.threads import Show
from forums.services import moderation, reading, talk
from tests.cast import Cast
from tests.factories.forums import reply, thread

pytestmark = pytest.mark.django_db
PEOPLE = "student other_student elsewhere_student teacher assistant observer elsewhere_teacher editor outsider admin"


@pytest.fixture
def every_sort(cast: Cast) -> list[Thread]:
    """Threads that not everybody may read, in both cohorts."""
    made = []
    for cohort, by in ((cast.cohort, cast.student), (cast.elsewhere, cast.elsewhere_student)):
        about = {"shown": cast.reading, "hidden lesson": cast.draft, "of a deleted lesson": cast.link, "of none": None}
        made += [thread(cohort, by, title, activity=activity) for title, activity in about.items()]
        hidden, deleted, closed = (thread(cohort, by, title) for title in ("hidden", "deleted", "closed"))
        moderation.hide(hidden.posts.get(), "No.", by=cast.admin)
        talk.delete(deleted.posts.get(), by=by)
        moderation.lock(closed)
        made += [hidden, deleted, closed]
    Activity.objects.filter(pk=cast.link.pk).update(deleted_at="2026-01-01T00:00Z")
    reply(made[0], cast.other_student)
    reading.mark_thread(made[3], cast.other_student)
    return made


def people(cast: Cast) -> Iterator[User]:
    return (cast.person(name) for name in PEOPLE.split())


def test_a_thread_is_fetched_by_whom_the_queryset_lets(cast: Cast, every_sort: list[Thread]) -> None:
    for person in people(cast):
        readable = set(Thread.objects.readable_by(person).values_list("title", "cohort"))
        fetched = set()
        for one in every_sort:
            try:
                found, standing = access.readable_thread(person, one.pk)
            except Http404:
                continue
            fetched.add((found.title, found.cohort_id))
            roles = set(person.enrolments.filter(cohort=one.cohort).values_list("role", flat=True))
            assert standing.roles == roles
            assert found.has_posted == Post.objects.standing().filter(thread=one, author=person).exists()
        assert fetched == readable, person
    assert len(Thread.objects.readable_by(cast.admin)) == 12


@pytest.mark.parametrize("few", [0, threads.FEW])
def test_the_index_lists_whom_the_queryset_lets(
    cast: Cast, every_sort: list[Thread], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(threads, "FEW", few)
    for person in people(cast):
        for cohort in (cast.cohort, cast.elsewhere):
            try:
                _, standing = access.forum(person, cohort.pk)
            except Http404:
                assert not Thread.objects.readable_by(person).filter(cohort=cohort).exists()
                continue
            readable = Thread.objects.readable_by(person).filter(cohort=cohort)
            mine = Post.objects.standing().filter(author=person).values("thread")
            wanted = {
                Show.ALL: readable,
                Show.UNANSWERED: readable.unanswered(),
                Show.MINE: readable.filter(pk__in=mine),
            }
            for show, expected in wanted.items():
                found = threads.OfCohort(person, cohort, show, moderates=standing.moderates)[0:50]
                assert {one.pk for one in found} == set(expected.values_list("pk", flat=True)), (person, show)
            unread = threads.OfCohort(person, cohort, Show.UNREAD, moderates=standing.moderates)[0:50]
            everything = threads.OfCohort(person, cohort, Show.ALL, moderates=standing.moderates)[0:50]
            assert [one.pk for one in unread] == [one.pk for one in everything if threads.unread(one)]
            assert len(unread) < len(everything) or person not in (cast.student, cast.other_student)


@pytest.mark.parametrize("few", [0, forums.FEW])
def test_whoever_looks_after_talk_finds_what_waits_there_the_oldest_first(
    cast: Cast, every_sort: list[Thread], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(forums, "FEW", few)
    for person in people(cast):
        waiting = Thread.objects.moderated_by(person).unanswered().order_by("opened_at", "pk")
        assert list(forums.unanswered(person)[0:50]) == list(waiting), person
        assert list(forums.unanswered(person)[2:4]) == list(waiting)[2:4], person
    assert len(forums.unanswered(cast.teacher)[0:50]) == 3


def test_the_forums_of_a_person_say_what_waits_in_them_and_when_somebody_last_wrote(
    cast: Cast, every_sort: list[Thread]
) -> None:
    moderation.pin(every_sort[0], pinned=True)
    for person in people(cast):
        found = forums.Forums(person)[0:50]
        assert {one.pk for one in found} == set(Cohort.objects.known_to(person).values_list("pk", flat=True)), person
        for one in found:
            threads_of = Thread.objects.standing().filter(cohort=one, hidden_at=None)
            assert one.waiting == threads_of.unanswered().count(), person
            assert one.last_post_at == threads_of.aggregate(last=Max("last_post_at"))["last"], person
        latest = [one.last_post_at for one in found if one.last_post_at]
        assert latest == sorted(latest, reverse=True)
        assert found[1:2] == forums.Forums(person)[1:2]


@pytest.fixture
def every_post(cast: Cast, every_sort: list[Thread]) -> list[Thread]:
    """Replies that not everybody may read, in those threads and in one where others' words wait for one's own."""
    first = thread(cast.cohort, cast.student, "Your own first?")
    Thread.objects.filter(pk=first.pk).update(own_first=True)
    for one in (*every_sort[:4], first):
        if one.cohort == cast.cohort:
            hidden, deleted, _ = (reply(one, cast.student, f"I {word}.") for word in ("hide", "delete", "stay"))
            moderation.hide(hidden, "No.", by=cast.teacher)
            talk.delete(deleted, by=cast.student)
    return [*every_sort, first]


def test_search_finds_what_the_queryset_lets_one_read(cast: Cast, every_post: list[Thread]) -> None:
    for person in people(cast):
        for cohort in (cast.cohort, cast.elsewhere):
            readable = Post.objects.readable_by(person).filter(thread__cohort=cohort, source__startswith="I ")
            found = [hit.post.pk for hit in search.Found(person, [cohort], "i")[0:100]]
            assert sorted(found) == sorted(readable.values_list("pk", flat=True)), person
            like = readable.filter(number=1, thread__kind="question")
            similar = [one.pk for one in search.like(person, cohort, "i")]
            assert len(similar) == min(search.MOST_SIMILAR, len(like)), person
            assert set(similar) <= set(like.values_list("thread", flat=True)), person
    found = {hit.post.text for hit in search.Found(cast.observer, [cast.cohort], "i")[0:100]}
    assert found == {"I wonder.", "I stay."}
