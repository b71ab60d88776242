"""What is heard of an answer that a student was promised in a conversation: that it is about to be late, and then is.

The two of a conversation hear of it and nobody else: whoever looks after minors owes them no answer.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.querysets import PEER_NAME_SQL
from common.addresses import quick_url
from common.dates import at, moment
from courses.models import Cohort
from courses.permissions import CHECKING_IN
from courses.querysets import ACTIVE_SQL, WORKS_SQL
from feedback.models import Conversation
from feedback.notices.statements import LASTS
from feedback.notices.talks import forget_talks
from feedback.promises import CLOSES
from feedback.querysets import still_teaches
from feedback.services import news
from notifications.kinds import ABOUT, Cadence, Group, Kind, Rank, Reason, Words, register
from notifications.models import Event, Notice
from notifications.services import planning
from notifications.services.planning import AGAIN, HORIZON

# Of `c`, whose student `e` has not left: its teacher `u`, where they still teach the cohort `h`.
TEACHER = f"""
  JOIN courses_enrolment e ON e.id = c.enrolment_id AND {ACTIVE_SQL}
  JOIN courses_cohort h ON h.id = e.cohort_id AND h.deleted_at IS NULL
  JOIN courses_course o ON o.id = h.course_id
  JOIN accounts_user u ON u.id = c.teacher_id AND u.is_active AND u.deleted_at IS NULL
   AND (u.is_staff OR EXISTS (
           SELECT FROM courses_enrolment x WHERE x.user_id = u.id AND x.cohort_id = e.cohort_id
              AND x.state = 'active' AND x.deleted_at IS NULL AND x.role = ANY(%(checking)s)))
"""
# When the last working day before that of the promise is over, by the clocks of the cohort: a working day is left then,
# on which the teacher is not away.
SOON = f"""
SELECT c.teacher_id AS person_id, h.id AS subject, h.id AS context, 0 AS lead,
       (near.at AT TIME ZONE u.timezone)::date AS local_day,
       jsonb_build_object('course', min(o.title), 'cohort', min(h.name), 'n', count(*),
                          'by', date_part('epoch', min(c.promised_at))) AS "values",
       near.at AS not_before, min(c.promised_at) AS not_after
  FROM feedback_conversation c {TEACHER}
  LEFT JOIN courses_workingcalendar k ON k.cohort_id = h.id
 CROSS JOIN LATERAL (
       SELECT (max(d.day) + %(closes)s::time) AT TIME ZONE h.timezone AS at
         FROM (SELECT s.day::date AS day FROM generate_series((c.waiting_since AT TIME ZONE h.timezone)::date,
                      (c.promised_at AT TIME ZONE h.timezone)::date - 1, interval '1 day') AS s(day)) AS d
        WHERE {WORKS_SQL.replace("{day}", "d.day")}
          AND NOT EXISTS (SELECT FROM feedback_absence b WHERE b.person_id = c.teacher_id AND b.cancelled_at IS NULL
                             AND d.day BETWEEN b.first AND b.last)) AS near
 WHERE c.waiting_since IS NOT NULL AND c.broken_at IS NULL
   AND c.promised_at > %(now)s AND near.at <= %(until)s AND near.at > c.waiting_since
 GROUP BY c.teacher_id, h.id, near.at, u.timezone
"""  # noqa: S608  all of it is ours
# Of all that are late at once, one to each teacher and cohort.
BROKE = f"""
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s::timestamptz + %(lasts)s::interval AS not_after
  FROM (SELECT c.teacher_id AS person_id, h.id AS subject, h.id AS context,
               (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', min(o.title), 'cohort', min(h.name), 'n', count(*),
                                  'by', date_part('epoch', min(c.promised_at))) AS "values"
          FROM feedback_conversation c {TEACHER}
         WHERE c.id = ANY(%(talks)s::bigint[]) AND c.broken_at IS NOT NULL
         GROUP BY c.teacher_id, h.id, u.timezone) AS heard {AGAIN}
