"""The page that Prometheus reads: everything a person sees is on it, nothing unknown is 0, and labels are bounded."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

import msgspec
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from radtui.core.alert_view import AlertsView, AlertView, ChannelView, Severity
from radtui.core.guardian_view import GuardianView
from radtui.core.health_view import ApiView, EndpointView, ErrorView, ProcessView, WorkerView
from radtui.core.link_view import BreakerView, ConnectionView, LinkView, PoolView
from radtui.core.money_view import MoneyView
from radtui.core.position_view import PositionView
from radtui.core.protection_view import ProtectionView
from radtui.core.scan_view import ScanView
from radtui.core.snapshot import Snapshot
from radtui.core.window_view import WindowView
from radtui.health.metrics.page import page
from radtui.health.order_times import OrderTimes
from radtui.health.phases import ACCOUNT, PhaseLog
from tests.engine.flights import Flight, fly

Samples = dict[str, dict[tuple[tuple[str, str], ...], float]]


def samples(snapshot: Snapshot) -> Samples:
    found: Samples = {}
    for family in text_string_to_metric_families(page(snapshot).decode()):
        for sample in family.samples:
            labels = tuple(sorted((key, text) for key, text in sample.labels.items() if key != "bot"))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name][tuple(sorted(labels.items()))]


def flown() -> Snapshot:
    async def scenario(flight: Flight) -> Snapshot:
        await flight.ready()
        await flight.hold()
        return flight.engine.snapshot()

    return fly(scenario)


def with_all(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot in which everything that can be shown is."""
    log = PhaseLog()
    log.record(ACCOUNT, 2_000_000)
    return msgspec.structs.replace(
        snapshot,
        link=LinkView(
            pools=(PoolView(name="futures", limit=2000, remaining=1500, reserve=200, waiting=1),),
            connections=(ConnectionView(name="market 1", state="open", latency=0.04, rate=12.0),),
            skew=-0.012,
            breakers=(BreakerView(name="market", state="half-open"),),
        ),
        guardian=GuardianView(wanted=True, missing="gone"),
        journal="disk full",
        protection=ProtectionView(limit=5.0, worst=1.5, total=9.25, positions=3, breaches=1, unprotected=1),
        alerts=AlertsView(
            open=(
                AlertView(
                    id="1", rule="journal", subject="", severity=Severity.ALARM, text="", todo="", since=1, fired_at=1
                ),
            ),
            channels=(ChannelView(name="mail", kind="mailto", state="dead", waiting=3, dropped=1, delivered=7),),
        ),
        phases=log.views(),
        order_times=OrderTimes().views(),
    )


def test_a_flight_as_prometheus_sees_it() -> None:
    snapshot = flown()
    found = samples(snapshot)
    assert value(found, "radtui_state", state="running") == 1
    assert sum(found["radtui_state"].values()) == 1
    assert value(found, "radtui_trading_mode", mode="active") == 1
    assert value(found, "radtui_positions_open") == len(snapshot.positions) > 0
    assert value(found, "radtui_money", kind="equity") == float(snapshot.money.equity or 0)
    assert value(found, "radtui_api_calls_total", endpoint="orders.place", result="ok") > 0
    assert value(found, "radtui_worker_healthy", worker="main loop") == 1
    accepted = {"stage": "accepting", "purpose": "entry"}
    buckets = found["radtui_order_seconds_bucket"]
    assert value(found, "radtui_order_seconds_count", **accepted) > 0
    counted = [count for labels, count in buckets.items() if accepted.items() <= dict(labels).items()]
    assert counted == sorted(counted), "buckets are cumulative"
    assert counted[-1] == value(found, "radtui_order_seconds_count", **accepted)


def test_protection_line_and_engine() -> None:
    found = samples(with_all(flown()))
    assert value(found, "radtui_unprotected_worst_seconds") == 1.5
    assert value(found, "radtui_unprotected_seconds_total") == 9.25
    assert value(found, "radtui_protection_breaches_total") == 1
    assert value(found, "radtui_budget_remaining", pool="futures") == 1500
    assert value(found, "radtui_call_breaker_state", breaker="market", state="half-open") == 1
    assert value(found, "radtui_connection_latency_seconds", connection="market 1") == 0.04
    assert value(found, "radtui_clock_skew_seconds") == -0.012
    assert value(found, "radtui_guardian_missing") == value(found, "radtui_journal_failing") == 1
    assert value(found, "radtui_alerts_firing", severity="alarm") == 1
    assert value(found, "radtui_alert_channel_dead", channel="mail") == 1
    assert value(found, "radtui_phase_seconds_total", phase=ACCOUNT) == 0.002


