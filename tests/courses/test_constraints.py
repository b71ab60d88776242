"""States that must not exist, refused by the database itself and not by any form."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from courses.models import (
    Accommodation,
    Activity,
    CaptionTrack,
    Cohort,
    Course,
    CourseImport,
    DueDate,
    Enrolment,
    Extension,
    KeptItem,
    LectureContent,
    Module,
    Passage,
    Recording,
)
from progress.models import Completion, Note, Waiting, Watch
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import lectures

Build = Callable[[Cast], object]
WALL, DAYS = {"suggested_wall": "2026-06-10T20:00"}, {"suggested_days": 7, "time_of_day": "20:00"}


def due(**values: object) -> Build:
    return lambda cast: DueDate.objects.create(
        **{"cohort": cast.cohort, "activity": cast.reading, "zone": "Europe/Berlin", **values}
    )


def extension(**values: object) -> Build:
    return lambda cast: Extension.objects.create(
        **{"enrolment": cast.enrolment, "activity": cast.reading, "zone": "UTC", **values},
        agreed_wall="2026-06-12T20:00",
    )


def twice(build: Build) -> Build:
    return lambda cast: (build(cast), build(cast))


def changed(model: type, **values: object) -> Build:
    return lambda cast: model.objects.update(**values)


def wait(**values: object) -> Build:
    return lambda cast: Waiting.objects.create(
        enrolment=cast.enrolment, activity=cast.reading, **{"waits_for": "teacher", **values}
    )


def completion(**values: object) -> Build:
    return lambda cast: Completion.objects.create(
        enrolment=cast.enrolment,
        activity=cast.reading,
        activity_revision=1,
        recorded_by=cast.student,
        **{"how": "marked", **values},
    )


def recording(cast: Cast, **values: object) -> Recording:
    file = cast.file.file_content.course_file.file
    return Recording.objects.create(course=cast.course, file=file, **{"duration_ms": 1000, **values})


def captions(vtt: str = "WEBVTT\n", language: str = "en") -> Build:
    def build(cast: Cast) -> CaptionTrack:
        one = Recording.objects.first() or recording(cast)
        return CaptionTrack.objects.create(recording=one, language=language, vtt=vtt)

    return build


def own_rendition(cast: Cast) -> None:
    one = recording(cast)
    Recording.objects.filter(pk=one.pk).update(rendition_of=one)


def needed(percent: int) -> Build:
    return lambda cast: lectures.bare_lecture(cast.module, position=9, needed_percent=percent)


def watch(cast: Cast) -> Watch:
    return Watch.objects.create(
        enrolment=cast.enrolment, activity=cast.reading, position_at=timezone.now(), since=timezone.now()
    )


def note(**values: object) -> Build:
    return lambda cast: Note.objects.create(enrolment=cast.enrolment, activity=cast.reading, at_ms=0, **values)


REFUSED: dict[str, list[Build]] = {
    "due_by_calendar_or_by_days": [
        due(**WALL, **DAYS),
        due(),
        due(suggested_days=7),
        due(time_of_day="20:00"),
        due(**WALL, cutoff_days=9),
        due(**DAYS, cutoff_wall="2026-06-12T20:00"),
        due(cutoff_wall="2026-06-12T20:00"),
    ],
    "due_before_cutoff": [due(**WALL, cutoff_wall="2026-06-10T19:59"), due(**DAYS, cutoff_days=6)],
    "due_once_per_cohort": [twice(due(**WALL))],
    "due_zone_no_abbreviation": [due(**WALL, zone="CET"), due(**DAYS, zone="EET")],
    "cohort_zone_no_abbreviation": [changed(Cohort, timezone="MET"), changed(Cohort, timezone="WET")],
    "due_within_one_course": [
        lambda cast: due(**WALL, activity=make.ActivityFactory())(cast),
        lambda cast: due(**WALL, cohort=make.CohortFactory())(cast),
        lambda cast: (due(**WALL)(cast), changed(DueDate, activity=make.ActivityFactory())(cast)),
        lambda cast: (due(**WALL)(cast), changed(DueDate, cohort=make.CohortFactory())(cast)),
    ],
    "extension_within_one_course": [
        lambda cast: extension(activity=make.ActivityFactory())(cast),
        lambda cast: extension(enrolment=make.EnrolmentFactory())(cast),
        lambda cast: (extension()(cast), changed(Extension, activity=make.ActivityFactory())(cast)),
        lambda cast: (extension()(cast), changed(Extension, enrolment=make.EnrolmentFactory())(cast)),
    ],
    "activity_keeps_course": [lambda cast: changed(Activity, module=make.ModuleFactory())(cast)],
    "enrolment_keeps_course": [lambda cast: changed(Enrolment, cohort=make.CohortFactory())(cast)],
    "module_keeps_course": [lambda cast: changed(Module, course=make.CourseFactory())(cast)],
    "cohort_keeps_course": [lambda cast: changed(Cohort, course=make.CourseFactory())(cast)],
    "extension_once": [twice(extension())],
    "extension_zone_no_abbreviation": [extension(zone="CET")],
    "accommodation_gives_time": [
        lambda cast: Accommodation.objects.create(enrolment=cast.enrolment, time_percent=99),
        lambda cast: Accommodation.objects.create(enrolment=cast.enrolment, time_percent=501),
    ],
    "accommodation_within_a_year": [
        lambda cast: Accommodation.objects.create(enrolment=cast.enrolment, extra_days=366)
    ],
    "extra_days_check": [lambda cast: Accommodation.objects.create(enrolment=cast.enrolment, extra_days=-1)],
    "published_activity_has_instant": [changed(Activity, published=True, published_at=None)],
    "course_has_title": [changed(Course, title="")],
    "module_has_title": [changed(Module, title="")],
    "activity_has_title": [changed(Activity, title="")],
    "cohort_has_name": [lambda cast: make.CohortFactory(course=cast.course, name="")],
    "activity_minutes_of_one_day": [changed(Activity, minutes=0), changed(Activity, minutes=1441)],
    "activity_revision_from_one": [changed(Activity, revision=0)],
    "activity_position_once": [changed(Activity, position=0)],
    "module_position_once": [twice(lambda cast: make.ModuleFactory(course=cast.course, position=7))],
    "module_origin_once": [twice(lambda cast: make.ModuleFactory(course=cast.course, origin="m1"))],
    "course_origin_once": [twice(lambda cast: make.CourseFactory(origin="rivers-101 Rivers"))],
    "cohort_ends_after_start": [
        lambda cast: make.CohortFactory(course=cast.course, starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 4))
    ],
    "cohort_promise_in_range": [
        lambda cast: make.CohortFactory(course=cast.course, feedback_days=0),
        lambda cast: make.CohortFactory(course=cast.course, feedback_days=61),
    ],
    "enrolled_once_per_cohort": [lambda cast: make.EnrolmentFactory(user=cast.teacher, cohort=cast.cohort)],
    "cohort_pacing_known": [lambda cast: make.CohortFactory(course=cast.course, pacing="backwards")],
    "enrolment_role_known": [lambda cast: make.EnrolmentFactory(cohort=cast.cohort, role="owner")],
    "enrolment_state_known": [lambda cast: make.EnrolmentFactory(cohort=cast.cohort, state="lost")],
    "course_editor_once": [lambda cast: cast.course.editors.create(user=cast.editor)],
    "one_standing_completion": [twice(completion())],
    "only_what_may_be_is_withdrawn": [
        lambda cast: completion(how="read", withdrawn_at=timezone.now(), completed_at=timezone.now())(cast)
    ],
    "withdrawn_after_completed": [
        lambda cast: completion(completed_at=timezone.now(), withdrawn_at=make.LONG_AGO, withdrawable_by="student")(
            cast
        )
    ],
    "one_open_wait": [twice(wait())],
    "wait_ended_after_it_began": [wait(since=timezone.now(), ended_at=make.LONG_AGO)],
    "passage_anchor_once": [
        lambda cast: Passage.objects.create(activity=cast.reading, anchor="p-1", text="again", vector="")
    ],
    "course_file_path_once": [
        lambda cast: cast.course.files.create(path="sheet.pdf", file=cast.file.file_content.course_file.file)
    ],
    "kept_item_once": [
        twice(
            lambda cast: KeptItem.objects.create(
                course=cast.course, package="p", identifier="q1", kind="quiz", title="Q", position=0, raw={}
            )
        )
    ],
    "caption_is_webvtt": [captions(vtt="1\n00:00:01,000 --> 00:00:02,000\nSubRip"), captions(vtt="")],
    "caption_language_once": [twice(captions())],
    "caption_kind_known": [lambda cast: (captions()(cast), changed(CaptionTrack, kind="jokes")(cast))],
    "lecture_needs_one_to_a_hundred_percent": [needed(0), needed(101)],
    "one_watch_row": [twice(watch)],
    "note_version_from_one": [note(version=0)],
    "recording_has_duration": [lambda cast: recording(cast, duration_ms=0)],
    "recording_not_rendition_of_itself": [own_rendition],
    "import_end_has_instant": [
        lambda cast: CourseImport.objects.create(file_name="a.imscc", state="done"),
        lambda cast: CourseImport.objects.create(file_name="a.imscc", state="failed"),
    ],
}
CASES = [(name, number) for name, builds in REFUSED.items() for number in range(len(builds))]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_database_refuses(cast: Cast, name: str, number: int) -> None:
    def attempt() -> None:
        REFUSED[name][number](cast)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        attempt()


@pytest.mark.parametrize(
    "build",
    [
        due(**WALL, cutoff_wall="2026-06-10T20:00"),
        due(**DAYS, cutoff_days=7),
        due(**DAYS),
        completion(completed_at=make.LONG_AGO, withdrawn_at=timezone.now(), withdrawable_by="student"),
        captions(vtt="WEBVTT - with a title\n"),
        needed(1),
        needed(100),
        note(),
    ],
)
def test_database_takes_what_lies_just_inside(cast: Cast, build: Build) -> None:
    assert build(cast).pk


def test_dates_come_along_when_things_move_within_their_course(cast: Cast) -> None:
    date, agreed = due(**WALL)(cast), extension()(cast)
    Activity.objects.filter(pk=cast.reading.pk).update(module=make.ModuleFactory(course=cast.course, position=7))
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(cohort=make.CohortFactory(course=cast.course))
    connection.check_constraints()
    assert DueDate.objects.get() == date
    assert Extension.objects.get() == agreed


def test_standing_tick_cannot_be_made_by_bringing_a_withdrawn_one_back(cast: Cast) -> None:
    gone = completion(completed_at=make.LONG_AGO, withdrawn_at=timezone.now(), withdrawable_by="student")(cast)
    completion()(cast)
    with pytest.raises(Error), transaction.atomic():
        Completion.objects.filter(pk=gone.pk).update(withdrawn_at=None)


def test_recording_that_a_lecture_plays_is_not_deleted(cast: Cast) -> None:
    content = lectures.bare_lecture(cast.module, position=9).lecture
    with pytest.raises(IntegrityError), transaction.atomic():
        content.recording.delete()
    assert LectureContent.objects.get(pk=content.pk).recording == content.recording


def test_cohort_with_people_in_it_is_not_deleted(cast: Cast) -> None:
    for owner in (cast.cohort, cast.course):
        with pytest.raises(IntegrityError), transaction.atomic():
            owner.delete()
