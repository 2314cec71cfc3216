"""A source is found again wherever it is opened, and narrowed to what is flown."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.backtest.source import Source
from radtui.core.market import MINUTE
from radtui.venue.history import BadHistory
from tests.backtest.search.studies import BARS, WARMUP, csv
from tests.backtest.worlds import START, XBT

FIRST, LAST = START + WARMUP * MINUTE, START + (WARMUP + BARS) * MINUTE


def test_a_file_is_flown_after_its_warm_up_or_from_where_it_is_told(tmp_path: Path) -> None:
    file = str(csv(tmp_path))
    whole = Source(file=file).market("1m")
    assert (whole.now, whole.ends_at) == (FIRST, LAST)
    assert [each.symbol for each in whole.instruments] == [XBT]
    part = Source(file=file, symbol=XBT, begin=FIRST + MINUTE, end=LAST - MINUTE).market("1m")
    assert (part.now, part.ends_at) == (FIRST + MINUTE, LAST - MINUTE)


def test_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadHistory, match="no candles of ETHUSDTM"):
        Source(archive=str(tmp_path), symbol="ETHUSDTM").market("1m")
    with pytest.raises(BadHistory, match="cannot be read"):
        Source(file=str(tmp_path / "no.csv")).market("1m")
