from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.health_view import ApiView, EndpointView, ErrorView, ProcessView, WorkerView
from radtui.core.lifecycle import State
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.money_view import MoneyView
from radtui.core.position_view import PositionView
from radtui.core.snapshot import Snapshot
from radtui.core.status_view import StatusView
from radtui.health.report import as_text, report

NOON = 1_700_000_000 * SECOND

words = st.text(max_size=120)
figures = st.none() | st.floats(0, 10**7)
money = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**9), max_value=10**9)


def position(entry: Decimal = Decimal("64210.1"), pnl: Decimal | None = Decimal("2.14"), **parts: bool) -> PositionView:
    return PositionView(
        symbol="XBTUSDTM",
        base="XBT",
        side="long",
        lots=12,
        coins=Decimal("0.012"),
        entry=entry,
        mark=Decimal("64388.4"),
        pnl=pnl,
        pnl_pct=1.67,
        margin=Decimal(154),
        maintenance=None,
        leverage=5,
        margin_mode="isolated",
        liquidation=None,
        stop=None if parts.get("bare") else Decimal(63401),
        stop_resting=not parts.get("bare"),
        target=None,
        bare_seconds=0.0,
        opened_at=0,
        price_decimals=1,
        coin_decimals=3,
    )


def snapshot(
    *,
    text: str = "feed lost",
    figure: float | None = 4.0,
    amount: Decimal | None = Decimal("10214.38"),
    positions: tuple[PositionView, ...] = (),
    healthy: bool = True,
) -> Snapshot:
    status = StatusView(
        state=State.ERROR if text else State.RUNNING,
        since=0,
        who="core",
        why="",
        mode="paper",
        speed=60,
        bot="alpha",
        strategy="ema_cross",
        timeframe="5m",
        symbols=("XBTUSDTM", "ETHUSDTM", "SOLUSDTM", "LTCUSDTM", "XRPUSDTM", "ADAUSDTM"),
        dev_mode=False,
        started_at=NOON,
        average_cycle=figure,
        error=text,
    )
    return Snapshot(
        sequence=1,
        bot="alpha",
        at=NOON + 3 * HOUR + 12 * MINUTE,
        market_at=None,
        status=status,
        money=MoneyView(start=amount, equity=amount, identity=amount, win_rate=figure),
        positions=positions,
        api=ApiView(
            p50=figure,
            p99=figure,
            endpoints=(EndpointView(name="orders.place", calls=7, failed=0, rate_limited=0, p50=figure, p99=figure),),
        ),
        workers=(WorkerView(name="scanner", age=figure, limit=90, healthy=healthy, note=text),),
        process=ProcessView(lag_p99=figure, rss=figure, pid=1),
        errors=(ErrorView(at=NOON, first_at=NOON, kind="transient", message=text, where="feed", count=3),),
    )


@settings(max_examples=25, deadline=None)
@given(words, figures, money, st.booleans())
def test_no_line_is_wider_than_80_columns_or_moves_the_cursor(
    text: str, figure: float | None, amount: Decimal | None, virtual: bool
) -> None:
    open_one = position(entry=amount or Decimal(0), pnl=amount)
    shown = as_text(report(snapshot(text=text, figure=figure, amount=amount, positions=(open_one,)), virtual=virtual))
    assert all(len(line) <= 80 for line in shown.split("\n"))
    assert all(character.isprintable() for line in shown.split("\n") for character in line)


def test_a_person_reads_the_state_first_and_units_everywhere() -> None:
    lines = as_text(report(snapshot(text=""), virtual=False)).splitlines()
    assert lines[:7] == [
        "HEALTH REPORT of alpha, paper trading",
        "overall               healthy",
        "state                 running",
        "strategy              ema_cross 5m on XBTUSDTM, ETHUSDTM, SOLUSDTM, LTCUSDTM,",
        "                      XRPUSDTM, ADAUSDTM",
        "uptime                3 h 12 min",
        "last update           2023-11-15T01:25:20Z",
    ]
    assert "latency median        4.0 ms" in lines
    assert "average cycle         4.000 s, target < 60 s met" in lines
    assert "memory                4.0 MB" in lines


@pytest.mark.parametrize(
    ("figures", "rows"),
    [
        ({}, ("no cycles yet, target > 95 %", "no cycles yet, target < 60 s", "0, target 0 met")),
        (
            {"cycles": 2, "cycles_failed": 2, "failures_in_a_row": 2},
            ("0.00 %, target > 95 % MISSED", "no successful cycle yet, target < 60 s", "2, target 0 MISSED"),
        ),
        (
            {"cycles": 1, "cycles_ok": 1, "success_rate": 100.0, "average_cycle": 0.5},
            ("100.00 %, target > 95 % met", "0.500 s, target < 60 s met", "0, target 0 met"),
        ),
    ],
)
def test_cycles_that_were_not_are_not_judged(figures: dict[str, Any], rows: tuple[str, ...]) -> None:
    seen = snapshot(figure=None)
    seen = msgspec.structs.replace(seen, status=msgspec.structs.replace(seen.status, **figures))
    lines = as_text(report(seen, virtual=False)).splitlines()
    labels = ("success rate", "average cycle", "failures in a row")
    of_cycles = lines[lines.index("CYCLES") :]
    assert tuple(next(line for line in of_cycles if line.startswith(label))[22:] for label in labels) == rows


def test_what_is_wrong_is_said_in_words() -> None:
    shown = as_text(report(snapshot(healthy=False, positions=(position(bare=True),)), virtual=False))
    assert "overall               NOT HEALTHY" in shown
    assert "problem               worker scanner: no sign of life within its limit of 90 s" in shown
    assert "UNPROTECTED, no stop" in " ".join(shown.split())
    assert "identity difference   10214.38 (must be 0)" in shown


def test_what_is_not_ours_is_not_said_to_lack_a_stop_of_ours() -> None:
    foreign = msgspec.structs.replace(position(bare=True), own=False)
    shown = as_text(report(snapshot(positions=(foreign,)), virtual=False))
    assert "not ours, left alone" in " ".join(shown.split())
    assert "UNPROTECTED" not in shown


def test_what_is_not_known_says_so_and_what_is_left_out_is_not_mentioned() -> None:
    unknown = snapshot(figure=None, amount=None)
    assert "latency median        unknown" in as_text(report(unknown, virtual=False))
    assert "never beat" in as_text(report(unknown, virtual=False))
    left_out = as_text(report(unknown, virtual=True))
    assert not any(word in left_out for word in ("latency", "uptime", "memory", "last beat", "never beat"))


def test_amounts_stand_under_each_other() -> None:
    lines = as_text(report(snapshot(), virtual=False)).splitlines()
    start, fees = (next(line for line in lines if line.startswith(name)) for name in ("start", "fees"))
    assert start.endswith("10,214.38")
    assert len(start) == len(fees)