def test_what_is_not_known_is_left_out() -> None:
    unknown = msgspec.structs.replace(flown(), money=MoneyView(), process=ProcessView(), api=ApiView())
    found = samples(unknown)
    for name in ("money", "profit", "drawdown_ratio", "loop_lag_p99_seconds", "resident_memory_bytes", "win_ratio"):
        assert f"radtui_{name}" not in found, name
    assert not any(math.isnan(each) for kind in found.values() for each in kind.values())


def test_positions_of_others_and_free_texts_make_no_label() -> None:
    snapshot = with_all(flown())
    foreign = [msgspec.structs.replace(each, own=False, symbol=f"X{each.symbol}") for each in snapshot.positions]
    strange = 'free text, {with} "everything"\n'
    errors = (ErrorView(at=1, first_at=1, kind=strange, message=strange, where=strange, count=2),)
    body = page(msgspec.structs.replace(snapshot, positions=tuple(foreign), errors=errors, notices=(strange,))).decode()
    assert "XXBT" not in body
    assert "free text" not in body
    assert 'radtui_positions_foreign{bot="t"} ' in body
    assert 'radtui_errors_kept{bot="t",severity="error"} 2.0' in body


def test_a_strange_name_stays_one_label() -> None:
    endpoint = EndpointView(name='a"b\\c\nd', calls=1, failed=0, rate_limited=0, p50=None, p99=None)
    found = samples(msgspec.structs.replace(flown(), api=ApiView(total=1, ok=1, endpoints=(endpoint,))))
    assert value(found, "radtui_api_calls_total", endpoint='a"b\\c\nd', result="ok") == 1


def test_every_family_has_one_name_one_type_and_a_meaning() -> None:
    families = list(text_string_to_metric_families(page(with_all(flown())).decode()))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"radtui_[a-z0-9_]+", name) for name in names)
    assert all(family.documentation.endswith(".") for family in families)
    assert all("bot" in sample.labels for family in families for sample in family.samples)


def test_it_costs_little_and_leaves_no_global_state() -> None:
    before = {metric.name for metric in REGISTRY.collect()}
    snapshot = with_all(flown())
    assert page(snapshot) == page(snapshot)
    assert {metric.name for metric in REGISTRY.collect()} == before


def test_a_worker_that_never_beat_has_no_age_and_is_unhealthy() -> None:
    silent = WorkerView(name="journal", age=None, limit=5.0, healthy=False)
    found = samples(msgspec.structs.replace(flown(), workers=(silent,)))
    assert "radtui_worker_age_seconds" not in found
    assert value(found, "radtui_worker_healthy", worker="journal") == 0


def test_a_bare_position_is_seen_while_it_is_bare() -> None:
    def bare(position: PositionView, **changed: Any) -> PositionView:
        return msgspec.structs.replace(position, **changed)

    snapshot = flown()
    held = snapshot.positions[0]
    open_ = (bare(held, stop_resting=False, bare_seconds=4.5), bare(held, symbol="ETHUSDTM", bare_seconds=9.0))
    found = samples(msgspec.structs.replace(snapshot, positions=open_))
    assert value(found, "radtui_unprotected_now_seconds") == 4.5
    assert value(found, "radtui_position_bare_seconds", symbol="ETHUSDTM") == 9.0
    assert value(samples(msgspec.structs.replace(snapshot, positions=())), "radtui_unprotected_now_seconds") == 0


def test_money_is_shown_to_the_cent() -> None:
    found = samples(msgspec.structs.replace(flown(), money=MoneyView(equity=Decimal("10214.38"), read_at=1)))
    assert value(found, "radtui_money", kind="equity") == 10214.38


def test_scans_and_the_trades_of_the_day() -> None:
    scan = ScanView(on=True, completed=7, errors=2, mean_seconds=4.5, failed=3)
    window = WindowView(open=False, trades=4, limit=5)
    found = samples(msgspec.structs.replace(flown(), scan=scan, window=window))
    assert value(found, "radtui_scans_total", result="whole") == 7
    assert value(found, "radtui_scans_total", result="partial") == 2
    assert value(found, "radtui_scan_average_seconds") == 4.5
    assert "radtui_scan_last_timestamp_seconds" not in found
    assert value(found, "radtui_window_open") == 0
    assert (value(found, "radtui_window_trades"), value(found, "radtui_window_trades_allowed")) == (4, 5)
