"""What is taken over a restart is what there was."""

from __future__ import annotations

from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.events import Listed, Restored
from radtui.core.instruction import Ask
from radtui.core.memory import unpack
from radtui.core.winding import Winding
from tests.core.holdings import holding
from tests.core.rim import Rim


def next_run(rim: Rim, memory: bytes) -> Core:
    """Return core as it stands right after it has been told what was remembered."""
    core = Core(CoreConfig(bot=rim.core.config.bot, boot=rim.at))
    core.handle(Listed(rim.at, rim.venue.instruments))
    core.handle(Restored(rim.at, memory=memory))
    return core


def test_a_run_that_only_began_remembers_what_the_last_one_did() -> None:
    rim = holding()
    before = unpack(rim.core.memory())
    after = unpack(next_run(rim, rim.core.memory()).memory())
    assert before.positions.keys() == after.positions.keys() == {"XBTUSDTM"}
    for field in ("cycles", "cycle_count", "sums", "plans", "seen", "breakers", "read_since", "placed"):
        assert getattr(before, field) == getattr(after, field), field


def test_an_emergency_stop_that_was_not_finished_goes_on_and_a_forced_end_is_noted() -> None:
    rim = holding()
    rim.tell(Ask.EMERGENCY_STOP)
    memory = rim.core.memory(forced=True)
    assert unpack(memory).winding.forced
    assert next_run(rim, memory).flatten is not None


def test_nothing_on_its_way_is_no_winding() -> None:
    rim = holding()
    assert unpack(rim.core.memory(forced=True)).winding == Winding()
