import io
from datetime import UTC, date, datetime

import factory
from django.utils import timezone

from courses.models import Activity, Cohort, Course, CourseImport, Enrolment, FileContent, LinkContent, Module
from courses.services import file_uses, import_reports, texts
from courses.services.course_files import add_file
from courses.services.references import CourseReferences

LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    title = factory.Sequence(lambda n: f"Course {n}")


class ModuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Module

    course = factory.SubFactory(CourseFactory)
    title = factory.Sequence(lambda n: f"Module {n}")
    position = factory.Sequence(lambda n: n)


class ActivityFactory(factory.django.DjangoModelFactory):
    """A bare activity of kind reading, without its content; the functions below make whole ones."""

    class Meta:
        model = Activity

    module = factory.SubFactory(ModuleFactory)
    kind = "reading"
    rule = "read"
    title = factory.Sequence(lambda n: f"Activity {n}")
    position = factory.Sequence(lambda n: n)
    minutes = 5
    published_at = LONG_AGO


def reading(module: Module, text: str = "One two three.", **values: object) -> Activity:
    activity = ActivityFactory(module=module, **values)
    texts.write(activity, source=text, format="markdown", references=CourseReferences(module.course))
    return activity


def file_activity(
    module: Module, name: str = "sheet.pdf", content: bytes = b"%PDF-1.4 sheet", **values: object
) -> Activity:
    activity = ActivityFactory(module=module, kind="file", rule="opened", **values)
    course_file = add_file(module.course, io.BytesIO(content), name)
    FileContent.objects.create(activity=activity, course_file=course_file)
    file_uses.record(activity, [course_file.pk])
    return activity


def link(module: Module, url: str = "https://example.org/page", **values: object) -> Activity:
    activity = ActivityFactory(module=module, kind="link", rule="opened", **values)
    LinkContent.objects.create(activity=activity, url=url)
    return activity


class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cohort

    course = factory.SubFactory(CourseFactory)
    name = factory.Sequence(lambda n: f"Cohort {n}")
    timezone = "Europe/Berlin"
    starts_on = date(2026, 1, 5)


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory("tests.factories.people.UserFactory")
    role = "student"
    started_on = date(2026, 1, 5)
    state_changed_at = factory.LazyFunction(timezone.now)


def ended_import(lines: list[dict], faults: list[dict], **values: object) -> CourseImport:
    """A run with its report, as the importer leaves both."""
    told = {"file_name": "a.imscc", "state": "done", "finished_at": LONG_AGO, **values}
    run = CourseImport.objects.create(lines=lines, faults=faults, **told)
    import_reports.keep(run, lines, faults)
    return run
