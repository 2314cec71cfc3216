"""What a bot takes over a restart: out of its parts into one note, and back into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from radtui.core.events import Restored
from radtui.core.memory import Memory, pack, unpack
from radtui.core.once import Once
from radtui.core.recovery import Before
from radtui.core.winding import Winding

if TYPE_CHECKING:
    from radtui.core.core import Core


def remembered(core: Core, *, forced: bool) -> bytes:
    """Return what must survive a restart, packed; `forced` where the process ends whatever is on its way."""
    trading = core.trading
    return pack(
        Memory(
            cycles=core.cycles,
            cycle_count=core.cycle_count,
            sums=trading.purse.sums,
            positions=trading.positions.open,
            plans=trading.entries.plans,
            seen=trading.seen.keys,
            counted=trading.orders.counted(),
            instruments=core.contracts.of(trading.orders.live()),
            read_since=trading.read_since,
            breakers=trading.breakers.kept,
            winding=_winding(core, forced=forced),
            bare=trading.protection.bare,
            placed=core.control.by_hand.placed,
            at=core.desk.at,
            boot=core.desk.ids.latest,
            window=trading.window.kept,
        )
    )


def recall(core: Core, event: Restored) -> None:
    """Put what an earlier run left back in its place, and go on with what it had not finished."""
    memory = unpack(event.memory)
    core.cycles, core.cycle_count = memory.cycles, memory.cycle_count
    core.cycles_before = memory.cycle_count
    held = {each.instrument.symbol: each.instrument for each in memory.positions.values()}
    _recall_books(core, event, memory)
    core.contracts.remember(memory.instruments | held)
    core.desk.ids.latest = max(core.desk.ids.latest, memory.boot)
    core.control.by_hand.placed.update(memory.placed)
    core.control.restore(event.desired, event.who, event.since)
    core.trading.orders.restore(event.done_orders, event.open_orders, memory.counted, memory.at)
    if not event.clean:
        core.desk.trouble("restart", "the last run ended without a shutdown: all is checked", "recovery", "warning")
    core.control.take_up(memory.winding, event.receipted)
    if core.flatten is not None:
        core.flatten.others.update(memory.winding.others)


def _recall_books(core: Core, event: Restored, memory: Memory) -> None:
    trading = core.trading
    trading.purse.sums = memory.sums
    trading.purse.curve.extend(event.equity)
    trading.purse.hours.extend(event.hours)
    trading.positions.open.update(memory.positions)
    for position in memory.positions.values():
        position.restart(event.at)
    trading.recovery.begin(
        Before(
            clean=event.clean,
            at=memory.at,
            orders=event.open_orders,
            lots={symbol: position.lots for symbol, position in memory.positions.items()},
            sums=msgspec.structs.replace(memory.sums),
        )
    )
    trading.protection.bare = memory.bare
    trading.entries.plans.update(memory.plans)
    trading.seen = Once(memory.seen)
    trading.read_since = memory.read_since
    trading.breakers.kept = memory.breakers
    trading.window.kept = memory.window


def _winding(core: Core, *, forced: bool) -> Winding:
    control, flatten = core.control, core.flatten
    if not control.pending:
        return Winding()
    return Winding(
        pending=tuple(control.pending.values()),
        ending=control.ending,
        phase=flatten.phase if flatten else "",
        forced=forced,
        tallies=core.trading.tallies.of,
        others=flatten.others if flatten else {},
    )
