"""After the storm: everything is well again, and the engine must recover, trade, come to rest, and end in order.

It is the check of liveness, and of all that can only be compared once nothing is on its way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.orders import Purpose
from radtui.simserver.explore.protection import covered
from radtui.simserver.explore.strangers import ours

if TYPE_CHECKING:
    from radtui.simserver.explore.life import Life
    from radtui.simserver.explore.world import World

_LOOK: Final = 0.5
RECOVERS_WITHIN: Final = 120.0
"""Seconds after the last fault until all is read, told and settled."""
SETTLES_WITHIN: Final = 120.0
"""Seconds that a stop which is under way, or a start, may take from then on."""
TRADES_WITHIN: Final = 240.0
"""Seconds until an entry is accepted: four candles."""
_QUIET: Final = 45.0
_ENDINGS: Final = (
    (Ask.STOP, None),
    (Ask.EMERGENCY_STOP, None),
    (Ask.SHUTDOWN, ExitPolicy.KEEP),
    (Ask.SHUTDOWN, ExitPolicy.FLATTEN),
)


class NotInTime(Exception):
    """What must come did not."""


class Landing:
    """The last minutes of a world.

    Args:
        flight: the task that runs the engine.
    """

    def __init__(self, world: World, life: Life, flight: asyncio.Task[None]) -> None:
        self._world, self._life, self._flight = world, life, flight

    async def land(self) -> None:
        """Wait for the end of the storm, then demand one thing after the other."""
        await self._life.calmed.wait()
        try:
            for step in (self._recovers, self._trades, self._rests):
                await step()
                if self._flight.done():
                    return  # it was told to shut down in the storm: the next life lands
            await self._ends()
        except NotInTime as late:
            self._world.report("it recovers when the faults stop", str(late))

    async def _recovers(self) -> None:
        core = self._life.core
        await self._until(self._well, RECOVERS_WITHIN, self._ails)
        await self._until(
            lambda: not core.control.pending, SETTLES_WITHIN, lambda: f"{core.control.pending} is pending"
        )

    async def _trades(self) -> None:
        control = self._life.core.control
        if control.state in {State.STOPPED, State.ERROR}:
            self._life.tell(Ask.START)
        elif control.state is State.PAUSED:
            self._life.tell(Ask.RESUME)
        await self._until(lambda: control.state is State.RUNNING, SETTLES_WITHIN, lambda: f"it is {control.state}")
        self._withdraw()
        self._life.eager = True
        before = self._entries()
        await self._until(lambda: self._entries() > before, TRADES_WITHIN, self._why_not)
        self._life.eager = False

    def _withdraw(self) -> None:
        """Cancel what was placed by hand and waits for the market: its contract is not entered while it does."""
        for order in self._life.core.trading.orders.live(Purpose.ENTRY):
            if order.waits:
                self._life.tell(Ask.CANCEL_ORDER, subject=order.client_id)

    async def _rests(self) -> None:
        self._life.tell(Ask.PAUSE)
        await asyncio.sleep(_QUIET)
        self._compare()

    async def _ends(self) -> None:
        chosen = int(self._world.chances.draw("ending") * len(_ENDINGS))
        ask, exits = _ENDINGS[chosen]
        asked = self._life.tell(ask, exits)
        receipts = self._life.engine.bulletin.receipts
        await self._until(lambda: asked in receipts, SETTLES_WITHIN, lambda: f"no receipt of {ask}")
        if not self._flight.done():
            self._life.tell(Ask.SHUTDOWN)
        await self._until(self._flight.done, SETTLES_WITHIN, lambda: "a shutdown did not end the engine")
        self._world.landed = True

    async def _until(self, true: Callable[[], Any], within: float, why: Callable[[], str]) -> None:
        began = self._world.passed
        while not true() and not self._flight.done():
            if self._world.passed - began > within * SECOND:
                raise NotInTime(f"{why()}, {within:.0f} s after all was well")
            await asyncio.sleep(_LOOK)

    def _well(self) -> bool:
        return not self._ails()

    def _ails(self) -> str:
        core = self._life.core
        lost, unwritten = core.conditions.feeds_lost, core.desk.unwritten
        if core.flatten is not None:
            return "" if core.control.pending else "a flatten nobody waits for"
        if not core.recovered or lost or unwritten:
            return f"recovered: {core.recovered}, lost: {lost}, journal: {unwritten or 'well'}"
        doubtful = [order.client_id for order in core.trading.orders.live() if order.in_flight]
        return f"nobody knows what became of {', '.join(doubtful)}" if doubtful else ""

    def _entries(self) -> int:
        return self._life.core.trading.purse.sums.opened

    def _why_not(self) -> str:
        why = [f"{view.symbol}: {view.outcome}" for view in self._life.core.trading.entries.why.values()]
        return f"no entry ({'; '.join(why)})"

    def _compare(self) -> None:
        """Compare the books with the exchange's: positions, stops, orders, and the money to the last digit."""
        world, trading = self._world, self._life.core.trading
        positions, resting = world.venue.positions(), ours(world.venue.open_orders())
        held = {symbol: position.lots for symbol, position in trading.positions.open.items()}
        shown = {position.symbol: position.lots for position in positions}
        live = sorted(order.client_id for order in trading.orders.live())
        there = sorted(order.client_id for order in resting)
        money = self._life.engine.snapshot().money
        if held != shown:
            world.report("the books are the exchange's", f"positions {held}, and the exchange shows {shown}")
        elif live != there:
            world.report("the books are the exchange's", f"orders {live}, and the exchange shows {there}")
        elif any(not covered(position, resting) for position in positions):
            world.report("the books are the exchange's", f"a position without a stop among {shown}")
        elif {order.symbol for order in resting} - shown.keys():
            world.report("the books are the exchange's", f"an order where no position is, among {there}")
        elif money.identity != 0:
            world.report("money adds up", f"the account differs from our sums by {money.identity}")
