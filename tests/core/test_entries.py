from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import Place, Remember
from radtui.core.config import Limits
from radtui.core.core import Core
from radtui.core.entries import Entries
from radtui.core.events import JournalChanged, SignalGiven
from radtui.core.facts import Evaluated, Trouble
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE, SECOND
from radtui.core.order import OrderRequest
from radtui.core.orders import Purpose
from radtui.core.signal import HOLD, Signal
from tests.core.makers import signal
from tests.core.rim import Outcome, Rim

XBT = "XBTUSDTM"


@pytest.fixture
def running() -> Rim:
    return started()


def started(balance: int = 10_000) -> Rim:
    rim = Rim(balance=balance)
    rim.feed_read()
    rim.tell(Ask.START)
    return rim


def give(rim: Rim, said: Signal, symbol: str = XBT, age: int = 0) -> None:
    rim.feed(SignalGiven(rim.at, symbol, said, rim.market.prices.get(symbol, Decimal(1)), rim.at - age))


def limited(rim: Rim, limits: Limits) -> Rim:
    rim.core.desk.config = type(rim.core.config)(bot="t", boot=rim.at, limits=limits)
    return rim


def entries(rim: Rim) -> list[OrderRequest]:
    return [order.request for order in rim.core.trading.orders.all() if order.purpose is Purpose.ENTRY]


def why(rim: Rim, symbol: str = XBT) -> str:
    return rim.core.trading.entries.why[symbol].outcome


def part(rim: Rim) -> Entries:
    return rim.core.trading.entries


def test_a_signal_that_passes_is_one_market_entry_of_a_fifth_of_the_equity(running: Rim) -> None:
    give(running, signal())
    (entry,) = entries(running)
    assert (entry.side, entry.lots, entry.leverage, entry.reduces) == ("buy", 33, 3, False)
    assert why(running) == "enters 33 lots"
    (view,) = [fact.why for fact in running.journal if isinstance(fact, Evaluated)]
    assert all(gate.passed for gate in view.gates)


@given(
    equity=st.integers(10, 1_000_000),
    share=st.decimals("0.01", 1, places=2),
    most=st.none() | st.integers(10, 50_000),
    risk=st.none() | st.decimals("0.001", "0.05", places=3),
    distance=st.integers(1, 3000),
)
@settings(max_examples=50, deadline=None)
def test_the_size_keeps_every_limit_and_one_lot_more_would_not(
    equity: int, share: Decimal, most: int | None, risk: Decimal | None, distance: int
) -> None:
    limits = Limits(position_share=share, position_notional=None if most is None else Decimal(most), risk_share=risk)
    rim = limited(started(), limits)
    price, instrument = Decimal(60_000), rim.core.desk.instruments[XBT]
    lots = part(rim)._lots(Decimal(equity), price, price - distance, instrument)

    def within(count: int) -> bool:
        value = instrument.notional(price, count)
        loss = instrument.notional(Decimal(distance), count)
        return value <= equity * share and (most is None or value <= most) and (risk is None or loss <= equity * risk)

    assert within(lots) or lots == 0
    assert not within(lots + 1)


@pytest.mark.parametrize("confidence", [0.0, 0.59])
def test_a_signal_that_does_not_trust_itself_is_refused_by_name(running: Rim, confidence: float) -> None:
    give(running, signal(confidence=confidence))
    assert (entries(running), why(running)) == ([], "no entry: confidence")


def test_a_hold_is_noted_and_not_published(running: Rim) -> None:
    written = len(running.journal)
    give(running, HOLD)
    assert why(running) == "holds: nothing to do"
    assert running.journal[written:] == []


def test_an_unusable_signal_is_the_strategys_trouble(running: Rim) -> None:
    give(running, signal(buy=float("nan")))
    give(running, signal(stop=Decimal("NaN")))
    troubles = [fact for fact in running.journal if isinstance(fact, Trouble)]
    assert [trouble.where for trouble in troubles] == ["strategy", "strategy"]
    assert entries(running) == []


