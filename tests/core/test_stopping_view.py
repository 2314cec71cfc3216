"""What a person sees of a stop on its way: who is waited for, for how long, and nothing once it has its receipt."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core import view
from radtui.core.control import LAST, RESTS
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.stopping_view import StoppingView
from tests.core.holdings import holding
from tests.core.rim import Outcome, Rim

XBT = "XBTUSDTM"
WINDS = st.sampled_from(sorted(RESTS))


def on_its_way(rim: Rim) -> StoppingView:
    shown = view.stopping(rim.core)
    assert shown is not None
    assert msgspec.json.decode(msgspec.json.encode(shown), type=StoppingView) == shown
    return shown


def test_nothing_is_shown_of_a_bot_that_runs_or_has_stopped() -> None:
    rim = Rim()
    assert view.stopping(rim.core) is None
    rim = holding()
    assert view.stopping(rim.core) is None
    rim.tell(Ask.STOP)
    rim.calm()
    assert view.stopping(rim.core) is None


@pytest.mark.parametrize(
    ("ask", "exits", "ends"),
    [
        (Ask.STOP, None, False),
        (Ask.SHUTDOWN, ExitPolicy.KEEP, True),
        (Ask.SHUTDOWN, ExitPolicy.FLATTEN, False),
        (Ask.EMERGENCY_STOP, None, False),
    ],
)
def test_only_a_shutdown_that_keeps_positions_gives_up(ask: Ask, exits: ExitPolicy | None, *, ends: bool) -> None:
    rim = holding()
    rim.tell(ask, exits)
    shown = on_its_way(rim)
    assert (shown.asks, shown.since) == ((ask,), rim.at)
    assert shown.gives_up_at == (rim.at + rim.core.config.hold_grace + LAST if ends else None)


def test_what_is_in_the_way_and_why_nothing_is_known_are_said() -> None:
    rim = holding()
    rim.tell(Ask.STOP)
    assert on_its_way(rim).waiting, "the exchange has not been read since"
    rim.pending.clear()
    rim.core.trading.positions.open[XBT].bare_since = rim.at
    for command in rim.core.trading.orders.live():
        rim.venue.cancel(command.symbol, command.client_id)
    rim._read(rim.core.trading.read_since, Outcome.OK)
    assert any(XBT in line for line in on_its_way(rim).waiting)
    assert on_its_way(rim).failing == ""
    rim._read(0, Outcome.REFUSED)
    assert on_its_way(rim).failing == "the exchange does not answer"


def test_of_an_emergency_stop_the_flatten_tells_what_is_in_the_way() -> None:
    rim = holding()
    rim.tell(Ask.STOP)
    assert on_its_way(rim).waiting
    rim.tell(Ask.EMERGENCY_STOP)
    assert on_its_way(rim).waiting == ()
    assert rim.core.flatten is not None


@settings(max_examples=30)
@given(st.lists(WINDS, min_size=1, max_size=4))
def test_all_that_wait_are_named_in_the_order_in_which_they_were_told_until_each_has_its_receipt(
    asks: list[Ask],
) -> None:
    rim = holding()
    began = rim.at
    told = []
    for ask in asks:
        told.append(rim.tell(ask))
        rim.at += 1
    shown = on_its_way(rim)
    assert (list(shown.asks), shown.since) == (asks, began)
    rim.calm(60)
    assert view.stopping(rim.core) is None
    assert set(told) <= rim.receipts.keys()
