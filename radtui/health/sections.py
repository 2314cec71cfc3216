"""The sections of the health report: one view of the snapshot, one piece of JSON.

Money is text in plain decimals, moments are UTC to the second, percentages 0–100; what is not known is None. Names that
rows M1 and M2 give are theirs; other figures carry their unit in the name.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from radtui.core.alert_view import AlertView
from radtui.core.health_view import ApiView, EndpointView, ErrorView, ProcessView, WorkerView
from radtui.core.market import SECOND
from radtui.core.money import plain
from radtui.core.money_view import MoneyView
from radtui.core.position_view import PositionView
from radtui.core.protection_view import ProtectionView
from radtui.core.snapshot import Snapshot
from radtui.core.status_view import StatusView
from radtui.core.strategy_view import StrategyView
from radtui.health import phases
from radtui.health.targets import TARGETS

Section = dict[str, Any]
"""Ready for a JSON encoder; the keys always stand in the same order."""

LAST_ERRORS: Final = 10
MAIN_WORKER: Final = "main loop"
"""The worker whose life row M2 calls ``thread_alive``."""


def status(snapshot: Snapshot) -> Section:
    """Return the bot itself (row M2)."""
    bot = snapshot.status
    return {
        "status": bot.state.value,
        "mode": bot.mode,
        "dev_mode": bot.dev_mode,
        "strategy": bot.strategy,
        "timeframe": bot.timeframe,
        "symbols": list(bot.symbols),
        "error": bot.error,
        "thread_alive": next(
            (w.healthy and not snapshot.hangs for w in snapshot.workers if w.name == MAIN_WORKER), None
        ),
        "hangs_s": snapshot.hangs,
        "uptime": round(max(0, snapshot.at - bot.started_at) / SECOND, 1),
        "last_update": _moment(snapshot.at),
        "market_time": _moment(snapshot.market_at),
        "cycle_count": bot.cycle_count,
        "last_cycle_time": _moment(bot.last_cycle_at),
        "consecutive_failures": bot.failures_in_a_row,
    }


def performance(bot: StatusView) -> Section:
    """Return the six figures of row M1."""
    return {
        "total_cycles": bot.cycles,
        "successful_cycles": bot.cycles_ok,
        "failed_cycles": bot.cycles_failed,
        "success_rate": bot.success_rate,
        "average_cycle_time": _rounded(bot.average_cycle, 6),
        "last_cycle_duration": _rounded(bot.last_cycle, 6),
    }


def targets(bot: StatusView) -> Section:
    """Return what the cycles should reach (row M3), and whether they do."""
    return {target.field: {"target": target.text, "met": target.met(bot)} for target in TARGETS}


def configuration(bot: StatusView) -> Section:
    """Return how often the loop runs and tries again (row M2)."""
    return {
        "cycle_interval": bot.cycle_interval,
        "max_retries": bot.max_retries,
        "retry_delay": bot.retry_delay,
    }


def api(api: ApiView) -> Section:
    """Return the calls to the exchange (row H1)."""
    return {
        "total": api.total,
        "successful": api.ok,
        "failed": api.failed,
        "rate_limited": api.rate_limited,
        "success_rate": _rounded(api.success, 2),
        "calls_per_minute": api.per_minute,
        "p50_ms": _rounded(api.p50, 3),
        "p99_ms": _rounded(api.p99, 3),
        "last_call": _moment(api.last_at),
        "oldest_topic_s": _rounded(api.oldest_topic, 3),
        "reconnects": api.reconnects,
        "endpoints": [_endpoint(endpoint) for endpoint in api.endpoints],
    }


def _endpoint(endpoint: EndpointView) -> Section:
    return {
        "name": endpoint.name,
        "calls": endpoint.calls,
        "failed": endpoint.failed,
        "rate_limited": endpoint.rate_limited,
        "p50_ms": _rounded(endpoint.p50, 3),
        "p99_ms": _rounded(endpoint.p99, 3),
    }


def strategies(seen: StrategyView) -> Section:
    """Return whether the strategies answer (row W2)."""
    return {
        "answers": seen.answers,
        "faults": seen.faults,
        "last_answer": _moment(seen.answered_at),
        "failing": [{"symbol": each.symbol, "in_a_row": each.in_a_row, "why": each.why} for each in seen.failing],
        "hanging": seen.hanging or None,
        "hangs_s": seen.hangs,
    }


def scans(snapshot: Snapshot) -> Section:
    """Return how often the market was scanned and the positions were looked at (row H3)."""
    scan, updates = snapshot.scan, next((each for each in snapshot.phases if each.name == phases.READING), None)
    return {
        "on": scan.on,
        "completed": scan.completed,
        "errors": scan.errors,
        "mean_scan_s": _rounded(scan.mean_seconds, 3),
        "last_scan": _moment(scan.finished_at),
        "partial": scan.partial,
        "candidates": [candidate.symbol for candidate in scan.candidates[: scan.top]],
        "position_updates": updates.calls if updates else 0,
        "position_update_errors": updates.failed if updates else 0,
    }


def money(money: MoneyView) -> Section:
    """Return what the account did (row H2)."""
    return {
        "currency": money.currency,
        "start": _plain(money.start),
        "equity": _plain(money.equity),
        "realised": _plain(money.realised),
        "fees": _plain(money.fees),
        "funding": _plain(money.funding),
        "moved": _plain(money.moved),
        "unrealised": _plain(money.unrealised),
        "identity_difference": _plain(money.identity),
        "available": _plain(money.available),
        "today": _plain(money.today),
        "total_pct": _rounded(money.total_pct, 4),
        "max_drawdown_pct": _rounded(money.max_drawdown, 4),
    }


def position(position: PositionView) -> Section:
    """Return one open position (row S2)."""
    return {
        "symbol": position.symbol,
        "side": position.side,
        "lots": position.lots,
        "coins": _plain(position.coins),
        "entry": _plain(position.entry),
        "mark": _plain(position.mark),
        "pnl": _plain(position.pnl),
        "margin": _plain(position.margin),
        "leverage": position.leverage,
        "liquidation": _plain(position.liquidation),
        "stop": _plain(position.stop),
        "stop_resting": position.stop_resting,
        "target": _plain(position.target),
        "own": position.own,
        "bare_s": _rounded(position.bare_seconds, 3),
    }


def protection(seen: ProtectionView) -> Section:
    """Return how long positions were without a confirmed stop (row W3)."""
    return {
        "unprotected_now": seen.unprotected,
        "positions_measured": seen.positions,
        "beyond_limit": seen.breaches,
        "limit_s": seen.limit,
        "worst_bare_s": _rounded(seen.worst, 3),
        "total_bare_s": _rounded(seen.total, 3),
    }


def trades(snapshot: Snapshot) -> Section:
    """Return what was traded (row H2)."""
    money = snapshot.money
    return {
        "fills": max(money.fills, len(snapshot.fills)),
        "opened": money.opened,
        "closed": money.closed,
        "open_now": len(snapshot.positions),
        "wins": money.wins,
        "losses": money.losses,
        "break_even": money.break_even,
        "win_rate": _rounded(money.win_rate, 2),
        "profit_factor": _rounded(money.profit_factor, 4),
    }


def worker(worker: WorkerView) -> Section:
    """Return one worker (row H4)."""
    return {
        "name": worker.name,
        "healthy": worker.healthy,
        "age_s": _rounded(worker.age, 3),
        "limit_s": worker.limit,
        "restarts": worker.restarts,
        "note": worker.note,
        "fault": worker.fault,
    }


def process(process: ProcessView) -> Section:
    """Return the process beside its workers (row H4)."""
    return {"lag_p99_ms": _rounded(process.lag_p99, 3), "rss_mb": _rounded(process.rss, 1), "pid": process.pid}


def alerts(snapshot: Snapshot) -> Section:
    """Return what fires, and whether those who should be told can be (rows M3, S11)."""
    return {
        "open": [_alert(alert) for alert in snapshot.alerts.open],
        "channels": [
            {"name": each.name, "kind": each.kind, "state": each.state, "why": each.why}
            for each in snapshot.alerts.channels
        ],
    }


def _alert(alert: AlertView) -> Section:
    return {
        "id": alert.id,
        "severity": alert.severity.value,
        "phase": alert.phase.value,
        "rule": alert.rule,
        "subject": alert.subject,
    }


def errors(snapshot: Snapshot) -> Section:
    """Return how much went wrong today, and the last ten errors, newest first (row H5)."""
    newest = sorted(snapshot.errors, key=lambda error: error.at, reverse=True)
    return {"today": snapshot.errors_today, "last": [_error(error) for error in newest[:LAST_ERRORS]]}


def _error(error: ErrorView) -> Section:
    return {
        "at": _moment(error.at),
        "first_at": _moment(error.first_at),
        "severity": error.severity,
        "type": error.kind,
        "message": error.message,
        "where": error.where,
        "count": error.count,
    }


def _plain(amount: Decimal | None) -> str | None:
    if amount is None:
        return None
    return plain(amount) if amount else "0"


def _rounded(figure: float | None, digits: int) -> float | None:
    return None if figure is None else round(figure, digits)


def _moment(nanoseconds: int | None) -> str | None:
    if nanoseconds is None:
        return None
    return datetime.fromtimestamp(nanoseconds // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
