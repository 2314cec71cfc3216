from __future__ import annotations

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.alert_view import AlertsView, AlertView, ChannelView, Severity
from radtui.core.health_view import ApiView, EndpointView, ErrorView, ProcessView, WorkerView
from radtui.core.lifecycle import State
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.money_view import MoneyView
from radtui.core.position_view import PositionView
from radtui.core.scan_view import ScanView
from radtui.core.snapshot import Snapshot
from radtui.core.status_view import StatusView
from radtui.core.timing_view import PhaseView
from radtui.health.report import as_text, problems, report

STARTED = 1_700_000_000 * SECOND

STATUS = StatusView(
    state=State.RUNNING,
    since=STARTED,
    who="key:alice",
    why="",
    mode="paper",
    speed=60,
    bot="alpha",
    strategy="ema_cross",
    timeframe="5m",
    symbols=("XBTUSDTM", "ETHUSDTM"),
    dev_mode=False,
    started_at=STARTED,
    cycles=12,
    cycles_ok=11,
    cycle_count=9,
    cycles_failed=1,
    success_rate=91.67,
    average_cycle=0.841,
    last_cycle=0.7,
    last_cycle_at=STARTED + HOUR,
)

POSITION = PositionView(
    symbol="XBTUSDTM",
    base="XBT",
    side="short",
    lots=-12,
    coins=Decimal("0.012"),
    entry=Decimal("64210.133333333333"),
    mark=Decimal("64388.4"),
    pnl=Decimal("-2.13920"),
    pnl_pct=-1.67,
    margin=Decimal(154),
    maintenance=Decimal("0.5"),
    leverage=5,
    margin_mode="isolated",
    liquidation=Decimal("51930.2"),
    stop=Decimal("63401.0"),
    stop_resting=True,
    target=None,
    bare_seconds=0.4,
    opened_at=STARTED,
    price_decimals=1,
    coin_decimals=3,
)

SNAPSHOT = Snapshot(
    sequence=9,
    bot="alpha",
    at=STARTED + 3 * HOUR + 12 * MINUTE,
    market_at=STARTED + 200 * HOUR,
    status=STATUS,
    money=MoneyView(
        start=Decimal("10000.00"),
        equity=Decimal("10214.380000000000"),
        realised=Decimal("1E+2"),
        fees=Decimal("8.12"),
        funding=Decimal("-0.44"),
        identity=Decimal("-0E-12"),
        wins=22,
        losses=14,
        win_rate=61.111111,
        opened=37,
        closed=36,
        fills=73,
    ),
    positions=(POSITION,),
    api=ApiView(
        total=1204,
        ok=1202,
        failed=2,
        success=99.8339,
        per_minute=312,
        p50=41.2,
        p99=118.4,
        last_at=STARTED + HOUR,
        endpoints=(EndpointView(name="orders.place", calls=74, failed=1, rate_limited=0, p50=40.0, p99=99.0),),
    ),
    workers=(
        WorkerView(name="main loop", age=0.1, limit=30, healthy=True),
        WorkerView(name="scanner", age=4.1, limit=90, healthy=True, restarts=1, note="waits"),
    ),
    process=ProcessView(lag_p99=0.9, rss=92.04, pid=4711),
    errors=tuple(
        ErrorView(at=STARTED + n, first_at=STARTED, kind="transient", message=f"no {n}", where="candles", count=n)
        for n in range(1, 13)
    ),
    errors_today=78,
)


def changed(**parts: object) -> Snapshot:
    return msgspec.structs.replace(SNAPSHOT, **parts)


def worker(*, healthy: bool) -> WorkerView:
    return WorkerView(name="w", age=1.0, limit=2.0, healthy=healthy)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), max_size=5), st.floats(0, 100))
def test_healthy_means_all_workers_healthy_and_more_than_90_percent_success(
    workers: list[bool], success: float
) -> None:
    snapshot = changed(workers=tuple(worker(healthy=each) for each in workers), api=ApiView(success=success))
    document = report(snapshot, virtual=False)
    assert document["healthy"] == (all(workers) and success > 90)
    assert document["healthy"] == (not document["problems"])


def test_each_problem_is_named_with_its_limit() -> None:
    snapshot = changed(workers=(worker(healthy=False),), api=ApiView(success=90.0))
    assert problems(snapshot) == [
        "worker w: no sign of life within its limit of 2 s",
        "exchange calls: 90.00 % succeed, more than 90 % must",
    ]


def test_a_worker_that_beats_and_comes_to_nothing_is_a_problem() -> None:
    broken = msgspec.structs.replace(worker(healthy=False), fault="The journal cannot be written: the disk is full.")
    snapshot = changed(workers=(broken,))
    assert problems(snapshot) == ["worker w: The journal cannot be written: the disk is full."]
    text = as_text(report(snapshot, virtual=False))
    assert "NOT HEALTHY" in text
    assert "FAILING, last beat 1.0 s ago" in text


def test_the_report_is_json_in_a_stable_order_with_money_as_plain_text() -> None:
    document = report(SNAPSHOT, virtual=False)
    assert json.loads(json.dumps(document)) == document
    assert document["money"] == {
        "currency": "USDT",
        "start": "10000",
        "equity": "10214.38",
        "realised": "100",
        "fees": "8.12",
        "funding": "-0.44",
        "moved": "0",
        "unrealised": "0",
        "identity_difference": "0",
        "available": None,
        "today": None,
        "total_pct": None,
        "max_drawdown_pct": 0.0,
    }
    assert list(document)[:5] == ["version", "bot", "healthy", "problems", "status"]


