"""The account: money, positions and how well they are protected (rows H2, W3), and what holds entries back (S5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import Metric

from radtui.core.money_view import MoneyView
from radtui.core.snapshot import Snapshot
from radtui.health.metrics.families import Families, Row, moment


def account_families(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    """Yield what is held and what it is worth."""
    yield from _money(snapshot.money, families)
    yield from _positions(snapshot, families)
    yield from _protection(snapshot, families)
    yield from _breakers(snapshot, families)


def _money(money: MoneyView, families: Families) -> Iterator[Metric]:
    read = money.read_at is not None
    amounts: list[Row] = [
        (("equity",), money.equity),
        (("wallet",), money.wallet),
        (("available",), money.available),
        (("reserved",), money.reserved),
    ]
    yield families.gauges("money", "What the account holds, in settlement currency.", ("kind",), amounts)
    profit: list[Row] = [
        (("today",), money.today),
        (("realised",), money.realised if read else None),
        (("unrealised",), money.unrealised if read else None),
        (("fees",), -money.fees if read else None),
        (("funding",), money.funding if read else None),
    ]
    yield families.gauges("profit", "Profit and loss, in settlement currency.", ("kind",), profit)
    share = None if money.exposure is None else money.exposure / 100
    yield families.gauge("exposure_ratio", "Sum of notionals over equity.", share)
    lost = -money.drawdown / 100 if read else None
    yield families.gauge("drawdown_ratio", "Loss since the highest equity, 0 to 1.", lost)
    yield families.gauge("identity_difference", "Account against our own sums; 0, else an alarm.", money.identity)
    yield families.gauge("money_read_timestamp_seconds", "When the account was read.", moment(money.read_at))
    closed = ((("win",), money.wins), (("loss",), money.losses), (("break_even",), money.break_even))
    yield families.counters("trades", "Closed positions by what they brought.", ("result",), closed)
    turned = ((("opened",), money.opened), (("closed",), money.closed))
    yield families.counters("positions", "Positions opened and closed.", ("what",), turned)
    yield families.counter("fills", "Executions of ours.", money.fills)
    wins = None if money.win_rate is None else money.win_rate / 100
    yield families.gauge("win_ratio", "Wins over wins and losses.", wins)


def _positions(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    held = [each for each in snapshot.positions if each.own]
    yield families.gauge("positions_open", "Positions of this bot.", len(held))
    yield families.gauge("positions_limit", "Positions it may hold at once.", snapshot.positions_limit)
    yield families.gauge("positions_foreign", "Positions that are not this bot's.", len(snapshot.positions) - len(held))
    lots = [((each.symbol,), each.lots) for each in held]
    yield families.gauges("position_lots", "Size of a position, below 0 for a short one.", ("symbol",), lots)
    profit = [((each.symbol,), each.pnl) for each in held]
    yield families.gauges("position_profit", "Open profit of a position.", ("symbol",), profit)
    states = Counter(order.state for order in snapshot.orders)
    shown = [((state,), count) for state, count in sorted(states.items())]
    yield families.gauges("orders", "Orders of ours by state, the latest sixty.", ("state",), shown)


def _protection(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    shown = snapshot.protection
    bare = [((each.symbol,), each.bare_seconds) for each in snapshot.positions if each.own]
    yield families.gauges("position_bare_seconds", "Seconds without a confirmed stop so far.", ("symbol",), bare)
    yield families.gauge("unprotected_positions", "Positions without a confirmed stop.", shown.unprotected)
    now = max((each.bare_seconds for each in snapshot.positions if each.own and not each.stop_resting), default=0.0)
    yield families.gauge("unprotected_now_seconds", "Seconds the worst of them is without one now.", now)
    yield families.gauge("unprotected_worst_seconds", "Longest time without one so far.", shown.worst)
    yield families.counter("unprotected_seconds", "Seconds without one, of all positions together.", shown.total)
    yield families.gauge("unprotected_limit_seconds", "After so many a position is closed.", shown.limit)
    yield families.counter("protection_breaches", "Times a position was bare beyond the limit.", shown.breaches)


def _breakers(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    tripped = [((each.name,), int(each.tripped)) for each in snapshot.breakers]
    yield families.gauges("trading_breaker_tripped", "1 while it lets no entry through.", ("breaker",), tripped)
    used = [((each.name,), None if each.share is None else each.share / 100) for each in snapshot.breakers]
    yield families.gauges("trading_breaker_used_ratio", "How much of its limit is used, 0 to 1.", ("breaker",), used)
