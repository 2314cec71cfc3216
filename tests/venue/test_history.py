import os
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import MINUTE, SECOND
from radtui.venue.history import BadHistory, RecordedMarket, Recording
from radtui.venue.market import Market

START = 1_640_995_200 * SECOND
HEADER = "timestamp,open,high,low,close,volume"
ROOT = Path(__file__).parents[2]
MONTH = (ROOT / os.environ.get("RADTUI_SHARED", "../shared") / "market" / "btc-perp-1m-2022-01.csv").resolve()
real_month = pytest.mark.skipif(not MONTH.is_file(), reason="the recorded month is not part of the project")


def row(minute: int, price: str = "100.0", volume: str = "7") -> str:
    at = datetime.fromtimestamp(1_640_995_200 + 60 * minute, UTC)
    return f"{at:%Y-%m-%d %H:%M:%S}.000000,{price},{price},{price},{price},{volume}"


def written(path: Path, *rows: str, header: str = HEADER) -> Path:
    file = path / "bars.csv"
    file.write_text("\n".join([header, *rows]) + "\n")
    return file


def recorded(path: Path, *rows: str, warmup: int = 0) -> RecordedMarket:
    return RecordedMarket(written(path, *rows), warmup=warmup)


@settings(max_examples=25, deadline=None)
@given(minutes=st.sets(st.integers(0, 200), min_size=2, max_size=30), warmup=st.integers(0, 3))
def test_bars_come_without_gaps_and_keep_what_was_recorded(
    tmp_path_factory: pytest.TempPathFactory, minutes: set[int], warmup: int
) -> None:
    wanted = sorted(minutes | {min(minutes) + 1, min(minutes) + 5})
    market = recorded(
        tmp_path_factory.mktemp("bars"), *(row(minute, f"{100 + minute}.5") for minute in wanted), warmup=warmup
    )
    bars = [*market.warm(MINUTE, 500)]
    while not market.ended:
        bars += market.step()
    first = bars[0].opened_at
    assert [bar.opened_at for bar in bars] == list(range(first, bars[-1].closed_at, MINUTE))
    traded = [bar for bar in bars if bar.volume]
    assert [bar.close for bar in traded] == [Decimal(f"{100 + minute}.5") for minute in wanted]
    for before, bar in pairwise(bars):
        assert bar.volume or bar.open == bar.high == bar.low == bar.close == before.close


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.integers(0, 9))
def test_a_packed_market_continues_where_it_stood(
    tmp_path_factory: pytest.TempPathFactory, before: int, after: int
) -> None:
    path = tmp_path_factory.mktemp("bars")
    rows = [row(minute, f"{100 + minute}") for minute in range(20)]
    market, other = recorded(path, *rows), recorded(path, *rows, warmup=5)
    for _ in range(before):
        market.step()
    other.restore(market.pack())
    assert other.now == market.now
    assert [other.step() for _ in range(after)] == [market.step() for _ in range(after)]


def test_it_is_a_market_that_ends(tmp_path: Path) -> None:
    market: Market = recorded(tmp_path, row(0), row(1), row(2), warmup=2)
    assert market.step_span == MINUTE
    assert [bar.opened_at for bar in market.warm(MINUTE, 9)] == [market.now - 2 * MINUTE, market.now - MINUTE]
    assert market.step()[0].opened_at == market.now - MINUTE
    assert market.ended
    with pytest.raises(EOFError, match=r"bars\.csv has no more bars"):
        market.step()


def test_the_warm_up_ends_at_the_first_step_and_covers_the_candles_asked_for(tmp_path: Path) -> None:
    market = recorded(tmp_path, *(row(minute) for minute in range(40)), warmup=33)
    bars = market.warm(5 * MINUTE, 2)
    assert bars[-1].closed_at == market.now
    assert len(bars) == 3 + 2 * 5


def test_the_source_follows_the_content(tmp_path: Path) -> None:
    one = recorded(tmp_path, row(0), row(1)).source
    two = recorded(tmp_path, row(0), row(1, "101")).source
    assert one.startswith("file:bars.csv:")
    assert len(one) == len("file:bars.csv:") + 12
    assert one != two


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2022-01-01 00:00:00.000000", "2022-01-01 00:01:00.000000"),
        ("2022-01-01T00:00:00Z", "2022-01-01T00:01:00Z"),
        ("2022-01-01T01:00:00+01:00", "2022-01-01T01:01:00+01:00"),
        ("1640995200", "1640995260"),
        ("1640995200000", "1640995260000"),
    ],
)
def test_times_are_read_in_every_usual_form(tmp_path: Path, first: str, second: str) -> None:
    market = recorded(tmp_path, f"{first},1,1,1,1,0", f"{second},1,1,1,1,0")
    assert market.now == 1_640_995_200 * SECOND
    assert market.step_span == MINUTE


def test_prices_are_put_on_the_contracts_tick(tmp_path: Path) -> None:
    bar = recorded(tmp_path, "1640995200,100.04,100.16,99.94,100.06,3", row(1)).step()[0]
    assert (bar.open, bar.high, bar.low, bar.close) == tuple(map(Decimal, ("100.0", "100.2", "99.9", "100.1")))


