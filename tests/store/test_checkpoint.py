"""Core's whole state: what is restored answers like the core that was taken, and nothing but core can be made of it."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.core import Core
from radtui.core.orders import OrderState
from radtui.store.checkpoint import NoCheckpoint, restore, take
from tests.core.makers import XBT
from tests.store.recordings import CONFIG, price, story


def told(events: list[Any]) -> Core:
    core = Core(CONFIG)
    for event in events:
        core.handle(event)
    return core


def again(core: Core) -> Core:
    fresh = Core(CONFIG)
    restore(fresh, take(core))
    return fresh


@pytest.mark.parametrize("after", range(len(story(3)) + 1))
def test_from_any_event_on_a_restored_core_answers_as_the_other_does(after: int) -> None:
    events = story(40)
    first = told(events[:after])
    second = again(first)
    for event in events[after:]:
        assert second.handle(event) == first.handle(event)
    assert take(second) == take(first)


def test_a_state_taken_twice_is_the_same_bytes() -> None:
    core = told(story())
    assert take(core) == take(core) == take(again(core))


def test_what_two_parts_share_is_shared_again() -> None:
    core = again(told(story()))
    assert core.trading.desk is core.desk
    assert core.trading.orders._desk is core.desk
    (held,) = core.trading.positions.open.values()
    assert core.trading.exits._positions.open[XBT.symbol] is held


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    core, fresh = Core(CONFIG), Core(CONFIG)
    values: dict[str, Any] = {
        "deque": deque([1, 2], maxlen=3),
        "ordered": OrderedDict(a=1),
        "tuple": (1, (Decimal("1.50"), None)),
        "set": {"b", "a"},
        "frozen": frozenset({1, 2}),
        "enum": OrderState.WORKING,
        "struct": XBT,
        "kind": OrderState,
        "float": 0.1,
        "bytes": b"\x00",
    }
    core.desk.__dict__["strange"] = values
    restore(fresh, take(core))
    back = fresh.desk.__dict__["strange"]
    assert back == values
    assert {name: type(value) for name, value in back.items()} == {name: type(value) for name, value in values.items()}
    assert back["deque"].maxlen == 3


def test_a_callback_made_in_flight_belongs_to_the_restored_core() -> None:
    core = told(story())
    core.desk.__dict__["later"] = core.trading.price_moved
    fresh = again(core)
    assert fresh.desk.__dict__["later"].__self__ is fresh.trading


def iterator() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize("strange", [iterator(), object(), 2**80, {"a", 1}], ids=["flow", "object", "huge", "mixed"])
def test_what_cannot_be_written_down_is_named(strange: object) -> None:
    core = Core(CONFIG)
    core.desk.__dict__["strange"] = strange
    with pytest.raises(NoCheckpoint):
        take(core)


@pytest.mark.parametrize(
    "node",
    [
        ["c", "os:system"],
        ["c", "radtui.core.memory:pack"],
        ["x", 0, "subprocess:Popen", []],
        ["s", "radtui.core.core:Callable", b""],
        ["e", "radtui.core.absent:State", "running"],
        ["b", ["x", 0, "radtui.core.core:Core", []], "__init__"],
        ["w"],
        ["r", 7],
        ["?"],
        [],
    ],
)
def test_a_state_that_names_other_things_is_refused(node: Any) -> None:
    state = msgspec.msgpack.encode(["x", 9, "radtui.core.core:Core", [["later", node]]])
    with pytest.raises(NoCheckpoint):
        restore(Core(CONFIG), state)


@given(st.binary(max_size=60))
def test_noise_is_refused(noise: bytes) -> None:
    before = take(Core(CONFIG))
    fresh = Core(CONFIG)
    try:
        restore(fresh, noise)
    except NoCheckpoint:
        return
    assert take(fresh) == before  # a bare number or text is a state of nothing


def test_a_price_later_both_are_still_the_same() -> None:
    core = told(story())
    fresh = again(core)
    assert fresh.handle(price(99)) == core.handle(price(99))
    assert take(fresh) == take(core)
