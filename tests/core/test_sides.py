"""A hedge account with both sides of a contract open: ours is looked after, the other is told of and left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from radtui.core.account import PositionReport
from radtui.core.events import ExchangeShown, FillReported, PositionReported
from radtui.core.facts import Trouble
from radtui.core.instruction import Ask, Receipt
from radtui.core.order import OrderRequest, PositionSide, Side
from radtui.core.positions import Positions
from radtui.core.sides import Sides
from tests.core.makers import desk, fill, position, request
from tests.core.rim import Rim

XBT = "XBTUSDTM"
SIDES = {True: PositionSide.LONG, False: PositionSide.SHORT}
LOTS = st.integers(-50, 50).filter(bool)


def side(lots: int, symbol: str = XBT) -> PositionReport:
    """Return one side of a hedge account's contract."""
    return replace(position(lots, symbol), position_side=SIDES[lots > 0])


class Hedged(Rim):
    """A rim whose exchange shows somebody else's positions beside what the venue has, all of them with their side."""

    theirs: tuple[PositionReport, ...] = ()

    def feed_read(self) -> None:
        self._read(self.core.trading.read_since, None)

    def _read(self, since: int, outcome: object) -> None:
        venue = self.venue
        ours = tuple(replace(each, position_side=SIDES[each.lots > 0]) for each in venue.positions())
        orders, fills = tuple(venue.open_orders()), tuple(venue.fills(since))
        self.feed(ExchangeShown(self.at, self.at, orders, fills, (*self.theirs, *ours), venue.account()))


@pytest.fixture
def holding() -> Hedged:
    rim = Hedged()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal(XBT, 0.9)
    rim.calm(4)
    (held,) = rim.venue.positions()
    assert held.lots > 0
    rim.theirs = (side(-7),)
    rim.calm(4)
    return rim


def troubles(rim: Rim) -> list[str]:
    return [fact.message for fact in rim.journal if isinstance(fact, Trouble) and fact.kind == "hedge mode"]


def answered(rim: Rim, ask: Ask, *, foreign: bool = False) -> Receipt:
    told = rim.tell(ask, foreign=foreign)
    rim.calm()
    return rim.receipts[told]


def closing(held: PositionReport) -> OrderRequest:
    """Return somebody else's order that closes a position."""
    return request("stranger-9", abs(held.lots), Side.SELL if held.lots > 0 else Side.BUY)


@given(LOTS, LOTS)
def test_in_one_way_mode_a_position_is_never_beside_another_and_in_hedge_mode_where_its_side_differs(
    shown: int, held: int
) -> None:
    assert not position(shown).beside(held)
    assert side(shown).beside(held) is (shown * held < 0)
    assert replace(side(shown), lots=0).beside(held) is (shown * held < 0), "also once it is closed"


@given(st.lists(st.builds(side, LOTS, st.sampled_from([XBT, "ETHUSDTM"])), max_size=4, unique_by=str))
def test_sorting_loses_nothing(shown: list[PositionReport]) -> None:
    sides, positions = Sides(desk(), made := Positions()), made
    sorted_out = sides.sort(shown)
    assert sorted(map(str, shown)) == sorted(str(each) for reports in sorted_out.values() for each in reports)
    assert positions.paired.keys() == {symbol for symbol, reports in sorted_out.items() if len(reports) > 1}
    assert all(sides.theirs(reports) is reports[0] for reports in sorted_out.values()), "nothing is held here"


def test_it_is_told_once_with_what_to_do_and_readings_go_on(holding: Hedged) -> None:
    (text,) = troubles(holding)
    assert "two positions in XBTUSDTM at once: XBTUSDTM short 7 lots @ 60000 (not ours) and XBTUSDTM long" in text
    assert "(ours)" in text
    assert "Close at the exchange" in text
    reconciler = holding.core.trading.reconciler
    readings = reconciler.readings
    holding.calm(4)
    assert reconciler.readings > readings
    assert not reconciler.doubtful
    assert reconciler.view().foreign == ("XBTUSDTM -7 lots",)
    assert troubles(holding) == [text]


def test_ours_keeps_its_stop_and_nothing_is_entered(holding: Hedged) -> None:
    held = holding.core.trading.positions.open[XBT]
    assert held.bare_since is None
    assert holding.core.trading.positions.taken(XBT)
    assert len(holding.venue.open_orders()) == 1
    holding.core.trading.exits.close(XBT, "test")
    holding.calm()
    assert not holding.core.trading.positions.open
    holding.signal(XBT, 0.9)
    assert "symbol free" in holding.core.trading.entries.why[XBT].outcome


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.EMERGENCY_STOP])
def test_a_stop_has_its_receipt_and_lists_the_other_side(holding: Hedged, ask: Ask) -> None:
    receipt = answered(holding, ask)
    assert receipt.success
    assert receipt.foreign == ("XBTUSDTM short 7 lots @ 60000",)
    kept = ask is Ask.STOP
    assert len(receipt.positions_left) == kept
    assert bool(holding.venue.positions()) is kept
    holding.calm(6)
    assert set(holding.core.trading.positions.open) == ({XBT} if kept else set()), "what was said to stay stays"
    assert [each.lots for each in holding.core.trading.positions.strangers()] == [-7]


def test_what_goes_on_beside_ours_is_not_counted_as_ours(holding: Hedged) -> None:
    trading = holding.core.trading
    lots, realised = trading.positions.open[XBT].lots, trading.purse.sums.realised
    theirs = fill(900, 3, Side.BUY, client_id="stranger", at=holding.at, position_side=PositionSide.SHORT)
    written = len(holding.journal)
    holding.feed(FillReported(holding.at, theirs))
    holding.feed(PositionReported(holding.at, side(-4)))
    assert (trading.positions.open[XBT].lots, trading.purse.sums.realised) == (lots, realised)
    assert len(holding.journal) == written


def test_ours_that_is_gone_is_not_taken_for_turned_round(holding: Hedged) -> None:
    (held,) = holding.venue.positions()
    holding.venue.place(closing(held))
    holding.inbox.clear()
    holding.calm(6)
    assert not holding.core.trading.positions.open
    assert not holding.venue.open_orders(), "its stop went with it"
    holding.theirs = ()
    holding.calm(4)
    assert not holding.core.trading.positions.strangers()
    assert not holding.core.trading.positions.taken(XBT)


def test_of_a_pair_that_nobody_of_ours_made_none_is_touched() -> None:
    rim = Hedged()
    rim.theirs = (side(5), side(-7))
    rim.calm(6)
    assert rim.core.recovered
    assert not rim.core.trading.positions.open
    assert not rim.venue.open_orders()
    report = rim.core.trading.recovery.report
    assert report is not None
    assert report.positions == 2
    rim.tell(Ask.START)
    rim.calm(4)
    rim.signal(XBT, 0.9)
    assert "symbol free" in rim.core.trading.entries.why[XBT].outcome
    receipt = answered(rim, Ask.EMERGENCY_STOP)
    assert receipt.success
    assert len(receipt.foreign) == 2