def test_a_contract_that_is_not_listed_is_the_strategys_trouble(running: Rim) -> None:
    give(running, signal(), "DOGEUSDTM")
    (trouble,) = [fact for fact in running.journal if isinstance(fact, Trouble)]
    assert trouble.message == "DOGEUSDTM is not a contract of this account"


@pytest.mark.parametrize("ask", [Ask.PAUSE, Ask.STOP])
def test_nothing_is_entered_while_not_running(running: Rim, ask: Ask) -> None:
    running.tell(ask)
    give(running, signal())
    assert why(running) == "no entry: state"


def test_nothing_is_entered_while_the_journal_fails_and_again_when_it_works(running: Rim) -> None:
    running.feed(JournalChanged(running.at, "the disk is full"))
    give(running, signal())
    assert why(running) == "no entry: ready"
    running.feed(JournalChanged(running.at, ""))
    give(running, signal())
    assert len(entries(running)) == 1


def test_an_old_signal_is_not_traded(running: Rim) -> None:
    give(running, signal(), age=5 * MINUTE)
    assert len(entries(running)) == 1
    give(running, signal(), "ETHUSDTM", age=5 * MINUTE + SECOND)
    assert why(running, "ETHUSDTM") == "no entry: signal age"


@pytest.mark.parametrize(
    ("newer", "outcome"),
    [(0, "enters 33 lots"), (5, "enters 33 lots"), (6, "no entry: signal age"), (-1, "no entry: signal age")],
)
def test_where_candles_run_ahead_of_the_market_clock_their_own_newest_one_tells_the_age(
    running: Rim, newer: int, outcome: str
) -> None:
    closed_at = running.at + 6 * 3600 * SECOND
    price = running.market.prices[XBT]
    running.feed(SignalGiven(running.at, XBT, signal(), price, closed_at, closed_at + newer * MINUTE))
    assert why(running, XBT) == outcome


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.LOST_AFTER])
def test_a_symbol_is_taken_from_the_intent_until_the_stop_is_gone(running: Rim, outcome: Outcome) -> None:
    give(running, signal())
    give(running, signal())
    assert why(running) == "no entry: symbol free"
    running.carry(outcome)
    give(running, signal())
    running.calm(4)
    give(running, signal())
    assert len(entries(running)) == 1


def test_a_symbol_stays_taken_while_a_filled_entrys_fills_are_on_their_way(running: Rim) -> None:
    give(running, signal())
    running.carry(Outcome.LOST_AFTER)
    running.pass_time(1.0)
    running.inbox.clear()
    running.carry()  # the look-up says that it is filled; the fill itself was lost
    assert not running.core.trading.orders.live()
    assert not running.core.trading.positions.open
    give(running, signal())
    assert why(running) == "no entry: symbol free"
    assert len(entries(running)) == 1
    running.calm(3)
    assert running.core.trading.positions.open[XBT].lots == 33


@pytest.mark.parametrize(("buy", "stop", "placed"), [(0.9, "59000.123", "59000.2"), (0.1, "61000.123", "61000.1")])
def test_a_strategys_stop_is_put_on_the_grid_towards_the_price(
    running: Rim, buy: float, stop: str, placed: str
) -> None:
    give(running, signal(buy, stop=Decimal(stop)))
    running.calm(4)
    (resting,) = running.venue.open_orders()
    assert resting.stop is not None
    assert resting.stop.price == Decimal(placed)


def test_the_stop_and_target_of_the_signal_become_the_positions(running: Rim) -> None:
    give(running, signal(stop=Decimal(59_000), target=Decimal(63_000)))
    running.calm(4)
    plan = running.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert (plan.stop, plan.target) == (Decimal(59_000), Decimal(63_000))
    assert part(running).plans == {}, "a plan is handed over and not kept"


def test_a_signal_against_the_position_closes_it_and_enters_once_the_old_stop_is_gone(running: Rim) -> None:
    give(running, signal(0.9))
    running.calm(4)
    give(running, signal(0.1))
    assert why(running) == "closes the position; enters when it is flat"
    running.calm(6)
    (held,) = running.venue.positions()
    assert held.lots < 0
    (stop,) = running.venue.open_orders()
    assert stop.side == "buy"


