"""``radtui diff``: a day that was flown, beside a replay of its candles: the same where nothing was changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from radtui.cli.diff import diff
from radtui.cli.failures import Exit, Failure
from radtui.core.market import DAY, MINUTE, SECOND
from tests.backtest.worlds import START, walk
from tests.cli.conftest import Run
from tests.store.recordings import recorded, story

NIGHT = START + DAY - 560 * MINUTE
"""So that a flight of an hour after its warm-up of 500 minutes comes to midnight."""


def bars(file: Path, count: int, *, changed: int | None = None) -> Path:
    """Write minutes from `NIGHT` on; one of them closes elsewhere."""
    lines = []
    for number, (at, opened, high, low, close, volume) in enumerate(walk(count, 4)):
        moment = datetime.fromtimestamp((at - START + NIGHT) // SECOND, UTC)
        shown = high if number == changed else close
        lines.append(f"{moment:%Y-%m-%d %H:%M:%S},{opened},{high},{low},{shown},{volume}")
    file.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]) + "\n")
    return file


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_flight_decides_what_its_replay_decides_and_what_was_changed_is_told(run: Run, own_folders: Path) -> None:
    flown = bars(own_folders / "flown.csv", 680)
    flight = run("run", "--headless", "--virtual", "--for", "9000", "--market", str(flown), "--record", "tape",
                 "--log-level", "error", RADTUI_BOT__TIMEFRAME="1m")  # fmt: skip
    assert flight.returncode == 0, flight.stderr

    def told(day: str, data: Path = flown, **settings: str) -> tuple[int, dict[str, Any]]:
        found = run("diff", f"2022-01-0{day}", "--recording", "tape", "--data", str(data), "--json", **settings)
        return found.returncode, json.loads(found.stdout)

    for day, least in (("3", 55), ("4", 85)):
        code, report = told(day)
        assert (code, report["honest"], report["divergences"]) == (0, True, [])
        assert report["decisions"] > least
        assert report["wanted"] > 0
    code, report = told("4", RADTUI_STRATEGIES__EMA_CROSS__FAST="5")
    assert (code, report["counts"].keys()) == (1, {"signal"})
    assert "its parameters" in report["divergences"][0]["cause"]
    code, report = told("4", RADTUI_PAPER__SLIPPAGE="0.001")
    assert any("live was 5.0" in each["cause"] for each in report["divergences"])
    code, report = told("4", bars(own_folders / "other.csv", 680, changed=605))
    assert code == 1
    assert ("candle", "the feeds differ") in {(each["kind"], each["cause"]) for each in report["divergences"]}
    lacking = run("diff", "2022-01-03", "--recording", "tape")
    assert lacking.returncode == 1
    assert "name those that it flew with --data" in lacking.stdout
    assert "NOT COMPARED" in lacking.stdout


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    folder = tmp_path / "t" / "20231114T221320.000Z"
    folder.mkdir(parents=True)
    for number, content in enumerate(recorded(story(20)), 1):
        (folder / f"{number:04}.radrec").write_bytes(content)
    return folder


def test_another_day_says_which_there_are(tape: Path) -> None:
    with pytest.raises(Failure, match="only from 2023-11-14 22:13:20 to 2023-11-14 22:13:20 UTC"):
        diff("2023-11-15", recording=tape)


@pytest.mark.parametrize(
    ("day", "where", "what"), [("soon", "t", "soon is no day"), ("2023-11-14", "nowhere", "nowhere is not there")]
)
def test_what_cannot_be_compared_is_usage(day: str, where: str, what: str, tape: Path, tmp_path: Path) -> None:
    with pytest.raises(Failure, match=what) as refused:
        diff(day, recording=tmp_path / where)
    assert refused.value.code is Exit.USAGE
