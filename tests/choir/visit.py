"""Run in a process of its own, in which the choir is installed: prints what its pages show as JSON, and undoes all."""

import json
import os
import sys


def visit() -> dict[str, object]:
    from django.conf import settings
    from django.db import connection, transaction
    from django.test import Client

    from courses.kinds import Who
    from progress.services import ticks
    from tests.cast import gather
    from tests.factories import courses as make

    # Its own process has no database of the suite: what it is given is emptied by the rollback.
    settings.ALLOWED_HOSTS = ["testserver"]
    with transaction.atomic():
        cast = gather()
        song = make.ActivityFactory(module=cast.module, kind="song", rule="sung", title="Round", position=9)
        tuned = make.ActivityFactory(module=cast.module, kind="song", rule="in-tune", title="Canon", position=10)
        student, teacher = Client(), Client()
        student.force_login(cast.student)
        teacher.force_login(cast.teacher)
        by_student = student.post(f"/lessons/{song.pk}/done/").status_code
        by_teacher = teacher.post(f"/teach/students/{cast.enrolment.pk}/activities/{song.pk}/done/").status_code
        ticks.complete(cast.enrolment, tuned, how="in-tune", evidence={"by": "choir"}, by=None)
        told = {
            "by_student": by_student,
            "by_teacher": by_teacher,
            "lesson": student.get(f"/lessons/{song.pk}/").text,
            "tuned": student.get(f"/lessons/{tuned.pk}/").text,
            "today": student.get("/").text,
            "class": teacher.get(f"/teach/cohorts/{cast.cohort.pk}/").text,
            "search": student.get(f"/courses/{cast.course.pk}/search/?q=bees").text,
            "fragment": student.get(f"/choir/{song.pk}/fragment/").text,
            "withdrawn": ticks.withdraw(cast.enrolment, tuned, acting=Who.APP, by=cast.admin),
            "tables": len(connection.introspection.table_names()),
        }
        transaction.set_rollback(True)
    return told


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.choir.settings"
    import django

    django.setup()
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    sys.stdout.write(json.dumps(visit()))
