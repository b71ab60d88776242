"""Two tabs on each of two devices, in whatever order things happen: no letter is lost, and nothing is sent twice.

A tab here does what js/drafts.js does, against the services as they are; its requests and their answers may be lost,
or come late.
"""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import User
from drafts import selectors, services
from drafts.fields import Content, Stamp
from drafts.models import Draft
from tests.cast import Cast
from tests.conftest import SOAK

PLACE = "forums/thread/7/reply"
TABS = st.sampled_from([(device, tab) for device in (0, 1) for tab in (0, 1)])


def words(text: str) -> set[str]:
    return set(text.split())


def content(text: str) -> Content:
    return Content({"text": text})


@dataclass
class Copy:
    """What a device keeps until the server has it."""

    text: str
    stamp: Stamp


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
    pressed: str | None = None

    @property
    def is_dirty(self) -> bool:
        return self.text != self.acknowledged

    def stamp(self, seq: int) -> Stamp:
        return Stamp(self.key, self.revision, self.writer, seq)


class Writing(RuleBasedStateMachine):
    person: User

    def __init__(self) -> None:
        super().__init__()
        Draft.objects.all().delete()
        self.tabs: dict[tuple[int, int], Tab] = {}
        self.copies: list[dict[UUID, Copy]] = [{}, {}]
        self.signed_in = [True, True]
        # Requests that left a browser and have not arrived.
        self.on_their_way: list[Copy] = []
        self.posts: dict[UUID, str] = {}
        self.typed: set[str] = set()
        # What the server has said that it has.
        self.acknowledged: set[str] = set()
        # What a writer chose to let go.
        self.let_go: set[str] = set()
        self.intents = 0

    def open_tab(self, where: tuple[int, int]) -> Tab:
        writing = selectors.writing(self.person, PLACE)
        text = writing.fields.get("text", "")
        tab = self.tabs[where] = Tab(where[0], writing.key, writing.revision, text, acknowledged=text)
        self.adopt(tab)
        return tab

    def tab(self, where: tuple[int, int]) -> Tab:
        return self.tabs.get(where) or self.open_tab(where)

    def adopt(self, tab: Tab) -> None:
        here = {one.writer for one in self.tabs.values()}
        for writer, copy in list(self.copies[tab.device].items()):
            if writer in here or not self.signed_in[tab.device]:
                continue
            outcome = services.save(self.person, PLACE, copy.stamp, content(copy.text))
            if isinstance(outcome, services.Conflict):
                tab.others.append((copy.text, tab.key, tab.revision, writer))
                continue
            del self.copies[tab.device][writer]
            if not outcome.closed and not tab.is_dirty:
                tab.text = tab.acknowledged = copy.text
                tab.key, tab.revision = outcome.key, outcome.revision

    def keep(self, tab: Tab) -> None:
        self.copies[tab.device][tab.writer] = Copy(tab.text, tab.stamp(tab.seq + 1))

    def save(self, tab: Tab, *, answered: bool = True) -> bool:
        """As `attempt` of the script; whether a sending may follow."""
        if tab.others or not self.signed_in[tab.device]:
            return False
        tab.seq += 1
        sent = tab.text
        outcome = services.save(self.person, PLACE, tab.stamp(tab.seq), content(sent))
        if not answered:
            return False
        if isinstance(outcome, services.Conflict):
            draft = outcome.draft
            tab.others = [one for one in tab.others if one[3]]
            tab.others.append((draft.fields["text"], draft.key, draft.revision, None))
            return False
        tab.key, tab.revision, tab.acknowledged = outcome.key, outcome.revision, sent
        self.copies[tab.device].pop(tab.writer, None)
        self.acknowledged |= words(sent)
        tab.says_saved = True
        return True

    @rule(where=TABS)
    def type_a_word(self, where: tuple[int, int]) -> None:
        tab = self.tab(where)
        word = f"w{len(self.typed)}"
        self.typed.add(word)
        tab.text = f"{tab.text} {word}".strip()
        tab.says_saved, tab.pressed = False, None
        self.keep(tab)

    @rule(where=TABS)
    def pause(self, where: tuple[int, int]) -> None:
        tab = self.tab(where)
        if tab.is_dirty and self.save(tab) and tab.text in self.posts.values():
            # Sent from another tab: the page is loaded anew.
            self.open_tab(where)

    @rule(where=TABS)
    def type_and_pause(self, where: tuple[int, int]) -> None:
        self.type_a_word(where)
        self.pause(where)

    @rule(where=TABS)
    def pause_and_lose_the_answer(self, where: tuple[int, int]) -> None:
        tab = self.tab(where)
        if tab.is_dirty:
            self.save(tab, answered=False)

    @rule(where=TABS)
    def pause_on_a_slow_line(self, where: tuple[int, int]) -> None:
        tab = self.tab(where)
        if tab.is_dirty and not tab.others and self.signed_in[tab.device]:
            tab.seq += 1
            self.on_their_way.append(Copy(tab.text, tab.stamp(tab.seq)))

    @precondition(lambda self: self.on_their_way)
    @rule(data=st.data())
    def late_request_arrives(self, data: st.DataObject) -> None:
        late = self.on_their_way.pop(data.draw(st.integers(0, len(self.on_their_way) - 1)))
        services.save(self.person, PLACE, late.stamp, content(late.text))

    @rule(where=TABS, answered=st.booleans())
    def press_send(self, where: tuple[int, int], answered: bool) -> None:
        tab = self.tab(where)
        if not tab.text or not self.save(tab):
            return
        if tab.pressed != tab.text:
            self.intents += 1
        tab.pressed = tab.text
        tab.seq += 1
        self.receive(tab.stamp(tab.seq), tab.text)
        if answered:
            del self.tabs[where]
            self.open_tab(where)

    @transaction.atomic
    def receive(self, stamp: Stamp, text: str) -> None:
        """What an app above does: one post for a key, and another text is kept, to be offered as a change."""
        if stamp.key not in self.posts:
            self.posts[stamp.key] = text
            services.sent(self.person, PLACE, stamp, content(text))
        elif self.posts[stamp.key] != text:
            services.save(self.person, PLACE, stamp, content(text))

    @rule(where=TABS, which=st.sampled_from(["mine", "theirs", "both"]))
    def choose(self, where: tuple[int, int], which: str) -> None:
        tab = self.tab(where)
        if not tab.others:
            return
        theirs, key, revision, copy = tab.others.pop(0)
        if which == "theirs":
            self.let_go |= words(tab.text)
            tab.text = theirs
        elif which == "both":
            tab.text = " ".join(sorted(words(tab.text) | words(theirs)))
        else:
            self.let_go |= words(theirs)
        tab.acknowledged, tab.pressed = "", None
        if copy is None:
            tab.key, tab.revision = key, revision
        self.keep(tab)
        if copy:
            self.copies[tab.device].pop(copy, None)

    @rule(where=TABS)
    def close(self, where: tuple[int, int]) -> None:
        self.tabs.pop(where, None)

    @rule(device=st.sampled_from([0, 1]))
    def sign_in_ends_or_comes_back(self, device: int) -> None:
        self.signed_in[device] = not self.signed_in[device]

    @invariant()
    def no_word_is_lost(self) -> None:
        held = [tab.text for tab in self.tabs.values()] + list(self.posts.values())
        held += [copy.text for copies in self.copies for copy in copies.values()]
        held += [draft.fields["text"] for draft in Draft.objects.open()]
        assert self.typed <= self.let_go.union(*map(words, held))

    @invariant()
    def what_was_acknowledged_stays_on_the_server(self) -> None:
        held = [draft.fields["text"] for draft in Draft.objects.open()] + list(self.posts.values())
        assert self.acknowledged <= self.let_go.union(*map(words, held))

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        assert len(self.posts) <= self.intents

    @invariant()
    def what_a_tab_calls_saved_was_on_the_server(self) -> None:
        for tab in self.tabs.values():
            assert not tab.says_saved or not tab.is_dirty


def test_no_order_of_things_loses_a_word_or_sends_it_twice(cast: Cast) -> None:
    class Run(Writing):
        person = cast.student

    many = settings(
        max_examples=200 if SOAK else 20,
        stateful_step_count=50 if SOAK else 30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Run, settings=many)
