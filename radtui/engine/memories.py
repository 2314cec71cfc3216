"""What an engine takes over from its earlier runs, and what it keeps for the next one."""

from __future__ import annotations

import msgspec

from radtui.core.core import Core
from radtui.core.events import Restored
from radtui.core.lifecycle import State
from radtui.store.port import BotState, Known


def restored(known: Known, at: int) -> Restored:
    """Return what core is told of the earlier runs.

    Args:
        at: wall clock, nanoseconds UTC.
    """
    state = known.state
    return Restored(
        at,
        desired=state.desired if state and state.who else "stopped",
        who=state.who if state else "",
        since=state.since if state else 0,
        clean=known.clean,
        memory=state.memory if state else b"",
        open_orders=known.open_orders,
        done_orders=tuple(order for order in known.orders if order.done),
        equity=known.equity,
        hours=known.hours,
        receipted=tuple(receipt.id for receipt in known.receipts),
    )


def wants_start(core: Core, known: Known, *, autostart: bool) -> bool:
    """Return whether a bot starts by itself: unless an operator wanted it otherwise, or it is not stopped."""
    asked = known.state is not None and bool(known.state.who)
    stays = asked and core.control.desired in {"paused", "stopped"}
    return autostart and core.control.state is State.STOPPED and not stays


def kept(core: Core, exchange: str, *, forced: bool) -> BotState:
    """Return what the next run must know.

    Args:
        exchange: its name. forced: the run ends, and not in order.
    """
    control = core.control
    return BotState(
        desired=control.desired,
        who=control.desired_who,
        since=control.desired_since,
        memory=core.memory(forced=forced),
        account=f"{exchange} {core.config.mode}",
    )


def of_new_account(known: Known) -> Known:
    """Return what a new account takes over: what the operator wants, the sequence, and orders nobody ended."""
    state = known.state and msgspec.structs.replace(known.state, memory=b"")
    return msgspec.structs.replace(known, state=state, orders=(), fills=(), equity=(), hours=(), start_equity=None)
