"""What is not ours is left alone."""

from __future__ import annotations

import msgspec
from stage import SYMBOL, Stage

from radtui.simserver.explore.strangers import LeftAlone, name, ours


def test_a_strangers_order_that_is_gone_is_reported_and_ours_is_not() -> None:
    stage = Stage()
    check = LeftAlone(stage)
    stage.enter()
    stop = stage.protect()
    stage.venue.cancel(stop.symbol, stop.client_id)
    check.moved()
    theirs = stage.protect()
    stage.strangers[theirs.client_id] = SYMBOL
    check.moved()
    assert not stage.reported
    stage.venue.cancel(theirs.symbol, theirs.client_id)
    check.moved()
    assert "did not cancel it" in stage.reported[0][1]


def test_orders_are_told_apart_by_their_names() -> None:
    stage = Stage()
    stage.enter()
    own = stage.protect()
    assert ours([own]) == [own]
    assert not ours([msgspec.structs.replace(own, client_id=name(1))])
