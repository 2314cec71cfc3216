from __future__ import annotations

from typing import Any

import pytest
from venue_world import COIN, GEM, live, quiet, send, step, stop

from radtui.core.order import MarginMode, PositionSide
from radtui.venue.modes import Modes, PositionMode
from radtui.venue.refusals import VenueRefusal
from radtui.venue.venue import Venue

LONG, SHORT = PositionSide.LONG, PositionSide.SHORT
CALM = [quiet("100")] * 4


def _hedged(*rows: tuple[str, str, str, str], **fields: Any) -> Venue:
    where = live(*(rows or CALM), **fields)
    where.set_position_mode(PositionMode.HEDGE)
    return where


def _refused(code: str, where: Venue, *asked: Any, **fields: Any) -> None:
    before = where.pack()
    with pytest.raises(VenueRefusal, match=code):
        send(where, *asked, **fields)
    assert where.pack() == before


def test_a_contract_that_nobody_set_up_is_isolated_and_ten_times_in_cross() -> None:
    modes = Modes(leverages={GEM.symbol: 200})
    assert (modes.margin_mode(COIN.symbol), modes.cross_leverage(COIN)) == (MarginMode.ISOLATED, 10)
    assert modes.cross_leverage(GEM) == GEM.max_leverage


def test_a_hedge_account_holds_a_long_and_a_short_at_once() -> None:
    where = _hedged()
    send(where, "up", "buy", 10, position_side=LONG)
    send(where, "down", "sell", 4, position_side=SHORT)
    assert [(p.position_side, p.lots) for p in where.positions()] == [(LONG, 10), (SHORT, -4)]
    send(where, "less", "sell", 3, position_side=LONG)
    send(where, "all", "buy", close_order=True, position_side=SHORT)
    assert [(p.position_side, p.lots) for p in where.positions()] == [(LONG, 7)]
    assert [fill.position_side for fill in where.fills(0)] == [LONG, SHORT, LONG, SHORT]
    assert where.everyone == 1000


def test_a_sale_on_the_long_side_only_closes_and_never_more_than_there_is() -> None:
    where = _hedged()
    _refused("300009", where, "none", "sell", 3, position_side=LONG)
    send(where, "up", "buy", 5, position_side=LONG)
    report = send(where, "more", "sell", 8, position_side=LONG)
    assert (report.filled_lots, report.cancelled) == (5, True)
    assert where.positions() == []


def test_each_side_has_its_own_stop() -> None:
    where = _hedged(quiet("100"), ("100", "100", "96", "97"), balance="5000")
    send(where, "up", "buy", 5, position_side=LONG)
    send(where, "down", "sell", 5, position_side=SHORT)
    step(where)
    send(where, "out", "sell", close_order=True, position_side=LONG, stop=stop("down", "97"))
    step(where)
    assert [(p.position_side, p.lots) for p in where.positions()] == [(SHORT, -5)]


@pytest.mark.parametrize(
    ("hedge", "side", "code"), [(True, PositionSide.BOTH, "330012"), (False, LONG, "330011"), (False, SHORT, "330011")]
)
def test_an_order_for_the_other_position_mode_is_refused(hedge: bool, side: PositionSide, code: str) -> None:
    where = _hedged() if hedge else live(*CALM)
    _refused(code, where, "a", "buy", 1, position_side=side)
