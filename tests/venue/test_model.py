from itertools import pairwise
from math import log, sqrt
from statistics import correlation, fmean, pstdev
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import HOUR, MINUTE, SECOND, Candle
from radtui.venue.contracts import CONTRACTS, DEFAULT_SYMBOLS
from radtui.venue.market import Market
from radtui.venue.model import SeededMarket

START = 1_700_000_000 * SECOND
FIVE = 5 * MINUTE

seeds = st.integers(0, 2**31)
spans = st.sampled_from([MINUTE, FIVE, 30 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR])


def market(seed: int = 7, symbols: tuple[str, ...] = DEFAULT_SYMBOLS, span: int = SECOND) -> SeededMarket:
    return SeededMarket(symbols, seed, START, span)


def assert_sound(bar: Candle) -> None:
    tick = CONTRACTS[bar.symbol].tick
    assert 0 < bar.low <= min(bar.open, bar.close)
    assert bar.high >= max(bar.open, bar.close)
    assert all(price % tick == 0 for price in (bar.open, bar.high, bar.low, bar.close))
    assert bar.volume >= 0
    assert bar.volume == int(bar.volume)


@settings(max_examples=12, deadline=None)
@given(seeds, spans, st.integers(1, 40))
def test_every_series_is_sound_and_runs_on_without_a_break(seed: int, span: int, count: int) -> None:
    seeded = market(seed)
    bars = [*seeded.warm(span, count), *(bar for _ in range(20) for bar in seeded.step())]
    for symbol in DEFAULT_SYMBOLS:
        series = [bar for bar in bars if bar.symbol == symbol]
        for bar in series:
            assert_sound(bar)
        for before, bar in pairwise(series):
            assert bar.open == before.close
            assert bar.opened_at == before.closed_at


@settings(max_examples=12, deadline=None)
@given(seeds, spans, st.integers(1, 30))
def test_the_warm_up_has_as_many_whole_candles_as_asked_and_ends_at_the_start(seed: int, span: int, count: int) -> None:
    seeded = market(seed, ("XBTUSDTM",))
    bars = seeded.warm(span, count)
    whole = [bar for bar in bars if bar.span == span]
    assert len(whole) == count
    assert all(bar.opened_at % bar.span == 0 and span % bar.span == 0 for bar in bars)
    assert bars[-1].closed_at == seeded.now == START - START % HOUR


@settings(max_examples=12, deadline=None)
@given(seeds, st.integers(0, 150), st.integers(1, 50), st.booleans())
def test_a_packed_market_continues_bit_by_bit(seed: int, before: int, after: int, warmed: bool) -> None:
    seeded = market(seed)
    for _ in range(before):
        seeded.step()
    other = SeededMarket(DEFAULT_SYMBOLS, seed, START + 500 * HOUR)
    if warmed:
        other.warm(FIVE, 3)
        other.step()
    other.restore(seeded.pack())
    assert other.now == seeded.now
    assert [other.step() for _ in range(after)] == [seeded.step() for _ in range(after)]
    assert other.pack() == seeded.pack()


def test_it_is_a_market() -> None:
    seeded: Market = market()
    assert not seeded.ended
    assert seeded.step_span == SECOND
    assert [instrument.symbol for instrument in seeded.instruments] == list(DEFAULT_SYMBOLS)


def test_the_source_names_what_makes_the_prices() -> None:
    assert market(7, ("XBTUSDTM", "ETHUSDTM")).source == "seed:7:XBTUSDTM,ETHUSDTM"
    assert market(7, ("XBTUSDTM",), MINUTE).source != market(7, ("XBTUSDTM",)).source


def test_a_symbols_prices_depend_on_the_seed_and_not_on_its_company() -> None:
    alone, together, otherwise = market(7, ("ETHUSDTM",)), market(7), market(8, ("ETHUSDTM",))
    mine = [alone.step()[0] for _ in range(50)]
    assert mine == [next(bar for bar in together.step() if bar.symbol == "ETHUSDTM") for _ in range(50)]
    assert mine != [otherwise.step()[0] for _ in range(50)]


