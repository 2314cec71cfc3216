"""``radtui run --headless`` on a market that runs out: it ends, and its exit code says whether that was safe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

BUYER = """
from radtui.core.signal import Signal

class Buyer:
    name, timeframe, warmup = "buyer", "1m", 1

    def __init__(self, instrument, settings=None):
        pass

    def on_candle(self, candle, view):
        print("what a strategy prints")
        return Signal(buy=1.0, sell=0.0, hold=0.0, confidence=0.9, reason="buys")
"""
WARM = 500


def flown(run: Run, folder: Path, bars: int, exits: str) -> tuple[int, dict[str, object]]:
    """Fly on so many bars after the warm-up, and return the exit code and the receipt in the log."""
    (folder / "buyer.py").write_text(BUYER)
    rows = [f"{1_640_995_200 + 60 * n},60000,60010,59990,60000,100" for n in range(WARM + bars)]
    (folder / "flat.csv").write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]) + "\n")
    (folder / "mine.toml").write_text(f'[bot]\ntimeframe = "1m"\n\n[shutdown]\nexits = "{exits}"\n')
    flight = run(
        *("run", "--headless", "--virtual", "--report", "json"),
        *("--config", "mine.toml", "--market", "flat.csv", "--strategy", "buyer.py:Buyer"),
    )
    assert json.loads(flight.stdout)["bot"]  # one document, whatever a strategy prints
    log = [json.loads(line) for line in flight.stderr.splitlines() if line != "what a strategy prints"]
    (receipt,) = [line for line in log if line["event"] == "receipt" and line["ask"] == "shutdown"]
    return flight.returncode, receipt


@pytest.mark.parametrize("exits", ["keep", "flatten"])
def test_a_market_that_has_ended_ends_the_flight_with_its_positions_protected(
    run: Run, own_folders: Path, exits: str
) -> None:
    code, receipt = flown(run, own_folders, 10, exits)
    assert (code, receipt["success"]) == (0, True)


def test_a_position_that_no_stop_could_be_placed_for_is_exit_4(run: Run, own_folders: Path) -> None:
    code, receipt = flown(run, own_folders, 2, "keep")
    assert (code, receipt["success"]) == (4, False)
