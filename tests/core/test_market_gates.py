"""The gates that ask the market, on both sides of their limits, and where nothing is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.core.config import Limits
from radtui.core.market import SECOND
from radtui.core.market_gates import MARKET_GATES
from radtui.core.measures import Measures
from tests.core.test_gates import PASSING

LIMITED = Limits(spread=Decimal("0.01"), volatility=Decimal("0.1"))
CALM = Measures(closed_at=0, volatility=Decimal("0.1"), momentum=Decimal(0))
AT_THE_LIMIT = msgspec.structs.replace(
    PASSING, limits=LIMITED, quoted=True, spread=Decimal("0.01"), measures=CALM, measured=900 * SECOND
)


def refused(**changed: Any) -> list[str]:
    proposal = msgspec.structs.replace(AT_THE_LIMIT, **changed)
    return [view.gate for gate in MARKET_GATES if not (view := gate(proposal)).passed]


def test_at_every_limit_all_pass() -> None:
    assert refused() == []


@pytest.mark.parametrize(
    ("changed", "gates"),
    [
        ({"measured": 900 * SECOND + 1}, ["candles"]),
        ({"measures": None}, ["candles", "volatility"]),
        ({"spread": Decimal("0.0101")}, ["spread"]),
        ({"spread": Decimal("-0.0001")}, ["spread"]),
        ({"spread": None}, ["spread"]),
        ({"spread": None, "quoted": False}, []),
        ({"measures": msgspec.structs.replace(CALM, volatility=Decimal("0.1001"))}, ["volatility"]),
    ],
)
def test_beyond_a_limit_and_in_the_dark_nothing_is_entered(changed: dict[str, Any], gates: list[str]) -> None:
    assert refused(**changed) == gates


def test_what_has_no_limit_is_not_asked() -> None:
    wild = msgspec.structs.replace(CALM, volatility=Decimal(5))
    assert refused(limits=Limits(), spread=Decimal(1), measures=wild) == []
    assert refused(limits=Limits(), spread=None, measures=None) == []
