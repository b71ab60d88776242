from typing import Any

from django.db import migrations

from courses.lengths import in_title

AT_ONCE = 500


def forget(apps: Any, schema_editor: Any) -> None:
    """Links and files were given five minutes each, and empty pages one: what their title says counts, else nothing."""
    activities = apps.get_model("courses", "Activity").objects.filter(minutes_by_hand=False)
    for kinds in ({"kind__in": ["link", "file"]}, {"kind": "reading", "reading__words": 0}):
        last = 0
        while some := list(activities.filter(pk__gt=last, **kinds).order_by("pk")[:AT_ONCE]):
            for activity in some:
                activity.minutes = in_title(activity.title)
            activities.model.objects.bulk_update(some, ["minutes"])
            last = some[-1].pk


class Migration(migrations.Migration):
    """In batches, each by itself, so that nobody who writes a course has to wait."""

    atomic = False
    dependencies = [("courses", "0014_unknown_minutes")]
    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
