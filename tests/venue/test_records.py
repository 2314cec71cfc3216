from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import ask

from radtui.core.account import FundingPaid
from radtui.core.order import Fill, Side
from radtui.venue.desk import VenueOrder
from radtui.venue.records import KEPT_FILLS, KEPT_FUNDINGS, KEPT_ORDERS, ClientIds, Records, RecordsState

names = st.text("ab1-_", max_size=8)


@settings(deadline=None, max_examples=80)
@given(st.lists(names), names)
def test_an_id_is_known_exactly_when_it_was_added(added: list[str], other: str) -> None:
    ids = ClientIds()
    for name in added:
        ids.add(name)
    again = ClientIds(ids.pack())
    for known in (ids, again):
        assert all(name in known for name in added)
        assert (other in known) == (other in added)


def test_ids_of_one_bot_share_their_prefix() -> None:
    ids = ClientIds()
    for n in range(3):
        ids.add(f"bot-k3x-{n}")
    assert ids.pack() == {"bot-k3x-": ["0", "1", "2"]}


def test_the_oldest_are_forgotten_and_the_counters_go_on() -> None:
    records = Records()
    for n in range(KEPT_ORDERS + 1):
        records.retire(VenueOrder(ask(f"c{n}", "buy", 1), records.next_order(), 1, 0, 0))
    for _ in range(KEPT_FILLS + 1):
        records.fills.append(_fill(records.next_trade()))
    again = Records(records.pack())
    for known in (records, again):
        assert known.done("c0") is None
        assert known.done("c1") is not None
        assert known.fills[0].trade_id == "2"
        assert len(known.fills) == KEPT_FILLS
    assert again.next_order() == KEPT_ORDERS + 2
    assert again.next_trade() == str(KEPT_FILLS + 2)


def test_the_latest_settlements_are_packed_and_known_again() -> None:
    records = Records()
    for hour in range(KEPT_FUNDINGS + 1):
        records.fundings.append(FundingPaid(symbol="A", rate=Decimal(1), amount=Decimal(hour), at=hour))
    again = Records(records.pack())
    for known in (records, again):
        assert [paid.at for paid in known.fundings] == list(range(1, KEPT_FUNDINGS + 1))
    state = records.pack()
    older = RecordsState(state.orders, state.trades, state.ids, state.done, state.fills)
    assert not Records(older).fundings, "one that was packed before settlements were kept"


def _fill(trade_id: str) -> Fill:
    return Fill(
        trade_id=trade_id,
        order_id="1",
        client_id="c",
        symbol="A",
        side=Side.BUY,
        lots=1,
        price=Decimal(1),
        fee=Decimal(0),
        maker=False,
        at=0,
    )
