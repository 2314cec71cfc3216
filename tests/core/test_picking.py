"""What an entry is told by a scan: only a whole and fresh one that picked its contract on its side lets it through."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from radtui.core.config import CoreConfig
from radtui.core.desk import Desk
from radtui.core.events import Scanned, SignalGiven
from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from radtui.core.order import Side
from radtui.core.orders import Purpose
from radtui.core.picking import Picked
from radtui.core.picks import Picks, ScanPolicy
from tests.core.makers import signal
from tests.core.rim import Rim

NOW = 1_000 * SECOND
POLICY = ScanPolicy(top=5, max_age=180 * SECOND)


def verdict(picks: Picks | None, side: Side = Side.BUY, policy: ScanPolicy | None = POLICY) -> tuple[str, bool] | None:
    """Return what is said of an entry in XBT."""
    desk = Desk(CoreConfig(bot="a", boot=1, scan=policy))
    desk.at = NOW
    picked = Picked(desk)
    if picks is not None:
        picked.take(picks)
    gates = picked.gates("XBTUSDTM", side)
    assert all(gate.gate == "scan" and gate.limit == f"{side} among the first 5" for gate in gates)
    return (gates[0].value, gates[0].passed) if gates else None


SIDES = {"XBTUSDTM": Side.BUY}


@pytest.mark.parametrize(
    ("picks", "side", "said"),
    [
        (None, Side.BUY, ("no scan yet", False)),
        (Picks(at=NOW, sides=SIDES), Side.BUY, ("picked to buy", True)),
        (Picks(at=NOW, sides=SIDES), Side.SELL, ("picked to buy", False)),
        (Picks(at=NOW), Side.BUY, ("not picked", False)),
        (Picks(at=NOW - 180 * SECOND, sides=SIDES), Side.BUY, ("picked to buy", True)),
        (Picks(at=NOW - 181 * SECOND, sides=SIDES), Side.BUY, ("stale: 181 s old, at most 180 s", False)),
        (Picks(at=NOW + SECOND, sides=SIDES), Side.BUY, ("stale: -1 s old, at most 180 s", False)),
        (Picks(at=NOW, sides=SIDES, partial="3 of 9"), Side.BUY, ("partial: 3 of 9", False)),
    ],
)
def test_what_each_scan_lets_through(picks: Picks | None, side: Side, said: tuple[str, bool]) -> None:
    assert verdict(picks, side) == said


def test_where_no_scan_is_asked_nothing_is_said() -> None:
    assert verdict(None, policy=None) is None


def test_a_worse_scan_takes_the_place_of_a_good_one() -> None:
    desk = Desk(CoreConfig(bot="a", boot=1, scan=POLICY))
    desk.at = NOW
    picked = Picked(desk)
    picked.take(Picks(at=NOW, sides=SIDES))
    picked.take(Picks(at=NOW, partial="gone"))
    assert not picked.gates("XBTUSDTM", Side.BUY)[0].passed


@pytest.mark.parametrize(
    ("picks", "age", "enters"),
    [
        (None, 0, False),
        (Picks(at=0, sides=SIDES), 179, True),
        (Picks(at=0, sides=SIDES), 181, False),
        (Picks(at=0, sides=SIDES, partial="1 of 300 could not be read"), 0, False),
        (Picks(at=0, sides={"XBTUSDTM": Side.SELL}), 0, False),
        (Picks(at=0, sides={"ETHUSDTM": Side.BUY}), 0, False),
    ],
)
def test_an_entry_leaves_only_after_a_whole_and_fresh_scan_picked_it(
    picks: Picks | None, age: int, enters: bool
) -> None:
    rim = Rim()
    rim.core.config = rim.core.desk.config = replace(rim.core.config, scan=POLICY)
    rim.feed_read()
    rim.tell(Ask.START)
    if picks is not None:
        rim.feed(Scanned(rim.at, replace(picks, at=rim.at - age * SECOND)))
    rim.feed(SignalGiven(rim.at, "XBTUSDTM", signal(), Decimal(60_000), rim.at))
    placed = [order for order in rim.core.trading.orders.all() if order.purpose is Purpose.ENTRY]
    assert bool(placed) is enters
    refused = [gate.gate for gate in rim.core.trading.entries.why["XBTUSDTM"].gates if not gate.passed]
    assert refused == ([] if enters else ["scan"])
