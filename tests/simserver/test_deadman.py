"""The dead man's switch."""

from __future__ import annotations

from server_world import World

from radtui.core.market import SECOND
from radtui.simserver.deadman import OFF, Deadman


def test_it_goes_off_once_when_its_time_is_out() -> None:
    deadman = Deadman()
    assert not deadman.is_due(10**20)
    deadman.set(5, ("XBTUSDTM",), 100 * SECOND)
    assert not deadman.is_due(105 * SECOND - 1)
    assert deadman.is_due(105 * SECOND)
    assert deadman.fire() == ("XBTUSDTM",)
    assert (deadman.timeout, deadman.is_due(10**20)) == (OFF, False)


def test_setting_it_again_starts_it_anew_and_minus_one_ends_it() -> None:
    deadman = Deadman()
    deadman.set(5, (), 0)
    deadman.set(5, (), 4 * SECOND)
    assert not deadman.is_due(8 * SECOND)
    deadman.set(OFF, (), 5 * SECOND)
    assert not deadman.is_due(100 * SECOND)


def test_on_the_floor_it_really_cancels_what_it_names() -> None:
    world = World()
    kept = world.place(symbol="ETHUSDTM", type="limit", price=world.price("ETHUSDTM", "0.97"))
    gone = [
        world.place(type="limit", price=world.price(share="0.97")),
        world.place(side="sell", stop="down", stopPrice=world.price(share="0.9"), stopPriceType="TP"),
    ]
    set_to = {"timeout": 5, "symbols": ["XBTUSDTM"], "tradeType": "FUTURES"}
    answer = world.ask("POST", "/api/ua/v1/dcp/set", set_to)
    assert answer["triggerTime"] - answer["systemTime"] == 5
    world.sleep(3)
    world.ask("POST", "/api/ua/v1/dcp/set", set_to)
    world.sleep(4)
    assert all(world.ask("GET", f"/api/v1/orders/{order}")["isActive"] for order in [kept, *gone])
    world.sleep(1.5)
    assert world.ask("GET", f"/api/v1/orders/{kept}")["isActive"]
    assert all(world.ask("GET", f"/api/v1/orders/{order}")["cancelExist"] for order in gone)
    assert world.ask("GET", "/api/ua/v1/dcp/query?tradeType=FUTURES")["timeout"] == -1
