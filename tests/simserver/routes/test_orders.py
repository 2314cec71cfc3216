"""Placing and cancelling over REST."""

from __future__ import annotations

import pytest
from server_world import World


def read(world: World, order_id: str) -> dict[str, object]:
    shown = world.ask("GET", f"/api/v1/orders/{order_id}")
    assert isinstance(shown, dict)
    return shown


def resting(world: World, **changed: object) -> str:
    return world.place(**({"type": "limit", "price": world.price(share="0.97")} | changed))


def waiting(world: World, **changed: object) -> str:
    price = world.price(share="0.9")
    return world.place(**({"side": "sell", "stop": "down", "stopPrice": price, "stopPriceType": "MP"} | changed))


def test_an_answer_to_a_placement_names_both_ids() -> None:
    world = World()
    answer = world.ask("POST", "/api/v1/orders", world.order(clientOid="mine"))
    assert answer["clientOid"] == "mine"
    assert read(world, answer["orderId"])["clientOid"] == "mine"
    assert world.ask("GET", "/api/v1/orders/byClientOid?clientOid=mine")["id"] == answer["orderId"]


def test_a_test_order_is_checked_and_not_entered() -> None:
    world = World()
    body = world.order(clientOid="trial")
    answer = world.ask("POST", "/api/v1/orders/test", body)
    assert (answer["clientOid"], answer["orderId"].isdigit()) == ("trial", True)
    assert world.floor.blotter.working() == world.floor.blotter.done() == []
    assert world.refused("POST", "/api/v1/orders/test", world.order(size=900_000))[1] in ("300003", "300005")
    world.ask("POST", "/api/v1/orders", body)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"marginMode": "CROSS"}, "330005"),
        ({"positionSide": "LONG"}, "330011"),
        ({"leverage": 126}, "300016"),
        ({"closeOrder": True, "size": None}, "300009"),
        ({"reduceOnly": True}, "300009"),
        ({"symbol": "NOPEUSDTM"}, "100003"),
        ({"type": "limit", "price": "999999"}, "300011"),
        ({"type": "limit", "price": "0.05"}, "100001"),
        ({"type": "limit", "price": "1", "side": "sell"}, "300012"),
        ({"size": 2_000_000}, "100001"),
    ],
)
def test_refusals_by_their_codes(changed: dict[str, object], code: str) -> None:
    world = World()
    status, told, words = world.refused("POST", "/api/v1/orders", world.order(**changed))
    assert (status, told) == (200, code)
    assert words


def test_a_one_way_order_on_a_hedge_account() -> None:
    world = World()
    world.ask("POST", "/api/v2/position/switchPositionMode", {"positionMode": 1})
    assert world.refused("POST", "/api/v1/orders", world.order())[1] == "330012"


def test_a_client_id_is_taken_for_ever() -> None:
    world = World()
    order = resting(world, clientOid="once")
    assert world.refused("POST", "/api/v1/orders", world.order(clientOid="once")) == (
        200,
        "300018",
        "clientOid parameter repeated",
    )
    world.ask("DELETE", f"/api/v1/orders/{order}")
    assert world.refused("POST", "/api/v1/orders", world.order(clientOid="once"))[1] == "300018"
    assert world.refused("POST", "/api/v1/orders/test", world.order(clientOid="once"))[1] == "300018"


def test_a_refused_order_leaves_its_client_id_free() -> None:
    world = World()
    world.refused("POST", "/api/v1/orders", world.order(clientOid="again", leverage=1000))
    world.place(clientOid="again")


def test_cancel_by_id_stops_too() -> None:
    world = World()
    for order in (resting(world), waiting(world)):
        assert world.ask("DELETE", f"/api/v1/orders/{order}") == {"cancelledOrderIds": [order]}
        shown = read(world, order)
        assert (shown["status"], shown["cancelExist"], shown["isActive"]) == ("done", True, False)
        assert shown["endAt"] is not None
        assert world.refused("DELETE", f"/api/v1/orders/{order}") == (200, "100004", "The order cannot be canceled.")


def test_unknown_and_finished_orders_are_told_apart() -> None:
    world = World()
    unknown = (200, "100001", "error.getOrder.orderNotExist")
    assert world.refused("DELETE", "/api/v1/orders/123") == unknown
    assert world.refused("GET", "/api/v1/orders/123") == unknown
    assert world.refused("GET", "/api/v1/orders/byClientOid?clientOid=nobody") == unknown
    assert world.refused("DELETE", "/api/v1/orders/client-order/nobody?symbol=XBTUSDTM") == unknown
    assert world.refused("DELETE", f"/api/v1/orders/{world.place()}")[1] == "100004"


