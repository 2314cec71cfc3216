"""Whether a guardian would do its work, tried from end to end without changing anything at the exchange.

It takes a beat over a socket of its own, lets the silence run out on paper, reads the account with the key, says what
it would do there now, has the exchange check an order that closes, and writes a line where the record goes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import msgspec

from radtui.core.guarding import Beat, Cover, Phase
from radtui.guard.account import Holding, NewOrder, Order, Shown
from radtui.guard.acting import Exchange
from radtui.guard.client import Client, Failure, Refused
from radtui.guard.config import GuardConfig
from radtui.guard.journal import Memory, MemoryFile
from radtui.guard.plan import Cancel, Plan, Protect, Step, plan, protected
from radtui.guard.post import Post
from radtui.guard.watch import SECOND, Watch

_MAY_NOT: Final = "400"
"""What the codes begin with that say that the key or its rights are wrong."""


class Tries(Exchange, Protocol):
    """An exchange that checks orders without taking them."""

    def try_out(self, order: NewOrder) -> None:
        """Check an order."""
        ...


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was tried.

    Attributes:
        ok: it works. safe: nothing at the exchange needs a person now.
    """

    what: str
    said: str
    ok: bool = True
    safe: bool = True


def rehearse(config: GuardConfig, client: Tries | None = None) -> Iterator[Finding]:
    """Try everything, one finding after the other; it ends with the first that makes the rest impossible."""
    beat = MemoryFile(Path(config.memory)).load().beat
    yield from _here(config)
    account: Tries = client or Client(config)
    try:
        ahead = account.sync()
        yield Finding(what="exchange", said=f"{config.url} answers; its clock is {ahead / 1000:+.3f} s from ours")
        shown = account.read()
    except Failure as failure:
        yield Finding(what="exchange", said=f"{failure}", ok=False, safe=False)  # what is open there is not known
        return
    yield Finding(what="account", said=_counted(shown, config.bot))
    yield _may_trade(account, shown, config.bot)
    yield from _would(shown, beat or guessed(shown, config.bot), flatten=config.flatten)


def guessed(shown: Shown, bot: str) -> Beat:
    """Return what an engine might have said where none has beaten yet: whatever an own stop rests for is ours."""
    own = {stop.symbol for stop in shown.stops if stop.active and stop.is_of(bot) and stop.reduces}
    found = tuple(
        Cover(symbol=holding.symbol, long=holding.long, lots=holding.lots)
        for holding in shown.holdings
        if holding.symbol in own
    )
    return Beat(bot=bot, pid=0, boot=0, number=0, at=1 << 62, state="unknown", covers=found)


def _here(config: GuardConfig) -> Iterator[Finding]:
    """Try the socket, the clock and the files."""
    trial = Path(config.socket).with_suffix(f".{os.getpid()}")
    try:
        Post(trial).close()
    except OSError as error:
        yield Finding(what="socket", said=f"{trial} cannot be made: {error}", ok=False)
    else:
        yield Finding(what="socket", said=f"engines beat at {config.socket}")
    kept = Path(config.record).with_suffix(f".{os.getpid()}")
    try:
        MemoryFile(kept).keep(Memory())
        kept.unlink()
    except OSError as error:
        yield Finding(what="record", said=f"{config.record} cannot be written: {error}", ok=False)
    else:
        yield Finding(what="record", said=f"deeds go to {config.record}")
    yield _clock(config.silence)


def _clock(silence: float) -> Finding:
    """Let one engine beat and fall silent, on a clock of its own."""
    watch = Watch(round(silence * SECOND), 0)
    watch.heard(Beat(bot="", pid=0, boot=0, number=0, at=0, state=""), 0)
    seconds = next((at for at in range(int(silence) + 3) if watch.due(at * SECOND)), None)
    said = f"it would act {seconds} s after the last beat"
    return Finding(what="silence", said=said, ok=seconds is not None and watch.phase is Phase.WATCHING)


def _may_trade(client: Tries, shown: Shown, bot: str) -> Finding:
    """Have an order checked that closes nothing: what the key may not do is refused by the key's own codes."""
    symbols = (*(holding.symbol for holding in shown.holdings), "XBTUSDTM")
    order = NewOrder(
        client_oid=f"{bot}-rehearsal", symbol=symbols[0], side="sell", margin_mode="ISOLATED", position_side="BOTH"
    )
    try:
        client.try_out(order)
    except Refused as refused:
        if refused.code.startswith(_MAY_NOT):
            return Finding(what="key", said=f"it may not trade: {refused}", ok=False)
    except Failure as failure:
        return Finding(what="key", said=f"not settled whether it may trade: {failure}", ok=False)
    return Finding(what="key", said="it may cancel and close")


def _would(shown: Shown, beat: Beat, *, flatten: bool) -> Iterator[Finding]:
    now = plan(shown, beat, flatten=flatten)
    for step in now.steps:
        yield Finding(what="would", said=_told(step))
    for holding in now.held:
        if protected(holding, shown.stops):
            yield Finding(what="verified", said=f"{_named(holding)} has its stop")
    for holding in now.bare:
        yield Finding(what="bare", said=f"{_named(holding)} has no stop, and none is planned", safe=False)
    yield from _strangers(shown, now)
    if not now.steps:
        yield Finding(what="would", said="change nothing: all is as it should be" if not now.bare else "change nothing")


def _strangers(shown: Shown, now: Plan) -> Iterator[Finding]:
    for holding in shown.holdings:
        if holding.lots and holding not in now.held:
            yield Finding(what="not ours", said=f"{_named(holding)} would be left alone")


def _told(step: Step) -> str:
    match step:
        case Cancel(order, why):
            return f"cancel {_order(order)}: {why}"
        case Protect(holding, price):
            return f"place a stop at {price} for {_named(holding)}"
        case _:
            return f"close {_named(step.holding)} at the market"


def _order(order: Order) -> str:
    return f"{order.client_oid or order.id} ({order.side or 'closing'} {order.size or 'all'} {order.symbol})"


def _counted(shown: Shown, bot: str) -> str:
    working = [order for order in (*shown.orders, *shown.stops) if order.active]
    own = sum(order.is_of(bot) for order in working)
    return f"{len(shown.holdings)} positions, {len(working)} orders and stops, {own} of them {bot}'s"


def _named(holding: Holding) -> str:
    return f"{'long' if holding.long else 'short'} {holding.lots} {holding.symbol}"
