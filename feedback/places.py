"""Where this app stands on the pages of others."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.slots import Slot
from drafts import kinds as texts
from feedback.pages.drafts import labels
from feedback.selectors.queue import waiting
from progress.slots import CLASS, COURSE_LINKS, CourseLink

COURSE_LINKS.append(
    CourseLink(_("Your feedback"), "assignment", page=lambda course: reverse("feedback:course_feedback", args=[course]))
)
CLASS.register(Slot(_("To mark"), 5, page=lambda cohort: f"{reverse('feedback:queue')}?cohort={cohort}", count=waiting))
texts.register("feedback", labels)
