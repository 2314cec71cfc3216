from __future__ import annotations

import pytest

from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.regime import Regime, Terms, regime_of, terms_of

TOLD = CompositeParameters()


@pytest.mark.parametrize(
    ("move", "width", "regime"),
    [
        (0.0301, 0.5, Regime.TRENDING),
        (-0.0301, 0.001, Regime.TRENDING),
        (0.03, 0.001, Regime.NEUTRAL),
        (0.0099, 0.0199, Regime.RANGING),
        (-0.0099, 0.0199, Regime.RANGING),
        (0.01, 0.0199, Regime.NEUTRAL),
        (0.0099, 0.02, Regime.NEUTRAL),
        (0.0, 0.0, Regime.RANGING),
    ],
)
def test_the_regime_turns_at_its_bounds(move: float, width: float, regime: Regime) -> None:
    assert regime_of(move, width, TOLD) is regime


def test_what_holds_in_each_regime() -> None:
    assert terms_of(TOLD) == {
        Regime.TRENDING: Terms(trend=2.5, oscillator=1.0, large=0.02, least=0.52),
        Regime.RANGING: Terms(trend=1.5, oscillator=2.0, large=0.015, least=0.58),
        Regime.NEUTRAL: Terms(trend=1.5, oscillator=1.0, large=0.02, least=0.55),
    }
