"""What the exchange reads of an order, converts and refuses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from server_world import World

from radtui.core.order import MarginMode, OrderType, PositionSide, PriceType, Side, TimeInForce
from radtui.simserver.orderform import OrderForm, read_order
from radtui.simserver.params import Params
from radtui.simserver.refusals import Refusal

WORLD = World()


def read(world: World = WORLD, **changed: object) -> OrderForm:
    return read_order(Params(world.order(**changed)), world.floor)  # type: ignore[arg-type]


def code(**changed: object) -> str:
    with pytest.raises(Refusal) as caught:
        read(**changed)
    return caught.value.code


def test_the_defaults() -> None:
    form = read(type=None, price="60000")
    request = form.request
    assert (request.type, request.tif, request.margin_mode) == (OrderType.LIMIT, TimeInForce.GTC, MarginMode.ISOLATED)
    assert (request.position_side, request.stop, request.reduces) == (PositionSide.BOTH, None, False)
    assert (form.terms.value, form.terms.leverage, form.terms.remark) == (Decimal(60), "10", None)


def test_what_reads_back_as_it_was_sent() -> None:
    form = read(
        type="limit",
        price="60000",
        size=40,
        remark="mine",
        stp="CO",
        iceberg=True,
        visibleSize="2",
        forceHold=True,
        timeInForce="GTC",
    )
    terms = form.terms
    assert (terms.remark, terms.stp, terms.iceberg, terms.visible_size) == ("mine", "CO", True, 2)
    assert terms.force_hold
    assert not terms.hidden


@pytest.mark.parametrize("leverage", [3, "3", "3.0", 3.0])
@pytest.mark.parametrize("size", [2, "2", "2.0"])
def test_numbers_may_come_as_text(leverage: Any, size: Any) -> None:
    request = read(leverage=str(leverage), size=size).request
    assert (request.leverage, request.lots) == (3, 2)


@pytest.mark.parametrize(
    ("sizes", "lots"),
    [({"qty": "0.005"}, 5), ({"qty": "1"}, 1000), ({"valueQty": "130"}, 2), ({"valueQty": "119.99"}, 1)],
)
def test_a_size_in_coins_or_in_quote_currency_becomes_lots(sizes: dict[str, str], lots: int) -> None:
    assert read(size=None, type="limit", price="60000", **sizes).request.lots == lots


@pytest.mark.parametrize(
    "changed",
    [
        {"size": None},
        {"size": 0},
        {"size": -1},
        {"size": "1.5"},
        {"size": 1, "qty": "0.001"},
        {"size": None, "qty": "0.0005"},
        {"size": None, "valueQty": "1"},
        {"size": None, "valueQty": "-5"},
        {"symbol": "XBTUSDM", "size": None, "qty": "1"},
        {"leverage": None},
        {"leverage": "2.5"},
        {"leverage": 0},
        {"type": "limit"},
        {"stop": "up", "stopPrice": "1"},
        {"stopPrice": "1", "stopPriceType": "TP"},
        {"iceberg": True, "size": 100, "visibleSize": 4},
        {"iceberg": True, "size": 100, "visibleSize": 101},
    ],
)
def test_what_does_not_fit_together(changed: dict[str, object]) -> None:
    assert code(**changed) == "100001"


@pytest.mark.parametrize(
    "changed",
    [
        {"clientOid": None},
        {"clientOid": "ä"},
        {"clientOid": "x" * 41},
        {"side": None},
        {"side": "both"},
        {"type": "stop"},
        {"size": "many"},
        {"price": "NaN", "type": "limit"},
        {"timeInForce": "FOK"},
        {"marginMode": "PORTFOLIO"},
        {"positionSide": "MIDDLE"},
        {"stp": "DC"},
        {"remark": "x" * 101},
        {"postOnly": "perhaps"},
    ],
)
def test_what_is_no_parameter_of_an_order(changed: dict[str, object]) -> None:
    assert code(**changed) == "400100"


@pytest.mark.parametrize("other", [{"timeInForce": "IOC"}, {"hidden": True}, {"iceberg": True, "visibleSize": 1}])
def test_post_only_goes_with_neither_ioc_nor_hidden_nor_iceberg(other: dict[str, object]) -> None:
    assert code(type="limit", price="60000", postOnly=True, **other) == "300000"


def test_a_missing_client_id_has_its_own_words_and_an_unknown_contract_its_own_code() -> None:
    with pytest.raises(Refusal, match="clientOidIsRequired"):
        read(clientOid=None)
    assert code(symbol="NOSUCHM") == "100003"
    assert code(symbol=None) == "100003"


def test_a_stop_watches_the_price_it_names() -> None:
    stop = read(stop="down", stopPrice="50000.1", stopPriceType="IP").request.stop
    assert stop is not None
    assert (stop.cross.value, stop.price, stop.on) == ("down", Decimal("50000.1"), PriceType.INDEX)


def test_a_closing_order_takes_side_and_leverage_of_its_position() -> None:
    assert code(closeOrder=True, side=None, size=None, leverage=None) == "300009"
    world = World()
    world.place(side="sell", leverage=4)
    form = read(world, closeOrder=True, side=None, size=None, leverage=None)
    assert (form.request.side, form.request.lots, form.request.leverage) == (Side.BUY, 0, 0)
    assert form.terms.leverage == "4"


def test_in_cross_margin_the_contracts_leverage_counts() -> None:
    world = World()
    world.ask("POST", "/api/v2/changeCrossUserLeverage", {"symbol": "XBTUSDTM", "leverage": "7"})
    assert read(world, marginMode="CROSS", leverage=None).request.leverage == 7
    assert read(world, marginMode="CROSS", leverage=50).request.leverage == 7
