"""A world: the exchange, the network, the disk and the time, which go on while engines live and die in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from math import inf
from typing import Any, Final

import msgspec

from radtui.core.account import PositionReport
from radtui.core.facts import AnyFact, Envelope
from radtui.core.market import MINUTE, SECOND
from radtui.core.order import OrderReport
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.explore.chances import REQUEST, Chances
from radtui.simserver.explore.checks import Check, Placement
from radtui.simserver.explore.clocks import WorldTime
from radtui.simserver.explore.disk import Disk, TornJournal
from radtui.simserver.explore.ground import Ground
from radtui.simserver.explore.hands import OncePerKey
from radtui.simserver.explore.intents import OneOrderPerIntent
from radtui.simserver.explore.kinds import HABITS, Kind
from radtui.simserver.explore.life import SETUP, SYMBOLS, Life
from radtui.simserver.explore.loop import Crashed, MortalLoop
from radtui.simserver.explore.moves import LegalMoves
from radtui.simserver.explore.outcome import Exposure, Plan, Tally, Violation
from radtui.simserver.explore.patience import Patience
from radtui.simserver.explore.protection import Protected
from radtui.simserver.explore.receipts import TrueReceipts
from radtui.simserver.explore.soundness import MoneyAddsUp, NoFaultOfOurs
from radtui.simserver.explore.strangers import LeftAlone
from radtui.simserver.explore.trace import Trace
from radtui.simserver.explore.weather import Weather
from radtui.simserver.explore.wire import ExploredFaults, Post, Wire
from radtui.simserver.floor import Said
from radtui.simserver.http import Request, Response
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue

STEP: Final = 10 * SECOND
"""Between two moves of the market: a tenth of the work of moving every second, and no fault minds."""
_WARMUP: Final = 60
_LIFELESS: Final = "no life"
_AFTER_BIRTH: Final = 6 * SECOND
"""What a new life may take before what it finds is protected."""
_ASKED_AGAIN: Final = 3 * SECOND
"""What a question without an answer excuses at most: the feed tells the same."""


class World:
    """Everything but the engine. It is what a check looks at, what the weather falls on, and where requests arrive.

    Attributes:
        landed: the last life has come to rest and all was compared.
        calm: nothing goes wrong any more.
    """

    def __init__(self, plan: Plan, until: float = inf) -> None:
        self.plan, self._until_second = plan, until
        self.time = WorldTime()
        self.patience = Patience(self.time.passed)
        self.patience.hold(_LIFELESS)
        self.exposure = Exposure()
        self.ground = Ground(self)
        self.chances = Chances(plan.seed, plan.selection)
        self.chances.told = self._struck
        self.faults = ExploredFaults(self.chances)
        self.exchange = open_exchange(
            SeededMarket(SYMBOLS, seed=plan.seed, start=self.time.now(), span=STEP),
            [seeded_key(plan.seed)],
            now=self._exchange_now,
            seed=plan.seed,
            balances={"USDT": Decimal(10_000)},
            warmup=_WARMUP,
            faults=self.faults,
        )
        self.exchange.floor.listen(self._said)
        self.disk = Disk()
        self.journal = TornJournal(self.disk, self.ground.commit)
        self.post, self.trace, self.tally = Post(self), Trace(), Tally()
        self.violation: Violation | None = None
        self.landed = self.calm = False
        self.life: Life | None = None
        self.loop: MortalLoop | None = None
        self._orders: set[str] = set()
        self._weather = Weather(self.chances, self.ground)
        self.checks: tuple[Check, ...] = (
            OneOrderPerIntent(self),
            Protected(self, SETUP.protect_within),
            TrueReceipts(self),
            LegalMoves(self),
            MoneyAddsUp(self),
            NoFaultOfOurs(self),
            LeftAlone(self),
            OncePerKey(self),
        )

    @property
    def venue(self) -> Venue:
        """The truth."""
        return self.exchange.floor.venue

    @property
    def strangers(self) -> Mapping[str, str]:
        """Client ids and symbols of the orders that somebody else has on the account."""
        return self.ground.strangers

    @property
    def passed(self) -> int:
        """Nanoseconds since the world began."""
        return self.time.passed()

    @property
    def over(self) -> bool:
        """Whether there is nothing more to be seen."""
        return self.landed or self.violation is not None or self.passed > self._until_second * SECOND

    def report(self, name: str, what: str) -> None:
        """Note the first invariant that does not hold, and end the world."""
        if self.violation is None:
            self.violation = Violation(name, self.passed / SECOND, what)
            if self.loop is not None:
                self.loop.die_after(0)

    # --- lives

    def live(self) -> None:
        """Run one life to its end, whatever that is."""
        self.loop = loop = MortalLoop(self.time.seconds)
        self.time.run_on(loop)
        loop.set_exception_handler(self._unhandled)
        self.tally.lives += 1
        self.patience.release(_LIFELESS, _AFTER_BIRTH)
        self.trace.note(self.passed, "life", self.tally.lives)
        known = self.journal.known().state
        for check in self.checks:
            check.begun(known.desired if known is not None and known.who else "")
        wire = Wire(self.exchange, self.faults, self.post, self, lambda: self.passed)
        try:
            loop.run_until_complete(self._live(wire))
        except Crashed:
            self.tally.crashes += 1
        finally:
            self._end(wire, loop)

    def lie_dead(self) -> None:
        """Let time pass until somebody starts the engine again."""
        for _ in range(round(self.chances.length(1.0, 15.0, "downtime", self.tally.lives))):
            self.time.skip(SECOND)
            self.post.deliver(self.passed)
            self.turn()

    async def _live(self, wire: Wire) -> None:
        async with wire:
            self.life = Life(self, wire)
            await self.life.fly()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            names = sorted(task.get_name() for task in left if not task.get_name().startswith("Task-"))
            self.report("no task is left behind", f"{len(left)} of them: {', '.join(names) or 'nameless'}")

    def _end(self, wire: Wire, loop: MortalLoop) -> None:
        if self.life is not None:
            self.life.die()
        self.life = None
        self.patience.hold(_LIFELESS)
        self.journal.tear(self.chances.draw("tear", self.tally.lives))
        self.journal = TornJournal(self.disk, self.ground.commit)
        wire.kill()
        self.time.stand()
        self.loop = None
        loop.bury()
        self.trace.note(self.passed, "end")

    def _unhandled(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.report("nothing is unhandled", f"{context.get('message')}: {type(error).__name__}: {error}")

    # --- hands

    def arrive(self, request: Request) -> Response:
        """Return the exchange's answer to a request that left a while ago."""
        sent_at, request = request.at, msgspec.structs.replace(request, at=self.exchange.now())
        self.tally.requests += 1
        if request.method == "POST" and request.path == "/api/v1/orders":
            self._placing(request, sent_at)
        elif request.method != "GET" and not request.path.startswith("/api/v1/bullet"):
            for check in self.checks:
                check.changing(f"{request.method} {request.path}", sent_at)
        answer = self.exchange.handle(request)
        self.trace.note(self.passed, request.method, request.target, request.body, answer.status, answer.body)
        return answer

    def turn(self) -> None:
        """Let a second pass."""
        self.exchange.look()
        if not self.calm:
            self._weather.pass_by(self.passed)
            if self.passed >= self.plan.minutes * MINUTE:
                self._clear_up()
        self.ground.turn()
        if self.life is not None:
            self._listen(self.life.wire)
            self.life.turn()
        for check in self.checks:
            check.turned()
        if self.loop is not None and self.over:
            self.loop.die_after(0)

    def heard(self, envelope: Envelope) -> None:
        """Take a fact that the engine published."""
        self.trace.fact(self.passed, envelope)
        fact: AnyFact = envelope.fact
        for check in self.checks:
            check.heard(fact)

    # --- inside

    def _exchange_now(self) -> int:
        return self.time.now() + self.ground.skewed

    def _struck(self, kind: Kind, seam: str) -> None:
        self.tally.faults += 1
        if kind not in {Kind.OUTAGE, Kind.MAINTENANCE, Kind.SKEW}:  # those excuse when they begin
            excuse = HABITS[kind].excuse
            self.patience.excuse(min(excuse, _ASKED_AGAIN) if seam == REQUEST else excuse)

    def _placing(self, request: Request, sent_at: int) -> None:
        body = msgspec.json.decode(request.body)
        reduces = bool(body.get("reduceOnly") or body.get("closeOrder"))
        placement = Placement(body.get("clientOid", ""), body.get("symbol", ""), reduces, sent_at)
        for check in self.checks:
            check.placing(placement)
        self.ground.ordered()

    def _said(self, said: Any) -> None:
        for message in said:
            self._hear(message)
        if any(isinstance(message, OrderReport | PositionReport) for message in said):
            for check in self.checks:
                check.moved()

    def _listen(self, wire: Wire) -> None:
        """A socket that says nothing any more is an excuse while nobody can have noticed."""
        if any(socket.silent for socket in wire.sockets):
            self.patience.hold(Kind.HALF_OPEN)
        else:
            self.patience.release(Kind.HALF_OPEN, HABITS[Kind.HALF_OPEN].excuse)

    def _hear(self, message: Said) -> None:
        if not isinstance(message, OrderReport):
            return
        self.trace.note(self.passed, message.order_id, message.client_id, message.filled_lots, int(message.active))
        if message.order_id not in self._orders:
            self._orders.add(message.order_id)
            self.tally.orders += 1
            for check in self.checks:
                check.accepted(message)

    def _clear_up(self) -> None:
        """Let everything be well from now on."""
        self.calm = self.chances.calm = True
        self.ground.clear_up()