"""  # noqa: S608  all of it is ours
LATE = f"""
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s::timestamptz + %(lasts)s::interval AS not_after
  FROM (SELECT e.user_id AS person_id, c.id AS subject, h.id AS context,
               (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', o.title, 'who', {PEER_NAME_SQL},
                                  'was', date_part('epoch', (late.given ->> 'was')::timestamptz),
                                  'becomes', date_part('epoch', c.promised_at)) AS "values"
          FROM unnest(%(talks)s::bigint[], %(given)s::jsonb[]) AS late(talk_id, given)
          JOIN feedback_conversation c ON c.id = late.talk_id AND c.broken_at IS NOT NULL
          JOIN courses_enrolment e ON e.id = c.enrolment_id AND {ACTIVE_SQL}
          JOIN courses_cohort h ON h.id = e.cohort_id AND h.deleted_at IS NULL
          JOIN courses_course o ON o.id = h.course_id
          JOIN accounts_user u ON u.id = e.user_id AND u.is_active AND u.deleted_at IS NULL
          JOIN accounts_user r ON r.id = c.teacher_id) AS heard {AGAIN}
"""  # noqa: S608  all of it is ours


def taught_cohort_stands() -> Exists:
    """Where its person may write to students."""
    mine = {"enrolments__user": OuterRef("person"), "enrolments__state": "active", "enrolments__deleted_at": None}
    theirs = Q(**mine, enrolments__role__in=CHECKING_IN)
    held = Conversation.objects.filter(teacher=OuterRef(OuterRef("person")), teacher__is_staff=True)
    return Exists(Cohort.objects.filter(theirs | Exists(held), pk=OuterRef("subject"), deleted_at=None))


def own_promise_stands() -> Exists:
    """Of a student who has not left, with a teacher who is there."""
    mine = Q(enrolment__user=OuterRef("person"), enrolment__state="active", enrolment__deleted_at=None)
    there = still_teaches("teacher", "enrolment__cohort")
    return Exists(Conversation.objects.standing().filter(mine, there, pk=OuterRef("subject")))


ABOUT |= {"taught cohort": taught_cohort_stands, "own promise": own_promise_stands}


class ToTeachers(Kind):
    """Its subject and context are the cohort; `n` in its values are the students who wait there for its person."""

    group = Group.TEACHING
    icon = "forum"
    rank = Rank.DEADLINE
    mail = Cadence.NOW
    # In the inbox at least, for who is half the world away.
    at_any_hour = True
    is_personal = True
    about = "taught cohort"

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found = Conversation.objects.standing().filter(waiting_since__isnull=False, promised_at__gt=now)
        mine = found.filter(
            enrolment__state="active",
            teacher__in={one.person_id for one in notices},
            enrolment__cohort__in={one.context for one in notices},
        )
        there: Any = ExpressionWrapper(still_teaches("teacher", "enrolment__cohort"), output_field=BooleanField())
        rows = list(mine.values_list("teacher", "enrolment__cohort", "promised_at", "broken_at", there))
        reasons = {}
        for notice in notices:
            theirs = [
                (promised, teaches)
                for teacher, cohort, promised, broken, teaches in rows
                if (teacher, cohort) == (notice.person_id, notice.context) and self.tells(notice, promised, broken)
            ]
            if not theirs:
                reasons[notice.pk] = Reason.DONE
            elif not theirs[0][1]:
                reasons[notice.pk] = Reason.NOT_ENROLLED
            else:
                notice.values = {**notice.values, "n": len(theirs), "by": min(theirs)[0].timestamp()}
        return reasons

    def tells(self, notice: Notice, promised: datetime, broken: datetime | None) -> bool:
        raise NotImplementedError

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [
            Words(
                self.title(one.values),
                self.text(one.values),
                quick_url("feedback:check_ins", one.subject),
                gettext("See who waits"),
            )
            for one in notices
        ]

    def title(self, values: Mapping[str, Any]) -> str:
        raise NotImplementedError

    def text(self, values: Mapping[str, Any]) -> str:
        raise NotImplementedError


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"n": values["n"], "at": at(moment(values["by"]))}


class Soon(ToTeachers):
    name = news.ANSWER_SOON
    label = _("An answer is about to be late")
    explained = _("A working day before an answer that you promised a student in a conversation is late.")

    def plan(self, now: datetime) -> int:
        given = {"until": now + HORIZON, "closes": CLOSES, "checking": list(CHECKING_IN)}
        return planning.insert(self.name, SOON, now, **given)

    def tells(self, notice: Notice, promised: datetime, broken: datetime | None) -> bool:
        return broken is None and promised <= notice.not_after

    def title(self, values: Mapping[str, Any]) -> str:
        words = ngettext(
            "You promised %(n)d student an answer by %(at)s",
            "You promised %(n)d students an answer by %(at)s",
            values["n"],
        )
        return words % _said(values)

    def text(self, values: Mapping[str, Any]) -> str:
        words = gettext("Cohort: %(cohort)s. If nothing is left to answer, say so in the conversation.")
        return words % values


class Broke(ToTeachers):
    """Its events are those of `Late`."""

    name = news.ANSWER_BROKE
    label = _("Your answer is late")
    explained = _("When an answer that you promised is late, and the student can see that.")

    def tells(self, notice: Notice, promised: datetime, broken: datetime | None) -> bool:
        return broken is not None

    def title(self, values: Mapping[str, Any]) -> str:
        words = ngettext(
            "Your answer to %(n)d student is late. It is now promised by %(at)s",
            "Your answers to %(n)d students are late. The first is now promised by %(at)s",
            values["n"],
        )
        return words % _said(values)

    def text(self, values: Mapping[str, Any]) -> str:
        return gettext("Cohort: %(cohort)s. The students can see that it is late, and the new day.") % values


class Late(Kind):
    """Its subject is the conversation, its context the cohort. Told with the day that is promised as it is told."""

    name = news.ANSWER_LATE
    label = _("An answer to you is late")
    explained = _("When a teacher promised you an answer and it has not come. It says which day is promised now.")
    icon = "forum"
    rank = Rank.DEADLINE
    mail = Cadence.NOW
    at_any_hour = True
    is_personal = True
    about = "own promise"

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        talks = [one.subject for one in events]
        given = {"lasts": LASTS, "talks": talks}
        told = planning.insert_few(self.name, LATE, now, given=[json.dumps(one.values) for one in events], **given)
        return told + planning.insert_few(news.ANSWER_BROKE, BROKE, now, checking=list(CHECKING_IN), **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found = Conversation.objects.standing().filter(pk__in=[one.subject for one in notices])
        there = found.filter(still_teaches("teacher", "enrolment__cohort"), enrolment__state="active")
        rows = dict(there.values_list("pk", F("promised_at")))
        return {one.pk: reason for one in notices if (reason := self._unwanted(one, rows))}

    def _unwanted(self, notice: Notice, rows: Mapping[int, datetime | None]) -> Reason | None:
        if notice.subject not in rows:
            return Reason.GONE
        promised_at = rows[notice.subject]
        if promised_at is None:
            return Reason.DONE
        becomes = promised_at.timestamp()
        if notice.state != Notice.State.PLANNED:
            return None if becomes == notice.values["becomes"] else Reason.MOVED
        notice.values = {**notice.values, "becomes": becomes}
        return None

    def forget_the_erased(self) -> int:
        return forget_talks(self.name)

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [self._words(one.subject, one.values) for one in notices]

    def _words(self, talk: int, values: Mapping[str, Any]) -> Words:
        who = values["who"] or gettext("A teacher")
        title = gettext("%(who)s’s answer to you is late. It is now promised by %(at)s")
        text = gettext(
            "It was promised by %(at)s and has not come. Your message in “%(course)s” is safe, and your teacher knows."
        )
        return Words(
            title % {"who": who, "at": at(moment(values["becomes"]))},
            text % {"at": at(moment(values["was"])), "course": values["course"]},
            f"{quick_url('feedback:conversation', talk)}#waits",
            gettext("Go to the conversation"),
        )


for kind in (Soon(), Broke(), Late()):
    register(kind)
