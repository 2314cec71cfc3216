"""What core must not forget comes back as it was, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radtui.core.cycles import CycleMetrics
from radtui.core.holding import Holding
from radtui.core.instruction import Ask, ExitPolicy, Instruction
from radtui.core.memory import VERSION, Memory, MemoryRefused, pack, unpack
from radtui.core.orders import OrderState, as_counted
from radtui.core.positions import Plan, Position
from radtui.core.purse import Sums
from radtui.core.tallies import Tally
from radtui.core.winding import Asked, Winding
from tests.core.makers import ETH, XBT, order, position

ASKED = st.builds(Instruction, id=st.text(max_size=5), ask=st.sampled_from(Ask), who=st.text(max_size=5))
AMOUNTS = st.decimals(-1_000_000, 1_000_000, places=12)
COUNTS = st.integers(0, 2**40)
PLANS = st.builds(Plan, AMOUNTS, st.none() | AMOUNTS, st.text(max_size=9))
POSITIONS = st.builds(
    Position,
    instrument=st.sampled_from([XBT, ETH]),
    holding=st.builds(Holding, st.integers(-999, 999), AMOUNTS),
    leverage=st.integers(0, 100),
    opened_at=COUNTS,
    plan=st.none() | PLANS,
    fees=AMOUNTS,
    funding=AMOUNTS,
    realised=AMOUNTS,
    bare_since=st.none() | COUNTS,
    bare_before=COUNTS,
    report=st.none() | st.integers(-9, 9).map(position),
)
MEMORIES = st.builds(
    Memory,
    cycles=st.builds(CycleMetrics, total=COUNTS, ok=COUNTS, seconds_ok=st.floats(0, 1e6), last_at=st.none() | COUNTS),
    cycle_count=COUNTS,
    sums=st.builds(Sums, start=st.none() | AMOUNTS, realised=AMOUNTS, fees=AMOUNTS, peak=AMOUNTS, day=COUNTS),
    positions=st.dictionaries(st.sampled_from(["XBTUSDTM", "ETHUSDTM"]), POSITIONS),
    plans=st.dictionaries(st.text(max_size=9), PLANS, max_size=3),
    seen=st.dictionaries(st.text(max_size=9), COUNTS, max_size=5),
    read_since=COUNTS,
    placed=st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3),
    winding=st.builds(
        Winding,
        pending=st.lists(st.builds(Asked, ASKED, COUNTS, st.text(max_size=9)), max_size=3).map(tuple),
        ending=st.sampled_from([None, *ExitPolicy]),
        phase=st.text(max_size=5),
        forced=st.booleans(),
        tallies=st.dictionaries(
            st.text(max_size=5),
            st.builds(Tally, reference=st.none() | AMOUNTS, fee=AMOUNTS, realised=AMOUNTS),
            max_size=2,
        ),
    ),
)


@given(MEMORIES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_packed_comes_back(memory: Memory) -> None:
    back = unpack(pack(memory))
    assert back == memory
    assert pack(back) == pack(memory)


def test_nothing_packed_is_an_empty_memory_of_this_schema() -> None:
    assert unpack(b"") == Memory()
    assert unpack(b"").version == VERSION
    assert unpack(b"") is not unpack(b""), "its tables are its own"
    unpack(b"").positions["XBTUSDTM"] = Position(instrument=XBT, holding=Holding(), leverage=1, opened_at=0)
    assert unpack(b"").positions == {}


def test_digits_survive_that_a_float_would_lose() -> None:
    exact = Decimal("12345678.901234567891")
    assert unpack(pack(Memory(sums=Sums(realised=exact)))).sums.realised == exact


@pytest.mark.parametrize(
    "packed",
    [
        pack(Memory())[:-3],
        b"torn",
        msgspec.msgpack.encode([1, 2]),
        msgspec.msgpack.encode({"version": "two"}),
        msgspec.msgpack.encode({"version": VERSION, "positions": 3}),
        msgspec.msgpack.encode({"version": VERSION, "what_a_later_one_knows": 1}),
        msgspec.msgpack.encode({"version": 1, "seen": 3}),
        msgspec.msgpack.encode({"version": 1, "flattening": {"id": "i"}}),
    ],
)
def test_what_is_damaged_is_refused_with_what_it_means_and_what_to_do(packed: bytes) -> None:
    with pytest.raises(MemoryRefused, match="cannot be read") as refused:
        unpack(packed)
    assert "on the exchange are untouched; nothing was started" in str(refused.value)
    assert "radtui restore FILE" in str(refused.value)


def test_what_a_newer_radtui_wrote_is_refused_whatever_is_in_it() -> None:
    newer = msgspec.msgpack.encode({"version": VERSION + 1, "positions": "in another form"})
    with pytest.raises(MemoryRefused, match=r"by a newer radtui .* Start the newer radtui"):
        unpack(newer)


OLD_POSITION = {
    **msgspec.to_builtins(Position(instrument=XBT, holding=Holding(3, Decimal("193.5")), leverage=3, opened_at=7)),
    "stop_asked_at": 5,
    "close_asked_at": 0,
}
"""As the first forms had it: with two moments in place of attempts."""


def older(**fields: object) -> Memory:
    """Return what comes of a memory as an older radtui packed it."""
    kept = {"version": 1, "cycle_count": 9, "positions": {"XBTUSDTM": OLD_POSITION}, **fields}
    return unpack(msgspec.msgpack.encode(kept))


def test_the_first_forms_are_taken_over() -> None:
    memory = older(seen=["XBTUSDTM 1", "XBTUSDTM 2"], last_fill_at=70, flattening=None)
    assert memory == Memory(
        cycle_count=9,
        positions={"XBTUSDTM": Position(instrument=XBT, holding=Holding(3, Decimal("193.5")), leverage=3, opened_at=7)},
        seen={"XBTUSDTM 1": 70, "XBTUSDTM 2": 70},
        read_since=70,
        at=memory.at,
    )
    assert unpack(pack(memory)) == memory
    assert older(seen=["XBTUSDTM 1"], read_since=80).seen == {"XBTUSDTM 1": 80}
    assert older(seen={"XBTUSDTM 1": 3}, read_since=80).seen == {"XBTUSDTM 1": 3}


@pytest.mark.parametrize(("at", "own"), [({}, True), ({"at": 5}, False)], ids=["undated", "dated"])
def test_where_an_older_memory_has_no_moment_what_orders_note_of_themselves_stands(
    at: dict[str, int], own: bool
) -> None:
    filled = order(OrderState.FILLED, filled_lots=3, seen_lots=3, updated_at=9)
    memory = older(**at)
    assert as_counted(filled, memory.counted, memory.at).seen_lots == (3 if own else 0)


@pytest.mark.parametrize(
    ("ask", "ending"), [(Ask.EMERGENCY_STOP, None), (Ask.SHUTDOWN, ExitPolicy.FLATTEN)], ids=["emergency", "shutdown"]
)
def test_a_flatten_that_an_older_radtui_did_not_finish_goes_on(ask: Ask, ending: ExitPolicy | None) -> None:
    told = Instruction(id="1-2", ask=ask, who="key:alice", exits=ending)
    assert older(flattening=msgspec.to_builtins(told)).winding == Winding(pending=(Asked(told, 0),), ending=ending)


def test_the_latest_of_the_first_forms_differs_in_its_number_only() -> None:
    memory = Memory(winding=Winding(pending=(Asked(Instruction(id="1", ask=Ask.STOP, who="a"), 3),)), at=5, boot=2)
    assert unpack(pack(msgspec.structs.replace(memory, version=1))) == memory


def test_the_second_form_knew_no_order_by_hand() -> None:
    memory = Memory(winding=Winding(pending=(Asked(Instruction(id="1", ask=Ask.STOP, who="a"), 3),)), at=5, boot=2)
    second = msgspec.msgpack.decode(pack(msgspec.structs.replace(memory, version=2)))
    del second["placed"]
    second["winding"]["pending"] = [{"instruction": {"id": "1", "ask": "stop", "who": "a"}, "at": 3}]
    assert unpack(msgspec.msgpack.encode(second)) == memory
