"""What a contract is worth: the composite's own opinion, its points, and nothing of what has not closed yet."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from msgspec.structs import replace

from radtui.core.listed import Listed
from radtui.core.market import HOUR, TIMEFRAMES, Candle
from radtui.core.scan_view import CandidateView
from radtui.strategies.base import View
from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.strategy import Composite
from radtui.strategies.frames import Higher
from radtui.strategies.proving import closing, contract, market
from radtui.strategies.scanning import FURTHER
from radtui.strategies.scanning.scoring import Hourly, ranked, score

LISTED = Listed(contract(), Decimal(3_000_000))
SEEDS = range(40)


def further(hourly: Sequence[Candle]) -> dict[str, list[Candle]]:
    """Return the 4h and 1d candles that are built of hourly ones."""
    built = {frame: Higher(TIMEFRAMES[frame]) for frame in FURTHER}
    return {frame: [whole for candle in hourly for whole in higher.take(candle)] for frame, higher in built.items()}


def scored(seed: int, count: int = 400) -> CandidateView | None:
    hourly = market(seed, count, "1h")
    return score(LISTED, hourly[-100:], further(hourly))


def found() -> list[CandidateView]:
    return [each for seed in SEEDS if (each := scored(seed)) is not None]


def test_it_is_the_composites_opinion() -> None:
    for seed in SEEDS[:8]:
        hourly = market(seed, 400, "1h")
        higher, told = further(hourly), CompositeParameters(timeframe="1h", frames=FURTHER)
        scanning, flying = Hourly(contract(), told), Composite(contract(), told)
        first = View(symbol=hourly[0].symbol, just_closed=higher)
        built = {frame: {each.closed_at: each for each in candles} for frame, candles in higher.items()}
        read = said = None
        for ordinal, candle in enumerate(hourly):
            ends = {frame: (built[frame][candle.closed_at],) for frame in FURTHER if candle.closed_at in built[frame]}
            read = scanning.read(candle, first if not ordinal else View(symbol=candle.symbol))
            said = flying.read(candle, View(symbol=candle.symbol, just_closed=ends))
        assert read == said
        if read is not None:
            assert scanning.opinion(read) == flying.opinion(read)


def test_the_score_is_the_sum_of_its_parts() -> None:
    candidates = found()
    assert len(candidates) > 5
    for each in candidates:
        assert each.score == sum(part.points for part in each.parts)
        assert each.parts[0].points == pytest.approx(120 * each.confidence)
        side = 1 if each.action == "buy" else -1
        assert (each.price - each.stop) * side > 0 < (each.target - each.price) * side
    assert {each.action for each in candidates} == {"buy", "sell"}


def test_what_has_not_closed_by_then_is_not_looked_at() -> None:
    hourly = market(3, 400, "1h")
    later = dict(further(market(3, 700, "1h")).items())
    assert score(LISTED, hourly[-100:], further(hourly)) == score(LISTED, hourly[-100:], later)


def test_too_few_candles_are_not_scored() -> None:
    hourly = market(2, 400, "1h")
    assert score(LISTED, [], {}) is None
    assert score(LISTED, hourly[-49:], further(hourly)) is None
    assert score(LISTED, hourly[-100:], {}) is None
    assert score(LISTED, hourly[-100:], {"4h": further(hourly)["4h"], "1d": further(hourly)["1d"][-5:]}) is None


def test_a_market_that_stands_still_is_not_scored() -> None:
    flat = closing([100] * 400, "1h")
    assert score(LISTED, flat[-100:], further(flat)) is None


def test_the_best_comes_first_and_what_is_worth_nothing_not_at_all() -> None:
    candidates = found()
    best = ranked(candidates)
    assert [each.score for each in best] == sorted((each.score for each in candidates if each.score > 0), reverse=True)
    assert ranked([]) == ()
    first = candidates[0]
    alike = [
        replace(first, symbol=symbol, score=score, turnover=Decimal(turnover))
        for symbol, score, turnover in (("A", 0.0, 9), ("B", -1.0, 9), ("C", 0.1, 1), ("D", 7.0, 1), ("E", 7.0, 2))
    ]
    assert [each.symbol for each in ranked(alike)] == ["E", "D", "C"]


def test_it_is_of_the_last_close() -> None:
    (first, *_) = found()
    assert first.at % HOUR == 0
    assert first.turnover == LISTED.turnover
