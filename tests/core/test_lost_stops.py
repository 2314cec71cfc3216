"""A stop that somebody took away is told of; one that we cancelled, or whose position is gone, is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from radtui.core.facts import Trouble
from radtui.core.lost_stops import LostStops
from radtui.core.orders import OrderState, Purpose
from tests.core.holdings import holding
from tests.core.makers import facts
from tests.core.rim import Rim


def stops_of(rim: Rim) -> LostStops:
    trading = rim.core.trading
    return LostStops(trading.orders, trading.positions, trading.recovery, trading.reconciler)


def told(rim: Rim, **changed: Any) -> list[str]:
    """Return what is told when the stop that rests is shown to have ended otherwise."""
    (before,) = rim.core.trading.orders.live(Purpose.STOP)
    after = msgspec.structs.replace(before, **{"state": OrderState.CANCELLED, **changed})
    rim.core.desk.clear()
    stops_of(rim).look(before, after)
    return [trouble.message for trouble in facts(rim.core.desk.clear(), Trouble)]


def test_one_that_was_taken_away_is_told_of() -> None:
    (said,) = told(holding())
    assert "a new one is placed" in said


@pytest.mark.parametrize("changed", [{"cancelling": True}, {"state": OrderState.WORKING}, {"state": OrderState.FILLED}])
def test_one_that_was_to_end_or_has_not_ended_is_not(changed: dict[str, Any]) -> None:
    assert told(holding(), **changed) == []


def test_nor_one_that_had_ended_before_or_was_never_known() -> None:
    rim = holding()
    (stop,) = rim.core.trading.orders.live(Purpose.STOP)
    ended = msgspec.structs.replace(stop, state=OrderState.CANCELLED)
    rim.core.desk.clear()
    for before, after in ((None, ended), (ended, ended), (stop, None)):
        stops_of(rim).look(before, after)
    assert facts(rim.core.desk.clear(), Trouble) == []
