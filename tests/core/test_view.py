from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from radtui.core import view
from radtui.core.events import CycleFinished, FeedChanged, JournalChanged, Passed, SignalGiven
from radtui.core.facts import Executed
from radtui.core.instruction import Ask
from radtui.core.market import SECOND, TIMEFRAMES
from radtui.core.signal import HOLD
from radtui.core.snapshot import Snapshot
from tests.core.holdings import read
from tests.core.rim import Outcome, Rim

XBT = "XBTUSDTM"


@pytest.fixture
def holding() -> Rim:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.pass_time(1.0)
    rim.signal(XBT, 0.9)
    rim.calm(4)
    return rim


def seen(rim: Rim) -> Snapshot:
    return view.snapshot(rim.core, 7, rim.at, ())


def test_the_status_document_has_all_that_row_m2_wants(holding: Rim) -> None:
    for error in [""] * 11 + ["timeout"]:
        holding.feed(CycleFinished(holding.at, 2.0, error))
    status = seen(holding).status
    assert (status.state, status.mode, status.dev_mode, status.error) == ("running", "paper", False, "")
    assert (status.cycles, status.cycles_ok, status.cycles_failed, status.success_rate) == (12, 11, 1, 91.67)
    assert (status.average_cycle, status.last_cycle, status.failures_in_a_row) == (2.0, 2.0, 1)
    assert (status.cycle_interval, status.max_retries, status.retry_delay) == (300.0, 3, 60.0)
    assert status.last_cycle_at == holding.at
    assert status.next_cycle_at == holding.at + 60 * SECOND


def test_the_next_cycle_follows_candles_that_come_faster_than_was_declared(holding: Rim) -> None:
    span = TIMEFRAMES[holding.core.config.timeframe]
    assert holding.core.config.speed == 1
    holding.feed(CycleFinished(holding.at, 2.0, ""))
    for number in range(1, 4):
        holding.at += 5 * SECOND
        closed_at = holding.at - holding.at % span + number * span
        holding.feed(SignalGiven(holding.at, XBT, HOLD, Decimal(60_000), closed_at))
        holding.feed(Passed(holding.at, holding.at))
    assert seen(holding).status.next_cycle_at == holding.at + 5 * SECOND


def test_before_the_first_reading_every_figure_is_missing_and_none_is_made_up() -> None:
    shown = seen(Rim())
    assert (shown.money.equity, shown.money.start, shown.money.identity, shown.money.win_rate) == (None,) * 4
    assert shown.status.success_rate == 0.0
    assert shown.status.average_cycle is None
    assert shown.status.blocked == "recovery is not done"


def test_a_position_is_shown_with_its_protection(holding: Rim) -> None:
    (held,) = seen(holding).positions
    assert (held.symbol, held.lots, held.coins, held.leverage) == (XBT, 33, Decimal("0.033"), 3)
    assert held.stop == Decimal("57000.0")
    assert held.stop_resting
    assert held.pnl == (held.mark or 0) * Decimal("0.033") - Decimal("60030.0") * Decimal("0.033")
    assert held.liquidation is not None
    assert held.liquidation < held.stop


def test_the_money_adds_up(holding: Rim) -> None:
    money = seen(holding).money
    assert money.identity == 0
    assert money.equity is not None
    assert money.start is not None
    assert money.equity == money.start + money.realised - money.fees + money.funding + money.unrealised
    assert (money.opened, money.fills, money.closed) == (1, 1, 0)
    assert money.exposure == pytest.approx(19.8, abs=0.05)


def test_an_order_is_shown_with_its_mean_price_and_a_stop_with_the_positions_size(holding: Rim) -> None:
    stop, entry = seen(holding).orders
    assert (entry.purpose, entry.state, entry.average) == ("entry", "filled", Decimal("60030.0"))
    assert (stop.purpose, stop.lots, stop.trigger, stop.average) == ("stop", 33, Decimal("57000.0"), None)


def test_a_fill_is_shown_with_what_it_was_for(holding: Rim) -> None:
    (executed,) = [fact for fact in holding.journal if isinstance(fact, Executed)]
    shown = view.fill(holding.core, executed)
    assert (shown.purpose, shown.lots, shown.why, shown.price_decimals) == ("entry", 33, "test", 1)
    foreign = Executed(msgspec.structs.replace(executed.fill, client_id="", symbol="DOGEUSDTM"))
    assert view.fill(holding.core, foreign).purpose == "exit"


def test_the_notices_put_the_worst_first(holding: Rim) -> None:
    assert seen(holding).notices == ()
    holding.feed(FeedChanged(holding.at, "market feed", "interrupted"))
    holding.feed(JournalChanged(holding.at, "the disk is full"))
    holding.core.trading.positions.open[XBT].alarmed = True
    holding.core.trading.positions.open[XBT].bare_since = holding.at
    assert seen(holding).notices == (
        "NO STOP on XBTUSDTM: closing, and trying again",
        "the disk is full",
        "market feed lost: interrupted; no entries, positions keep their stops",
    )


def test_an_identity_that_is_off_for_long_is_a_notice(holding: Rim) -> None:
    holding.core.trading.purse.sums.fees += Decimal("0.5")
    holding.pass_time(1.0)
    assert seen(holding).notices == ()
    holding.pass_time(4.0)
    assert seen(holding).notices == ("the account differs from our own sums by 0.50000000 USDT",)


def test_an_error_tells_what_to_do(holding: Rim) -> None:
    for _ in range(3):
        holding.feed(CycleFinished(holding.at, 2.0, "no"))
    assert seen(holding).notices == ("Bot stopped due to 3 consecutive failures; press s to start again",)


def test_a_flatten_that_cannot_read_is_a_notice(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    for _ in range(len(holding.pending)):
        holding.carry(Outcome.REFUSED)
    shown = seen(holding)
    assert shown.flatten is not None
    assert any(notice.startswith("the exchange cannot be read: ") for notice in shown.notices)


def test_a_flatten_that_hangs_names_what_is_in_the_way(holding: Rim) -> None:
    holding.tell(Ask.EMERGENCY_STOP)
    holding.pass_time(6.0)  # nothing answers
    assert seen(holding).notices == ("emergency-stop not done yet, going on: nothing was read yet",)
    read(holding)
    [notice] = seen(holding).notices
    assert notice.startswith("emergency-stop not done yet, going on: ")
    assert "XBTUSDTM long 33 lots" in notice


def test_a_stop_on_its_way_never_leaves_the_reason_out(holding: Rim) -> None:
    holding.tell(Ask.STOP)
    holding.pass_time(6.0)
    [notice] = seen(holding).notices
    assert notice.startswith("stop not done yet, going on: ")
    assert notice.partition("going on: ")[2]


def test_a_snapshot_travels_and_the_receipt_with_it(holding: Rim) -> None:
    holding.tell(Ask.PAUSE)
    shown = seen(holding)
    assert shown.receipt is not None
    assert shown.receipt.ask is Ask.PAUSE
    assert shown.why[0].symbol == XBT
    assert msgspec.json.decode(msgspec.json.encode(shown), type=Snapshot) == shown
