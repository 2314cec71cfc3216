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
from radtui.core.memory import Memory, pack, unpack
from radtui.core.positions import Plan, Position
from radtui.core.purse import Sums
from radtui.core.snapshot import SCHEMA
from radtui.core.tallies import Tally
from radtui.core.winding import Asked, Winding
from tests.core.makers import ETH, XBT, position

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
    winding=st.builds(
        Winding,
        pending=st.lists(st.builds(Asked, ASKED, COUNTS), max_size=3).map(tuple),
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
    assert unpack(b"").version == SCHEMA
    assert unpack(b"") is not unpack(b""), "its tables are its own"
    unpack(b"").positions["XBTUSDTM"] = Position(instrument=XBT, holding=Holding(), leverage=1, opened_at=0)
    assert unpack(b"").positions == {}


def test_digits_survive_that_a_float_would_lose() -> None:
    exact = Decimal("12345678.901234567891")
    assert unpack(pack(Memory(sums=Sums(realised=exact)))).sums.realised == exact


def test_what_is_damaged_is_refused() -> None:
    with pytest.raises(msgspec.MsgspecError):
        unpack(pack(Memory())[:-3])
