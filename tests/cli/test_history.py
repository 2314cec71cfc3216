"""What the commands about history share reads a command line, and refuses what it cannot mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.history import known, offline, parameters, source
from radtui.cli.opening import opened
from radtui.core.config import CoreConfig
from radtui.core.market import SECOND


def test_a_source_is_named_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    named = source(opened(Flags()).settings, Path("bars.csv"), None, "2022-01-03", "2022-01-04T12:00")
    assert named.file == str(tmp_path / "bars.csv")
    assert (named.begin, named.end) == (1_641_168_000 * SECOND, 1_641_297_600 * SECOND)
    assert source(opened(Flags()).settings, None, "XBTUSDTM").archive.endswith("candles")


@pytest.mark.parametrize(("symbol", "what"), [("NOPE", "no contract is called NOPE"), (None, "no candles were named")])
def test_a_source_that_cannot_be_is_usage(symbol: str | None, what: str) -> None:
    with pytest.raises(Failure, match=what) as refused:
        source(opened(Flags()).settings, None, symbol)
    assert refused.value.code is Exit.USAGE


def test_parameters_are_names_and_values() -> None:
    assert parameters(["fast=3", " slow = 8 ", "why=a=b"]) == {"fast": "3", "slow": "8", "why": "a=b"}
    for typed in ("fast", "=3", "timeframe=1m"):
        with pytest.raises(Failure):
            parameters([typed])


def test_timeframes_are_those_that_there_are() -> None:
    assert known("5m") == "5m"
    with pytest.raises(Failure, match="no timeframe is called 7m"):
        known("7m")


def test_what_candles_cannot_tell_is_not_asked_of_them() -> None:
    config = offline(CoreConfig(bot="t", boot=0, quotes=True))
    assert not config.quotes
    assert config.scan is None
