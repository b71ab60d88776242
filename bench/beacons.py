"""A thousand students who watch a lecture at once: what their players send, how fast it is answered, and that it stays.

All start anew: nothing watched yet, signed in, and the lecture open for an hour, so that what they send can be true.
"""

import os
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from bench import apart, fill_lectures
from bench.measure import CONNECTIONS, Timed, timed
from courses.models import Activity, Enrolment
from progress.beacons import SALT
from progress.models import Watch

# Each sends so many, of so much new range each: the first makes the row, the others add to it.
ROUNDS, EVERY_MS = 5, 10_000
OPEN_SECONDS = 3_600
# Half an hour of the lecture over which they are spread.
PLACES = 180
SESSION, CSRF = "benchwatching", "bench" * 6 + "0w"


@dataclass(frozen=True)
class Beacons:
    name = "beacons"
    sent: int
    taken: int
    # Seconds that were answered 200 and are not in the database.
    lost: int
    per_second: float
    waited: Timed
    served: Timed

    @property
    def over(self) -> list[str]:
        refused = [f"{self.sent - self.taken} of {self.sent} not answered 200"] if self.taken < self.sent else []
        return refused + ([f"{self.lost} accepted seconds are not in the database"] if self.lost else [])

    @property
    def words(self) -> str:
        carried = int(self.per_second * EVERY_MS / 1000) // 100 * 100
        return (
            f"Beacons: {fill_lectures.WATCHERS} students watch at once and send {ROUNDS} each, {EVERY_MS // 1000} s of "
            f"new range in each, over {CONNECTIONS} connections: {self.taken} of {self.sent} answered 200, "
            f"{self.per_second:.0f} a second; a client waits {_spread(self.waited)}, of it server time "
            f"{_spread(self.served)}; {self.lost} accepted seconds are missing from the database. With a beacon every "
            f"{EVERY_MS // 1000} s this machine ({os.cpu_count()} cores, the clients on them too) carries {carried} "
            f"students who watch and do nothing else."
        )


def measured(port: int) -> Beacons:
    lecture = fill_lectures.lecture()
    students = _begin(list(fill_lectures.watchers(lecture)), lecture)
    what = {"port": port, "path": reverse("progress:watch", args=[lecture.pk]), "students": students}
    told = apart.run("bench.load_beacons", what | {"connections": CONNECTIONS, "rounds": ROUNDS, "every": EVERY_MS})
    answers = told["answers"]
    taken = [answer for answer in answers if answer["status"] == 200]
    waited, served = (timed([answer[key] for answer in answers]) for key in ("waited", "served"))
    return Beacons(len(answers), len(taken), _lost(taken, lecture), len(taken) / told["seconds"], waited, served)


def _begin(watchers: list[Enrolment], lecture: Activity) -> list[dict[str, Any]]:
    """Whoever watches, as the process that sends needs them."""
    Watch.objects.filter(activity=lecture, enrolment__in=watchers).delete()
    Enrolment.objects.filter(pk__in=[one.pk for one in watchers]).update(last_seen_at=None)
    Session.objects.filter(session_key__startswith=SESSION).delete()
    sessions = Session.objects.bulk_create(_session(one, number) for number, one in enumerate(watchers))
    opened = int(time.time()) - OPEN_SECONDS
    return [
        {
            "enrolment": one.pk,
            "cookies": {"session": session.session_key, "csrf": CSRF},
            "opening": signing.dumps([one.pk, lecture.pk, opened], salt=SALT),
            "start": number % PLACES * EVERY_MS,
        }
        for number, (one, session) in enumerate(zip(watchers, sessions, strict=True))
    ]


def _session(enrolment: Enrolment, number: int) -> Session:
    """As signing in leaves it."""
    data = SessionStore().encode(
        {
            SESSION_KEY: str(enrolment.user_id),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: enrolment.user.get_session_auth_hash(),
        }
    )
    ends = timezone.now() + timedelta(days=1)
    return Session(session_key=f"{SESSION}{number:019}", session_data=data, expire_date=ends)


def _lost(taken: list[dict[str, Any]], lecture: Activity) -> int:
    accepted = defaultdict(set)
    for answer in taken:
        accepted[answer["enrolment"]] |= _seconds(*answer["range"])
    kept = defaultdict(set)
    for watch in Watch.objects.filter(activity=lecture):
        kept[watch.enrolment_id].update(*(_seconds(part.lower, part.upper) for part in watch.covered))
    return sum(len(seconds - kept[enrolment]) for enrolment, seconds in accepted.items())


def _seconds(start: int, end: int) -> set[int]:
    return set(range(start // 1000, end // 1000))


def _spread(took: Timed) -> str:
    return f"{took.median * 1000:.0f} ms (median) to {took.p95 * 1000:.0f} ms (95 %)"
