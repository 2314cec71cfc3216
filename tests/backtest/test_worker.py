"""The process beside an engine flies what it is told, keeps the whole result, and says why where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from radtui.backtest.job import Begun, Come, Flown, Job, Said, Unflown, decode_said, encode_job
from radtui.backtest.source import Source
from radtui.backtest.worker import carry_out
from radtui.core.market import DAY, HOUR
from tests.backtest.worlds import START, terms


def job(folder: Path, **changed: object) -> Job:
    made = Job(
        strategy="ema_cross",
        told={"timeframe": "1m", "fast": "3", "slow": "8"},
        terms=terms(),
        source=Source(seed=1, symbol="XBTUSDTM", begin=START, end=START + 2 * HOUR),
        document=str(folder / "a.json"),
        page=str(folder / "a.html"),
    )
    return msgspec.structs.replace(made, **changed)


def said_of(told: Job) -> list[Said]:
    said: list[Said] = []
    carry_out(told, said.append)
    return said


def test_it_says_what_is_flown_and_keeps_the_whole_result(tmp_path: Path) -> None:
    begun, *come, done = said_of(job(tmp_path))
    assert isinstance(begun, Begun)
    assert all(isinstance(each, Come) for each in come), "on a slow machine it also says how far it is"
    assert (begun.since, begun.until) == (START, START + 2 * HOUR)
    assert isinstance(done, Flown)
    kept = msgspec.json.decode((tmp_path / "a.json").read_bytes())
    assert kept["results"]["net_profit"] == str(done.figures.net_profit)
    assert (kept["strategy"], kept["symbols"], kept["candles"]) == ("ema_cross", ["XBTUSDTM"], 120)
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.json"], "no part is left"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"strategy": "nix"}, "no strategy is called 'nix'"),
        ({"told": {"timeframe": "1m", "fast": "0"}}, "fast"),
        ({"source": Source(file="/nowhere/bars.csv", symbol="XBTUSDTM")}, "cannot be read"),
        ({"source": Source(seed=1, symbol="XBTUSDTM", begin=START, end=START)}, "no bars in that time"),
        ({"document": "/nowhere/a.json"}, "its result cannot be written: No such file"),
    ],
)
def test_what_cannot_be_flown_or_kept_is_said(tmp_path: Path, changed: dict[str, object], why: str) -> None:
    last = said_of(job(tmp_path, **changed))[-1]
    assert isinstance(last, Unflown)
    assert why in last.why
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.long
def test_the_process_is_the_last_to_get_time_and_ends_with_who_asked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "radtui.backtest.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        long = Source(seed=1, symbol="XBTUSDTM", begin=START, end=START + 40 * DAY)
        process.stdin.write(encode_job(job(tmp_path, source=long)) + b"\n")
        process.stdin.flush()
        assert isinstance(decode_said(process.stdout.readline()), Begun)
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == 19
        process.stdin.close()
        assert process.wait(10) == 1
    assert not list(tmp_path.iterdir())
