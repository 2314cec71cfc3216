"""Alarms of connections: past each threshold, and once in a cooldown."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed.alarms import Alarms, Thresholds
from radtui.exchange.kucoin.feed.figures import Figures

FINE = Figures().view("public 1", "open", 1, 0)


@pytest.mark.parametrize(
    ("figures", "kinds"),
    [
        ({}, set()),
        ({"latency": 1.0, "error_rate": 0.05, "reconnects": 3, "score": 50.0}, set()),
        ({"latency": 1.2}, {"latency"}),
        ({"error_rate": 0.06}, {"errors"}),
        ({"reconnects": 4}, {"reconnects"}),
        ({"score": 49.9}, {"score"}),
        (
            {"latency": 2.0, "error_rate": 1.0, "reconnects": 9, "score": 0.0},
            {"latency", "errors", "reconnects", "score"},
        ),
    ],
)
def test_each_threshold_has_its_alarm(figures: dict[str, Any], kinds: set[str]) -> None:
    alerts = Alarms(Thresholds()).check([msgspec.structs.replace(FINE, **figures)], 0)
    assert {alert.kind for alert in alerts} == kinds
    assert all("public 1" in alert.text for alert in alerts)


def test_the_same_alarm_rests_and_others_do_not() -> None:
    alarms, slow = Alarms(Thresholds()), msgspec.structs.replace(FINE, latency=1.2)
    other = msgspec.structs.replace(slow, name="public 2")
    assert [alert.text for alert in alarms.check([slow], 0)] == ["public 1 answers after 1200 ms"]
    assert alarms.check([slow], 899 * SECOND) == []
    assert len(alarms.check([slow, other], 899 * SECOND)) == 1
    assert len(alarms.disconnected("public 1", "cut", 899 * SECOND)) == 1
    assert alarms.disconnected("public 1", "cut", 900 * SECOND) == []
    assert len(alarms.check([slow], 900 * SECOND)) == 1


def test_thresholds_are_data() -> None:
    alarms = Alarms(Thresholds(latency=0.01, cooldown=1.0))
    slow = msgspec.structs.replace(FINE, latency=0.02)
    assert [len(alarms.check([slow], at * SECOND)) for at in range(3)] == [1, 1, 1]
