from __future__ import annotations

from radtui.exchange.kucoin.rest.endpoints import Pool
from tests.exchange.kucoin.memory import Memory, World, fly, ok


def test_every_pool_has_a_guard_of_its_own_and_a_view() -> None:
    async def story(world: World) -> None:
        assert set(world.guards) == set(Pool)
        views = {view.pool: view for view in world.rest.rates}
        assert {pool.value for pool in Pool} == views.keys()
        assert (views["futures"].limit, views["unified"].limit) == (2000, 200)
        assert world.guards[Pool.FUTURES].breaker is world.guards[Pool.PUBLIC].breaker
        assert world.guards[Pool.UNIFIED].breaker is not world.guards[Pool.FUTURES].breaker

    fly(Memory(ok([])), story)


def test_a_call_is_charged_to_its_pool() -> None:
    async def story(world: World) -> None:
        await world.rest.positions.open()
        await world.rest.market.contracts()
        left = {view.pool: view.remaining for view in world.rest.rates}
        assert left["futures"] == 1998
        assert left["public"] == 2000 - 3 - 2  # the contracts, and the reading of the clock
        assert left["management"] == 2000

    fly(Memory(ok([])), story)


def test_closing_lets_the_connections_go() -> None:
    memory = Memory(ok([]))
    fly(memory, lambda world: world.rest.close())
    assert memory.closed
