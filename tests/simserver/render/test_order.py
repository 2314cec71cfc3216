"""An order as it is shown."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from radtui.core.order import Cross, OrderReport, OrderType, PriceType, Side, Trigger
from radtui.simserver.render.order import average, kind, listed, order
from radtui.simserver.ticket import Terms, Ticket
from radtui.venue.contracts import CONTRACTS

XBT = CONTRACTS["XBTUSDTM"]
REPORT = OrderReport(
    order_id="1",
    client_id="mine",
    symbol="XBTUSDTM",
    side=Side.BUY,
    type=OrderType.LIMIT,
    lots=2,
    price=Decimal("60000.0"),
)


def ticket(**changed: object) -> Ticket:
    report = msgspec.structs.replace(REPORT, **changed)
    return Ticket(id="17", report=report, terms=Terms(value=Decimal(120)), created_at=5_000_001, updated_at=6_000_001)


def stop(price: str) -> Trigger:
    return Trigger(Cross.DOWN, Decimal(price), PriceType.MARK)


def test_texts_are_texts_and_sizes_are_numbers() -> None:
    shown = order(ticket(filled_lots=1, filled_value=Decimal("59.99")), XBT)
    assert (shown["price"], shown["size"], shown["value"]) == ("60000", 2, "120")
    assert (shown["filledSize"], shown["filledValue"], shown["avgDealPrice"]) == (1, "59.99", "59990")
    assert (shown["createdAt"], shown["orderTime"], shown["endAt"]) == (5, 5_000_001, None)
    assert (shown["stop"], shown["stopPriceType"], shown["stopPrice"]) == ("", "", None)


def test_a_market_order_has_the_price_zero() -> None:
    assert order(ticket(type=OrderType.MARKET, price=None), XBT)["price"] == "0"


def test_cancelled_and_partly_filled() -> None:
    shown = order(ticket(filled_lots=1, filled_value=Decimal(60), active=False, cancelled=True), XBT)
    assert (shown["status"], shown["isActive"], shown["cancelExist"], shown["filledSize"]) == ("done", False, True, 1)


@pytest.mark.parametrize(("price", "in_lists"), [("50000", "50000"), ("50000.0", "50000"), ("50000.5", None)])
def test_a_stop_price_that_a_list_reader_would_choke_on_is_left_out_of_lists(price: str, in_lists: str | None) -> None:
    one = ticket(stop=stop(price))
    assert order(one, XBT)["stopPrice"] == price.removesuffix(".0")
    assert listed(one, XBT)["stopPrice"] == in_lists
    assert order(one, XBT)["stopPriceType"] == "MP"


def test_the_kind_of_an_order() -> None:
    assert kind(REPORT) == "limit"
    assert kind(msgspec.structs.replace(REPORT, type=OrderType.MARKET, stop=stop("1"))) == "market_stop"


def test_the_average_of_an_inverse_contract_is_lots_over_coins() -> None:
    inverse = CONTRACTS["XBTUSDM"]
    report = msgspec.structs.replace(REPORT, symbol="XBTUSDM", filled_lots=600, filled_value=Decimal("0.01"))
    assert average(report, inverse) == 60_000
    assert average(REPORT, XBT) == 0
