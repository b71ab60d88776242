from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.forms.content import LinkForm
from courses.kinds import BY_HAND, BY_STUDENT, ON_OPENING, Kind, Panel, References, Rule, register
from courses.models import Activity, Enrolment, LinkContent
from courses.packages.draft import ItemDraft
from courses.services import minutes, page_words


class LinkKind(Kind):
    code = "link"
    label = _("Link")
    icon = "link"
    form = LinkForm
    rules = (
        Rule(
            "opened",
            _("the student opens it"),
            lambda seconds: gettext("Ticked when you open the link, or when you mark it as done."),
            (ON_OPENING, BY_STUDENT),
        ),
        BY_HAND,
    )

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        return Panel("courses/kinds/link.html", {"content": activity.link_content})

    def destination(self, activity: Activity) -> str:
        return activity.link_content.url

    def initial(self, activity: Activity) -> dict[str, Any]:
        return {"url": activity.link_content.url, "note": activity.link_content.note}

    def save(self, activity: Activity, cleaned: dict[str, Any]) -> bool:
        return self._store(activity, {"url": cleaned["url"], "note": cleaned["note"]})

    def receive(self, activity: Activity, item: ItemDraft, references: References) -> bool:
        return self._store(activity, {"url": item.url} | ({"note": item.note} if item.note else {}))

    def _store(self, activity: Activity, values: dict[str, str]) -> bool:
        before = LinkContent.objects.filter(activity=activity).values_list("url", flat=True).first()
        content, _ = LinkContent.objects.update_or_create(activity=activity, defaults=values)
        minutes.settle(activity, texts=content.note.splitlines())
        activity.save(update_fields=["minutes"])
        page_words.index(activity, note=content.note)
        return before not in (None, values["url"])


register(LinkKind())
