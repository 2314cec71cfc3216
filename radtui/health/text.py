"""The health report as a person reads it over SSH or hears it from a screen reader.

Plain ASCII of our own, one fact a line, its name first, units said, at most 80 columns; no line says by place or colour
alone what it means. Figures that the report left out are left out, figures that are not known say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from typing import Any, Final

WIDTH: Final = 80
_LABEL: Final = 22
_UNKNOWN: Final = "unknown"

_Section = Mapping[str, Any]
_Row = tuple[str, str | None]
"""A label and its text; None where the report has no such figure."""


def as_text(report: _Section) -> str:
    """Return a report of `radtui.health.report.report` as lines of at most 80 columns, the last one ended."""
    parts = (
        _overall(report),
        _cycles(report),
        _calls(report["api"]),
        _money(report["money"]),
        _positions(report["positions"]),
        _trades(report["trades"]),
        _workers(report["workers"], report.get("process", {})),
        _alerts(report["alerts"]),
        *([_scans(scans)] if (scans := report.get("scans", {})).get("on") else []),
        _errors(report["errors"]),
    )
    return "\n\n".join("\n".join(_fitting(part)) for part in parts) + "\n"


def _overall(report: _Section) -> list[str]:
    verdict = "healthy" if report["healthy"] else "NOT HEALTHY"
    return [
        f"HEALTH REPORT of {report['bot']}, {report['mode']} trading",
        *_rows(
            ("overall", verdict),
            *(("problem", problem) for problem in report["problems"]),
            ("state", report["status"]),
            ("error", report["error"] or None),
            ("strategy", f"{report['strategy']} {report['timeframe']} on {', '.join(report['symbols'])}"),
            ("uptime", _duration(report["uptime"]) if "uptime" in report else None),
            ("last update", _figure(report, "last_update")),
            ("market time", _figure(report, "market_time")),
        ),
    ]


def _cycles(report: _Section) -> list[str]:
    cycles = {**report, **report["performance"]}
    rows = _rows(
        ("total", f"{cycles['total_cycles']:,}"),
        ("since the start", f"{cycles['cycle_count']:,}"),
        ("successful", f"{cycles['successful_cycles']:,}"),
        ("failed", f"{cycles['failed_cycles']:,}"),
        ("success rate", _against_target(cycles, "success_rate", "{:.2f} %")),
        ("average cycle", _against_target(cycles, "average_cycle_time", "{:.3f} s")),
        ("failures in a row", _against_target(cycles, "consecutive_failures", "{}")),
        ("last cycle", _figure(cycles, "last_cycle_duration", "{:.3f} s")),
        ("last good cycle", _figure(cycles, "last_cycle_time")),
    )
    return ["CYCLES", *rows]


def _scans(scans: _Section) -> list[str]:
    rows = _rows(
        ("completed", f"{scans['completed']:,}"),
        ("failed", f"{scans['errors']:,}"),
        ("on average", _figure(scans, "mean_scan_s", "{:,.1f} s")),
        ("last", _figure(scans, "last_scan")),
        ("not whole", scans["partial"] or None),
        ("picked", ", ".join(scans["candidates"]) or "none"),
        ("position updates", f"{scans['position_updates']:,}, failed {scans['position_update_errors']:,}"),
    )
    return ["SCANS", *rows]


def _calls(api: _Section) -> list[str]:
    rows = _rows(
        ("success rate", f"{api['success_rate']:.2f} %, healthy above 90 %"),
        ("calls", f"{api['total']:,}"),
        ("failed", f"{api['failed']:,}, of these rate-limited {api['rate_limited']:,}"),
        ("in the last minute", _figure(api, "calls_per_minute", "{:,} calls")),
        ("latency median", _figure(api, "p50_ms", "{:,.1f} ms")),
        ("latency 99 %", _figure(api, "p99_ms", "{:,.1f} ms")),
        ("last call", _figure(api, "last_call")),
        ("stalest topic", _figure(api, "oldest_topic_s", "{:,.1f} s")),
        ("reconnects", f"{api['reconnects']:,}"),
        *((endpoint["name"], _endpoint(endpoint)) for endpoint in api["endpoints"]),
    )
    return ["EXCHANGE CALLS", *rows]


def _endpoint(endpoint: _Section) -> str:
    latency = _figure(endpoint, "p99_ms", ", 99 % within {:,.1f} ms") or ""
    return f"{endpoint['calls']:,} calls, {endpoint['failed']:,} failed{latency}"


def _money(money: _Section) -> list[str]:
    amounts = ("start", "equity", "realised", "fees", "funding", "unrealised", "today", "available")
    texts = [_amount(money[name]) for name in amounts]
    width = max(len(text) for text in texts)
    return [
        f"MONEY in {money['currency']}",
        *_rows(*((name, text.rjust(width)) for name, text in zip(amounts, texts, strict=True))),
        *_rows(
            ("identity difference", f"{money['identity_difference'] or _UNKNOWN} (must be 0)"),
            ("total", _figure(money, "total_pct", "{:+.2f} %")),
            ("maximum drawdown", _figure(money, "max_drawdown_pct", "{:.2f} %")),
        ),
    ]


def _positions(positions: Sequence[_Section]) -> list[str]:
    rows = _rows(*((position["symbol"], _position(position)) for position in positions))
    return ["POSITIONS", *(rows or ["none open"])]


def _position(position: _Section) -> str:
    return (
        f"{position['side']} {abs(position['lots']):,} lots at {_price(position['entry'])}, "
        f"mark {_price(position['mark'])}, P/L {_amount(position['pnl'])}, {_protection(position)}"
    )


def _protection(position: _Section) -> str:
    if not position["own"]:
        return "not ours, left alone"
    if position["stop"] is None:
        return "UNPROTECTED, no stop"
    return f"stop {_price(position['stop'])} {'resting' if position['stop_resting'] else 'NOT CONFIRMED'}"


def _trades(trades: _Section) -> list[str]:
    return [
        "TRADES",
        *_rows(
            ("fills", f"{trades['fills']:,}"),
            ("positions", f"{trades['opened']:,} opened, {trades['closed']:,} closed, {trades['open_now']:,} open now"),
            ("results", f"{trades['wins']:,} won, {trades['losses']:,} lost, {trades['break_even']:,} even"),
            ("win rate", _figure(trades, "win_rate", "{:.2f} %")),
            ("profit factor", _figure(trades, "profit_factor", "{:.2f}")),
        ),
    ]


def _workers(workers: Sequence[_Section], process: _Section) -> list[str]:
    return [
        "WORKERS",
        *_rows(
            *((worker["name"], _worker(worker)) for worker in workers),
            ("event-loop lag 99 %", _figure(process, "lag_p99_ms", "{:,.1f} ms")),
            ("memory", _figure(process, "rss_mb", "{:,.1f} MB")),
            ("process id", _figure(process, "pid")),
        ),
    ]


def _worker(worker: _Section) -> str:
    words = ["healthy" if worker["healthy"] else "FAILING" if worker["fault"] else "SILENT"]
    if "age_s" in worker:
        words.append("never beat" if worker["age_s"] is None else f"last beat {worker['age_s']:,.1f} s ago")
    words += [f"limit {worker['limit_s']:g} s", f"restarts {worker['restarts']:,}"]
    return ", ".join([*words, worker["note"]] if worker["note"] else words)


def _alerts(alerts: _Section) -> list[str]:
    firing = _rows(
        *((each["severity"], f"{each['rule']} {each['subject']}, {each['phase']}") for each in alerts["open"])
    )
    channels = _rows(*((f"channel {each['name']}", _channel(each)) for each in alerts["channels"]))
    return ["ALERTS", *(firing or ["none"]), *channels]


def _channel(channel: _Section) -> str:
    return f"DEAD, {channel['why']}" if channel["state"] == "dead" else f"{channel['state']}"


def _errors(errors: _Section) -> list[str]:
    rows = [f"{_moment_of(error)}{error['count']:,} x {_error(error)}" for error in errors["last"]]
    return ["ERRORS", *_rows(("today", f"{errors['today']:,}")), *(rows or ["none kept"])]


def _error(error: _Section) -> str:
    return f"{error['severity']} {error['type']} in {error['where']}: {error['message']}"


def _moment_of(error: _Section) -> str:
    return f"{error['at']}  " if "at" in error else ""


def _rows(*rows: _Row) -> list[str]:
    return [f"{label:<{_LABEL - 1}} {text}" for label, text in rows if text is not None]


def _figure(section: _Section, name: str, form: str = "{}") -> str | None:
    """Return a figure as text; None where the section has no such figure, so that its row is left out."""
    if name not in section:
        return None
    return _UNKNOWN if section[name] is None else form.format(section[name])


def _against_target(cycles: _Section, name: str, form: str) -> str | None:
    text = _figure(cycles, name, form)
    if text is None:
        return None
    target = cycles["targets"][name]
    if target["met"] is None:
        return f"{'no successful cycle' if cycles['total_cycles'] else 'no cycles'} yet, target {target['target']}"
    return f"{text}, target {target['target']} {'met' if target['met'] else 'MISSED'}"


def _amount(text: str | None) -> str:
    return _UNKNOWN if text is None else f"{Decimal(text):,.2f}"


def _price(text: str | None) -> str:
    if text is None:
        return _UNKNOWN
    return f"{Decimal(text):,.8f}".rstrip("0").rstrip(".")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if not minutes and not hours:
        return f"{rest} s"
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _fitting(lines: Iterable[str]) -> Iterable[str]:
    """Yield the lines without control characters, the long ones wrapped under their text."""
    for line in lines:
        shown = "".join(character if character.isprintable() else " " for character in line)
        yield from wrap(shown, WIDTH, subsequent_indent=" " * _LABEL, break_on_hyphens=False)