def test_columns_may_come_in_another_order_with_others_between(tmp_path: Path) -> None:
    rows = ["x,7,1,4,1,2,1640995200", "x,7,1,4,1,2,1640995260"]
    file = written(tmp_path, *rows, header="Note,Volume,Low,High,Open,Close,Timestamp")
    bar = RecordedMarket(file, warmup=0).step()[0]
    assert [bar.open, bar.high, bar.low, bar.close, bar.volume] == list(map(Decimal, (1, 4, 1, 2, 7)))


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([row(0), row(0)], r"line 3: its time is not after .* Sort the file"),
        ([row(0), row(2), row(1)], r"line 4: its time is not after"),
        ([row(0), row(1, "NaN")], r"line 3: NaN is no price"),
        ([row(0), row(1, "-5")], r"line 3: -5 is no price"),
        ([row(0), row(1, "0")], r"line 3: 0 is no price"),
        ([row(0), row(1, "1e30")], r"line 3: 1e30 is no price"),
        ([row(0), row(1, "ten")], r"line 3: 'ten' is no number"),
        ([row(0), row(1, volume="-1")], r"line 3: -1 is no price and no volume"),
        ([row(0), row(1, volume="Infinity")], r"line 3: Infinity is no"),
        ([row(0), "1640995260,100,99,101,100,1"], r"line 3: its high is below, or its low above"),
        ([row(0), "1640995260,100,101,99,102,1"], r"line 3: its high is below, or its low above"),
        ([row(0), "1640995260,100"], r"line 3: it has 2 columns"),
        ([row(0), "yesterday,1,1,1,1,1"], r"line 3: .*yesterday"),
        ([row(0), row(1), "1640995350,1,1,1,1,1"], r"line 4: its time is off the grid of 60 s"),
        ([row(0), row(1), row(20_000)], r"line 4: more than 7 days are missing .* Split the file"),
        ([row(0)], r"line 1: there are fewer than two rows"),
        ([], r"line 1: there are fewer than two rows"),
    ],
)
def test_what_cannot_be_replayed_is_refused_by_its_line(tmp_path: Path, rows: list[str], complaint: str) -> None:
    with pytest.raises(BadHistory, match=rf"bars\.csv, {complaint}"):
        recorded(tmp_path, *rows)


def test_a_header_without_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadHistory, match=r"line 1: the header lacks low, volume"):
        RecordedMarket(written(tmp_path, header="timestamp,open,high,close"))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadHistory, match=r"none\.csv cannot be read: No such file"):
        RecordedMarket(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadHistory, match="not a text file"):
        RecordedMarket(tmp_path / "bytes.csv")


def test_a_file_that_is_all_warm_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadHistory, match="holds 2 bars and 2 of them are warm-up"):
        recorded(tmp_path, row(0), row(1), warmup=2)


@pytest.mark.parametrize("symbols", [(), ("NOSUCH",), ("XBTUSDTM", "ETHUSDTM")])
def test_it_must_be_one_known_symbol(tmp_path: Path, symbols: tuple[str, ...]) -> None:
    with pytest.raises(BadHistory, match="a market file holds one symbol"):
        RecordedMarket(written(tmp_path, row(0), row(1)), symbols)


def test_candles_shorter_than_the_bars_are_refused(tmp_path: Path) -> None:
    market = recorded(tmp_path, row(0), row(5))
    with pytest.raises(BadHistory, match="bars of 300 s: no candles of 60 s"):
        market.warm(MINUTE, 1)


def test_a_position_outside_the_file_is_refused(tmp_path: Path) -> None:
    market = recorded(tmp_path, row(0), row(1))
    with pytest.raises(ValueError, match="does not lie in"):
        market.restore(b"\x7f")


@real_month
def test_a_real_month_is_read_whole_and_fast() -> None:
    began = process_time()
    market = RecordedMarket(MONTH)
    assert process_time() - began < 3.0
    bars = [*market.warm(MINUTE, 500)]
    assert len(bars) == 500
    while not market.ended:
        bars += market.step()
    assert len(bars) == 45_031
    assert (bars[0].open, bars[0].volume) == (Decimal("46319.0"), Decimal("2300413.7295"))
    assert bars[-1].close == Decimal("38544.0")
    assert bars[-1].closed_at - bars[0].opened_at == 45_031 * MINUTE


def test_rows_that_were_read_already_are_the_same_market(tmp_path: Path) -> None:
    by_file = recorded(tmp_path, row(0), row(1, "100.04"), row(4), warmup=1)
    figures = [(0, "100"), (1, "100.04"), (4, "100")]
    rows = [(START + minute * MINUTE, *[Decimal(price)] * 4, Decimal(7)) for minute, price in figures]
    by_rows = RecordedMarket(Recording("rows", "f" * 64, rows), ("XBTUSDTM",), 1)
    assert by_rows.source == "file:rows:ffffffffffff"
    assert [by_rows.step() for _ in range(4)] == [by_file.step() for _ in range(4)]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (("100", "99", "98", "100"), "row|line 2: its high is below"),
        (("0", "1", "0", "1"), "line 2: 0 is no price"),
    ],
)
def test_a_row_that_cannot_be_is_named(bad: tuple[str, ...], why: str) -> None:
    rows = [(START, *[Decimal(1)] * 5), (START + MINUTE, *map(Decimal, bad), Decimal(1))]
    with pytest.raises(BadHistory, match=why):
        RecordedMarket(Recording("rows", "f" * 64, rows), ("XBTUSDTM",), 1)  # type: ignore[arg-type]


def test_a_part_of_it_begins_where_it_is_told(tmp_path: Path) -> None:
    market = recorded(tmp_path, *(row(minute) for minute in range(10)))
    market.narrow(START + 4 * MINUTE, START + 7 * MINUTE)
    assert (market.now, market.ends_at) == (START + 4 * MINUTE, START + 7 * MINUTE)
    assert len(market.warm(MINUTE, 100)) == 4
    with pytest.raises(BadHistory, match="no bars in that time"):
        market.narrow(START + 9 * MINUTE, None)
