"""Work that students write, bring and hand in; taken back, and sent again. Sent twice, it is handed in once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext

from common import richtext
from courses.kinds import Who
from courses.models import Activity, EffectiveDue, Enrolment
from drafts import services as drafts
from drafts.fields import Content, Stamp
from feedback.models import Beginning, Comment, Feedback, Submission, WorkFile
from feedback.names import place_of
from feedback.services import news, promises, texts
from files.models import File
from progress.services import ticks, waits

# The way of a tick that comes with the work itself.
HANDED_IN = "handed in"
MOST_FILES, MOST_LINKS = 10, 10
# More attempts than any class has, less than a script makes.
MOST_ATTEMPTS, MOST_SENDINGS = 20, 60
# A sending over a bad line begins several times.
MOST_BEGINNINGS = 300


class Refused(Exception):
    """Nothing has changed; its text says why."""


@dataclass(frozen=True)
class Work:
    """What stands in the form; `files` are keys of `WorkFile`."""

    source: str = ""
    files: Sequence[UUID] = field(default_factory=tuple)
    links: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Sending:
    """One press of the form: its key makes one submission, however often it comes. `place` is that of the draft."""

    stamp: Stamp
    place: str = ""
    typed: Content | None = None


@dataclass(frozen=True)
class HandedIn:
    """`made` is whether it was this time; `differs` where the key had come with other work before."""

    submission: Submission
    made: bool
    differs: bool = False


def begin(enrolment: Enrolment, activity: Activity, key: UUID) -> None:
    """Note that a sending begins: over a bad line, its files come a good while later."""
    begun = Beginning.objects.filter(enrolment=enrolment, activity=activity)
    if begun.count() < MOST_BEGINNINGS:
        Beginning.objects.get_or_create(key=key, enrolment=enrolment, activity=activity)


def keep(enrolment: Enrolment, activity: Activity, stamp: Stamp, content: Content) -> str:
    """Save what is typed while its writer goes for a file; "", or a sentence where it could not be saved."""
    try:
        if isinstance(drafts.save(enrolment.user, place_of(activity.pk), stamp, content), drafts.Conflict):
            return gettext("You also wrote this somewhere else, so this version is not saved yet. Copy it first.")
    except drafts.Full as full:
        return full.args[0]
    return ""


def standing_of(enrolment: Enrolment, activity: Activity) -> Submission | None:
    """The latest that was not taken back."""
    mine = Submission.objects.filter(enrolment=enrolment, activity=activity, taken_back_at=None)
    return mine.order_by("-attempt").first()


@transaction.atomic
def hand_in(enrolment: Enrolment, activity: Activity, work: Work, sending: Sending, *, now: datetime) -> HandedIn:
    """Hand work in, in the place of what was handed in and not marked yet.

    `activity.assignment` is there. Raises Refused, and richtext.TooMuch for a text that is over a limit.
    """
    # Two presses, or two tabs, come one after the other.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    known = Submission.objects.filter(enrolment=enrolment, key=sending.stamp.key).first()
    if known is not None:
        same = known.sha256 == _hash(work, _files(enrolment, activity, work.files))
        if same and sending.typed is not None:
            drafts.sent(enrolment.user, sending.place, sending.stamp, sending.typed)
        return HandedIn(known, made=False, differs=not same)
    standing = standing_of(enrolment, activity)
    _refuse_what_is_over(enrolment, activity, standing, now)
    html, files = _looked_at(enrolment, activity, work)
    counts_at = _counts_at(enrolment, activity, sending.stamp.key, now)
    if (closes := _closes_at(enrolment, activity)) and closes < counts_at:
        raise Refused(
            gettext("This closed before you handed it in. Your work is kept here as a draft: ask your teacher.")
        )
    if standing and standing.release_at is None:
        _take_back(standing, now)
    submission = Submission(
        enrolment=enrolment,
        activity=activity,
        attempt=_attempt(standing),
        key=sending.stamp.key,
        source=work.source,
        html=html,
        cleaned_by=richtext.VERSION,
        links=list(work.links),
        rubric=activity.assignment.rubrics.order_by("-version").first(),
        sent_at=now,
        counts_at=counts_at,
        sha256=_hash(work, files),
        marker=standing.marker if standing else None,
        marker_given_by=standing.marker_given_by if standing else None,
    )
    submission.promised_at = submission.first_promised_at = promises.first(submission, enrolment.cohort)
    submission.save(force_insert=True)
    submission.files.set(files)
    File.objects.filter(pk__in=[one.file_id for one in files], claimed_at=None).update(claimed_at=now)
    _carry_over(submission)
    _say_whose_turn(submission)
    if sending.typed is not None:
        drafts.sent(enrolment.user, sending.place, sending.stamp, sending.typed)
    news.handed_in(submission)
    return HandedIn(submission, made=True)


def _refuse_what_is_over(enrolment: Enrolment, activity: Activity, standing: Submission | None, now: datetime) -> None:
    if standing and standing.release_at is not None:
        if standing.release_at > now:
            raise Refused(gettext("Your teacher is marking this now, so it can’t be replaced. Your text is kept."))
        if standing.feedback.good_enough is not False:
            raise Refused(gettext("You have feedback on this already, so there is nothing more to hand in."))
    sent = Submission.objects.filter(enrolment=enrolment, activity=activity)
    if sent.count() >= MOST_SENDINGS or (standing and standing.attempt >= MOST_ATTEMPTS):
        raise Refused(gettext("You have handed this in too often. Your text is kept: write to your teacher."))


def _looked_at(enrolment: Enrolment, activity: Activity, work: Work) -> tuple[str, list[WorkFile]]:
    """Its HTML and its files. Raises Refused for what the assignment does not take, or for nothing at all."""
    assignment = activity.assignment
    if len(work.source) > texts.LONGEST_WORK:
        words = gettext("This text has %(length)s characters. The limit is %(most)s. Hand in the rest as a file.")
        raise Refused(words % {"length": f"{len(work.source):,}", "most": f"{texts.LONGEST_WORK:,}"})
    if len(work.files) > MOST_FILES or len(work.links) > MOST_LINKS:
        raise Refused(gettext("You can hand in up to 10 files and 10 links."))
    files = _files(enrolment, activity, work.files)
    if len(files) < len(set(work.files)):
        raise Refused(gettext("A file is no longer here. Add it again, then hand in."))
    wanted = [
        assignment.takes_text and work.source.strip(),
        assignment.takes_files and files,
        assignment.takes_links and work.links,
    ]
    if not any(wanted):
        raise Refused(gettext("There is nothing to hand in yet. Write something, or add a file."))
    return texts.made(work.source), files


def _files(enrolment: Enrolment, activity: Activity, keys: Sequence[UUID]) -> list[WorkFile]:
    mine = WorkFile.objects.filter(pk__in=keys, enrolment=enrolment, activity=activity).select_related("file")
    found = {one.pk: one for one in mine}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def _counts_at(enrolment: Enrolment, activity: Activity, key: UUID, now: datetime) -> datetime:
    """When sending began, within the grace of the assignment."""
    begun = (
        Beginning.objects.filter(key=key, enrolment=enrolment, activity=activity).values_list("at", flat=True).first()
    )
    earliest = now - timedelta(minutes=activity.assignment.grace_minutes)
    return min(now, max(begun, earliest)) if begun else now


def _closes_at(enrolment: Enrolment, activity: Activity) -> datetime | None:
    due = EffectiveDue.objects.filter(enrolment=enrolment, activity=activity)
    return due.values_list("closes_at", flat=True).first()


def _attempt(standing: Submission | None) -> int:
    if standing is None:
        return 1
    return standing.attempt if standing.release_at is None else standing.attempt + 1


def _hash(work: Work, files: Sequence[WorkFile]) -> str:
    """Anybody who has the text and the files can work it out again: the receipt says how."""
    digest = hashlib.sha256()
    for line in (work.source, *work.links, *(f"{one.file.sha256}  {one.file.name}" for one in files)):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _carry_over(after: Submission) -> None:
    """What a marker has begun to say belongs to the work that stands now."""
    before = Submission.objects.filter(
        enrolment=after.enrolment, activity=after.activity, attempt=after.attempt, taken_back_at__isnull=False
    )
    Feedback.objects.filter(submission__in=before.values("pk")).update(submission=after)
    Comment.objects.filter(submission__in=before.values("pk")).update(submission=after)


def _say_whose_turn(submission: Submission) -> None:
    enrolment, activity = submission.enrolment, submission.activity
    first = submission
    if submission.attempt > 1:
        # Whoever is asked for another one was in time.
        mine = Submission.objects.filter(enrolment=enrolment, activity=activity, taken_back_at=None)
        first = mine.order_by("attempt")[0]
    promised, came = submission.promised_at, first.counts_at
    waits.begin_wait(enrolment, activity, waits_for=Who.TEACHER, promised_at=promised, since=came)
    if activity.rule == HANDED_IN:
        evidence = {"submission": submission.pk, "attempt": submission.attempt}
        ticks.complete(enrolment, activity, how=HANDED_IN, evidence=evidence, by=enrolment.user)


@transaction.atomic
def take_back(submission: Submission, *, now: datetime) -> None:
    """Make a draft again of what was handed in. Raises Refused where it is marked, or the assignment has closed."""
    held = (
        Submission.objects.select_for_update(of=("self",)).select_related("enrolment", "activity").get(pk=submission.pk)
    )
    enrolment, activity = held.enrolment, held.activity
    if held.taken_back_at is not None:
        return
    if held.release_at is not None:
        if held.release_at > now:
            raise Refused(gettext("Your teacher is marking this now, so you can’t take it back."))
        raise Refused(gettext("You have feedback on this already, so you can’t take it back."))
    if (closes := _closes_at(enrolment, activity)) and closes < now:
        raise Refused(gettext("This has closed, so you can’t take it back: you could not hand it in again."))
    _take_back(held, now)
    waits.end_wait(enrolment, activity)
    content = Content(
        {"source": held.source, "links": "\n".join(held.links)},
        files=[one.pk for one in held.files.all()],
    )
    drafts.save(enrolment.user, place_of(activity.pk), Stamp(uuid4()), content)
    if held.attempt > 1:
        # It was handed back before, and is theirs again.
        waits.begin_wait(enrolment, activity, waits_for=Who.STUDENT)


def _take_back(submission: Submission, now: datetime) -> None:
    Submission.objects.filter(pk=submission.pk).update(taken_back_at=now, promised_at=None)
