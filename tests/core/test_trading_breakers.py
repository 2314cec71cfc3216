from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from radtui.core.account import Transfer
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.config import Limits
from radtui.core.events import AccountReported, ExchangeShown, Passed, PriceMoved, Told
from radtui.core.facts import BreakerMoved, Trouble
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.market import DAY, HOUR, MINUTE, SECOND
from radtui.core.orders import Purpose
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.core.trading_breakers import TradingBreakers
from radtui.core.view import snapshot
from tests.core.makers import account
from tests.core.rim import START, UNCHECKED, Outcome, Rim

XBT = "XBTUSDTM"
CONSERVATIVE = Limits()
TODAY_ENDS = (START // DAY + 1) * DAY


def running(limits: Limits = CONSERVATIVE) -> Rim:
    rim = Rim(limits=limits)
    rim.feed_read()
    rim.tell(Ask.START)
    rim.pass_time()
    return rim


def part(rim: Rim) -> TradingBreakers:
    return rim.core.trading.breakers


def breaker(rim: Rim, name: str) -> TradingBreakerView:
    return next(view for view in part(rim).views() if view.name == name)


def tripped(rim: Rim) -> set[str]:
    return {view.name for view in part(rim).views() if view.tripped}


def mode(rim: Rim) -> Mode:
    return rim.core.standing().mode


def entries(rim: Rim) -> int:
    return sum(order.purpose is Purpose.ENTRY for order in rim.core.trading.orders.all())


def lose(rim: Rim, share: str) -> None:
    """Have the account worth less by a share of the 10,000 it began with, as a transfer would: no fill, no position."""
    wallet = Decimal(10_000) * (1 - Decimal(share))
    rim.core.trading.purse.sums.start = wallet - _earned(rim)
    rim.feed(AccountReported(rim.at, account(wallet)))
    rim.feed(PriceMoved(rim.at, XBT, rim.market.prices[XBT], rim.at))
    rim.core.trading.observe()
    for command in rim.core.desk.clear():
        rim._take(command)


def _earned(rim: Rim) -> Decimal:
    sums = rim.core.trading.purse.sums
    return sums.realised - sums.fees + sums.funding


def at_market(rim: Rim, at: int) -> None:
    """Let the market clock come to `at`."""
    rim.at = at
    rim.market.now = max(rim.market.now, at)
    rim.feed(Passed(at, at))


def read(rim: Rim, wallet: int, *transfers: Transfer) -> None:
    """Answer a reading that asked for transfers."""
    shown = ExchangeShown(rim.at, rim.at, (), (), (), account(wallet), (), transfers)
    rim.feed(shown)


def losing_trade(rim: Rim) -> None:
    """Enter long and be stopped out of it."""
    rim.signal(XBT, 0.9)
    rim.calm(3)
    rim.pass_time(1.0, moves=(-60,))
    rim.calm(6)
    assert not rim.venue.positions()
    rim.pass_time(1.0, moves=(64,))
    rim.deliver()


def reset(rim: Rim, name: str = "") -> Receipt:
    rim.asked += 1
    told = Instruction(id=f"r{rim.asked}", ask=Ask.RESET_BREAKERS, who="key:lena", subject=name)
    rim.feed(Told(rim.at, told))
    return rim.receipts[told.id]


@pytest.mark.parametrize(("share", "names"), [("0.0499", set()), ("0.05", {"drawdown"})])
def test_the_drawdown_trips_exactly_at_its_limit(share: str, names: set[str]) -> None:
    rim = running()
    lose(rim, share)
    assert tripped(rim) == names
    assert mode(rim) is (Mode.REDUCING if names else Mode.ACTIVE)


@pytest.mark.parametrize(("share", "names"), [("0.0999", set()), ("0.1", {"daily loss"}), ("0.2", {"daily loss"})])
def test_the_days_loss_trips_exactly_at_its_limit(share: str, names: set[str]) -> None:
    rim = running(Limits(drawdown=Decimal(1)))
    lose(rim, share)
    assert tripped(rim) == names


def test_a_tripped_breaker_says_value_limit_since_and_when_it_resets() -> None:
    rim = running()
    lose(rim, "0.1025")
    assert breaker(rim, "daily loss") == TradingBreakerView(
        name="daily loss",
        value="10.25 %",
        limit="10.00 %",
        share=100.0,
        tripped=True,
        since=rim.at,
        resets_at=TODAY_ENDS,
        why="10.25 %, limit 10.00 %",
    )
    assert breaker(rim, "drawdown").resets_at is None
    moved = [fact.breaker.name for fact in rim.journal if isinstance(fact, BreakerMoved)]
    assert moved == ["daily loss", "drawdown"]
    troubles = [fact.message for fact in rim.journal if isinstance(fact, Trouble)]
    assert "drawdown: 10.25 %, limit 5.00 %; no entries, open positions keep their stops and targets" in troubles


def test_what_is_tripped_stays_so_when_the_loss_comes_back() -> None:
    rim = running()
    lose(rim, "0.11")
    lose(rim, "0.0")
    assert tripped(rim) == {"daily loss", "drawdown"}
    assert breaker(rim, "daily loss").share == 0.0


def test_the_day_resets_at_midnight_of_the_market_and_the_drawdown_does_not() -> None:
    rim = running()
    lose(rim, "0.11")
    at_market(rim, TODAY_ENDS - 1)
    assert tripped(rim) == {"daily loss", "drawdown"}
    at_market(rim, TODAY_ENDS)
    assert tripped(rim) == {"drawdown"}
    assert breaker(rim, "daily loss").value == "0.00 %", "the new day begins with what is left"
    at_market(rim, TODAY_ENDS + 9 * DAY)
    assert tripped(rim) == {"drawdown"}


def test_no_day_begins_while_its_equity_may_be_false() -> None:
    rim = running(Limits(drawdown=Decimal(1)))
    lose(rim, "0.11")
    rim.feed(AccountReported(rim.at, account(8_000)))  # a fill is on its way: our sums do not know of it yet
    at_market(rim, TODAY_ENDS)
    assert tripped(rim) == {"daily loss"}
    at_market(rim, TODAY_ENDS + 62 * SECOND)  # it never came: then this is the equity
    assert tripped(rim) == set()


def test_an_equity_of_two_moments_trips_nothing() -> None:
    rim = running()
    rim.feed(AccountReported(rim.at, account(8_000)))
    rim.pass_time(1.0)
    rim.pass_time(3.5)
    assert tripped(rim) == set()
    read(rim, 8_000)
    rim.pass_time(1.0)
    assert tripped(rim) == {"daily loss", "drawdown"}, "nobody moved the money: it is lost"


def test_money_that_is_missing_for_a_minute_is_lost_although_nobody_can_be_asked() -> None:
    rim = running()
    rim.feed(AccountReported(rim.at, account(8_000)))
    rim.pass_time(1.0)
    rim.pass_time(60.0)
    assert tripped(rim) == set()
    rim.pass_time(1.0)
    assert tripped(rim) == {"daily loss", "drawdown"}


@pytest.mark.parametrize("amount", [-3_000, 3_000])
@pytest.mark.parametrize("renewed", [False, True])
def test_money_that_is_moved_is_no_loss_and_no_peak(amount: int, renewed: bool) -> None:
    rim = running()
    read(rim, 10_000)
    if renewed:
        lose(rim, "0.11")
        reset(rim)
    wallet = (8_900 if renewed else 10_000) + amount
    rim.feed(AccountReported(rim.at, account(wallet)))
    for _ in range(5):
        rim.pass_time(1.0)
    told = Transfer(key="w1", currency="USDT", amount=Decimal(amount), at=rim.at, kind="transfer")
    read(rim, wallet, told)
    for _ in range(5):
        rim.pass_time(20.0)
    assert tripped(rim) == set()
    assert breaker(rim, "drawdown").value == breaker(rim, "daily loss").value == "0.00 %"


def test_three_losses_in_a_row_end_entries_for_an_hour_of_the_market() -> None:
    rim = running(Limits(drawdown=Decimal(1)))
    for count in (1, 2, 3):
        assert mode(rim) is Mode.ACTIVE
        losing_trade(rim)
        assert breaker(rim, "losing streak").value == f"{count} in a row"
    assert tripped(rim) == {"losing streak"}
    until = breaker(rim, "losing streak").resets_at
    assert until is not None
    assert until - HOUR <= rim.at
    rim.signal(XBT, 0.9)
    assert rim.core.trading.entries.why[XBT].outcome == "no entry: losing streak"
    at_market(rim, until - 1)
    assert tripped(rim) == {"losing streak"}
    at_market(rim, until)
    assert (tripped(rim), breaker(rim, "losing streak").value) == (set(), "0 in a row")


def test_a_win_ends_a_streak_a_draw_does_not_and_a_loss_in_the_cooldown_prolongs_it() -> None:
    rim = running()
    for net, streak in ((-1, 1), (0, 1), (-1, 2), (1, 0), (-1, 1), (-1, 2), (-1, 3)):
        part(rim).ended(Decimal(net))
        assert part(rim).kept.streak == streak
    first = breaker(rim, "losing streak").resets_at
    at_market(rim, rim.at + MINUTE)
    part(rim).ended(Decimal(-1))
    part(rim).ended(Decimal(1))
    later = breaker(rim, "losing streak").resets_at
    assert first is not None
    assert later == first + MINUTE, "the clock runs from the last loss, and a win does not shorten it"


def test_the_eleventh_entry_within_a_minute_waits_until_the_minute_has_slid_on() -> None:
    rim = running(Limits(positions=100))
    for _ in range(10):
        rim.signal(XBT, 0.9)
        rim.carry(Outcome.REFUSED)
        rim.pass_time(1.0)
    assert (entries(rim), tripped(rim)) == (10, {"order rate"})
    rim.signal(XBT, 0.9)
    assert (entries(rim), rim.core.trading.entries.why[XBT].outcome) == (10, "no entry: order rate")
    until = breaker(rim, "order rate").resets_at
    assert until is not None
    at_market(rim, until - 1)
    assert tripped(rim) == {"order rate"}
    at_market(rim, until)
    assert (tripped(rim), breaker(rim, "order rate").value) == (set(), "9 a minute")


def test_time_runs_on_for_the_rate_while_the_equity_may_be_false() -> None:
    rim = running(Limits(entries_per_minute=1))
    rim.signal(XBT, 0.9)
    assert tripped(rim) == {"order rate"}
    at_market(rim, rim.at + 59 * SECOND)
    rim.feed(AccountReported(rim.at, account(8_000)))
    at_market(rim, rim.at + 1 * SECOND)
    assert tripped(rim) == set()


def test_a_signal_is_weighed_at_the_prices_of_its_moment_and_not_of_the_last_tick() -> None:
    rim = running(Limits(drawdown=Decimal("0.005")))
    rim.signal(XBT, 0.9)
    rim.calm(3)
    assert tripped(rim) == set()
    rim.feed(PriceMoved(rim.at, XBT, rim.market.prices[XBT] * Decimal("0.951"), rim.at))
    rim.signal("ETHUSDTM", 0.9)
    assert rim.core.trading.entries.why["ETHUSDTM"].outcome == "no entry: drawdown"


def test_the_tenth_entry_is_not_withdrawn_by_the_rate_it_fills() -> None:
    rim = running(Limits(entries_per_minute=1))
    rim.signal(XBT, 0.9)
    rim.calm(3)
    assert [position.symbol for position in rim.venue.positions()] == [XBT]


def test_an_entry_on_its_way_is_withdrawn_when_a_loss_trips() -> None:
    rim = running()
    rim.signal(XBT, 0.9)
    lose(rim, "0.06")
    rim.calm(3)
    assert not rim.venue.positions()


@pytest.mark.parametrize("keep", [0, 1000])
def test_a_crash_forgets_no_trip_and_no_base_once_they_are_written(keep: int) -> None:
    rim = running()
    lose(rim, "0.11")
    part(rim).kept.streak = 2
    reset(rim, "drawdown")
    rim.durable = len(rim.journal) if not keep else rim.durable
    kept = part(rim).kept
    rim.crash(keep)
    assert part(rim).kept == kept
    rim.feed_read()
    rim.tell(Ask.START)
    rim.pass_time()
    assert tripped(rim) == {"daily loss"}
    assert mode(rim) is Mode.REDUCING


def test_a_reset_counts_anew_and_trips_again_after_as_much_again() -> None:
    rim = running()
    lose(rim, "0.11")
    receipt = reset(rim)
    assert receipt.success
    assert receipt.message == "reset, counting anew from now: daily loss, drawdown"
    assert (tripped(rim), mode(rim)) == (set(), Mode.ACTIVE)
    lose(rim, "0.15")
    assert tripped(rim) == set()
    lose(rim, "0.16")
    assert tripped(rim) == {"drawdown"}
    (moved,) = [fact for fact in rim.journal if isinstance(fact, BreakerMoved)][2:3]
    assert (moved.breaker.tripped, moved.why) == (False, "reset by key:lena")


def test_a_reset_of_one_leaves_the_other() -> None:
    rim = running()
    lose(rim, "0.11")
    assert reset(rim, "drawdown").success
    assert tripped(rim) == {"daily loss"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "no breaker is tripped: there is nothing to reset"),
        ("drawdown", "drawdown is not tripped: there is nothing to reset"),
        ("mood", "there is no breaker 'mood'; there are: daily loss, drawdown, losing streak, order rate"),
    ],
)
def test_a_reset_of_nothing_changes_nothing_and_says_so(name: str, said: str) -> None:
    rim = running()
    before = part(rim).kept
    receipt = reset(rim, name)
    assert (receipt.success, receipt.message) == (False, said)
    assert part(rim).kept == before


