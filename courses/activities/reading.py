from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.richtext import TooMuch
from courses.forms.content import ReadingForm
from courses.kinds import BY_HAND, BY_STUDENT, Kind, Panel, References, Rule, Way, Who, register
from courses.models import Activity, Enrolment, Reading
from courses.packages.draft import ItemDraft
from courses.packages.reasons import first_words_only
from courses.services import texts
from courses.services.references import CourseReferences

READ = Way("read", Who.SOFTWARE, "courses/why/read.html")


def _sentence(seconds: int) -> str:
    if not seconds:
        return gettext("Ticked when it has been open on your screen long enough to read, or when you mark it as done.")
    if seconds < 60:
        return ngettext(
            "Ticked when it has been open on your screen for %(count)d second, or when you mark it as done.",
            "Ticked when it has been open on your screen for %(count)d seconds, or when you mark it as done.",
            seconds,
        ) % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext(
        "Ticked when it has been open on your screen for about %(count)d minute, or when you mark it as done.",
        "Ticked when it has been open on your screen for about %(count)d minutes, or when you mark it as done.",
        minutes,
    ) % {"count": minutes}


class ReadingKind(Kind):
    code = "reading"
    label = _("Reading")
    icon = "reading"
    form = ReadingForm
    measured = True
    rules = (
        Rule("read", _("it has been open long enough to read"), _sentence, (READ, BY_STUDENT)),
        BY_HAND,
    )

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        return Panel("courses/kinds/reading.html", {"reading": activity.reading})

    def initial(self, activity: Activity) -> dict[str, Any]:
        return {"format": activity.reading.format, "source": activity.reading.source}

    def save(self, activity: Activity, cleaned: dict[str, Any]) -> bool:
        references = CourseReferences(activity.module.course)
        return texts.write(activity, source=cleaned["source"], format=cleaned["format"], references=references)

    def lacks(self, activity: Activity) -> list[str]:
        stored = Reading.objects.get(activity=activity)
        return texts.missing(activity.module.course, stored.source, stored.format)

    def preview(self, activity: Activity, cleaned: dict[str, Any]) -> str:
        return texts.previewed(activity.module.course, cleaned)

    def receive(self, activity: Activity, item: ItemDraft, references: References) -> bool:
        if item.markdown:
            return texts.write(activity, source=item.markdown, format=Reading.Format.MARKDOWN, references=references)
        source = texts.without_pasted_pictures(item.html)
        try:
            return texts.write(activity, source=source, format=Reading.Format.HTML, references=references)
        except TooMuch as refusal:
            item.remark = first_words_only(str(refusal))
            return texts.write_words(activity, source)


register(ReadingKind())
