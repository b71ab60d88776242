"""Discussions as steps of a course: a thread for each cohort, and the tick of whoever took part."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from courses.kinds import References
from courses.models import Activity, Cohort, Enrolment
from courses.services import file_uses, texts
from courses.services.references import CourseReferences
from forums.models import Discussion, Post, Thread
from forums.querysets import to_another
from progress.services import ticks

TALKED = "talked"
RENEWED_AT_ONCE = 20
OPENED_LATELY, OPENED_AT_ONCE = timedelta(days=14), 500
RULE = "talked"

logger = logging.getLogger(__name__)


@transaction.atomic
def write(activity: Activity, values: dict[str, Any], references: References | richtext.Resolve) -> bool:
    """Store what is discussed and what is asked for; True when what a student sees has changed.

    Whoever has done what is asked for now is ticked: nobody has to write again. Raises richtext.TooMuch.
    """
    made = texts.rendered(values["source"], values["format"], references)
    html = made.html
    before = Discussion.objects.filter(activity=activity).values_list("html", flat=True).first()
    values = {**values, "html": html, "cleaned_by": richtext.VERSION}
    Discussion.objects.update_or_create(activity=activity, defaults=values)
    _note(activity, made)
    threads = Thread.objects.filter(activity=activity, kind=Thread.Kind.TOPIC)
    threads.update(own_first=values["own_first"], title=activity.title[:200])
    for thread in threads:
        for person in User.objects.filter(pk__in=Post.objects.filter(thread=thread).values("author")):
            count(thread, person)
    return before not in (None, html)


def _note(activity: Activity, made: richtext.RichText) -> None:
    """Open the files that it shows to whoever reads it, and let search find its words."""
    file_uses.record_text(activity, made.html)
    texts.index(activity, made.blocks)


@transaction.atomic
def renew_some() -> int:
    """Render a few that an older cleaner made, or whose links lead somewhere by now; nothing looks changed."""
    old = Discussion.objects.filter(cleaned_by__lt=richtext.VERSION).select_for_update(skip_locked=True, of=("self",))
    found = list(old.select_related("activity__module__course").order_by("pk")[:RENEWED_AT_ONCE])
    for one in found:
        made = _renewed(one)
        Discussion.objects.filter(pk=one.pk).update(html=made.html, cleaned_by=richtext.VERSION)
        try:
            with transaction.atomic():
                _note(one.activity, made)
        except Exception:
            logger.exception("The discussion %s keeps the passages that it had", one.pk)
    return len(found)


def _renewed(one: Discussion) -> richtext.RichText:
    references = CourseReferences(one.activity.module.course)
    try:
        with transaction.atomic():
            return texts.rendered(one.source, one.format, references)
    except Exception:
        logger.exception("The discussion %s cannot be rendered again from its source", one.pk)
        return richtext.from_words(one.html)


def thread_of(activity: Activity, cohort: Cohort) -> Thread:
    """The thread of a cohort, which begins when somebody first comes."""
    new = {"title": activity.title[:200], "own_first": activity.discussion.own_first}
    kind = Thread.Kind.TOPIC
    return Thread.objects.get_or_create(activity=activity, cohort=cohort, kind=kind, defaults=new)[0]


def introductions_of(cohort: Cohort) -> Thread:
    """The round of introductions of a cohort, which stays on top of its forum."""
    new = {"title": gettext("Introductions"), "pinned": True}
    return Thread.objects.get_or_create(cohort=cohort, kind=Thread.Kind.INTRODUCTIONS, defaults=new)[0]


def open_introductions() -> int:
    """Begin the round of every cohort that has opened lately; how many."""
    today = timezone.now().date()
    opened = Cohort.objects.filter(starts_on__range=(today - OPENED_LATELY, today)).exclude(
        threads__kind=Thread.Kind.INTRODUCTIONS
    )
    return len([introductions_of(cohort) for cohort in opened[:OPENED_AT_ONCE]])


def written(thread: Thread, person: User) -> dict[str, int]:
    """How many posts of somebody stand in it, and how many of their replies to others."""
    mine = Post.objects.standing().filter(thread=thread, author=person)
    return mine.aggregate(posts=Count("pk", filter=Q(parent=None)), replies=Count("pk", filter=to_another()))


def count(thread: Thread, person: User) -> None:
    """Tick the step for a student who has written enough; a post that is deleted later takes no tick away."""
    asked = (
        Discussion.objects.filter(activity=thread.activity_id, activity__rule=RULE).select_related("activity").first()
    )
    student = Enrolment.objects.of(person).students().filter(cohort=thread.cohort_id).first()
    if asked is None or student is None:
        return
    done = written(thread, person)
    if done["posts"] >= asked.posts_needed and done["replies"] >= asked.replies_needed:
        evidence = {**done, "thread": thread.pk}
        ticks.complete(student, asked.activity, how=TALKED, evidence=evidence, by=None)
