"""Two tabs and a page without scripts on each of two devices, in whatever order things happen: every word is kept, and
posted once.

A tab here does what js/drafts.js does, against the services as they are and a thread of a forum. Each of its requests
may be answered, be answered into nothing, arrive late or twice, or be refused.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import User
from drafts import selectors, services
from drafts.fields import Content, Stamp
from drafts.models import Draft
from forums.models import Post, Thread
from forums.services import talk
from forums.services.talk import Sending, Written
from tests.cast import Cast
from tests.conftest import SOAK
from tests.factories.forums import thread

DEVICES = st.sampled_from([0, 1])
# Most of what can go wrong takes one tab on each device; a second one on the first is enough for the rest.
TABS = st.sampled_from([(0, 0), (0, 0), (1, 0), (1, 0), (0, 1)])
# Of a request: it is answered; it arrives, and the answer is lost; the browser gives up on it, and it arrives later.
FATES = st.sampled_from(["answered", "answered", "unanswered", "late"])
# Of a save also: the service says that it cannot keep it, which is no reason not to send.
SAVES = FATES | st.just("refused")
# Of a sending also: somebody else on the way, or an impatient finger, sends it again.
SENDINGS = FATES | st.just("twice")


def words(text: str) -> set[str]:
    return set(text.split())


def content(text: str) -> Content:
    return Content({"source": text})


def text_of(draft: Draft) -> str:
    return draft.fields.get("source", "")


@dataclass(frozen=True)
class Request:
    text: str
    stamp: Stamp
    sends: bool = False


@dataclass
class Tab:
    device: int
    key: UUID
    revision: int
    text: str
    writer: UUID = field(default_factory=uuid4)
    seq: int = 0
    acknowledged: str = ""
    says_saved: bool = False
    # What stands elsewhere, and which copy it came from; while there is any, nothing is saved.
    others: list[tuple[str, UUID, int, UUID | None]] = field(default_factory=list)
    pressed: bool = False

    @property
    def is_dirty(self) -> bool:
        return self.text != self.acknowledged

    def request(self, *, sends: bool = False) -> Request:
        self.seq += 1
        return Request(self.text, Stamp(self.key, self.revision, self.writer, self.seq), sends)


class Writing(RuleBasedStateMachine):
    person: User
    thread: Thread

    def __init__(self) -> None:
        super().__init__()
        self.start = transaction.savepoint()
        self.place = f"forums/threads/{self.thread.pk}"
        self.tabs: dict[tuple[int, int], Tab] = {}
        # What each device keeps until the server has it, by the writer.
        self.copies: list[dict[UUID, Request]] = [{}, {}]
        self.pages: list[Tab | None] = [None, None]
        self.signed_in = [True, True]
        self.on_their_way: list[Request] = []
        self.typed: set[str] = set()
        # What the server has said that it has.
        self.acknowledged: set[str] = set()
        # What a writer chose to let go, and what one took over from elsewhere.
        self.let_go: set[str] = set()
        self.joined: set[str] = set()
        self.has_news = True
        self.posts: dict[UUID, str] = {}
        self.drafts: list[Draft] = []
        self.held: set[str] = set()
        # A place remembers one sending: a save that comes later than two of them opens a draft, under its old key.
        self.last_sent: Request | None = None

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.start)

    # The browser.

    def open_tab(self, where: tuple[int, int]) -> Tab:
        found = selectors.writing(self.person, self.place)
        text = found.fields.get("source", "")
        tab = self.tabs[where] = Tab(where[0], found.key, found.revision, text, acknowledged=text)
        self.adopt(tab)
        return tab

    def tab(self, where: tuple[int, int]) -> Tab:
        return self.tabs.get(where) or self.open_tab(where)

    def adopt(self, tab: Tab) -> None:
        """Copies of tabs that are gone are handed to the server, which knows whether they are news."""
        here = {one.writer for one in self.tabs.values()}
        for writer, copy in list(self.copies[tab.device].items()):
            if writer in here or not self.signed_in[tab.device]:
                continue
            outcome = self.arrive(copy)
            if isinstance(outcome, services.Conflict):
                tab.others.append((copy.text, tab.key, tab.revision, writer))
                continue
            del self.copies[tab.device][writer]
            if not outcome.closed and not tab.is_dirty:
                tab.text = tab.acknowledged = copy.text
                tab.key, tab.revision = outcome.key, outcome.revision

    def keep(self, tab: Tab) -> None:
        stamp = Stamp(tab.key, tab.revision, tab.writer, tab.seq + 1)
        self.copies[tab.device][tab.writer] = Request(tab.text, stamp)

    def save(self, tab: Tab, fate: str) -> bool:
        """As `attempt` of the script: whether a sending may follow."""
        if tab.others:
            return False
        if not self.signed_in[tab.device]:
            tab.pressed = False
            return False
        request = tab.request()
        if fate in ("refused", "late"):
            self.on_their_way += [request] if fate == "late" else []
            return fate == "refused"
        outcome = self.arrive(request)
        if fate == "unanswered":
            return False
        if isinstance(outcome, services.Conflict):
            self.differs(tab, outcome.draft)
            return False
        tab.key, tab.revision, tab.acknowledged = outcome.key, outcome.revision, request.text
        self.copies[tab.device].pop(tab.writer, None)
        self.acknowledged |= words(request.text)
        tab.says_saved = True
        if outcome.closed and not tab.pressed:
            # Sent from another page: this one is loaded anew.
            self.open_tab(next(where for where, one in self.tabs.items() if one is tab))
            return False
        return True

    def differs(self, tab: Tab, draft: Draft) -> None:
        text = text_of(draft)
        if not tab.is_dirty and not tab.pressed:
            tab.text = tab.acknowledged = text
            tab.key, tab.revision = draft.key, draft.revision
            return
        tab.pressed = False
        tab.others = [one for one in tab.others if one[3]]
        tab.others.append((text, draft.key, draft.revision, None))

    def submit(self, where: tuple[int, int], fate: str) -> None:
        tab = self.tabs[where]
        tab.pressed = False
        request = tab.request(sends=True)
        if fate == "late":
            self.on_their_way.append(request)
            return
        self.arrive(request)
        if fate == "twice":
            self.arrive(request)
        if fate != "unanswered":
            self.open_tab(where)

    # The server.

    def arrive(self, request: Request) -> Any:
        self.has_news = True
        if not request.sends:
            return services.save(self.person, self.place, request.stamp, content(request.text))
        stamp, last = request.stamp, self.last_sent
        # A press that arrives after a later one of its writer is not what the place remembers.
        if last is None or last.stamp.writer != stamp.writer or last.stamp.seq <= stamp.seq:
            self.last_sent = request
        sending = Sending(stamp, self.place, content(request.text))
        return talk.reply(self.thread, Written(request.text), sending, by=self.person)

    # What people do.

    @rule(where=TABS)
    def type_a_word(self, where: tuple[int, int]) -> None:
        tab = self.tab(where)
        word = f"w{len(self.typed)}"
        self.typed.add(word)
        tab.text = f"{tab.text} {word}".strip()
        tab.says_saved = tab.pressed = False
        self.keep(tab)

    @rule(where=TABS, fate=SAVES)
    def pause(self, where: tuple[int, int], fate: str) -> None:
        tab = self.tab(where)
        if (tab.is_dirty or tab.pressed) and self.save(tab, fate) and tab.pressed:
            self.submit(where, "answered")

    @rule(where=TABS, first=SAVES, then=SAVES)
    def type_and_pause_twice(self, where: tuple[int, int], first: str, then: str) -> None:
        for fate in (first, then):
            self.type_a_word(where)
            self.pause(where, fate)

    @rule(where=TABS, saved=SAVES, sent=SENDINGS)
    def press_send(self, where: tuple[int, int], saved: str, sent: str) -> None:
        tab = self.tab(where)
        if tab.text:
            tab.pressed = True
            if self.save(tab, saved):
                self.submit(where, sent)

    @precondition(lambda self: self.on_their_way)
    @rule(data=st.data(), again=st.booleans())
    def late_request_arrives(self, data: st.DataObject, again: bool) -> None:
        number = data.draw(st.integers(0, len(self.on_their_way) - 1))
        self.arrive(self.on_their_way[number] if again else self.on_their_way.pop(number))

    @rule(one=TABS, other=TABS, saved=SAVES, sent=SENDINGS)
    def send_what_another_tab_shows_too(
        self, one: tuple[int, int], other: tuple[int, int], saved: str, sent: str
    ) -> None:
        self.type_a_word(one)
        self.pause(one, "answered")
        if one != other:
            self.tabs.pop(other, None)
        self.tab(other)
        self.press_send(one, saved, sent)
        self.come_back(other)

    @rule(where=TABS, sent=SENDINGS)
    def send_past_a_save_that_is_still_on_its_way(self, where: tuple[int, int], sent: str) -> None:
        self.type_and_pause_twice(where, "late", "answered")
        self.press_send(where, "answered", sent)
        self.late_saves_arrive()

    @rule(where=TABS)
    def press_again_before_the_first_press_arrives(self, where: tuple[int, int]) -> None:
        for _ in range(2):
            self.send_past_a_save_that_is_still_on_its_way(where, "late")
        for request in [one for one in self.on_their_way if one.sends]:
            self.on_their_way.remove(request)
            self.arrive(request)
            self.no_word_is_lost()
            self.what_was_acknowledged_stays_on_the_server()

    def late_saves_arrive(self) -> None:
        for request in [one for one in self.on_their_way if not one.sends]:
            self.on_their_way.remove(request)
            self.arrive(request)

    @rule(where=TABS)
    def come_back(self, where: tuple[int, int]) -> None:
        """To a page that the browser kept as it was: what stands there is asked about."""
        self.save(self.tab(where), "answered")

    @rule(where=TABS, which=st.sampled_from(["mine", "theirs", "both"]))
    def choose(self, where: tuple[int, int], which: str) -> None:
        tab = self.tab(where)
        if not tab.others:
            return
        theirs, key, revision, copy = tab.others.pop(0)
        mine = words(tab.text)
        self.joined |= mine | words(theirs)
        if which == "theirs":
            tab.text = theirs
        elif which == "both":
            tab.text = " ".join(sorted(mine | words(theirs)))
        self.let_go |= (mine | words(theirs)) - words(tab.text)
        tab.acknowledged = ""
        if copy is None:
            tab.key, tab.revision = key, revision
        self.keep(tab)
        if copy:
            self.copies[tab.device].pop(copy, None)

    @rule(where=TABS)
    def close(self, where: tuple[int, int]) -> None:
        self.tabs.pop(where, None)

    @rule(device=DEVICES)
    def sign_in_ends_or_comes_back(self, device: int) -> None:
        self.signed_in[device] = not self.signed_in[device]

    @rule(device=DEVICES)
    def open_a_page_without_scripts(self, device: int) -> None:
        found = selectors.writing(self.person, self.place)
        self.pages[device] = Tab(device, found.key, found.revision, found.fields.get("source", ""))

    @rule(device=DEVICES, fate=SENDINGS)
    def send_without_scripts(self, device: int, fate: str) -> None:
        """A form that says what it was opened with, and nothing in between."""
        page = self.pages[device]
        if page is None or not self.signed_in[device]:
            return
        word = f"w{len(self.typed)}"
        self.typed.add(word)
        page.text = f"{page.text} {word}".strip()
        request = Request(page.text, Stamp(page.key, page.revision), sends=True)
        for _ in range(2 if fate == "twice" else 1):
            self.arrive(replace(request, stamp=Stamp(page.key, page.revision)))
        self.pages[device] = None

    # What must be so at every moment.

    def held_on_the_server(self) -> set[str]:
        """Asked only after something arrived there."""
        if self.has_news:
            self.has_news = False
            posts = Post.objects.filter(thread=self.thread, author=self.person)
            self.posts = dict(posts.values_list("key", "source"))
            drafts = Draft.objects.open().filter(person=self.person)
            self.drafts = [one for one in drafts if one.place == self.place]
            self.held = set().union(*map(words, self.posts.values()), *(words(text_of(one)) for one in drafts))
        return self.held

    @invariant()
    def no_word_is_lost(self) -> None:
        held = [tab.text for tab in self.tabs.values()]
        held += [copy.text for copies in self.copies for copy in copies.values()]
        assert self.typed <= self.let_go.union(self.held_on_the_server(), *map(words, held))

    @invariant()
    def what_was_acknowledged_stays_on_the_server(self) -> None:
        assert self.acknowledged <= self.let_go | self.held_on_the_server()

    @invariant()
    def no_word_is_posted_twice(self) -> None:
        self.held_on_the_server()
        posted = [word for text in self.posts.values() for word in words(text) - self.joined]
        assert len(posted) == len(set(posted))

    @invariant()
    def nothing_that_was_sent_is_offered_as_unsent(self) -> None:
        self.held_on_the_server()
        if self.last_sent is None:
            return
        last = self.last_sent.stamp
        # What its writer chose among two versions may be what was sent.
        for draft in (one for one in self.drafts if not words(text_of(one)) & self.joined):
            assert draft.key != last.key or text_of(draft) != self.last_sent.text
            # Nor is what its writer sent past it.
            assert draft.writer != last.writer or draft.seq > last.seq

    @invariant()
    def what_a_tab_calls_saved_was_on_the_server(self) -> None:
        for tab in self.tabs.values():
            assert not tab.says_saved or not tab.is_dirty


def test_no_order_of_things_loses_a_word_or_posts_it_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "MOST_IN_AN_HOUR", 10_000)

    opened = thread(cast.cohort, cast.teacher)

    class Run(Writing):
        person = cast.student
        thread = opened

    many = settings(
        max_examples=200 if SOAK else 40,
        stateful_step_count=50 if SOAK else 25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Run, settings=many)