def test_cancel_by_the_clients_id_needs_its_contract() -> None:
    world = World()
    resting(world, clientOid="mine")
    assert world.refused("DELETE", "/api/v1/orders/client-order/mine")[1] == "400100"
    assert world.refused("DELETE", "/api/v1/orders/client-order/mine?symbol=ETHUSDTM")[1] == "100001"
    assert world.ask("DELETE", "/api/v1/orders/client-order/mine?symbol=XBTUSDTM") == {"clientOid": "mine"}


def test_several_orders_each_on_its_own() -> None:
    world = World()
    price = world.price(share="0.97")
    body = [
        world.order(clientOid="a", type="limit", price=price),
        world.order(clientOid="a", type="limit", price=price),
        world.order(clientOid="b", symbol="NOPE"),
        world.order(clientOid=None),
    ]
    first, repeated, unknown, nameless = world.ask("POST", "/api/v1/orders/multi", body)
    assert (first["code"], first["msg"], first["symbol"], first["clientOid"]) == ("200000", "success", "XBTUSDTM", "a")
    assert (repeated["code"], repeated["orderId"]) == ("300018", None)
    assert (unknown["code"], unknown["symbol"]) == ("100003", "NOPE")
    assert nameless["code"] == "400100"
    assert len(world.floor.blotter.working()) == 1


@pytest.mark.parametrize("body", [[], {}, [{}] * 21, "x", [1]])
def test_what_is_no_list_of_orders(body: object) -> None:
    world = World()
    assert world.refused("POST", "/api/v1/orders/multi", body)[:2] == (400, "400100")


def test_several_cancels_each_on_its_own() -> None:
    world = World()
    one, two, done = resting(world), resting(world, clientOid="two"), world.place()
    answer = world.ask("DELETE", "/api/v1/orders/multi-cancel", {"orderIdsList": [one, done, "1"]})
    assert [(row["orderId"], row["code"]) for row in answer] == [(one, "200"), (done, "100004"), ("1", "100001")]
    assert [row["clientOid"] for row in answer] == [None] * 3
    by_client = {"clientOidsList": [{"symbol": "XBTUSDTM", "clientOid": "two"}, {"symbol": "X", "clientOid": "no"}]}
    answer = world.ask("DELETE", "/api/v1/orders/multi-cancel", by_client)
    assert [(row["orderId"], row["clientOid"], row["code"]) for row in answer] == [
        (two, "two", "200"),
        (None, "no", "100001"),
    ]
    assert world.refused("DELETE", "/api/v1/orders/multi-cancel", {})[1] == "400100"


def test_cancel_all_of_a_contract_leaves_stops_and_other_contracts() -> None:
    world = World()
    mine = [resting(world), resting(world)]
    other, stop = resting(world, symbol="ETHUSDTM", price=world.price("ETHUSDTM", "0.97")), waiting(world)
    assert world.refused("DELETE", "/api/v3/orders")[1] == "400100"
    assert sorted(world.ask("DELETE", "/api/v3/orders?symbol=XBTUSDTM")["cancelledOrderIds"]) == mine
    assert {ticket.id for ticket in world.floor.blotter.working()} == {other, stop}
    assert world.ask("DELETE", "/api/v1/orders")["cancelledOrderIds"] == [other]
    assert world.ask("DELETE", "/api/v1/stopOrders?symbol=ETHUSDTM")["cancelledOrderIds"] == []
    assert world.ask("DELETE", "/api/v1/stopOrders")["cancelledOrderIds"] == [stop]


def test_a_market_order_fills_at_once_and_closing_it_closes_all() -> None:
    world = World()
    world.place(size=3)
    world.place(size=4)
    closed = read(world, world.place(closeOrder=True, side=None, size=None, leverage=None, clientOid="bye"))
    assert (closed["side"], closed["size"], closed["filledSize"], closed["closeOrder"]) == ("sell", 7, 7, True)
    assert world.ask("GET", "/api/v1/positions") == []


def test_a_post_only_order_that_would_take_does_not() -> None:
    world = World()
    order = world.place(type="limit", price=world.price(share="1.01"), postOnly=True)
    shown = read(world, order)
    assert (shown["status"], shown["cancelExist"], shown["filledSize"], shown["postOnly"]) == ("done", True, 0, True)


def test_a_stop_waits_fires_and_moves_to_the_orders() -> None:
    world = World()
    world.place()
    stop = waiting(world, stopPrice=world.price(share="0.9999"), stopPriceType="TP", reduceOnly=True)
    assert [one["id"] for one in world.ask("GET", "/api/v1/stopOrders")["items"]] == [stop]
    assert world.ask("GET", "/api/v1/orders?status=active")["items"] == []
    for _ in range(300):
        world.sleep(1)
        if read(world, stop)["stopTriggered"]:
            break
    assert world.ask("GET", "/api/v1/stopOrders")["items"] == []
    assert stop in [one["id"] for one in world.ask("GET", "/api/v1/orders?status=done")["items"]]
    assert world.ask("GET", "/api/v1/positions") == []
