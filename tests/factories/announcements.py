from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from accounts.models import User
from courses.models import Announcement, Cohort
from courses.services import announcements


def written(
    *cohorts: Cohort, title: str = "No class on Friday", source: str = "We meet on **Monday** instead.", **values: Any
) -> announcements.Written:
    return announcements.Written(title, source, **{"zone": ZoneInfo("Europe/Berlin"), "cohorts": cohorts, **values})


def announcement(author: User, *cohorts: Cohort, publish_at: Any = None, **values: Any) -> Announcement:
    """Sent as the form sends it; `publish_at` puts it elsewhere in time afterwards."""
    found, _ = announcements.publish(uuid4(), written(*cohorts, **values), by=author)
    if publish_at:
        Announcement.objects.filter(pk=found.pk).update(publish_at=publish_at)
        found.refresh_from_db()
    return found
