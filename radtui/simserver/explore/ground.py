"""What the weather falls on: network, exchange, clocks, disk, process, and whoever operates it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.market import SECOND
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.simserver.explore import hands, strangers
from radtui.simserver.explore.kinds import HABITS, Kind
from radtui.simserver.explore.life import SYMBOLS
from radtui.simserver.floor import Status
from radtui.simserver.happenings import Transferred
from radtui.simserver.ticket import Terms

if TYPE_CHECKING:
    from radtui.simserver.explore.life import Life
    from radtui.simserver.explore.world import World

_COMMIT: Final = 0.002
"""Seconds of a commit on a healthy disk, on average."""
_STARTS: Final = 12 * SECOND
"""What a life that began without an exchange may still take to be open when that is back: it asks again in between."""
_FAR: Final = Decimal("0.7")
_FLATTENS: Final = 0.3
"""Share of the shutdowns that are to close every position."""


class Ground:
    """Implements `radtui.simserver.explore.weather.Land`.

    Attributes:
        down: nothing can be reached.
        step: nanoseconds by which our machine's wall clock is wrong. skewed: the same of the exchange's.
        strangers: client ids and symbols of somebody else's orders.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.down = False
        self.step = self.skewed = 0
        self._commit_seconds, self._commits = _COMMIT, 0
        self._ends: dict[str, tuple[int, Callable[[], None]]] = {}
        self.strangers: dict[str, str] = {}
        self._at_order: list[tuple[float, Callable[[], None]]] = []

    def commit(self) -> float:
        """Return the seconds of the next commit."""
        self._commits += 1
        return self._world.chances.length(0.0, self._commit_seconds, "commit", self._commits)

    def turn(self) -> None:
        """End what has lasted long enough."""
        for name, (at, end) in list(self._ends.items()):
            if self._world.passed >= at:
                del self._ends[name]
                end()

    def clear_up(self) -> None:
        """Let everything be well from now on."""
        for _, end in self._ends.values():
            end()
        self._ends.clear()

    def ordered(self) -> None:
        """An order has reached the exchange: let begin what has waited for it."""
        waiting, self._at_order = self._at_order, []
        for seconds, begin in waiting:
            if self._world.loop is not None and not self._world.calm:
                self._world.loop.call_later(seconds, self._begin, self._world.life, begin)

    # --- what the weather brings

    def outage(self, seconds: float) -> None:
        """Let nothing be reached for a while."""
        self._world.patience.hold(Kind.OUTAGE)
        self._reach(down=True)
        self._until(Kind.OUTAGE, seconds, lambda: self._reach(down=False))

    def maintenance(self, seconds: float, *, closed: bool) -> None:
        """Let the exchange take only cancels, or nothing, for a while."""
        self._world.patience.hold(Kind.MAINTENANCE)
        self._world.exchange.floor.status = Status.CLOSE if closed else Status.CANCEL_ONLY
        self._until(Kind.MAINTENANCE, seconds, self._open)

    def set_clock(self, seconds: float, lasts: float) -> None:
        """Set our machine's wall clock wrong for a while."""
        self._step(round(seconds * SECOND))
        self._until(Kind.CLOCK, lasts, lambda: self._step(0))

    def skew(self, seconds: float, lasts: float) -> None:
        """Put the exchange's clock so far from the true time for a while."""
        self._skew(round(seconds * SECOND))
        self._until(Kind.SKEW, lasts, lambda: self._skew(0))

    def slow_disk(self, seconds: float, commit: float) -> None:
        """Let each commit take long for a while."""
        self._commit_seconds = commit
        self._until("slow disk", seconds, self._mend_disk)

    def full_disk(self, seconds: float) -> None:
        """Let nothing be written for a while."""
        self._world.journal.fail("the disk is full")
        self._until("full disk", seconds, self._mend_disk)

    def crash(self, callbacks: int) -> None:
        """Let the process die after so many callbacks."""
        if self._world.loop is not None:
            self._world.loop.die_after(callbacks)

    def at_order(self, seconds: float, begin: Callable[[], None]) -> None:
        """Let something begin so long after the next order reaches the exchange."""
        self._at_order.append((seconds, begin))

    def ask(self, ask: Ask, after: float) -> None:
        """Let an operator ask for something."""
        loop, life = self._world.loop, self._world.life
        if loop is not None and life is not None:
            exits = ExitPolicy.FLATTEN if after < _FLATTENS else None
            tell = partial(life.tell, ask, exits if ask is Ask.SHUTDOWN else None)
            loop.call_later(after, self._begin, life, tell)

    def hand(self, number: int) -> None:
        """Let an operator place an order by hand; an impatient one places the same again, whatever came between."""
        world = self._world
        order = hands.order(world.chances, world.venue, number)
        self._place(order)
        if hands.impatient(world.chances, number):
            again = world.chances.length(0.0, 8.0, "hand again after", number)
            self._until(f"hand {number}", again, lambda: self._place(order))

    def stranger(self, number: int, seconds: float) -> None:
        """Let somebody else have an order on the account, so far from the market that nothing comes of it."""
        floor, symbol = self._world.exchange.floor, SYMBOLS[number % len(SYMBOLS)]
        if floor.status is not Status.OPEN:
            return
        client_id, instrument = strangers.name(number), floor.instruments[symbol]
        floor.place(
            OrderRequest(
                client_id=client_id,
                symbol=symbol,
                side=Side.BUY,
                type=OrderType.LIMIT,
                lots=1,
                price=instrument.below(self._world.venue.prices(symbol).last * _FAR),
                leverage=3,
            ),
            Terms(leverage="3"),
        )
        self.strangers[client_id] = symbol
        self._until(client_id, seconds, lambda: self._leave(client_id))

    def transfer(self, amount: int) -> None:
        """Move money into the account, or out of it where negative."""
        if amount:
            self._world.venue.transfer("USDT", Decimal(amount))
            self._world.exchange.floor.say(Transferred("USDT"))

    # --- and takes away again

    def _place(self, order: HandOrder) -> None:
        if self._world.life is not None and not self._world.calm:
            self._world.life.tell(Ask.PLACE_ORDER, order=order)

    def _leave(self, client_id: str) -> None:
        symbol = self.strangers.pop(client_id)
        self._world.venue.cancel(symbol, client_id)
        self._world.exchange.floor.after()

    def _until(self, name: str, seconds: float, end: Callable[[], None]) -> None:
        self._ends[name] = (self._world.passed + round(seconds * SECOND), end)

    def _begin(self, life: Life | None, begin: Callable[[], object]) -> None:
        if self._world.life is life and not self._world.calm:
            begin()

    def _step(self, step: int) -> None:
        self.step = step
        if self._world.life is not None:
            self._world.life.clock.step = step

    def _skew(self, skewed: int) -> None:
        self._world.patience.excuse(HABITS[Kind.SKEW].excuse)
        self.skewed = skewed

    def _reach(self, *, down: bool) -> None:
        self.down = down
        if self._world.life is not None:
            self._world.life.wire.down = down
        if not down:
            self._over(Kind.OUTAGE)

    def _open(self) -> None:
        self._world.exchange.floor.status = Status.OPEN
        self._over(Kind.MAINTENANCE)

    def _over(self, kind: Kind) -> None:
        life = self._world.life
        flies = life is not None and life.core.recovered
        self._world.patience.release(kind, HABITS[kind].excuse if flies else _STARTS)

    def _mend_disk(self) -> None:
        self._commit_seconds = _COMMIT
        self._world.journal.heal()