def test_cycles_bear_the_names_of_the_requirements() -> None:
    document = report(SNAPSHOT, virtual=False)
    cycles = document["performance"]
    assert (cycles["total_cycles"], cycles["successful_cycles"], cycles["failed_cycles"]) == (12, 11, 1)
    assert (cycles["success_rate"], cycles["average_cycle_time"], cycles["last_cycle_duration"]) == (91.67, 0.841, 0.7)
    assert len(cycles) == 6
    assert (document["cycle_count"], document["last_cycle_time"]) == (9, "2023-11-14T23:13:20Z")
    assert {name: target["met"] for name, target in document["targets"].items()} == {
        "success_rate": False,
        "average_cycle_time": True,
        "consecutive_failures": True,
    }


def test_the_status_document_is_complete() -> None:
    document = report(SNAPSHOT, virtual=False)
    assert (document["status"], document["mode"], document["dev_mode"], document["error"]) == (
        "running",
        "paper",
        False,
        "",
    )
    assert (document["uptime"], document["last_update"]) == (11_520.0, "2023-11-15T01:25:20Z")
    assert document["thread_alive"] is True
    assert report(changed(workers=()), virtual=False)["thread_alive"] is None
    assert document["configuration"] == {"cycle_interval": 300.0, "max_retries": 3, "retry_delay": 60.0}


def test_what_fires_and_who_can_be_told_is_in_it() -> None:
    bare = AlertView(
        id="3", rule="position-bare", subject="X", severity=Severity.ALARM, text="t", todo="d", since=1, fired_at=1
    )
    mail = ChannelView(name="mail", kind="mailto", state="dead", why="no answer within 10 s")
    document = report(changed(alerts=AlertsView(open=(bare,), channels=(mail,))), virtual=False)
    assert document["alerts"] == {
        "open": [{"id": "3", "severity": "alarm", "phase": "firing", "rule": "position-bare", "subject": "X"}],
        "channels": [{"name": "mail", "kind": "mailto", "state": "dead", "why": "no answer within 10 s"}],
    }
    said = as_text(document)
    assert "alarm                 position-bare X, firing" in said
    assert "channel mail          DEAD, no answer within 10 s" in said
    assert "ALERTS\nnone\n" in as_text(report(SNAPSHOT, virtual=False))


def test_trades_and_the_last_ten_errors_are_told() -> None:
    document = report(SNAPSHOT, virtual=False)
    assert document["trades"] == {
        "fills": 73,
        "opened": 37,
        "closed": 36,
        "open_now": 1,
        "wins": 22,
        "losses": 14,
        "break_even": 0,
        "win_rate": 61.11,
        "profit_factor": None,
    }
    assert document["errors"]["today"] == 78
    assert [error["count"] for error in document["errors"]["last"]] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 10**6))
def test_in_virtual_time_nothing_of_wall_clock_or_machine_is_left(nanoseconds: int, figure: float) -> None:
    another_run = changed(
        at=SNAPSHOT.at + nanoseconds,
        status=msgspec.structs.replace(
            STATUS,
            started_at=STARTED - nanoseconds,
            last_cycle_at=nanoseconds,
            average_cycle=min(figure, 59.0),
            last_cycle=figure,
        ),
        positions=(msgspec.structs.replace(POSITION, bare_seconds=figure),),
        api=msgspec.structs.replace(
            SNAPSHOT.api,
            p50=figure,
            p99=figure,
            last_at=nanoseconds,
            per_minute=nanoseconds,
            oldest_topic=figure,
            endpoints=(msgspec.structs.replace(SNAPSHOT.api.endpoints[0], p50=figure, p99=None),),
        ),
        workers=tuple(msgspec.structs.replace(each, age=figure) for each in SNAPSHOT.workers),
        process=ProcessView(lag_p99=figure, rss=figure, pid=nanoseconds),
        errors=tuple(msgspec.structs.replace(each, at=each.at + nanoseconds, first_at=0) for each in SNAPSHOT.errors),
    )
    one, other = (json.dumps(report(snapshot, virtual=True)) for snapshot in (SNAPSHOT, another_run))
    assert one == other
    assert as_text(report(SNAPSHOT, virtual=True)) == as_text(report(another_run, virtual=True))


@pytest.mark.parametrize(
    "figure", ["total_cycles", "fills", "identity_difference", "win_rate", "successful", "limit_s"]
)
def test_in_virtual_time_the_figures_of_the_run_stay(figure: str) -> None:
    assert f'"{figure}"' in json.dumps(report(SNAPSHOT, virtual=True))


def test_scans_and_position_updates_are_counted() -> None:
    scan = ScanView(on=True, completed=12, errors=1, mean_seconds=4.56789, finished_at=STARTED, partial="3 of 9")
    reading = PhaseView(name="reading", calls=70, failed=2)
    told = report(msgspec.structs.replace(SNAPSHOT, scan=scan, phases=(reading,)), virtual=False)
    assert told["scans"] == {
        "on": True,
        "completed": 12,
        "errors": 1,
        "mean_scan_s": 4.568,
        "last_scan": "2023-11-14T22:13:20Z",
        "partial": "3 of 9",
        "candidates": [],
        "position_updates": 70,
        "position_update_errors": 2,
    }
    text = as_text(told)
    assert "SCANS\n" in text
    assert "position updates      70, failed 2" in text
    assert "SCANS" not in as_text(report(SNAPSHOT, virtual=False))
