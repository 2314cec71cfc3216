"""Instructions over a line that breaks anywhere: each is carried out at most once, and every answer is true.

Both ends are the real ones; only the bytes between them are a game. A line that was given up may still deliver, late,
what was sent on it; the engine may be restarted; time may pass. At the end the line holds, and no question is open.
"""

from __future__ import annotations

from collections import deque
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from radtui.api.asking import Asking
from radtui.api.keyring import Caller, Scope
from radtui.api.streams.engine import EngineStream
from radtui.api.streams.routes import Streams
from radtui.api.streams.telling import Telling
from radtui.core.instruction import Ack, Ask
from radtui.engine import wire
from radtui.engine.replica import PATIENCE, Replica
from tests.api.callers import Scripted

ASKS = (Ask.START, Ask.STOP, Ask.EMERGENCY_STOP, Ask.PREVIEW)


class Engine(Scripted):
    """A door that says which instructions it was given; `why` carries the key."""

    def __init__(self, numbers: count[int], journal: Engine | None = None) -> None:
        super().__init__()
        self._count = numbers
        self.given: dict[str, str] = {}
        if journal is not None:  # it kept the receipts; what had none is forgotten
            self.receipts = dict(journal.receipts)
            self.lost = journal.lost | (journal.given.keys() - journal.receipts.keys())

    def send(self, ask: Ask, *, who: str, why: str = "", **particulars: object) -> Ack:  # type: ignore[override]
        ack = Ack(id=f"i{next(self._count)}", ask=ask, at=1)
        self.given[ack.id] = why
        return ack


class Run:
    """One run of an engine, and its door."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.streams = Streams(engine, Asking(engine))


class Line:
    """One line: its far end, and what is on its way up and down."""

    def __init__(self, run: Run) -> None:
        telling = Telling(run.engine, run.streams.asking, run.streams.burnt, "cli:a")
        self.stream = EngineStream(run.streams.news, telling, Caller("cli:a", Scope.CONTROL), run.streams.run)
        self.up: deque[str] = deque()
        self.down: deque[str] = deque(self.stream.greeting())

    def send(self, said: list[wire.FromClient]) -> None:
        self.up.extend(wire.encode(each).decode() for each in said)


class BrokenLines(RuleBasedStateMachine):
    """The game."""

    @initialize()
    def begin(self) -> None:
        self.now = 0.0
        self.numbers = count(1)
        self.run_now = Run(Engine(self.numbers))
        self.runs = [self.run_now]
        self.replica = Replica("t", "seat", "n")
        self.asked: dict[str, Ask] = {}
        self.line: Line | None = None
        self.zombies: list[Line] = []

    @rule(ask=st.sampled_from(ASKS))
    def ask(self, ask: Ask) -> None:
        key = f"k{len(self.asked)}"
        self.asked[key] = ask
        self.replica.ask(wire.Tell(key=key, ask=ask, why=key), self.now)

    @precondition(lambda self: self.line is None)
    @rule()
    def connect(self) -> None:
        self._connect()

    @precondition(lambda self: self.line is not None)
    @rule(up=st.integers(0, 4), down=st.integers(0, 6))
    def exchange(self, up: int, down: int) -> None:
        """Say what there is to say, and let some of it arrive."""
        if self.line is None:
            return
        self.line.send(self.replica.fresh())
        for _ in range(min(up, len(self.line.up))):
            self.line.stream.heard(self.line.up.popleft())
        self.line.down.extend(self.line.stream.due())
        for _ in range(min(down, len(self.line.down))):
            self.replica.heard(wire.from_server(self.line.down.popleft()), self.now)

    @precondition(lambda self: self.line is not None)
    @rule(lost=st.booleans(), again=st.booleans())
    def cut(self, lost: bool, again: bool) -> None:
        """Break the line; what was on its way up is lost, or comes late."""
        if self.line is not None and not lost:
            self.zombies.append(self.line)
        self.line = None
        if again:
            self._connect()

    @precondition(lambda self: self.zombies)
    @rule(which=st.integers(0, 9))
    def arrive_late(self, which: int) -> None:
        line = self.zombies[which % len(self.zombies)]
        while line.up:
            line.stream.heard(line.up.popleft())

    @rule()
    def carry_out(self) -> None:
        """Let the engine write the receipt of whatever it was given first."""
        engine = self.run_now.engine
        waiting = [id_ for id_ in engine.given if id_ not in engine.receipts]
        if waiting:
            engine.done(waiting[0])

    @rule(seconds=st.sampled_from([1.0, PATIENCE + 1]))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.replica.expire(self.now)

    @precondition(lambda self: self.run_now.engine.given)
    @rule()
    def restart(self) -> None:
        """The engine dies and is started again: no line of its last run delivers anything any more."""
        self.line, self.zombies = None, []
        self.run_now = Run(Engine(self.numbers, self.run_now.engine))
        self.runs.append(self.run_now)

    def teardown(self) -> None:
        if not hasattr(self, "asked"):
            return
        self._connect()
        for _ in range(3 * len(self.asked) + 6):
            self.exchange(4, 6)
            self.carry_out()
        for line in self.zombies:
            while line.up:
                line.stream.heard(line.up.popleft())
        self._check()

    def _connect(self) -> None:
        self.line = Line(self.run_now)
        self.line.send(self.replica.begin(wire.from_server(self.line.down.popleft()), self.now))

    def _check(self) -> None:
        carried = [key for run in self.runs for key in run.engine.given.values()]
        assert len(carried) == len(set(carried)), "carried out twice"
        for key, ask in self.asked.items():
            receipt = self.replica.receipt(key)
            assert receipt is not None, f"{key} has no answer"
            assert receipt.ask is ask or receipt.id in self.run_now.engine.receipts
            if receipt.status in {wire.WITHDRAWN, wire.REFUSED}:
                assert key not in carried, f"{key} was carried out after all"
            elif receipt.status != wire.LOST:
                assert key in carried


TestBrokenLines = BrokenLines.TestCase
TestBrokenLines.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
