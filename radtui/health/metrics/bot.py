"""The bot: its state, its cycles (rows M1, M2), and whether all is well (row H6)."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import Metric

import radtui
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.scan_view import ScanView
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.core.status_view import StatusView
from radtui.core.strategy_view import StrategyView
from radtui.core.window_view import WindowView
from radtui.health.metrics.families import Families, moment
from radtui.health.report import problems


def bot_families(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    """Yield what the bot is and does."""
    status = snapshot.status
    yield families.info(
        "bot",
        "What this bot is.",
        version=radtui.__version__,
        mode=status.mode,
        exchange=snapshot.exchange,
        strategy=status.strategy,
        timeframe=status.timeframe,
    )
    yield families.gauges("state", "1 for the state the bot is in.", ("state",), _one_of(State, status.state))
    yield families.gauges("trading_mode", "1 for what trading may do.", ("mode",), _one_of(Mode, status.trading))
    yield families.gauge("healthy", "1 where all workers live and enough calls succeed.", not problems(snapshot))
    yield families.gauge("hangs_seconds", "Since the engine's loop stood still; 0 while it turns.", snapshot.hangs)
    yield from _strategies(snapshot.strategy, snapshot.at, families)
    yield families.gauge("recovered", "1 once journal and exchange were compared.", status.recovered)
    yield families.gauge("started_timestamp_seconds", "When this process started.", moment(status.started_at))
    yield families.gauge("snapshot_timestamp_seconds", "When these figures were read.", moment(snapshot.at))
    flattening = int(snapshot.flatten is not None)
    yield families.gauge("flattening", "1 while an emergency stop or a flattening is on its way.", flattening)
    yield from _cycles(status, families)
    yield from _scans(snapshot.scan, families)
    yield from _window(snapshot.window, families)


def _strategies(seen: StrategyView, at: int, families: Families) -> Iterator[Metric]:
    answers = ((("usable",), seen.answers), (("failed",), seen.faults))
    yield families.counters("strategy_answers", "Candles judged by strategies, history included.", ("result",), answers)
    worst = max((each.in_a_row for each in seen.failing), default=0)
    yield families.gauge("strategy_failures_in_a_row", "Candles of one symbol that it failed at, the worst.", worst)
    age = None if seen.answered_at is None else (at - seen.answered_at) / SECOND
    yield families.gauge("strategy_answer_age_seconds", "Since it judged a candle that had just closed.", age)
    yield families.gauge("strategy_hangs_seconds", "Since it is at one candle; 0 where that is not long.", seen.hangs)


def _cycles(status: StatusView, families: Families) -> Iterator[Metric]:
    done = ((("ok",), status.cycles_ok), (("failed",), status.cycles_failed))
    yield families.counters("cycles", "Cycles since the metrics were reset.", ("result",), done)
    yield families.counter("cycles_run", "Cycles since this process started.", status.cycle_count)
    rate = status.success_rate / 100 if status.cycles else None
    yield families.gauge("cycle_success_ratio", "Share of the cycles that succeeded.", rate)
    yield families.gauge("cycle_average_seconds", "Mean duration of successful cycles.", status.average_cycle)
    yield families.gauge("cycle_last_seconds", "Duration of the last successful cycle.", status.last_cycle)
    yield families.gauge("cycle_last_timestamp_seconds", "End of the last cycle.", moment(status.last_cycle_at))
    yield families.gauge("cycle_failures_in_a_row", "Cycles that failed one after the other.", status.failures_in_a_row)
    yield families.gauge("cycle_failures_allowed", "Failures in a row that stop the bot.", status.max_retries)
    yield families.gauge("cycle_interval_seconds", "Longest time between two cycles.", status.cycle_interval)


def _scans(scan: ScanView, families: Families) -> Iterator[Metric]:
    """Yield how the market is scanned (row H3)."""
    done = ((("whole",), scan.completed), (("partial",), scan.errors))
    yield families.counters("scans", "Scans of the market since this process started.", ("result",), done)
    yield families.gauge("scan_average_seconds", "Mean duration of whole scans.", scan.mean_seconds)
    yield families.gauge("scan_last_timestamp_seconds", "End of the last scan.", moment(scan.finished_at))
    yield families.gauge("scan_unread_contracts", "Contracts that the last scan could not read.", scan.failed)


def _window(window: WindowView, families: Families) -> Iterator[Metric]:
    """Yield what the day still allows (row S8)."""
    yield families.gauge("window_open", "1 while the trading window admits entries.", int(window.open))
    yield families.gauge("window_trades", "Entries of the window's day.", window.trades)
    yield families.gauge("window_trades_allowed", "Entries that a day may have.", window.limit)


def _one_of(names: type[State] | type[Mode], value: State | Mode) -> list[tuple[tuple[str], int]]:
    return [((each.value,), int(each is value)) for each in names]
