"""Threads and posts, as people make them."""

from typing import Any
from uuid import uuid4

from accounts.models import User
from courses.models import Cohort
from drafts.fields import Stamp
from forums.models import Post, Thread
from forums.services import talk
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
