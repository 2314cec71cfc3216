"""Under virtual time the same flight is the same to the last byte, and recorded candles are flown as they lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flights import Fly
from programs import EAGER, PROJECT

SEEDED = ("--virtual", "--for", "3600", "--symbols", "XBTUSDTM,ETHUSDTM", "--strategy", EAGER, "--log-level", "warning")
SHARED = PROJECT / os.environ.get("RADTUI_SHARED", "../shared")
CANDLES = SHARED / "market" / "btc-perp-1m-2022-01.csv"


@pytest.mark.long
def test_the_same_seed_is_the_same_report_to_the_last_byte(fly: Fly, tmp_path: Path) -> None:
    flights = [
        fly(*SEEDED, "--seed", seed, state=tmp_path / name, PYTHONHASHSEED=hashes)
        for name, seed, hashes in (("first", "7", "1"), ("second", "7", "2"), ("other", "8", "1"))
    ]
    assert [flight.ended() for flight in flights] == [0, 0, 0]
    first, second, other = (flight.output for flight in flights)
    assert first == second
    assert first != other
    assert flights[0].report()["trades"]["fills"] > 0
    assert flights[0].report()["performance"]["total_cycles"] >= 12
    assert not flights[0].state.exists()


def test_real_candles_are_traded_and_the_account_adds_up(fly: Fly) -> None:
    if not CANDLES.exists():
        pytest.skip(f"no recorded candles at $RADTUI_SHARED/market/{CANDLES.name}")
    flight = fly(
        "--virtual", "--for", "43200", "--market", str(CANDLES), "--symbols", "XBTUSDTM", "--log-level", "error"
    )
    assert flight.ended() == 0
    report = flight.report()
    assert report["performance"]["total_cycles"] > 0
    assert report["trades"]["opened"] > 0
    assert report["money"]["identity_difference"] == "0"
    assert report["status"] == "stopped"
