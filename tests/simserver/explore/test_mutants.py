"""Builds that are broken on purpose: the explorer must find each of them, and soon."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from radtui.core.flatten import Flatten
from radtui.core.market import SECOND
from radtui.core.order import OrderRequest
from radtui.core.protection import Protection
from radtui.core.rest import Rest
from radtui.exchange.kucoin.adapter import KucoinExchange
from radtui.resilience.failures import Ambiguous
from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.outcome import Plan, Violation

MOST_SEEDS = 200
MINUTES = 15.0


def retries_under_a_new_id(monkeypatch: pytest.MonkeyPatch) -> None:
    place = KucoinExchange.place

    async def again(self: KucoinExchange, request: OrderRequest) -> str:
        try:
            return await place(self, request)
        except Ambiguous:
            return await place(self, replace(request, client_id=f"{request.client_id}r"))

    monkeypatch.setattr(KucoinExchange, "place", again)


def places_the_stop_late(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Protection.guard

    def late(self: Protection, symbol: str) -> None:
        position = self._positions.open[symbol]
        if position.bare_since is None or self._desk.at - position.bare_since > 12 * SECOND:
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


def found_after(minutes: float = MINUTES) -> tuple[int, Violation]:
    """Return how many seeds it takes to find what is broken, and what is found."""
    for seed in range(1, MOST_SEEDS):
        outcome = explore(Plan(seed=seed, minutes=minutes))
        if outcome.violation is not None:
            return seed, outcome.violation
    pytest.fail(f"not found in {MOST_SEEDS} seeds")


@pytest.mark.parametrize(
    ("broken", "invariant"),
    [
        (retries_under_a_new_id, "one order per intent"),
        (places_the_stop_late, "no position without a stop"),
        (calls_it_flat_without_reading, "a receipt is true"),
        (calls_it_stopped_without_reading, "a receipt is true"),
    ],
)
def test_a_broken_build_is_found(broken: Any, invariant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    seeds, violation = found_after()
    print(f"{broken.__name__}: found after {seeds} seeds: {violation}")
    assert violation.invariant == invariant
