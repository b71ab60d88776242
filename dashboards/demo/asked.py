"""What teachers of the demo cohort asked students one to one, from `demo/check-ins.toml`, and what was said after it:
by the services that pages use, at its times."""

import tomllib
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings

from accounts.models import User
from courses.models import Cohort, Enrolment
from dashboards.demo.talk import Place
from drafts.fields import Content, Stamp
from feedback import segments
from feedback.models import Asked, Conversation, Message, WorksAlone
from feedback.services import checkins, news, talks
from notifications.models import Event

TOLD = (news.CHECK_IN, *news.OF_TALK)


def write(cohort: Cohort, people: dict[str, User], now: datetime) -> None:
    """All of it. What was so many hours ago is told as it was then, and the rest to nobody any more."""
    place = Place(cohort, people, {}, now)
    mine = Enrolment.objects.filter(cohort=cohort).select_related("user", "cohort")
    members = {name: mine.get(user=user) for name, user in people.items()}
    told = tomllib.loads((settings.BASE_DIR / "demo" / "check-ins.toml").read_text("utf-8"))
    for one in told["alone"]:
        WorksAlone.objects.create(enrolment=members[one["name"]], since=place.when(one))
    for one in told["check_ins"]:
        _check_in(place, one, members)
    for one in told["words"]:
        said = talks.ask_for_a_word(
            members[one["by"]], people[one["to"]], one["text"].strip(), _sending(), now=place.when(one)
        )
        _happened(place, one)
        _go_on(place, said.message.conversation, one)
    _were_here(members)


def _check_in(place: Place, told: dict[str, Any], members: dict[str, Enrolment]) -> None:
    asked_of = {members[one["name"]].pk: one for one in told["to"]}
    lines = {key: one["line"] for key, one in asked_of.items() if "line" in one}
    wanted = checkins.Wanted(told["text"].strip(), segments.TICKED, asked_of, lines)
    by, at = place.people[told["by"]], place.when(told)
    sent = checkins.send(place.cohort, wanted, _sending(), by=by, now=at)
    _happened(place, told)
    for asked in Asked.objects.filter(check_in=sent.check_in).order_by("pk"):
        one = asked_of[asked.enrolment_id]
        if "answer" in one:
            checkins.answer(asked, one["answer"], one.get("said", ""), now=place.when(one))
            _happened(place, one)
            _go_on(place, Conversation.objects.get(messages__asked=asked), one)


def _go_on(place: Place, conversation: Conversation, told: dict[str, Any]) -> None:
    for one in told.get("then", ()):
        by = place.people[one["by"]]
        message = talks.say(conversation, one["text"].strip(), _sending(), by=by, now=place.when(one)).message
        _happened(place, one)
        if "settled" in one:
            talks.settle(conversation, message.pk)
    # What was written days ago has been read.
    for person in () if "hours_ago" in told else (conversation.enrolment.user, conversation.teacher):
        talks.read(conversation, person, list(Message.objects.filter(conversation=conversation)))


def _happened(place: Place, told: dict[str, Any]) -> None:
    """Before the next of the same conversation, which would be taken for a part of one burst."""
    at, waiting = place.when(told), Event.objects.filter(kind__in=TOLD, spread_at=None)
    if "hours_ago" in told:
        waiting.filter(happened_at__gte=place.now).update(happened_at=at, not_before=at)
    else:
        waiting.filter(happened_at__gte=place.now).update(spread_at=place.now)


def _sending() -> talks.Sending:
    return talks.Sending(Stamp(uuid4()), "feedback/talk/0", Content({}))


def _were_here(members: dict[str, Enrolment]) -> None:
    """Whoever answered or wrote was here then."""
    wrote = {row[0]: row[1] for row in Message.objects.order_by("at").values_list("author", "at")}
    found = list(Enrolment.objects.filter(pk__in=[one.pk for one in members.values()]))
    for one in found:
        one.last_seen_at = max(filter(None, (one.last_seen_at, wrote.get(one.user_id))), default=None)
    Enrolment.objects.bulk_update(found, ["last_seen_at"])
