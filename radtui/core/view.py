"""From core's books to what a person sees. Called a few times a second by whoever shows, never by `handle`."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import Final

from radtui.core import safety_views, skew
from radtui.core.core import Core
from radtui.core.facts import Executed
from radtui.core.lifecycle import State
from radtui.core.market import SECOND, TIMEFRAMES
from radtui.core.money import HUNDRED, ZERO, ratio
from radtui.core.money_view import MoneyView
from radtui.core.order_view import FillView, OrderView
from radtui.core.orders import Order, Purpose
from radtui.core.position_view import PositionView
from radtui.core.positions import Position
from radtui.core.purse import Sums
from radtui.core.snapshot import Snapshot
from radtui.core.status_view import StatusView
from radtui.core.stopping_view import StoppingView
from radtui.core.words import moved_by, side_of

_ORDERS: Final = 60
_SLOW: Final = 5 * SECOND
"""A stop that takes longer is named among the notices."""


def snapshot(core: Core, sequence: int, at: int, fills: tuple[FillView, ...]) -> Snapshot:
    """Return what core knows; the rim adds calls, workers, errors and the process.

    Args:
        at: wall clock, nanoseconds UTC.
        fills: the latest executions, newest first, kept by the rim.
    """
    trading = core.trading
    return Snapshot(
        sequence=sequence,
        bot=core.config.bot,
        at=at,
        market_at=core.desk.market_at or None,
        status=status(core),
        money=money(core),
        positions=(
            *(position(core, held, at) for _, held in sorted(trading.positions.open.items())),
            *safety_views.left_alone(core),
        ),
        orders=tuple(order(core, own) for own in islice(reversed(list(trading.orders.all())), _ORDERS)),
        fills=fills,
        why=tuple(sorted(trading.entries.why.values(), key=lambda view: view.symbol)),
        flatten=core.flatten.view() if core.flatten else None,
        stopping=stopping(core),
        protection=trading.protection.view(at),
        recovery=trading.recovery.report,
        reconcile=trading.reconciler.view(),
        receipt=core.control.answers.last,
        positions_limit=core.config.limits.positions,
        breakers=trading.breakers.views(),
        feeds_lost=tuple(core.conditions.feeds_lost),
        journal=core.desk.unwritten,
        notices=notices(core, at),
        window=trading.window.view(),
    )


def stopping(core: Core) -> StoppingView | None:
    """Return the stops that are on their way; None where none is."""
    control, insistence = core.control, core.control.rest.insistence
    if control.state is not State.STOPPING:
        return None
    keeps = control.ending is not None and core.flatten is None
    return StoppingView(
        asks=tuple(asked.instruction.ask for asked in control.pending.values()),
        since=insistence.since,
        gives_up_at=control.gives_up_at if keeps else None,
        waiting=control.rest.waiting if core.flatten is None else (),
        failing=insistence.failing,
    )


def status(core: Core) -> StatusView:
    """Return the state and the cycles (rows M1, M2)."""
    config, control, cycles, standing = core.config, core.control, core.cycles, core.standing()
    return StatusView(
        state=control.state,
        since=control.since,
        who=control.who,
        why=control.why,
        mode=config.mode,
        speed=config.speed,
        bot=config.bot,
        strategy=config.strategy,
        timeframe=config.timeframe,
        symbols=tuple(core.desk.instruments) or config.symbols,
        dev_mode=config.dev_mode,
        started_at=config.boot + core.desk.shifted,
        next_cycle_at=_next_cycle(core),
        failures_in_a_row=core.failures,
        cycle_interval=config.cycle_interval / SECOND,
        max_retries=config.max_retries,
        retry_delay=config.retry_delay / SECOND,
        error=control.error,
        trading=standing.mode,
        reasons=tuple(reason.why for reason in standing.reasons),
        recovered=core.recovered,
        cycle_count=core.cycle_count - core.cycles_before,
        cycles=cycles.total,
        cycles_ok=cycles.ok,
        cycles_failed=cycles.failed,
        success_rate=cycles.success_rate,
        average_cycle=cycles.average,
        last_cycle=cycles.last_seconds,
        last_cycle_at=cycles.last_at,
    )


def _next_cycle(core: Core) -> int | None:
    """Return when the next cycle is due on the wall clock: by the timer, or at the next close of a candle."""
    timer, desk = core.desk.next_cycle_at, core.desk
    if timer is None or core.failures or not desk.market_at:
        return timer
    span = TIMEFRAMES[core.config.timeframe]
    return min(timer, desk.candles.next_close(desk.at, desk.market_at, span, core.config.speed))


def money(core: Core) -> MoneyView:
    """Return profit and loss, with the open profit at our own last prices."""
    purse, positions = core.trading.purse, core.trading.positions
    sums, account = purse.sums, purse.account
    unrealised = positions.unrealised()
    # Until every position has a price of ours, the exchange's own equity is the true one.
    priced = positions.open.keys() <= positions.marks.keys()
    equity = purse.equity(unrealised) if priced or account is None else account.equity
    if account is None or equity is None or sums.start is None:
        return MoneyView(curve=tuple(purse.curve))
    decided = sums.wins + sums.losses
    return MoneyView(
        currency=account.currency,
        start=sums.start,
        equity=equity,
        wallet=account.wallet,
        available=account.available,
        reserved=account.reserved,
        today=equity - sums.day_start,
        total_pct=_percent(equity - sums.start - sums.moved, sums.start),
        realised=sums.realised,
        unrealised=unrealised,
        fees=sums.fees,
        funding=sums.funding,
        moved=sums.moved,
        identity=purse.identity(),
        drawdown=purse.drawdown(equity),
        max_drawdown=min(sums.trough_pct, purse.drawdown(equity)),
        wins=sums.wins,
        losses=sums.losses,
        break_even=sums.break_even,
        opened=sums.opened,
        closed=sums.closed,
        fills=sums.fills,
        win_rate=round(sums.wins / decided * 100, 2) if decided else None,
        profit_factor=_factor(sums),
        exposure=_percent(positions.notional(), equity),
        curve=tuple(purse.curve),
        read_at=purse.read_at,
    )


def position(core: Core, held: Position, at: int) -> PositionView:
    """Return one open position (row S2); `at` is the wall clock."""
    instrument, symbol = held.instrument, held.instrument.symbol
    mark = core.trading.positions.marks.get(symbol)
    pnl = None if mark is None else held.holding.unrealised(mark, instrument)
    report = held.report
    leverage = report.leverage if report else held.leverage
    margin = report.margin if report else ratio(abs(held.holding.cost), Decimal(leverage or 1))
    return PositionView(
        symbol=symbol,
        base=instrument.base,
        side=side_of(held.lots),
        lots=held.lots,
        coins=abs(instrument.coins(held.lots)),
        entry=held.holding.entry(instrument),
        mark=mark,
        pnl=pnl,
        pnl_pct=None if pnl is None else _percent(pnl, margin),
        margin=margin,
        maintenance=report.maintenance if report else None,
        leverage=leverage,
        margin_mode=report.margin_mode if report else "isolated",
        liquidation=report.liquidation if report else None,
        stop=held.plan.stop if held.plan else None,
        stop_resting=held.bare_since is None,
        target=held.plan.target if held.plan else None,
        bare_seconds=held.bare(at) / SECOND,
        opened_at=held.opened_at,
        price_decimals=instrument.price_decimals,
        coin_decimals=instrument.coin_decimals,
        mark_at=core.trading.positions.marked_at.get(symbol),
        reason=held.plan.reason if held.plan else "",
        rule=held.plan.rule if held.plan else "",
    )


def order(core: Core, own: Order) -> OrderView:
    """Return one order of ours."""
    instrument = core.desk.instruments.get(own.symbol)
    request, held = own.request, core.trading.positions.open.get(own.symbol)
    average = None
    if instrument is not None and own.filled_lots:
        average = instrument.price_of(own.filled_value, own.filled_lots)
    return OrderView(
        client_id=own.client_id,
        order_id=own.order_id,
        symbol=own.symbol,
        side=request.side,
        purpose=own.purpose,
        type=request.type,
        state=own.state,
        lots=own.lots or abs(held.lots if held else 0),
        filled_lots=own.filled_lots,
        price=request.price,
        trigger=request.stop.price if request.stop else None,
        cross=request.stop.cross if request.stop else None,
        average=average,
        at=own.market_at,
        price_decimals=instrument.price_decimals if instrument else 2,
        why=own.why,
        error=own.error,
    )


def fill(core: Core, executed: Executed) -> FillView:
    """Return one execution, as it is listed."""
    done, own = executed.fill, core.trading.orders.get(executed.fill.client_id)
    instrument = core.desk.instruments.get(done.symbol)
    return FillView(
        trade_id=done.trade_id,
        client_id=done.client_id,
        symbol=done.symbol,
        side=done.side,
        purpose=own.purpose if own else Purpose.EXIT,
        lots=done.lots,
        price=done.price,
        fee=done.fee,
        maker=done.maker,
        at=done.at,
        price_decimals=instrument.price_decimals if instrument else 2,
        kind=done.kind,
        realised=executed.realised,
        why=_why(own),
    )


def _why(own: Order | None) -> str:
    if own is None:
        return ""
    stop = own.request.stop
    if stop is None:
        return own.why
    return f"stop hit at {stop.price}{moved_by(own.rule)}"


def notices(core: Core, at: int) -> tuple[str, ...]:
    """Return what needs the operator's eye, worst first."""
    found = []
    bare = [s for s, held in core.trading.positions.open.items() if held.alarmed and held.bare_since is not None]
    if bare:
        found.append(f"NO STOP on {', '.join(sorted(bare))}: closing, and trying again")
    found += safety_views.notices(core, at)
    if core.desk.unwritten:
        found.append(core.desk.unwritten)
    if wrong := skew.beyond(core.desk.skew):
        found.append(f"{wrong}: no entries; set it right")
    if core.flatten is not None and core.flatten.failing:
        found.append(f"the exchange cannot be read: {core.flatten.failing}; trying again, stops stay")
    elif (way := stopping(core)) is not None and at - way.since >= _SLOW:
        waiting = core.flatten.waiting if core.flatten is not None else way.waiting
        in_the_way = "; ".join(waiting) or "waiting for the exchange"
        found.append(f"{' and '.join(way.asks)} not done yet, going on: {in_the_way}")
    found += [
        f"{feed} lost: {why}; no entries, positions keep their stops"
        for feed, why in core.conditions.feeds_lost.items()
    ]
    identity = core.trading.purse.identity()
    if identity and core.trading.purse.off_for(at) > 3 * SECOND:
        found.append(f"the account differs from our own sums by {identity:.8f} USDT")
    if core.control.error:
        found.append(f"{core.control.error}; press s to start again")
    return tuple(found)


def _percent(part: Decimal, whole: Decimal) -> float:
    return float(ratio(part, whole) * HUNDRED)


def _factor(sums: Sums) -> float | None:
    return float(ratio(sums.gains, sums.pains)) if sums.pains != ZERO else None