def test_a_loss_cannot_be_reset_before_the_equity_is_known() -> None:
    rim = running()
    lose(rim, "0.11")
    rim.crash(1000)
    receipt = reset(rim)
    assert (receipt.success, receipt.message) == (
        False,
        "the equity is not known yet: nothing to count from; nothing was reset",
    )
    assert breaker(rim, "drawdown").value == "–"
    assert tripped(rim) == {"daily loss", "drawdown"}


def test_tripped_the_strategy_still_closes_and_does_not_turn_round() -> None:
    rim = running()
    rim.signal(XBT, 0.9)
    rim.calm(3)
    lose(rim, "0.06")
    rim.signal(XBT, 0.1)
    rim.calm(6)
    assert not rim.venue.positions()
    assert entries(rim) == 1
    assert rim.core.trading.entries.why[XBT].outcome.startswith("no entry: ")


def test_the_snapshot_shows_the_mode_all_its_reasons_and_every_breaker() -> None:
    rim = running()
    lose(rim, "0.11")
    rim.tell(Ask.PAUSE)
    shown = snapshot(rim.core, 1, rim.at, ())
    assert shown.breakers == part(rim).views()
    assert [view.name for view in shown.breakers] == ["daily loss", "drawdown", "losing streak", "order rate"]
    assert (shown.status.trading, shown.status.blocked) == (Mode.REDUCING, "the bot is paused")
    assert shown.status.reasons[1:] == (
        "daily loss tripped: 11.00 %, limit 10.00 %",
        "drawdown tripped: 11.00 %, limit 5.00 %",
    )
    assert msgspec.json.decode(msgspec.json.encode(shown), type=Snapshot).breakers == shown.breakers


def test_unchecked_limits_trip_on_nothing_that_happens() -> None:
    rim = running(UNCHECKED)
    lose(rim, "0.9")
    assert tripped(rim) == set()
