import zlib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import ask

from radtui.venue.bars import Prices
from radtui.venue.desk import VenueOrder
from radtui.venue.ledger import Ledger
from radtui.venue.modes import Modes
from radtui.venue.packing import VERSION, StateUnreadable, VenueState, pack, unpack
from radtui.venue.records import RecordsState

money = st.decimals("-1e9", "1e9", places=12)


def _state(**fields: object) -> VenueState:
    order = VenueOrder(ask("a-1", "buy", 2, "100"), 1, 2, 0, 0, reserved=Decimal("1.5"), covered=2)
    whole: dict[str, object] = {
        "source": "script",
        "market": b"7",
        "ledgers": {"USDT": Ledger(wallet=Decimal(1000))},
        "prices": {"A": Prices(Decimal("100.10"), Decimal("100.11"), Decimal("100.12"))},
        "modes": Modes(),
        "orders": [order],
        "records": RecordsState(1, 0, {"a-": ["1"]}, [], []),
        "said": [order.report()],
        "moved": ["USDT"],
        "forming": [],
    }
    return VenueState(**{**whole, **fields})


@settings(deadline=None, max_examples=50)
@given(money, money, st.text(max_size=10))
def test_what_is_packed_comes_back_to_the_last_digit(wallet: Decimal, mark: Decimal, source: str) -> None:
    state = _state(ledgers={"USDT": Ledger(wallet=wallet)}, prices={"A": Prices(mark, mark, mark)}, source=source)
    again = unpack(pack(state), source, ["A", "B"])
    assert again == state
    assert str(again.ledgers["USDT"].wallet) == str(wallet)


def test_another_market_is_refused_with_what_to_do() -> None:
    with pytest.raises(StateUnreadable, match="runs on script, not on seed:7: start a fresh one with --fresh"):
        unpack(pack(_state()), "seed:7", ["A"])


def test_another_version_is_refused() -> None:
    with pytest.raises(StateUnreadable, match=f"version {VERSION + 1}"):
        unpack(pack(_state(version=VERSION + 1)), "script", ["A"])


@pytest.mark.parametrize("damaged", [b"", b"nothing", zlib.compress(b"\xc1"), zlib.compress(b"\x91\x01")])
def test_damage_is_refused(damaged: bytes) -> None:
    with pytest.raises(StateUnreadable, match="damaged"):
        unpack(damaged, "script", ["A"])


def test_symbols_that_do_not_trade_here_are_refused_by_name() -> None:
    with pytest.raises(StateUnreadable, match="trades A as well"):
        unpack(pack(_state()), "script", ["B"])
