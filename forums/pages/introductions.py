"""What people are asked when they introduce themselves."""

from django.utils.translation import gettext

from courses.models import Cohort
from forums.models import Forum


def questions(forum: Forum | None) -> list[str]:
    """Those that a teacher wrote, else those that everybody has."""
    own = [line.strip() for line in forum.introductions.splitlines() if line.strip()] if forum else []
    return own or [
        gettext("Where in the world are you, and where do you study?"),
        gettext("What do you hope to be able to do at the end of this course?"),
        gettext("What could you help someone else with?"),
    ]


def questions_of(cohort: Cohort) -> list[str]:
    return questions(Forum.objects.filter(cohort=cohort).first())
