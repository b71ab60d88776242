"""What the demo cohort has handed in and what its teachers said, from `demo/work/`: by the services that pages use."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from lxml import html

from accounts.models import User
from courses.kinds import KINDS
from courses.models import Activity, Cohort, Course, DueDate, Enrolment, Reading
from courses.services import authoring
from dashboards.demo import told as past
from dashboards.demo.talk import Place
from drafts.fields import Stamp
from feedback import criteria
from feedback.models import Assignment, Comment, Feedback, Pause, Submission
from feedback.services import absences, assignments, comments, handing_in, marking, news, promises, releasing
from feedback.services.comments import LONGEST_AROUND
from feedback.services.comments import Place as At
from feedback.services.handing_in import Sending, Work
from feedback.services.marking import Said
from notifications.models import Event
from progress.models import Waiting

DUE_AT, PAUSED_AT = time(20), time(8)
# Whoever reads their feedback does so after some hours, and says a little later what they will change.
READ_AFTER, SAID_AFTER = timedelta(hours=5), timedelta(hours=5, minutes=12)
BROKEN_AFTER = timedelta(minutes=5)

AT: dict[str, Callable[[Submission], datetime | None]] = {
    news.HANDED_IN: lambda work: work.sent_at,
    news.RELEASED: lambda work: work.release_at,
    news.BROKEN: lambda work: work.broken_at and work.broken_at + BROKEN_AFTER,
}


def tasks() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((settings.BASE_DIR / "demo/work").glob("*.toml"))]


def set_tasks(course: Course) -> None:
    """Each at the end of its module, with its rubric."""
    usual = Assignment()
    for told in (one["assignment"] for one in tasks()):
        module = course.modules.get(origin=told["module"])
        activity = Activity(module=module, kind="assignment", title=told["title"], rule="enough", published=True)
        activity.origin, activity.minutes, activity.minutes_by_hand = told["identifier"], told["minutes"], True
        content = {name: getattr(usual, name) for name in KINDS["assignment"].form.base_fields}
        most = Decimal(told["most_points"]) if "most_points" in told else None
        content |= {"format": Reading.Format.MARKDOWN, "source": told["source"].strip(), "scale": told["scale"]}
        content |= {"model_source": told.get("model", "").strip(), "most_points": most, "takes_links": True}
        authoring.save_activity(activity, content)
        rows = [{**one, "levels": [{"points": None, **level} for level in one["levels"]]} for one in told["rubric"]]
        assignment = Assignment.objects.get(activity=activity)
        assignments.write_rubric(assignment, criteria.from_plain(rows), by=None)


def write(cohort: Cohort, people: dict[str, User], now: datetime) -> None:
    """All of it. What lies within the fortnight that `told` lives through is told there, the rest to nobody."""
    steps = Activity.objects.filter(module__course=cohort.course, kind="assignment").select_related("assignment")
    place = Place(cohort, people, {one.origin: one for one in steps}, now)
    known = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for told in tasks():
        _task(place, told)
    _happened(known, now)
    _seen(cohort)


def _happened(known: int, now: datetime) -> None:
    """Each at its own time; what nobody is told of any more is told already."""
    works = Submission.objects.in_bulk()
    for one in Event.objects.filter(pk__gt=known, spread_at=None):
        work = works.get(one.subject)
        at = AT[one.kind](work) if work and one.kind in AT else None
        if at and at > now - past.DAYS:
            one.happened_at = one.not_before = at
        else:
            one.spread_at = now
        one.save(update_fields=["happened_at", "not_before", "spread_at"])


def _task(place: Place, told: dict[str, Any]) -> None:
    step, first = place.lessons[told["assignment"]["identifier"]], place.cohort.starts_on
    day = first + timedelta(days=told["assignment"]["due_day"])
    wall = datetime.combine(day, DUE_AT)
    DueDate.objects.create(cohort=place.cohort, activity=step, zone=place.cohort.timezone, suggested_wall=wall)
    for words in told.get("bank", ()):
        comments.keep(words, by=place.people["Tomas"], course=None)
    begun: set[str] = set()
    rounds: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for one in told["works"]:
        rounds[one["by"] in begun].append(one)
        begun.add(one["by"])
    _round(place, step, rounds[0], told.get("pause"))
    _round(place, step, rounds[1], None)


def _round(place: Place, step: Activity, works: Iterable[dict[str, Any]], pause: dict[str, Any] | None) -> None:
    """Handed in, then given back: by then the pause has moved what it moves."""
    sent = []
    for one in sorted(works, key=place.when):
        if pause and place.when(one) > _paused_at(place, pause):
            _pause(place, step, pause)
            pause = None
        sent.append((one, _hand_in(place, step, one)))
    # The promise that breaks comes last: the others are kept by then.
    for one, submission in sorted(sent, key=lambda pair: "after" in pair[0].get("feedback", ())):
        submission.refresh_from_db()
        if "feedback" in one:
            _give(place, submission, one["feedback"], one.get("comments", ()))
        elif "taken" in one:
            _take(place, submission, one)


def _paused_at(place: Place, told: dict[str, Any]) -> datetime:
    day = place.cohort.starts_on + timedelta(days=told["first_day"])
    return datetime.combine(day, PAUSED_AT, place.cohort.timezone)


def _pause(place: Place, step: Activity, told: dict[str, Any]) -> None:
    at, last = _paused_at(place, told), place.cohort.starts_on + timedelta(days=told["last_day"])
    by = place.people[told["by"]]
    made = absences.pause(place.cohort, last, told["reason"], activity=step, by=by, now=at)
    Pause.objects.filter(pk=made.pk).update(made_at=at)


def _hand_in(place: Place, step: Activity, told: dict[str, Any]) -> Submission:
    at = place.when(told)
    mine = Enrolment.objects.select_related("cohort", "user").filter(user=place.people[told["by"]])
    enrolment = mine.get(cohort=place.cohort)
    sending = Sending(Stamp(uuid4()))
    made = handing_in.hand_in(enrolment, step, Work(told["text"].strip()), sending, now=at).submission
    Waiting.objects.filter(enrolment=enrolment, activity=step, ended_at=None).update(since=at)
    return made


def _said(told: dict[str, Any], at: datetime) -> Said:
    words, marks = told.get("words", {}), told.get("marks", {})
    points = Decimal(told["points"]) if "points" in told else None
    again_on = (at + timedelta(days=told["again_after"])).date() if "again_after" in told else None
    marked = {key: criteria.Mark(marks.get(key, ""), words.get(key, "")) for key in {**marks, **words}}
    return Said(told.get("text", ""), marked, points, good_enough=told.get("enough"), again_on=again_on)


def _give(place: Place, submission: Submission, told: dict[str, Any], remarks: Iterable[dict[str, Any]]) -> None:
    by, promised = place.people[told["by"]], submission.promised_at
    assert promised
    if "after" in told:
        promises.break_due(promised + BROKEN_AFTER)
        at = promised + timedelta(hours=told["after"])
    elif "on" in told:
        at = place.when({"when": told["on"]})
    else:
        at = promised - timedelta(hours=told["before"])
    for one in remarks:
        comments.write(submission, uuid4(), _place_of(submission, one["quote"]), one["text"], version=0, by=by)
    marking.save(submission, _said(told, at), revision=0, by=by)
    releasing.release(submission, at=at, now=at, by=by)
    read = {}
    if told.get("read"):
        read = {"read_at": at + READ_AFTER, "will_change": told.get("will_change", "")}
        read |= {"will_change_at": at + SAID_AFTER} if read["will_change"] else {}
    Feedback.objects.filter(submission=submission).update(saved_at=at, **read)
    Comment.objects.filter(submission=submission).update(created_at=at, changed_at=at)
    waits = Waiting.objects.filter(enrolment=submission.enrolment_id, activity=submission.activity_id)
    waits.filter(ended_at__gt=at).update(ended_at=at)
    waits.filter(ended_at=None).update(since=at)


def _place_of(submission: Submission, quote: str) -> At:
    """As a browser finds it in the text that it shows."""
    text = html.fromstring(submission.html).text_content()
    start = text.index(quote)
    end = start + len(quote)
    return At(
        start=start,
        quote=quote,
        before=text[max(0, start - LONGEST_AROUND) : start],
        after=text[end : end + LONGEST_AROUND],
    )


def _take(place: Place, submission: Submission, told: dict[str, Any]) -> None:
    by = place.people[told["taken"]]
    marking.take(submission, by=by)
    if "begun" in told:
        marking.save(submission, replace(_said(told["begun"], place.now), good_enough=None), revision=0, by=by)


def _seen(cohort: Cohort) -> None:
    """Whoever handed in was here then."""
    members = {one.pk: one for one in Enrolment.objects.active().filter(cohort=cohort)}
    for enrolment, sent in Submission.objects.filter(enrolment__in=members).values_list("enrolment", "sent_at"):
        one = members[enrolment]
        one.last_seen_at = max(filter(None, (one.last_seen_at, sent)))
    Enrolment.objects.bulk_update(members.values(), ["last_seen_at"])
