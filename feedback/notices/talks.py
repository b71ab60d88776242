"""What students and teachers hear of check-ins and conversations: that there is something, from whom, and where.

No notice holds a word of a message. The mail of a check-in holds its text, but to minors, and a link for each answer.
Only the two of a conversation hear of it: whoever looks after minors reads it, and is told nothing.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.querysets import NAME_SQL, PEER_NAME_SQL
from common.addresses import quick_url
from courses.permissions import CHECKING_IN
from courses.querysets import ACTIVE_SQL
from feedback.models import Asked, Message
from feedback.notices.statements import LASTS
from feedback.querysets import still_teaches
from feedback.services import checkins, news
from notifications.kinds import ABOUT, Cadence, Group, Kind, Line, Rank, Reason, Section, Words, register
from notifications.models import Event, Notice
from notifications.services import planning, revising
from notifications.services.planning import AGAIN

CHECKED_IN = f"""
SELECT u.id AS person_id, a.id AS subject, e.cohort_id AS context, 0 AS lead,
       (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
       jsonb_build_object('course', o.title, 'who', {PEER_NAME_SQL}, 'minor', u.minor) AS "values",
       %(now)s::timestamptz AS not_before, a.expires_at AS not_after
  FROM feedback_asked a
  JOIN feedback_checkin k ON k.id = a.check_in_id
  JOIN courses_enrolment e ON e.id = a.enrolment_id AND {ACTIVE_SQL}
  JOIN courses_cohort g ON g.id = e.cohort_id AND g.deleted_at IS NULL
  JOIN courses_course o ON o.id = g.course_id
  JOIN accounts_user u ON u.id = e.user_id AND u.is_active AND u.deleted_at IS NULL
  JOIN accounts_user r ON r.id = k.author_id
 WHERE a.id = ANY(%(asked)s::bigint[]) AND a.answered_at IS NULL AND a.expires_at > %(now)s
"""  # noqa: S608  all of it is ours
# Of all that was written since the first of a burst, whose it is says who hears.
SAID = f"""
SELECT heard.person_id, heard.subject, heard.context, again.lead, heard.local_day, heard."values",
       %(now)s::timestamptz AS not_before, %(now)s::timestamptz + %(lasts)s::interval AS not_after
  FROM (SELECT u.id AS person_id, c.id AS subject, e.cohort_id AS context,
               (%(now)s::timestamptz AT TIME ZONE u.timezone)::date AS local_day,
               jsonb_build_object('course', o.title, 'cohort', g.name, 'message', side.message, 'minor', u.minor,
                                  'to_student', NOT side.by_student,
                                  'who', CASE WHEN side.by_student THEN {NAME_SQL} ELSE {PEER_NAME_SQL} END)
               AS "values"
          FROM unnest(%(talks)s::bigint[], %(given)s::jsonb[]) AS h(talk_id, given)
          JOIN feedback_conversation c ON c.id = h.talk_id
          JOIN courses_enrolment e ON e.id = c.enrolment_id AND {ACTIVE_SQL}
          JOIN courses_cohort g ON g.id = e.cohort_id AND g.deleted_at IS NULL
          JOIN courses_course o ON o.id = g.course_id
         CROSS JOIN LATERAL (
               SELECT s.by_student, min(s.id) AS message FROM feedback_message s
                WHERE s.conversation_id = c.id AND s.id >= (h.given ->> 'message')::bigint AND s.hidden_at IS NULL
                  AND (s.by_student OR %(both)s)
                GROUP BY s.by_student) AS side
          JOIN accounts_user u ON u.id = CASE WHEN side.by_student THEN c.teacher_id ELSE e.user_id END
                              AND u.is_active AND u.deleted_at IS NULL
          JOIN accounts_user r ON r.id = CASE WHEN side.by_student THEN e.user_id ELSE c.teacher_id END
         WHERE NOT side.by_student OR u.is_staff OR EXISTS (
               SELECT FROM courses_enrolment k WHERE k.user_id = u.id AND k.cohort_id = e.cohort_id
                  AND k.state = 'active' AND k.deleted_at IS NULL AND k.role = ANY(%(checking)s))) AS heard {AGAIN}
"""  # noqa: S608  all of it is ours
# Of a person who was erased, the other is told no name any more.
FORGET_TALKS = """
UPDATE notifications_notice n SET "values" = n."values" || '{"who": ""}'
 WHERE n.kind = %(kind)s AND n."values" ->> 'who' <> ''
   AND NOT EXISTS (SELECT FROM feedback_conversation c WHERE c.id = n.subject AND c.teacher_id IS NOT NULL)
"""
FORGET_CHECK_INS = """
UPDATE notifications_notice n SET "values" = n."values" || '{"who": ""}'
 WHERE n.kind = %(kind)s AND n."values" ->> 'who' <> ''
   AND NOT EXISTS (SELECT FROM feedback_asked a JOIN feedback_checkin k ON k.id = a.check_in_id
                    WHERE a.id = n.subject AND k.author_id IS NOT NULL)
"""


def own_check_in_stands() -> Exists:
    mine = Q(enrolment__user=OuterRef("person"), enrolment__state="active", enrolment__deleted_at=None)
    there = Q(opened_at__isnull=False, enrolment__cohort__deleted_at=None, check_in__author__isnull=False)
    return Exists(Asked.objects.filter(mine, there, pk=OuterRef("subject")))


def own_talk_stands() -> Exists:
    """Of one of its two, where something is left to read of what they were told of."""
    talk = "conversation__enrolment__"
    there = Q(**{f"{talk}deleted_at": None, f"{talk}cohort__deleted_at": None})
    mine = Q(**{f"{talk}user": OuterRef("person"), f"{talk}state": "active"})
    held = Q(conversation__teacher=OuterRef("person")) & still_teaches("conversation__teacher", f"{talk}cohort")
    since = Cast(OuterRef("values__message"), BigIntegerField())
    return Exists(
        Message.objects.filter(there, mine | held, conversation=OuterRef("subject"), pk__gte=since, hidden_at=None)
    )


ABOUT |= {"own check-in": own_check_in_stands, "own talk": own_talk_stands}


def _written_since() -> Exists:
    """Whether the person of a notice has answered what it tells of."""
    since = Cast(OuterRef("values__message"), BigIntegerField())
    return Exists(Message.objects.filter(conversation=OuterRef("subject"), author=OuterRef("person"), pk__gt=since))


def _forget(statement: str, kind: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kind": kind})
        return cursor.rowcount


def forget_talks(kind: str) -> int:
    return _forget(FORGET_TALKS, kind)


class CheckedIn(Kind):
    """Its subject is a check-in as one student was asked it."""

    heading = _("Messages and check-ins")
    name = news.CHECK_IN
    label = _("Check-ins")
    explained = _("When a teacher asks you how you are getting on. You can answer from the email.")
    icon = "question"
    rank = Rank.PERSON
    mail = Cadence.NOW
    at_any_hour = True
    is_personal = True
    about = "own check-in"

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        return planning.insert_few(self.name, CHECKED_IN, now, asked=[one.subject for one in events])

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found = Asked.objects.filter(pk__in=[one.subject for one in notices])
        answered = set(found.filter(answered_at__isnull=False).values_list("pk", flat=True))
        can_be = set(found.open(now).values_list("pk", flat=True))
        closed = [one for one in notices if one.subject not in can_be]
        return {one.pk: Reason.DONE if one.subject in answered else Reason.GONE for one in closed}

    def forget_the_erased(self) -> int:
        return _forget(FORGET_CHECK_INS, self.name)

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [self._words(one) for one in notices]

    def _words(self, notice: Notice, **more: Any) -> Words:
        title = gettext("%(who)s asks how you are getting on in “%(course)s”")
        given = {"who": notice.values["who"] or gettext("A teacher"), "course": notice.values["course"]}
        url, text = quick_url("feedback:asked", notice.subject), gettext("One press is enough for an answer.")
        return Words(title % given, url=url, action=gettext("Answer"), **{"text": text, **more})

    def in_full(self, notices: Sequence[Notice]) -> list[Words]:
        """With the check-in itself, but to minors, and a link for each answer."""
        found = Asked.objects.in_bulk({one.subject for one in notices})
        return [self._in_full(one, found.get(one.subject)) for one in notices]

    def _in_full(self, notice: Notice, asked: Asked | None) -> Words:
        if asked is None:
            return self._words(notice)
        address = reverse("feedback:linked", args=[checkins.token_of(asked.pk)])
        lines = [Line(str(pulse.label), f"{address}?{urlencode({'answer': pulse.value})}") for pulse in Asked.Pulse]
        sections = [Section(gettext("Choose your answer. You don’t need to sign in."), lines)]
        if notice.values["minor"]:
            return self._words(notice, sections=sections)
        html = render_to_string("emails/check_in.html", {"asked": asked}).strip()
        plain = "\n\n".join(filter(None, [asked.text, asked.line]))
        return self._words(notice, text="", html=html, plain=plain, sections=sections)


class OfTalk(Kind):
    """Its subject is a conversation, its context the cohort; `message` in its values is the first that it tells of."""

    heading = _("Messages and check-ins")
    icon = "forum"
    rank = Rank.PERSON
    mail = Cadence.NOW
    at_any_hour = True
    is_personal = True
    about = "own talk"
    group = Group.TEACHING
    # Whether students hear of it as well.
    to_both = False

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        talks = [one.subject for one in events]
        # Whoever has written has read what they were told of.
        mine = Notice.objects.filter(_written_since(), kind__in=news.OF_TALK, subject__in=talks)
        revising.settle(mine)
        given = {"talks": talks, "given": [json.dumps(one.values) for one in events], "both": self.to_both}
        return planning.insert_few(self.name, SAID, now, lasts=LASTS, checking=list(CHECKING_IN), **given)

    def still_valid(self, notices: Sequence[Notice], now: datetime) -> Mapping[int, str]:
        found = Notice.objects.filter(pk__in=[one.pk for one in notices])
        there = set(found.filter(own_talk_stands()).values_list("pk", flat=True))
        done = set(found.filter(_written_since()).values_list("pk", flat=True))
        gone = {one.pk: Reason.GONE for one in notices if one.pk not in there}
        return dict.fromkeys(done, Reason.DONE) | gone

    def forget_the_erased(self) -> int:
        return forget_talks(self.name)

    def render(self, notices: Sequence[Notice]) -> list[Words]:
        return [self._words(one.subject, one.values) for one in notices]

    def _words(self, talk: int, values: Mapping[str, Any]) -> Words:
        who = values["who"] or gettext("Someone who has left")
        text = gettext("Cohort: %(cohort)s") % values
        if values["to_student"]:
            text = gettext("It is in “%(course)s”.") % values
        url = f"{quick_url('feedback:conversation', talk)}#message-{values['message']}"
        return Words(self.title({"who": who}), text, url, gettext("Read it on Ownpace"))

    def title(self, values: Mapping[str, Any]) -> str:
        raise NotImplementedError


class Answered(OfTalk):
    name = news.CHECK_IN_ANSWER
    label = _("Answers to your check-ins")
    explained = _("When a student answers a check-in of yours.")

    def spread(self, events: Sequence[Event], now: datetime) -> int:
        messages = [one.values["message"] for one in events]
        asked = Message.objects.filter(pk__in=messages, asked__isnull=False).values_list(F("asked"), flat=True)
        revising.settle(Notice.objects.filter(kind=news.CHECK_IN, subject__in=list(asked)))
        return super().spread(events, now)

    def title(self, values: Mapping[str, Any]) -> str:
        return gettext("%(who)s answered your check-in") % values


class AskedForAWord(OfTalk):
    name = news.WORD
    label = _("A student writes to you first")
    explained = _("When a student starts a conversation with you.")

    def title(self, values: Mapping[str, Any]) -> str:
        return gettext("%(who)s has written to you") % values


class Wrote(OfTalk):
    name = news.MESSAGE
    label = _("Messages")
    explained = _("When someone writes to you in a conversation between a student and a teacher.")
    group = Group.EVERYBODY
    to_both = True

    def title(self, values: Mapping[str, Any]) -> str:
        return gettext("%(who)s has written to you") % values


for kind in (CheckedIn(), Answered(), AskedForAWord(), Wrote()):
    register(kind)
