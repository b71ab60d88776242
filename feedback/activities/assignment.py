from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.richtext import TooMuch, bare_words
from courses.kinds import BY_HAND, Kind, Panel, References, Rule, Way, Who, register
from courses.models import Activity, Enrolment, Module, Reading
from courses.packages.draft import ItemDraft
from courses.packages.reasons import first_words_only
from courses.services import minutes, texts
from courses.services.references import CourseReferences
from feedback.forms.assignments import AssignmentForm
from feedback.models import Assignment
from feedback.pages.lessons import panel
from feedback.selectors import lessons, rubrics
from feedback.services import assignments, handing_in, packages, releasing

FIELDS = (
    "format",
    "source",
    "model_source",
    "scale",
    "most_points",
    "levels",
    "takes_text",
    "takes_files",
    "takes_links",
    "nameless",
    "grace_minutes",
)
WHY = "feedback/why.html"


class AssignmentKind(Kind):
    code = "assignment"
    label = _("Assignment")
    icon = "assignment"
    form = AssignmentForm
    rules = (
        Rule(
            releasing.ENOUGH,
            _("your feedback says that it is good enough"),
            lambda seconds: gettext("Ticked when your teacher says that it is good enough."),
            (Way(releasing.ENOUGH, Who.APP, WHY),),
        ),
        Rule(
            releasing.RELEASED,
            _("the student has feedback"),
            lambda seconds: gettext("Ticked when your feedback is here."),
            (Way(releasing.RELEASED, Who.APP, WHY),),
        ),
        Rule(
            handing_in.HANDED_IN,
            _("the student has handed it in"),
            lambda seconds: gettext("Ticked when you hand it in."),
            (Way(handing_in.HANDED_IN, Who.APP, WHY),),
        ),
        BY_HAND,
    )

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        found = lessons.of_lesson(enrolment, activity)
        return Panel("feedback/assignment.html", panel(found, viewer, enrolment))

    def pages(self, activity: Activity) -> list[tuple[str, str]]:
        return [(gettext("Rubric"), reverse("feedback:rubric", args=[activity.pk]))]

    def other_beginnings(self, module: Module) -> list[tuple[str, str]]:
        return [(gettext("A big task in several parts"), reverse("feedback:new_set", args=[module.pk]))]

    def warnings(self, activities: Sequence[int]) -> dict[int, list[tuple[str | Promise, str]]]:
        return {
            key: [(gettext("No rubric yet"), reverse("feedback:rubric", args=[key]))]
            for key in rubrics.without(activities)
        }

    def initial(self, activity: Activity) -> dict[str, Any]:
        return {name: getattr(activity.assignment, name) for name in FIELDS}

    def save(self, activity: Activity, cleaned: dict[str, Any]) -> bool:
        references = CourseReferences(activity.module.course)
        changed = assignments.write(activity, {name: cleaned[name] for name in FIELDS}, references)
        minutes.settle(activity, texts=cleaned["source"].splitlines())
        activity.save(update_fields=["minutes"])
        return changed

    def lacks(self, activity: Activity) -> list[str]:
        stored = Assignment.objects.get(activity=activity)
        return texts.missing(activity.module.course, stored.source, stored.format)

    def preview(self, activity: Activity, cleaned: dict[str, Any]) -> str:
        return texts.previewed(activity.module.course, cleaned)

    def receive(self, activity: Activity, item: ItemDraft, references: References) -> bool:
        """What a person has chosen here stays as it is: another import brings its words, and the rubric that it had."""
        known = Assignment.objects.filter(activity=activity).first()
        values = {name: getattr(known or Assignment(), name) for name in FIELDS}
        source = texts.without_pasted_pictures(item.html)
        values |= {"format": Reading.Format.HTML, "source": source}
        if known is None:
            values |= packages.chosen(item)
            if values["scale"] == Assignment.Scale.NONE:
                # Nobody says of it that it is good enough.
                activity.rule = handing_in.HANDED_IN
        try:
            changed = assignments.write(activity, values, references)
        except TooMuch as refusal:
            item.remark = first_words_only(str(refusal))
            changed = assignments.write(activity, {**values, "source": bare_words(source)}, references)
        packages.bring_rubric(Assignment.objects.get(activity=activity), item)
        minutes.settle(activity)
        activity.save(update_fields=["minutes", "rule"])
        return changed


register(AssignmentKind())
