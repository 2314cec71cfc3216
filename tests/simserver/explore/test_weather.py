"""The forecast of a world: each kind does what it says, at its second or when the next order is on its way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from radtui.core.instruction import Ask
from radtui.core.market import MINUTE, SECOND
from radtui.simserver.explore.chances import Chances
from radtui.simserver.explore.kinds import MINUTELY, Kind
from radtui.simserver.explore.selection import Selection
from radtui.simserver.explore.weather import Weather

HOUR = 60


class Ground:
    """Implements `Land`, and notes what falls on it."""

    def __init__(self) -> None:
        self.fell: list[tuple[int, str, float]] = []
        self.at = 0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def note(self, what: str, figure: float) -> None:
        self.fell.append((self.at, what, figure))

    def outage(self, seconds: float) -> None:
        self.note("outage", seconds)

    def maintenance(self, seconds: float, *, closed: bool) -> None:
        self.note(f"maintenance {closed}", seconds)

    def set_clock(self, seconds: float, lasts: float) -> None:
        self.note("clock", seconds)

    def skew(self, seconds: float, lasts: float) -> None:
        self.note("skew", seconds)

    def slow_disk(self, seconds: float, commit: float) -> None:
        self.note("slow disk", seconds + commit)

    def full_disk(self, seconds: float) -> None:
        self.note("full disk", seconds)

    def crash(self, callbacks: int) -> None:
        self.note("crash", callbacks)

    def ask(self, ask: Ask, after: float) -> None:
        self.note(f"ask {ask}", after)

    def hand(self, number: int) -> None:
        self.note("hand", number)

    def stranger(self, number: int, seconds: float) -> None:
        self.note("stranger", seconds)

    def transfer(self, amount: int) -> None:
        self.note("transfer", amount)

    def at_order(self, seconds: float, begin: Callable[[], None]) -> None:
        self.waiting.append((seconds, begin))


def forecast(seed: int, kinds: frozenset[Kind], minutes: int = HOUR, *, orders: bool = False) -> Ground:
    """Let a world pass by, second by second; with `orders` one reaches the exchange each second."""
    ground = Ground()
    chances = Chances(seed, Selection(kinds))
    weather = Weather(chances, ground)
    for second in range(minutes * 60):
        ground.at = second
        weather.pass_by(second * SECOND)
        waiting, ground.waiting = (ground.waiting, []) if orders else ([], ground.waiting)
        for _, begin in waiting:
            begin()
    return ground


@pytest.mark.parametrize("kind", MINUTELY)
def test_each_kind_falls_in_some_world(kind: Kind) -> None:
    grounds = [forecast(seed, frozenset({kind}), orders=True) for seed in range(8)]
    said = {what.partition(" ")[0] for ground in grounds for _, what, _ in ground.fell}
    assert len(said) == 1


def test_what_is_taken_away_moves_nothing_else() -> None:
    every = frozenset(MINUTELY)
    kept = [each for each in forecast(3, every, orders=True).fell if each[1] != "crash"]
    assert forecast(3, every - {Kind.CRASH}, orders=True).fell == kept
    assert kept


def test_most_of_it_waits_for_an_order() -> None:
    grounds = [forecast(seed, frozenset(MINUTELY)) for seed in range(6)]
    assert sum(len(ground.waiting) for ground in grounds) > sum(len(ground.fell) for ground in grounds) / 2


def test_nothing_begins_in_a_calm() -> None:
    ground = Ground()
    chances = Chances(1, Selection(frozenset(MINUTELY)))
    weather = Weather(chances, ground)
    weather.pass_by(0)
    chances.calm = True
    weather.pass_by(HOUR * MINUTE)
    assert not ground.fell
    assert not ground.waiting
