from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import msgspec
from venue_world import COIN, live, quiet, send

from radtui.venue.contracts import CONTRACTS
from radtui.venue.risk import at_level, risk_limits

CALM = [quiet("100")] * 4
TIGHT = msgspec.structs.replace(COIN, risk_limit=Decimal(5000))


def test_the_levels_of_a_contract_rise_without_gaps_and_take_ever_less_leverage() -> None:
    for instrument in CONTRACTS.values():
        levels = risk_limits(instrument)
        assert levels[0].max_leverage == instrument.max_leverage
        assert levels[-1].max_leverage == 1
        for before, after in pairwise(levels):
            assert after.min == before.max < after.max
            assert after.max_leverage < before.max_leverage
            assert after.maintenance_margin > before.maintenance_margin
    assert risk_limits(COIN) == []


def test_a_risk_level_brings_its_own_maintenance_margin() -> None:
    where = live(*CALM, contracts=(TIGHT,), risk=True)
    send(where, "in", "buy", 10)
    low = where.positions()[0].maintenance
    where.set_risk_level(COIN.symbol, 3)
    first, _, third = where.risk_limits(COIN.symbol)[:3]
    cost = where.positions()[0].cost
    assert where.positions()[0].maintenance - low == cost * (third.maintenance_margin - first.maintenance_margin)
    assert where.instruments[0].maintenance_margin == first.maintenance_margin


def test_the_risk_limit_caps_what_could_be_opened() -> None:
    where = live(*CALM, contracts=(TIGHT,), risk=True, balance="1000000")
    assert where.max_open_lots(COIN.symbol, Decimal(100), 10) == (50, 50)
    send(where, "in", "buy", 20)
    assert where.max_open_lots(COIN.symbol, Decimal(100), 10) == (30, 70)


def test_a_contract_at_a_level_has_that_levels_margin_rules() -> None:
    level = risk_limits(TIGHT)[2]
    there = at_level(TIGHT, level)
    assert (there.max_leverage, there.initial_margin) == (level.max_leverage, level.initial_margin)
    assert there.multiplier == TIGHT.multiplier
