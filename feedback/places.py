"""Where this app stands on the pages of others."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from drafts import kinds as texts
from feedback.pages.drafts import labels
from progress.slots import COURSE_LINKS, CourseLink

COURSE_LINKS.append(
    CourseLink(_("Your feedback"), "assignment", page=lambda course: reverse("feedback:course_feedback", args=[course]))
)
texts.register("feedback", labels)