def test_an_unsure_signal_against_the_position_changes_nothing(running: Rim) -> None:
    give(running, signal(0.9))
    running.calm(4)
    give(running, signal(0.1, confidence=0.5))
    assert why(running) == "against the position, but not confident enough to close it"
    assert not running.core.trading.orders.live(Purpose.EXIT)


def test_the_book_is_full_at_five_positions_and_entries_on_their_way_count(running: Rim) -> None:
    limited(running, Limits(positions=1))
    give(running, signal())
    give(running, signal(), "ETHUSDTM")
    assert why(running, "ETHUSDTM") == "no entry: positions"


def test_a_small_account_is_told_that_it_cannot_afford_a_lot() -> None:
    rim = started(balance=100)
    give(rim, signal())
    assert "size" in why(rim)
    assert entries(rim) == []
    assert isinstance(rim.core, Core)


def test_a_close_of_a_reversal_that_was_refused_is_pressed_until_it_is_done(running: Rim) -> None:
    give(running, signal(0.9))
    running.calm(4)
    give(running, signal(0.1))
    for _ in range(5):
        for _ in range(len(running.pending)):
            running.carry(Outcome.REFUSED if isinstance(running.pending[0], Place) else Outcome.OK)
        running.pass_time(1.0)
    assert running.core.trading.positions.open[XBT].lots > 0
    running.calm(6)
    (held,) = running.venue.positions()
    assert held.lots < 0


@pytest.mark.parametrize("again", [0.9, 0.1])
def test_what_was_turned_round_again_is_not_pressed(running: Rim, again: float) -> None:
    give(running, signal(0.9))
    running.calm(4)
    give(running, signal(0.1))
    running.carry(Outcome.REFUSED)
    give(running, signal(again))
    running.calm(6)
    (held,) = running.venue.positions()
    assert (held.lots > 0) == (again > 0.5)


@pytest.mark.parametrize("before", [True, False])
def test_a_stopped_bot_leaves_the_position_to_its_stop_whatever_the_strategy_says(running: Rim, before: bool) -> None:
    give(running, signal(0.9))
    running.calm(4)
    if before:
        give(running, signal(0.1))
        running.carry(Outcome.REFUSED)
    running.tell(Ask.STOP)
    assert running.core.control.state is State.STOPPING
    if not before:
        give(running, signal(0.1))
        assert why(running) == "against the position, which keeps its stop: the bot is stopping"
    running.calm(6)
    assert running.core.control.state is State.STOPPED
    if not before:
        give(running, signal(0.1))
        assert why(running) == "against the position, which keeps its stop: the bot is stopped"
    sent = len(list(running.core.trading.orders.all()))
    running.pass_time(5.0)
    running.tell(Ask.START)
    running.calm(6)
    assert len(list(running.core.trading.orders.all())) == sent
    assert running.core.trading.positions.open[XBT].lots == 33


def test_the_plan_is_to_be_remembered_with_its_entry(running: Rim) -> None:
    said = running.core.handle(SignalGiven(running.at, XBT, signal(), Decimal(60_000), running.at))
    (place,) = [command for command in said if isinstance(command, Place)]
    assert place.durable_first, "what is written with its event is on disk before it leaves"
    assert [command for command in said if isinstance(command, Remember)] == [Remember()]
    assert list(part(running).plans) == [place.request.client_id]


@pytest.mark.parametrize("turns", [False, True])
def test_the_plan_of_an_entry_survives_a_crash_right_after_it_was_sent(running: Rim, turns: bool) -> None:
    if turns:
        give(running, signal(0.9, stop=Decimal(59_400), target=Decimal(61_200)))
        running.calm(4)
    give(running, signal(0.1, stop=Decimal(60_600), target=Decimal(58_800)))
    while not (running.pending and isinstance(running.pending[0], Place) and running.pending[0].durable_first):
        if running.pending:
            running.carry()
        else:
            running.pass_time(1.0)
            running.deliver()
    running.carry()
    running.crash(0)
    running.calm()
    plan = running.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert (plan.stop, plan.target) == (Decimal(60_600), Decimal(58_800))
