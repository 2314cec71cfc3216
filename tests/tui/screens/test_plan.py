from decimal import Decimal

import msgspec
import scenes
from pieces import entry_order, position

from radtui.tui.screens.plan import closing_plan, entry_orders, position_plan, stop_orders, taker_fee
from radtui.tui.widgets.tone import Tone, plain


def test_only_our_entries_that_are_not_done_would_be_cancelled() -> None:
    resting = entry_order()
    done = msgspec.structs.replace(resting, state="cancelled")
    snapshot = scenes.changed(scenes.running(), orders=(resting, done, *scenes.running().orders))
    assert entry_orders(snapshot) == ["XRPUSDTM   buy     100 lots @ 2.1310"]
    assert len(stop_orders(snapshot)) == 3


def test_what_would_stay_without_a_stop_is_said_aloud() -> None:
    lines = position_plan(scenes.bare())
    assert "NOT PROTECTED" in plain(lines[0])
    assert lines[-1][0].tone is Tone.ERROR
    assert plain(lines[-1]).startswith("  1 of them without a stop")
    assert "NOT PROTECTED" not in "".join(plain(each) for each in position_plan(scenes.running()))


def test_closing_names_mark_and_fee_and_never_counts_what_it_does_not_know() -> None:
    assert taker_fee(position(0)) == Decimal("64388.4") * Decimal("0.012") * Decimal("0.0006")
    assert taker_fee(position(1, mark=None)) is None
    lines = [plain(each) for each in closing_plan(scenes.bare())]
    assert "near   64,388.4" in lines[0]
    assert "near          –" in lines[1]
    assert lines[-1].endswith("1.26 USDT at 0.06 %, without spread; 1 without a mark")


def test_flat_is_said() -> None:
    assert plain(closing_plan(scenes.empty())[0]) == plain(position_plan(scenes.empty())[0]) == "  none: flat"
