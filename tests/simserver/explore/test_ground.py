"""What the weather falls on: it lasts for its time, and then all is as it was."""

from __future__ import annotations

from radtui.core.market import SECOND
from radtui.simserver.explore.kinds import HABITS, Kind
from radtui.simserver.explore.outcome import Plan
from radtui.simserver.explore.selection import Selection
from radtui.simserver.explore.world import World


def still() -> World:
    """Return a world without faults in which nobody lives, and which is not held up by that."""
    world = World(Plan(seed=5, selection=Selection()))
    world.patience.release("no life")
    return world


def down(world: World) -> bool:
    """Return whether nothing can be reached."""
    return world.ground.down


def status(world: World) -> str:
    """Return what the exchange lets happen: it changes behind our back."""
    return str(world.exchange.floor.status)


def wait(world: World, seconds: int) -> None:
    """Let time pass while nobody lives."""
    for _ in range(seconds):
        world.time.skip(SECOND)
        world.turn()


def test_an_outage_and_maintenance_end_and_excuse_as_long_as_they_last() -> None:
    world = still()
    world.ground.outage(20.0)
    world.ground.maintenance(10.0, closed=True)
    assert down(world)
    assert status(world) == "close"
    wait(world, 10)
    assert status(world) == "open"
    wait(world, 10)
    assert not down(world)
    assert world.patience.run() == 0


def test_a_disk_that_is_full_is_mended() -> None:
    world = still()
    world.ground.full_disk(5.0)
    assert world.journal.healthy
    wait(world, 5)
    assert not world.journal.healthy


def test_somebody_elses_order_rests_for_its_time_and_then_goes_by_itself() -> None:
    world = still()
    world.ground.stranger(3, 4.0)
    assert [order.client_id for order in world.venue.open_orders()] == list(world.strangers)
    wait(world, 4)
    assert not world.venue.open_orders()
    assert not world.strangers
    assert world.violation is None


def test_where_no_orders_are_taken_nobody_elses_is_either() -> None:
    world = still()
    world.ground.maintenance(60.0, closed=False)
    world.ground.stranger(3, 4.0)
    assert not world.strangers


def test_money_comes_and_goes() -> None:
    world = still()
    before = world.venue.account().wallet
    for amount in (300, -100, 0):
        world.ground.transfer(amount)
    assert world.venue.account().wallet == before + 200


def test_clearing_up_ends_everything_at_once() -> None:
    world = still()
    world.ground.outage(500.0)
    world.ground.stranger(1, 500.0)
    world.ground.full_disk(500.0)
    world.ground.clear_up()
    assert not down(world)
    assert not world.strangers
    assert not world.journal.healthy


def test_a_clock_that_is_put_wrong_excuses_for_a_while() -> None:
    world = still()
    world.ground.skew(4.0, 31.0)
    wait(world, 30)
    assert world.exchange.now() - world.time.now() == 4 * SECOND
    assert world.patience.run() == 30 * SECOND - HABITS[Kind.SKEW].excuse
    wait(world, 1)
    assert world.exchange.now() == world.time.now()
    wait(world, 29)
    assert world.patience.run() == 60 * SECOND - 2 * HABITS[Kind.SKEW].excuse


def test_our_clock_is_set_right_again() -> None:
    world = still()
    world.ground.set_clock(-90.0, 10.0)
    wait(world, 9)
    assert world.ground.step == -90 * SECOND
    wait(world, 1)
    assert world.ground.step == 0
