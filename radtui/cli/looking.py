"""``radtui status|positions|orders|breakers``: what the engines of this machine show."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from cyclopts import Parameter

from radtui.api.views import Breakers, Orders, Overview, Positions
from radtui.cli.answers import amount, document, moment, table
from radtui.cli.engines import Reply, RunningEngine, Silent, chosen, named, no_answer, running
from radtui.cli.failures import Exit
from radtui.cli.mute import mute_engines
from radtui.cli.streams import say
from radtui.cli.telling import AsJson, Bot
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.order_view import OrderView
from radtui.core.orders import DONE
from radtui.core.position_view import PositionView

_STATUS: Final = ("BOT", "PID", "EXCHANGE", "MODE", "STATE", "SINCE (UTC)", "EQUITY", "POSITIONS", "ORDERS", "ENTRIES")
_POSITIONS: Final = ("SYMBOL", "SIDE", "LOTS", "ENTRY", "MARK", "P/L", "STOP", "TARGET")
_BREAKERS: Final = ("BREAKER", "VALUE", "LIMIT", "STATE", "")
_ORDERS: Final = ("SYMBOL", "PURPOSE", "SIDE", "LOTS", "FILLED", "PRICE", "STATE", "CLIENT ID")


def status(*, bot: Bot = None, as_json: AsJson = False) -> int:
    """List the engines that run here, one line each, and what needs your eye.

    Exit 3 where there is none, 1 where one hangs or does not answer.
    """
    mute = mute_engines(bot)
    found = named(bot) if not mute else [each for each in running() if bot in {None, each.bot, each.name}]
    if as_json:
        say(document({"engines": [_described(each) for each in found], "mute": [each._asdict() for each in mute]}))
    else:
        say("\n".join([*([_page(found)] if found else []), *(each.said for each in mute)]))
    return Exit.DONE if all(each.seen and not each.seen.hangs for each in found) else Exit.REFUSED


def positions(*, bot: Bot = None, as_json: AsJson = False) -> int:
    """List what is open, with its stop."""
    reply = _get(bot, "/api/positions")
    if as_json:
        return _print(reply)
    found = reply.read(Positions).positions
    say(table(_POSITIONS, map(_position, found)) if found else "flat: no positions")
    return Exit.DONE


def orders(
    *,
    bot: Bot = None,
    every: Annotated[bool, Parameter(name="--all", help="Also those that are done.", negative="")] = False,
    as_json: AsJson = False,
) -> int:
    """List our orders that are not done."""
    reply = _get(bot, "/api/orders")
    listed = reply.read(Orders)
    found = tuple(each for each in listed.orders if every or each.state not in DONE)
    if as_json:
        say(document(msgspec.structs.replace(listed, orders=found)))
    else:
        say(table(_ORDERS, map(_order, found)) if found else "no orders")
    return Exit.DONE


def breakers(*, bot: Bot = None, as_json: AsJson = False) -> int:
    """List what can hold entries back: each trading breaker with its value, its limit, and when it resets."""
    reply = _get(bot, "/api/breakers")
    if as_json:
        return _print(reply)
    say(table(_BREAKERS, map(_breaker, reply.read(Breakers).breakers)))
    return Exit.DONE


def _get(bot: str | None, target: str) -> Reply:
    engine = chosen(bot)
    try:
        return engine.get(target)
    except Silent as silent:
        raise no_answer(engine, silent) from None


def _print(reply: Reply) -> int:
    say(document(reply.read(object)))
    return Exit.DONE


def _described(engine: RunningEngine) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": engine.name, "pid": engine.pid, "socket": str(engine.path)}
    seen = {} if engine.seen is None else msgspec.structs.asdict(engine.seen)
    return {**shown, **seen, **({"silent": engine.silent} if engine.silent else {})}


def _page(found: list[RunningEngine]) -> str:
    lines = [table(_STATUS, [_line(each) for each in found])]
    for each in found:
        notices = each.seen.notices if each.seen else (f"does not answer: {each.silent}",)
        lines += [f"{each.bot}: {notice}" for notice in notices]
        if each.seen and each.seen.alerts:
            lines.append(f"{each.bot}: {each.seen.alerts} alerts that nobody has seen: `radtui alerts`")
    return "\n".join(lines)


def _line(engine: RunningEngine) -> tuple[str, ...]:
    seen = engine.seen
    if seen is None:
        return (engine.name, str(engine.pid), *["?"] * 8)
    return (
        seen.bot,
        str(engine.pid),
        seen.exchange or "–",
        _mode(seen),
        f"HANGS {seen.hangs} s" if seen.hangs else seen.state,
        moment(seen.since),
        f"{amount(seen.equity)} {seen.currency}",
        _protected(seen),
        str(seen.orders),
        seen.blocked or "possible",
    )


def _mode(seen: Overview) -> str:
    """Return ``live``, ``paper``, or ``rehearsal``: play money behind the real client."""
    return "rehearsal" if seen.mode == "paper" and seen.exchange not in {"", "paper"} else seen.mode


def _protected(seen: Overview) -> str:
    return f"{seen.positions}, {seen.unprotected} WITHOUT STOP" if seen.unprotected else str(seen.positions)


def _position(held: PositionView) -> tuple[str, ...]:
    decimals = held.price_decimals
    stop = amount(held.stop, decimals) if held.stop_resting else "NOT CONFIRMED"
    moved = f" ({held.rule})" if held.rule else ""
    return (
        held.symbol if held.own else f"{held.symbol} (not ours)",
        held.side,
        str(abs(held.lots)),
        amount(held.entry, decimals),
        amount(held.mark, decimals),
        amount(held.pnl),
        f"{stop}{moved}",
        amount(held.target, decimals),
    )


def _breaker(each: TradingBreakerView) -> tuple[str, ...]:
    if not each.tripped:
        return (each.name, each.value, each.limit, "closed", "")
    until = f"until {moment(each.resets_at)} market time" if each.resets_at else "until `radtui reset-breakers`"
    return (each.name, each.value, each.limit, "TRIPPED", f"{each.why}; {until}")


def _order(order: OrderView) -> tuple[str, ...]:
    price = order.trigger if order.price is None else order.price
    return (
        order.symbol,
        order.purpose,
        order.side.value,
        str(order.lots),
        str(order.filled_lots),
        "market" if price is None else amount(price, order.price_decimals),
        order.state,
        order.client_id,
    )
