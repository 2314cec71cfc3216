"""Entries that bring their own protection."""

from __future__ import annotations

from server_world import World


def stops(world: World) -> list[dict[str, object]]:
    items = world.ask("GET", "/api/v1/stopOrders")["items"]
    return sorted(items, key=lambda one: one["stop"])  # type: ignore[no-any-return]


def bracket(world: World, **changed: object) -> dict[str, object]:
    prices = {
        "triggerStopUpPrice": world.price(share="1.2"),
        "triggerStopDownPrice": world.price(share="0.8"),
        "stopPriceType": "TP",
    }
    return world.order(**prices) | changed


def test_a_filled_entry_gets_a_target_and_a_stop() -> None:
    world = World()
    body = bracket(world, size=3)
    world.ask("POST", "/api/v1/st-orders", body)
    down, up = stops(world)
    assert (down["stopPrice"], up["stopPrice"]) == (body["triggerStopDownPrice"], body["triggerStopUpPrice"])
    assert {(one["side"], one["size"], one["reduceOnly"], one["leverage"]) for one in (down, up)} == {
        ("sell", 3, True, "10")
    }


def test_an_entry_that_is_not_filled_leaves_none() -> None:
    world = World()
    answer = world.ask("POST", "/api/v1/st-orders", bracket(world, type="limit", price=world.price(share="0.97")))
    assert stops(world) == []
    world.ask("DELETE", f"/api/v1/orders/{answer['orderId']}")
    assert stops(world) == []


def test_one_done_takes_the_other_along() -> None:
    world = World()
    world.ask("POST", "/api/v1/st-orders", bracket(world))
    down, _ = stops(world)
    world.ask("DELETE", f"/api/v1/orders/{down['id']}")
    assert stops(world) == []


def test_one_that_fires_closes_the_position_and_takes_the_other_along() -> None:
    world = World()
    near = {"triggerStopUpPrice": world.price(share="1.0001"), "triggerStopDownPrice": world.price(share="0.9999")}
    world.ask("POST", "/api/v1/st-orders", bracket(world, **near))
    for _ in range(120):
        world.sleep(1)
    assert world.ask("GET", "/api/v1/positions") == []
    assert stops(world) == []
