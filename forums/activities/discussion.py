from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.richtext import TooMuch, bare_words
from courses.kinds import BY_HAND, Kind, Panel, References, Rule, Way, Who, register
from courses.models import Activity, Enrolment, Reading
from courses.packages.draft import ItemDraft
from courses.packages.reasons import first_words_only
from courses.services import minutes, texts
from courses.services.references import CourseReferences
from forums.forms import DiscussionForm
from forums.models import Discussion
from forums.pages.discussions import panel
from forums.selectors import discussions
from forums.services import topics

TALKED = Way(topics.TALKED, Who.APP, "forums/why_talked.html")
FIELDS = ("format", "source", "posts_needed", "replies_needed", "own_first")


class DiscussionKind(Kind):
    code = "discussion"
    label = _("Discussion")
    icon = "forum"
    form = DiscussionForm
    rules = (
        Rule(
            topics.RULE,
            _("the student has posted as often as you ask"),
            lambda seconds: gettext("Ticked when you have written what the discussion asks for."),
            (TALKED,),
        ),
        BY_HAND,
    )

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        found = discussions.of_lesson(viewer, activity)
        return Panel("forums/discussion.html", panel(found, enrolment))

    def initial(self, activity: Activity) -> dict[str, Any]:
        return {name: getattr(activity.discussion, name) for name in FIELDS}

    def save(self, activity: Activity, cleaned: dict[str, Any]) -> bool:
        references = CourseReferences(activity.module.course)
        changed = topics.write(activity, {name: cleaned[name] for name in FIELDS}, references)
        minutes.settle(activity, texts=cleaned["source"].splitlines())
        activity.save(update_fields=["minutes"])
        return changed

    def lacks(self, activity: Activity) -> list[str]:
        stored = Discussion.objects.get(activity=activity)
        return texts.missing(activity.module.course, stored.source, stored.format)

    def preview(self, activity: Activity, cleaned: dict[str, Any]) -> str:
        return texts.previewed(activity.module.course, cleaned)

    def receive(self, activity: Activity, item: ItemDraft, references: References) -> bool:
        known = Discussion.objects.filter(activity=activity).first()
        values = {name: getattr(known or Discussion(), name) for name in FIELDS}
        source = texts.without_pasted_pictures(item.html)
        values |= {"format": Reading.Format.HTML, "source": source}
        if known is None:
            values["own_first"] = item.own_first
        try:
            changed = topics.write(activity, values, references)
        except TooMuch as refusal:
            item.remark = first_words_only(str(refusal))
            changed = topics.write(activity, {**values, "source": bare_words(source)}, references)
        minutes.settle(activity)
        activity.save(update_fields=["minutes"])
        return changed


register(DiscussionKind())
