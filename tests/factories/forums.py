"""Threads and posts, as people make them."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Cohort, Module
from drafts.fields import Stamp
from forums.models import Post, Thread
from forums.services import talk, topics
from forums.services.talk import Sending, Written


def sending() -> Sending:
    return Sending(Stamp(uuid4()))


def thread(
    cohort: Cohort, by: User, title: str = "Why do bees dance?", source: str = "I wonder.", **more: Any
) -> Thread:
    return talk.start(cohort, Written(source, title=title, **more), sending(), by=by).post.thread


def reply(thread: Thread, by: User, source: str = "To tell the others.", **more: Any) -> Post:
    to = more.pop("to", None)
    return talk.reply(thread, Written(source, **more), sending(), by=by, to=to).post


def discussion(module: Module, title: str = "Bees and us", *, required: bool = True, **values: Any) -> Activity:
    made = Activity.objects.create(
        module=module,
        kind="discussion",
        title=title,
        position=90,
        rule="talked",
        required=required,
        published_at=timezone.now(),
    )
    asked = {"format": "markdown", "source": "What would you miss?", "posts_needed": 1, "replies_needed": 1}
    topics.write(made, {**asked, "own_first": False, **values}, lambda address: None)
    return made
