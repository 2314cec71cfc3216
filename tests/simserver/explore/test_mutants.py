"""Builds that are broken on purpose: the explorer must find each of them, and soon."""

from __future__ import annotations

from functools import partialmethod
from typing import Any

import pytest
from msgspec.structs import replace

from radtui.core.by_hand import ByHand
from radtui.core.flatten import Flatten
from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from radtui.core.order import OrderRequest
from radtui.core.own_orders import OwnOrders
from radtui.core.protection import Protection
from radtui.core.rest import Rest
from radtui.engine.engine import Engine
from radtui.exchange.kucoin.adapter import KucoinExchange
from radtui.resilience.failures import Ambiguous
from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.outcome import Plan, Violation

MOST_SEEDS = 200
MINUTES = 10.0


def retries_under_a_new_id(monkeypatch: pytest.MonkeyPatch) -> None:
    place = KucoinExchange.place

    async def again(self: KucoinExchange, request: OrderRequest) -> str:
        try:
            return await place(self, request)
        except Ambiguous:
            return await place(self, replace(request, client_id=f"{request.client_id}r"))

    monkeypatch.setattr(KucoinExchange, "place", again)


def takes_a_timeout_for_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OwnOrders, "unclear", OwnOrders.refused)


def places_the_stop_late(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Protection.guard

    def late(self: Protection, symbol: str) -> None:
        position = self._positions.open[symbol]
        if position.bare_since is None or self._desk.at - position.bare_since > 8 * SECOND:
            guard(self, symbol)

    monkeypatch.setattr(Protection, "guard", late)


def calls_it_flat_without_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def believed(self: Flatten, _: Any) -> bool:
        self._close()
        self.shown = None
        return True

    monkeypatch.setattr(Flatten, "take", believed)


def calls_it_stopped_without_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: Rest, **__: bool) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr(Rest, "lacking", nothing)


def cancels_what_is_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "tell", partialmethod(Engine.tell, foreign=True))


def answers_for_an_order_before_the_exchange_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(self: ByHand) -> None:
        for asked in [each for each in self._pending.values() if each.instruction.ask is Ask.PLACE_ORDER]:
            del self._pending[asked.instruction.id]
            self._answer(asked, self._trading.orders.get(asked.order))

    monkeypatch.setattr(ByHand, "settle", at_once)


def found_after(first: int = 1, minutes: float = MINUTES) -> tuple[int, Violation]:
    """Return the seed that finds what is broken, and what it finds."""
    for seed in range(first, first + MOST_SEEDS):
        outcome = explore(Plan(seed=seed, minutes=minutes))
        if outcome.violation is not None:
            return seed, outcome.violation
    pytest.fail(f"not found in {MOST_SEEDS} seeds")


@pytest.mark.parametrize(
    ("broken", "invariant", "first"),
    [
        (retries_under_a_new_id, "one order per intent", 1),
        (takes_a_timeout_for_a_failure, "one order per intent", 1),
        (places_the_stop_late, "no position without a stop", 1),
        (calls_it_flat_without_reading, "a receipt is true", 1),
        (answers_for_an_order_before_the_exchange_does, "an order by hand is placed once", 1),
        (cancels_what_is_not_its_own, "what is not ours is left alone", 52),
        (calls_it_stopped_without_reading, "a receipt is true", 51),  # counted from 1: the first seed that finds it
    ],
)
def test_a_broken_build_is_found(broken: Any, invariant: str, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    seed, violation = found_after(first)
    print(f"{broken.__name__}: found by seed {seed}: {violation}")
    assert violation.invariant == invariant