def test_every_seed_begins_at_a_believable_price() -> None:
    opens = [float(market(seed, ("XBTUSDTM",)).step()[0].open) for seed in range(30)]
    assert 60_000 < min(opens) < max(opens) < 70_000


def test_all_contracts_can_be_traded_on() -> None:
    assert len(market(1, tuple(CONTRACTS)).step()) == len(CONTRACTS)


@pytest.mark.parametrize("other", ["XBTUSDCM", "XBTUSDM"])
def test_contracts_on_one_coin_go_the_same_way_a_little_apart(other: str) -> None:
    seeded = market(4, ("XBTUSDTM", other))
    for _ in range(500):
        first, second = seeded.step()
        assert 0 <= abs(float(second.close) / float(first.close) - 1.0) < 0.0005
        assert second.volume >= 0


def test_an_inverse_contracts_volume_is_in_dollars() -> None:
    seeded = market(4, ("XBTUSDTM", "XBTUSDM"))
    steps = [seeded.step() for _ in range(300)]
    coins = sum(first.volume * first.close for first, _ in steps) / 1000
    dollars = sum(second.volume for _, second in steps)
    assert 0.8 < coins / dollars < 1.25


def test_its_state_is_small() -> None:
    assert len(market().pack()) <= 200


@pytest.mark.parametrize("symbols", [(), ("NOSUCH",), ("XBTUSDTM", "XBTUSDTM")])
def test_symbols_it_cannot_make_are_refused(symbols: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="possible: XBTUSDTM"):
        market(7, symbols)


@pytest.mark.parametrize("state", [b"", b"\xc1", SeededMarket(("XBTUSDTM",), 7, START).pack()])
def test_a_state_of_another_market_is_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match="the stored market"):
        market().restore(state)


@pytest.fixture(scope="module")
def month() -> dict[str, list[float]]:
    """Thirty days of five-minute returns."""
    seeded = market(3, span=FIVE)
    steps = [seeded.step() for _ in range(30 * 288)]
    closes = {bar.symbol: [float(step[i].close) for step in steps] for i, bar in enumerate(steps[0])}
    return {symbol: [log(later / sooner) for sooner, later in pairwise(row)] for symbol, row in closes.items()}


def test_the_returns_have_a_crypto_exchanges_size_tails_and_company(month: dict[str, list[float]]) -> None:
    bitcoin, ether = month["XBTUSDTM"], month["ETHUSDTM"]
    assert 0.004 < pstdev(bitcoin) * sqrt(12) < 0.009
    assert pstdev(month["SOLUSDTM"]) > pstdev(bitcoin)
    assert fmean(r**4 for r in bitcoin) / fmean(r * r for r in bitcoin) ** 2 > 5.0
    assert 0.4 < correlation(bitcoin, ether) < 0.85


def test_volatility_comes_in_clusters(month: dict[str, list[float]]) -> None:
    sizes = [abs(r) for r in month["XBTUSDTM"]]
    assert correlation(sizes, sizes[1:] + sizes[:1]) > 0.08
    assert correlation(sizes, sizes[12:] + sizes[:12]) > 0.05


def test_averages_cross_several_times_a_day(month: dict[str, list[float]]) -> None:
    for returns in month.values():
        fast = slow = price = 0.0
        above, crossings = False, 0
        for r in returns:
            price += r
            fast += (price - fast) * 2 / 13
            slow += (price - slow) * 2 / 27
            crossings += (fast > slow) is not above
            above = fast > slow
        assert 4 < crossings / 30 < 20


def test_a_day_of_seconds_moves_as_much_as_a_day_of_candles() -> None:
    seeded = market(5, ("XBTUSDTM",))
    closes = [float(seeded.step()[0].close) for _ in range(8 * 3600)]
    returns = [log(later / sooner) for sooner, later in pairwise(closes[::300])]
    assert 0.003 < pstdev(returns) * sqrt(12) < 0.012


def test_it_costs_little() -> None:
    seeded = market()
    began = process_time()
    seeded.warm(FIVE, 500)
    warmed = process_time()
    for _ in range(1_000):
        seeded.step()
    assert warmed - began < 0.5
    assert (process_time() - warmed) / 1_000 < 400e-6
