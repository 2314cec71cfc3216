"""The receipt of a stop: what was done since it was asked, and what the exchange showed afterwards (rows L8, L9)."""

from __future__ import annotations

from typing import Final

from radtui.core.instruction import Ask, Receipt
from radtui.core.leftover import left_there, leftover
from radtui.core.orders import Purpose
from radtui.core.outcome import Cancelled
from radtui.core.shown import Shown
from radtui.core.tallies import cancelled
from radtui.core.trading import Trading
from radtui.core.winding import Asked

DONE: Final = {
    Ask.START: "Bot started",
    Ask.PAUSE: "Bot paused: no entries; open positions stay protected",
    Ask.RESUME: "Bot resumed",
    Ask.STOP: "Bot stopped: no entries; open positions keep their stops",
    Ask.SHUTDOWN: "Graceful shutdown completed",
    Ask.EMERGENCY_STOP: "Emergency stop completed: flat, no orders, no stops",
    Ask.RESET_METRICS: "Performance metrics reset successfully",
}
_NOT_ALL: Final = "Ended, but not everything of ours is settled: see what is left and what could not be verified"
_NOT_THEIRS: Final = "Ended: nothing of ours is there, but not all that is not ours could be closed, as was asked"


def stopped(
    asked: Asked,
    trading: Trading,
    *,
    at: int,
    status: str,
    shown: Shown | None,
    unverified: tuple[str, ...],
    others: tuple[Cancelled, ...],
) -> Receipt:
    """Return the receipt of a stop, shutdown or emergency stop.

    Args:
        shown: the reading that shows the bot at rest; None where none does.
        unverified: what is in the way where `shown` is None, or could not be done.
        others: orders that were cancelled by the exchange's own id.
    """
    instruction = asked.instruction
    ended = cancelled(trading.orders.all(), asked.at)
    told = {each.client_id for each in ended}  # an order that a late reading still shows is cancelled by both its ids
    ended += tuple(each for each in others if not each.own or each.client_id not in told)
    closed = trading.tallies.closed(trading.orders.all(), asked.at, trading.desk.instruments)
    left = leftover(trading.orders, trading.positions) if shown is None else left_there(shown)
    return Receipt(
        id=instruction.id,
        ask=instruction.ask,
        success=not unverified,
        message=DONE[instruction.ask] if not unverified else _NOT_ALL if shown is None else _NOT_THEIRS,
        status=status,
        at=at,
        who=instruction.who,
        orders_cancelled=tuple(str(each) for each in ended if each.purpose != Purpose.STOP),
        positions_closed=tuple(map(str, closed)),
        stops_cancelled=tuple(str(each) for each in ended if each.purpose == Purpose.STOP),
        cancelled=ended,
        closed=closed,
        shown=shown,
        unverified=unverified,
        foreign=shown.foreign() if shown else (),
        orders_left=left.orders,
        positions_left=left.positions,
        stops_left=left.stops,
        unwritten=trading.desk.unwritten,
    )
