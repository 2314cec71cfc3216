"""The parts of a snapshot: fixed times, fixed ids, no randomness."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.health_view import ApiView, EndpointView, ErrorView, WorkerView
from radtui.core.lifecycle import State
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.money_view import EquityPoint, MoneyView
from radtui.core.order import Cross, Side
from radtui.core.order_view import FillView, OrderView
from radtui.core.position_view import PositionView
from radtui.core.status_view import StatusView
from radtui.core.why_view import GateView, WhyView

NOW = 1_795_183_331 * SECOND
"""2026-11-20 14:02:11 UTC."""

_BASES = ("XBT", "ETH", "SOL", "XRP", "DOGE", "ADA", "LINK", "AVAX", "DOT", "LTC")
_ENTRIES = ("64210.1", "3118.22", "148.112", "2.1384", "0.38412", "0.7421", "17.832", "36.114", "8.4120", "91.25")
_MARKS = ("64388.4", "3109.80", "147.903", "2.1402", "0.38120", "0.7433", "17.790", "36.480", "8.3990", "91.80")
_LOTS = (12, -40, 90, 500, -1200, 830, 44, -25, 310, 60)
_MULTIPLIERS = ("0.001", "0.01", "0.1", "10", "100", "10", "0.1", "0.1", "1", "0.1")
SYMBOLS = tuple(f"{base}USDTM" for base in _BASES)


def status(state: State, **changes: object) -> StatusView:
    begun = StatusView(
        state=state,
        since=NOW - 2 * HOUR - 14 * MINUTE,
        who="key:lena",
        why="asked",
        mode="paper",
        speed=60,
        bot="alpha",
        strategy="ema_cross",
        timeframe="5m",
        symbols=SYMBOLS[:6],
        dev_mode=False,
        started_at=NOW - 3 * HOUR - 12 * MINUTE,
        next_cycle_at=NOW + 161 * SECOND,
        cycles=1204,
        cycles_ok=1197,
        cycles_failed=7,
        success_rate=99.42,
        average_cycle=0.84,
        last_cycle=0.79,
        last_cycle_at=NOW - 139 * SECOND,
        recovered=True,
    )
    return msgspec.structs.replace(begun, **changes)


def breakers(**changed: dict[str, object]) -> tuple[TradingBreakerView, ...]:
    """Return the four breakers well below their limits, with the changes of those named, blanks as underscores."""
    usual = (
        TradingBreakerView(name="daily loss", value="1.80 %", limit="10.00 %", share=18.0, tripped=False),
        TradingBreakerView(name="drawdown", value="1.80 %", limit="5.00 %", share=36.0, tripped=False),
        TradingBreakerView(name="losing streak", value="1 in a row", limit="3 in a row", share=33.3, tripped=False),
        TradingBreakerView(name="order rate", value="0 a minute", limit="10 a minute", share=0.0, tripped=False),
    )
    return tuple(msgspec.structs.replace(each, **changed.get(each.name.replace(" ", "_"), {})) for each in usual)


def _curve() -> tuple[EquityPoint, ...]:
    steps = (
        0,
        4,
        3,
        8,
        14,
        11,
        12,
        19,
        25,
        24,
        31,
        28,
        36,
        41,
        38,
        47,
        55,
        52,
        60,
        58,
        66,
        74,
        71,
        80,
        86,
        83,
        95,
        104,
    )
    span = 40 * MINUTE
    return tuple(
        EquityPoint(NOW - (len(steps) - number) * span, Decimal(10_000) + 2 * step) for number, step in enumerate(steps)
    )


def money() -> MoneyView:
    return MoneyView(
        start=Decimal(10_000),
        equity=Decimal("10214.38"),
        wallet=Decimal("10200.07"),
        available=Decimal("9312.55"),
        reserved=Decimal("887.52"),
        today=Decimal("46.21"),
        total_pct=2.1438,
        realised=Decimal("208.63"),
        unrealised=Decimal("14.31"),
        fees=Decimal("8.12"),
        funding=Decimal("-0.44"),
        identity=Decimal(0),
        drawdown=-1.8,
        max_drawdown=-3.2,
        wins=22,
        losses=14,
        opened=39,
        closed=36,
        win_rate=61.11,
        profit_factor=1.62,
        exposure=41.2,
        curve=_curve(),
        read_at=NOW,
    )


def position(number: int, **changes: object) -> PositionView:
    """Return one position; the second side of every pair of prices is its mark."""
    entry, mark, multiplier = Decimal(_ENTRIES[number]), Decimal(_MARKS[number]), Decimal(_MULTIPLIERS[number])
    lots = _LOTS[number]
    places = max(0, -int(entry.as_tuple().exponent))
    margin = (abs(lots) * multiplier * entry / 5).quantize(Decimal("0.01"))
    pnl = ((mark - entry) * lots * multiplier).quantize(Decimal("0.01"))
    away = Decimal("0.98") if lots > 0 else Decimal("1.02")
    tick = Decimal(1).scaleb(-places)
    view = PositionView(
        symbol=SYMBOLS[number],
        base=_BASES[number],
        side="long" if lots > 0 else "short",
        lots=lots,
        coins=abs(lots) * multiplier,
        entry=entry,
        mark=mark,
        pnl=pnl,
        pnl_pct=float(pnl / margin * 100),
        margin=margin,
        maintenance=(margin / 40).quantize(Decimal("0.01")),
        leverage=5,
        margin_mode="isolated",
        liquidation=(entry * (2 * away - 1) * (2 * away - 1)).quantize(tick),
        stop=(entry * away).quantize(tick),
        stop_resting=True,
        target=(entry * (2 - away)).quantize(tick),
        bare_seconds=0.3 + number / 10,
        opened_at=NOW - (number * 7 + 9) * MINUTE,
        price_decimals=places,
        coin_decimals=max(0, -int(multiplier.as_tuple().exponent)),
        mark_at=NOW,
        reason="ema_cross: fast over slow, confidence 0.71",
    )
    return msgspec.structs.replace(view, **changes)


def orders(count: int) -> tuple[OrderView, ...]:
    return tuple(
        OrderView(
            client_id=f"alpha-lq2f-{number:x}s",
            order_id=f"ord-{number}",
            symbol=held.symbol,
            side=Side.SELL if held.lots > 0 else Side.BUY,
            purpose="stop",
            type="market",
            state="working",
            lots=abs(held.lots),
            filled_lots=0,
            price=None,
            trigger=held.stop,
            cross=Cross.DOWN if held.lots > 0 else Cross.UP,
            average=None,
            at=held.opened_at + SECOND,
            price_decimals=held.price_decimals,
            why=f"protects the {'long' if held.lots > 0 else 'short'}",
        )
        for number, held in ((each, position(each)) for each in range(count))
    )


def entry_order() -> OrderView:
    """Return a resting entry order: what a stop would cancel."""
    return OrderView(
        client_id="alpha-lq2f-2a",
        order_id="ord-42",
        symbol="XRPUSDTM",
        side=Side.BUY,
        purpose="entry",
        type="limit",
        state="working",
        lots=120,
        filled_lots=20,
        price=Decimal("2.1310"),
        trigger=None,
        cross=None,
        average=Decimal("2.1310"),
        at=NOW - 4 * SECOND,
        price_decimals=4,
        why="ema_cross: fast over slow, confidence 0.66",
    )


def fills(count: int) -> tuple[FillView, ...]:
    held = (position(number) for number in range(count))
    return tuple(
        FillView(
            trade_id=f"t-{number}",
            client_id=f"alpha-lq2f-{number:x}",
            symbol=each.symbol,
            side=Side.BUY if each.lots > 0 else Side.SELL,
            purpose="entry",
            lots=abs(each.lots),
            price=each.entry,
            fee=(each.margin * 5 * Decimal("0.0006")).quantize(Decimal("0.01")),
            maker=number % 2 == 1,
            at=each.opened_at,
            price_decimals=each.price_decimals,
            why=each.reason,
        )
        for number, each in enumerate(held)
    )


def api() -> ApiView:
    names = ("orders.place", "orders.cancel", "orders.open", "positions", "account", "candles")
    dips = {7: 96.4, 19: None, 33: 99.1}
    return ApiView(
        total=56_160,
        ok=56_087,
        failed=73,
        rate_limited=2,
        per_minute=312,
        success=99.87,
        p50=41.0,
        p99=118.0,
        last_at=NOW,
        history=tuple(dips.get(minute, 100.0) for minute in range(60)),
        endpoints=tuple(
            EndpointView(name=name, calls=9_000 - 700 * n, failed=n, rate_limited=n % 2, p50=30.0 + n, p99=90.0 + 9 * n)
            for n, name in enumerate(names)
        ),
        oldest_topic=0.2,
        reconnects=1,
    )


def workers(**ages: float | None) -> tuple[WorkerView, ...]:
    limits = {
        "main loop": (0.0, 30.0),
        "scanner": (4.1, 90.0),
        "position monitor": (0.4, 30.0),
        "market feed": (0.1, 10.0),
        "account feed": (0.3, 30.0),
        "journal": (0.0, 5.0),
    }
    views = []
    for name, (age, limit) in limits.items():
        seen = ages.get(name.replace(" ", "_"), age)
        healthy = seen is not None and seen <= limit
        views.append(WorkerView(name=name, age=seen, limit=limit, healthy=healthy))
    return tuple(views)


def _error(minutes: int, kind: str, message: str, where: str, count: int, severity: str = "error") -> ErrorView:
    return ErrorView(
        at=NOW - minutes * MINUTE,
        first_at=NOW - (minutes + 10 * (count - 1)) * MINUTE,
        kind=kind,
        message=message,
        where=where,
        count=count,
        severity=severity,
    )


def errors() -> tuple[ErrorView, ...]:
    return (
        _error(4, "rate limited", "429: slow down, again in 1.2 s", "orders.open", 2, "warning"),
        _error(19, "ambiguous", "no answer in time; looked up by client id: not placed", "orders.place", 1),
        _error(41, "feed", "market feed lost, back in 1.2 s", "market feed", 1, "warning"),
        _error(134, "clock skew", "clock is 2.3 s off; corrected", "account", 1, "warning"),
    )


def why(symbol: str = "XBTUSDTM", *, traded: bool = False) -> WhyView:
    """Return an evaluation that was stopped by one gate, or by none."""
    gates = (
        GateView(gate="enabled", value="yes", limit="yes", passed=True),
        GateView(gate="state", value="running", limit="running", passed=True),
        GateView(gate="confidence", value="0.52" if not traded else "0.71", limit="≥ 0.60", passed=traded),
        GateView(gate="open positions", value="3", limit="< 5", passed=True),
        GateView(gate="exposure", value="41.2 %", limit="≤ 150 %", passed=True),
        GateView(gate="data age", value="0.2 s", limit="≤ 30 s", passed=True),
    )
    outcome = "bought 12 lots" if traded else "no entry: confidence 0.52 is below 0.60"
    return WhyView(
        symbol=symbol,
        at=NOW - 131 * SECOND,
        action="buy",
        confidence=0.71 if traded else 0.52,
        reason="fast EMA over slow",
        outcome=outcome,
        gates=gates,
    )
