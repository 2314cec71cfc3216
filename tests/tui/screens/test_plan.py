from decimal import Decimal

import msgspec
import scenes
import stops
from pieces import entry_order, position

from radtui.tui.screens.plan import entry_orders, position_plan, stays, stop_orders, taker_fee
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


def test_a_fee_at_the_mark_is_not_known_without_a_mark() -> None:
    assert taker_fee(position(0)) == Decimal("64388.4") * Decimal("0.012") * Decimal("0.0006")
    assert taker_fee(position(1, mark=None)) is None


def test_flat_is_said_and_what_is_not_known_is_not_called_flat() -> None:
    assert plain(position_plan(scenes.empty())[0]) == "  none: flat"
    assert "not known yet" in plain(position_plan(scenes.unread())[0])


def test_what_is_not_ours_is_listed_as_what_stays_and_never_as_kept_by_us() -> None:
    lines = [plain(each) for each in position_plan(stops.shared())]
    assert len(lines) == 3
    assert not any("LTC" in text or "NOT PROTECTED" in text for text in lines)
    assert [plain(each) for each in stays(stops.shared())] == [
        "Not this bot's, stays as it is",
        "  LINKUSDTM limit buy 4 lots @ 16.9",
        "  LTCUSDTM 60 lots long",
    ]
    assert stays(scenes.running()) == []
