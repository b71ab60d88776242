"""The Monday letter of those who teach. Only `dashboards.apps` loads this."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.addresses import quick_url
from common.dates import at, moment
from courses.models import Enrolment
from dashboards.selectors import monday
from notifications.kinds import ABOUT, Cadence, Group, Kind, Line, Reason, Section, Words, register
from notifications.models import Notice
from notifications.services import planning
from notifications.services.planning import HORIZON


def teaches() -> Exists:
    """Whether the person of a notice still teaches: a letter names students."""
    return Exists(Enrolment.objects.active().filter(user=OuterRef("person"), role=Enrolment.Role.TEACHER))


ABOUT["teaching"] = teaches


class MondayLetter(Kind):
    """One over all the cohorts of a person, with what it says settled as it is told."""

    name = "monday_letter"
    label = _("The Monday letter")
    explained = _(
        "On the first morning of your working week: who may need a word from you, what is overdue, and what comes."
    )
    icon = "teach"
    group = Group.TEACHING
    mail = Cadence.NOW
    may_be_bundled = False
    about = "teaching"

    def plan(self, now: datetime) -> int:
        return planning.insert(self.name, monday.LETTERS, **monday.parameters(now, HORIZON))

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        planned = [notice for notice in notices if notice.state == Notice.State.PLANNED]
        weeks = {notice.person_id: notice.local_day for notice in planned}
        due, letters = (monday.due(weeks, now), monday.letters(weeks, now)) if planned else (set(), {})
        reasons = {}
        for notice in planned:
            if notice.person_id not in letters:
                reasons[notice.pk] = Reason.NOTHING_TO_SAY
            elif notice.person_id not in due:
                # Their working days have been changed since it was planned; the plan knows another day, or none.
                reasons[notice.pk] = Reason.MOVED
            else:
                notice.values = letters[notice.person_id]
        told = {notice.person_id for notice in notices} - {notice.person_id for notice in planned}
        teaching = Enrolment.objects.active().filter(user__in=told, role=Enrolment.Role.TEACHER)
        still = set(teaching.values_list("user", flat=True)) if told else set()
        gone = [one for one in notices if one.state != Notice.State.PLANNED and one.person_id not in still]
        return reasons | {notice.pk: Reason.NOT_ENROLLED for notice in gone}

    def forget_the_erased(self) -> int:
        return Notice.objects.bulk_update(monday.without_the_erased(self.name), ["values"], batch_size=500)

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(
                _title(notice.values["cohorts"], notice.local_day),
                url=_place(notice.values["cohorts"]),
                action=gettext("Go to your class")
                if len(notice.values["cohorts"]) == 1
                else gettext("Go to your classes"),
                sections=[section for cohort in notice.values["cohorts"] for section in _sections(cohort)],
                text=_left_out(notice.values["more"]),
            )
            for notice in notices
        ]


def _place(cohorts: Sequence[Mapping[str, Any]]) -> str:
    return quick_url("teach:cohort", cohorts[0]["id"]) if len(cohorts) == 1 else reverse("teach:cohorts")


def _title(cohorts: Sequence[Mapping[str, Any]], day: date) -> str:
    """The week, and the two figures that ask for something."""
    not_seen, overdue = (sum(cohort["counts"][name] for cohort in cohorts) for name in ("not_seen", "overdue"))
    parts = [gettext("Your week from %(day)s") % {"day": date_format(day, "D j F")}]
    if not_seen:
        words = ngettext("%(n)d student not seen for 7 days", "%(n)d students not seen for 7 days", not_seen)
        parts.append(words % {"n": not_seen})
    if overdue:
        words = ngettext("%(n)d student with something overdue", "%(n)d students with something overdue", overdue)
        parts.append(words % {"n": overdue})
    first, rest = parts[0], parts[1:]
    return f"{first}: {', '.join(rest)}" if rest else first


def _sections(cohort: Mapping[str, Any]) -> Iterator[Section]:
    titles = {
        "not_seen": (gettext("Not seen for 7 days"), _seen),
        "overdue": (gettext("Something overdue"), _late),
        "stopped": (gettext("Our nudges have stopped: a word from you may help more"), _student),
        "due": (gettext("Due this week"), lambda row: _due(row, cohort["id"])),
    }
    for name, (title, line) in titles.items():
        if rows := cohort[name]:
            yield Section(
                f"{cohort['name']}: {title}", [line(row) for row in rows], _more(cohort["counts"][name], rows)
            )
    dates = [
        Line(words % {"day": date_format(date.fromisoformat(cohort[name]), "l j F")}, _class(cohort))
        for name, words in (("opens", gettext("Opens on %(day)s")), ("closes", gettext("Last day: %(day)s")))
        if cohort[name]
    ]
    if dates:
        yield Section(f"{cohort['name']}: {gettext('This week')}", dates)


def _class(cohort: Mapping[str, Any]) -> str:
    return quick_url("teach:cohort", cohort["id"])


def _student(row: Mapping[str, Any]) -> Line:
    return _line(row, "%(name)s")


def _line(row: Mapping[str, Any], words: str, **more: Any) -> Line:
    """Of a student who was erased since the letter came, what was said stays, without the name and the link."""
    if not row["name"]:
        return Line(words % {"name": gettext("A former student"), **more})
    return Line(words % {"name": row["name"], **more}, quick_url("teach:student", row["id"]))


def _seen(row: Mapping[str, Any]) -> Line:
    if not row["seen"]:
        return _line(row, gettext("%(name)s, has not started"))
    day = date_format(date.fromisoformat(row["seen"]), "D j F")
    return _line(row, gettext("%(name)s, last seen on %(day)s"), day=day)


def _late(row: Mapping[str, Any]) -> Line:
    return _line(row, ngettext("%(name)s, %(late)d step", "%(name)s, %(late)d steps", row["late"]), late=row["late"])


def _due(row: Mapping[str, Any], cohort: int) -> Line:
    words = gettext("“%(name)s”, %(at)s") % {"name": row["title"], "at": at(moment(row["due"]))}
    return Line(words, reverse("teach:due_date", args=[cohort, row["id"]]))


def _more(count: int, rows: Sequence[Any]) -> str:
    left = count - len(rows)
    return ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left} if left else ""


def _left_out(cohorts: int) -> str:
    words = ngettext("%(n)d more class is on your page.", "%(n)d more classes are on your page.", cohorts)
    return words % {"n": cohorts} if cohorts else ""


register(MondayLetter())
