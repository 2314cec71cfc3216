from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import Place, Remember
from radtui.core.config import Limits
from radtui.core.core import Core
from radtui.core.entries import Entries
from radtui.core.events import JournalChanged, Measured, PriceMoved, SignalGiven
from radtui.core.exit_terms import HOUSE, ExitTerms
from radtui.core.facts import Evaluated, Trouble
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE, SECOND
from radtui.core.measures import Measures
from radtui.core.order import OrderRequest
from radtui.core.orders import Purpose
from radtui.core.positions import Plan
from radtui.core.signal import HOLD, Signal
from radtui.core.tiers import BY_BALANCE
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


@pytest.mark.parametrize("confidence", [0.0, 0.59])
def test_a_signal_that_does_not_trust_itself_is_refused_by_name(running: Rim, confidence: float) -> None:
    give(running, signal(confidence=confidence))
    assert (entries(running), why(running)) == ([], "no entry: confidence")


def said(rim: Rim) -> list[str]:
    """Return what came of each signal, as the journal has it."""
    return [fact.why.outcome for fact in rim.journal if isinstance(fact, Evaluated)]


def test_a_hold_is_noted_and_kept(running: Rim) -> None:
    give(running, HOLD)
    assert why(running) == "holds: nothing to do"
    assert said(running) == ["holds: nothing to do"]


def test_the_journal_has_every_signal_also_what_became_no_proposal(running: Rim) -> None:
    give(running, signal())
    give(running, HOLD)
    give(running, signal(buy=float("nan")))
    give(running, signal(), "DOGEUSDTM")
    assert said(running) == [
        "enters 33 lots",
        "holds: nothing to do",
        "unusable signal: buy is nan; probabilities and confidence must lie in [0, 1]",
        "no entry: it is not a contract that is traded here",
    ]
    assert why(running) == "enters 33 lots", "the page goes on showing what was wanted last"


def moves(rim: Rim, volatility: str, symbol: str = XBT) -> None:
    """Have it measured how a contract moves."""
    measures = Measures(closed_at=rim.at, volatility=Decimal(volatility), momentum=Decimal(0))
    rim.feed(Measured(rim.at, symbol, measures))


def placed(limits: Limits, terms: ExitTerms, given_: Signal, volatility: str = "0.01") -> tuple[OrderRequest, Plan]:
    """Return the entry that a signal leads to, and its plan."""
    rim = started()
    rim.core.desk.config = msgspec.structs.replace(rim.core.config, limits=limits, exit_terms=terms)
    moves(rim, volatility)
    give(rim, given_)
    (entry,) = entries(rim)
    return entry, part(rim).plans[entry.client_id]


def test_a_signal_without_stop_gets_that_of_the_rules_and_a_target_twice_as_far() -> None:
    _, plan = placed(Limits(), HOUSE, signal())
    assert (plan.stop, plan.target, plan.followed) == (Decimal(57_600), Decimal(64_800), True)
    _, short = placed(Limits(), HOUSE, signal(buy=0.1))
    assert (short.stop, short.target) == (Decimal(62_400), Decimal(55_200))


def test_the_limits_hold_for_that_stop_too() -> None:
    _, plan = placed(Limits(stop_share=Decimal("0.03")), HOUSE, signal())
    assert plan.stop == Decimal(58_200)


def test_what_a_signal_names_is_what_it_gets() -> None:
    _, plan = placed(Limits(), HOUSE, signal(stop=Decimal(59_000), target=Decimal(60_500)))
    assert (plan.stop, plan.target) == (Decimal(59_000), Decimal(60_500))


@pytest.mark.parametrize(
    ("buy", "stop", "target"),
    [(0.9, "59000", "62000"), (0.1, "61000", "58000"), (0.9, "59999.9", "60000.2"), (0.1, "60000.3", "59999.4")],
)
def test_a_stop_that_is_named_alone_has_its_target_twice_as_far(buy: float, stop: str, target: str) -> None:
    _, plan = placed(Limits(), HOUSE, signal(buy, stop=Decimal(stop)))
    assert (plan.stop, plan.target) == (Decimal(stop), Decimal(target))


FLYING = started()


@given(
    buys=st.booleans(),
    away=st.none() | st.integers(1, 2_000),
    volatility=st.decimals(0, "0.2", places=4),
    confidence=st.floats(0, 1),
    leverage=st.integers(1, 125),
    risk=st.none() | st.decimals("0.001", "0.1", places=3),
    shares=st.tuples(st.decimals("0.01", 1, places=2), st.decimals("0.005", 1, places=3)),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_what_passes_the_gates_is_within_every_limit(
    buys: bool,
    away: int | None,
    volatility: Decimal,
    confidence: float,
    leverage: int,
    risk: Decimal | None,
    shares: tuple[Decimal, Decimal],
) -> None:
    """`away`: of the signal's own stop, in basis points of the price; None where it names none."""
    size, stop_share = shares
    limits = Limits(
        leverage=leverage,
        leverage_adapts=True,
        risk_share=risk,
        position_share=size,
        stop_share=stop_share,
        confidence=0,
    )
    sign, price = (1 if buys else -1), Decimal(60_000)
    stop = None if away is None else price * (1 - sign * Decimal(away) / 10_000)
    FLYING.core.desk.config = msgspec.structs.replace(FLYING.core.config, limits=limits, exit_terms=HOUSE)
    moves(FLYING, str(volatility))
    given_ = SignalGiven(FLYING.at, XBT, signal(float(buys), confidence, stop=stop), price, FLYING.at)
    weighed = part(FLYING).weigh(given_)
    assert weighed is not None
    found, gates = weighed
    if not all(gate.passed for gate in gates):
        return
    lost = (price - found.stop) * sign
    equity, contract = Decimal(10_000), found.instrument
    assert 0 < lost <= price * stop_share
    assert 1 <= found.leverage <= leverage
    assert 0 < found.notional <= equity * size
    assert risk is None or contract.notional(lost, found.lots) <= equity * risk
    assert lost < price * (1 / Decimal(found.leverage) - contract.maintenance_margin), "liquidated before its stop"
    assert found.target is not None
    assert abs((found.target - price) * sign - 2 * lost) < contract.tick


def test_without_rules_the_stop_is_the_limits_and_there_is_no_target() -> None:
    _, plan = placed(Limits(), ExitTerms(), signal())
    assert (plan.stop, plan.target) == (Decimal(57_000), None)


@pytest.mark.parametrize(
    ("leverage", "adapts", "stop", "volatility", "used"),
    [
        (10, False, "59000", "0.01", 10),
        (20, False, "57000", "0.01", 16),  # a stop five percent away
        (20, True, "59400", "0.001", 20),
        (20, True, "59400", "0.09", 8),
        (3, True, "59400", "0.001", 3),
        (2, True, "59400", "0.09", 2),  # never above what is set
    ],
)
def test_the_leverage_suits_the_market_and_lets_the_stop_fire_first(
    leverage: int, adapts: bool, stop: str, volatility: str, used: int
) -> None:
    limits = Limits(leverage=leverage, leverage_adapts=adapts)
    entry, _ = placed(limits, ExitTerms(), signal(stop=Decimal(stop)), volatility)
    assert entry.leverage == used


@pytest.mark.parametrize(
    ("confidence", "wins", "losses", "peak", "used"),
    [
        (0.7, 0, 0, 10_000, 11),
        (0.9, 0, 0, 10_000, 15),
        (0.7, 3, 0, 10_000, 13),
        (0.7, 0, 2, 10_000, 8),
        (0.7, 0, 0, 12_000, 5),
        (0.7, 3, 0, 12_000, 7),
    ],
)
def test_the_leverage_knows_signal_streak_and_drawdown(
    running: Rim, confidence: float, wins: int, losses: int, peak: int, used: int
) -> None:
    limited(running, Limits(leverage=20, leverage_adapts=True))
    moves(running, "0.0201")
    trading = running.core.trading
    trading.breakers.kept.wins, trading.breakers.kept.streak = wins, losses
    trading.purse.sums.peak = Decimal(peak)
    give(running, signal(confidence=confidence, stop=Decimal(59_400)))
    (entry,) = entries(running)
    assert entry.leverage == used


def test_the_leverage_is_never_more_than_the_contract_admits(running: Rim) -> None:
    limited(running, Limits(leverage=20))
    instruments = running.core.desk.instruments
    instruments[XBT] = msgspec.structs.replace(instruments[XBT], max_leverage=4)
    give(running, signal())
    (entry,) = entries(running)
    assert entry.leverage == 4


def test_the_risk_of_a_trade_follows_what_is_free_at_its_moment(running: Rim) -> None:
    tiers = tuple(msgspec.structs.replace(tier, leverage=None, position_share=None) for tier in BY_BALANCE)
    limited(running, Limits(position_share=Decimal(1), tiers=tiers, exposure_share=Decimal(1)))
    give(running, signal())
    assert why(running) == "enters 83 lots", "2.5 percent of 10,000 over a stop of five percent"
    account = running.core.trading.purse.account
    assert account is not None
    running.core.trading.purse.account = msgspec.structs.replace(account, available=Decimal("9999.99"))
    weighed = part(running).weigh(SignalGiven(running.at, XBT, signal(), Decimal(60_000), running.at))
    assert weighed is not None
    assert weighed[0].lots == 66, "2 percent"


def test_a_group_is_held_two_at_a_time(running: Rim) -> None:
    limited(running, Limits(group_share=Decimal("0.4"), positions=5))
    for symbol in (XBT, "ETHUSDTM"):
        give(running, signal(), symbol)
    assert len(entries(running)) == 2
    weighed = part(running).weigh(SignalGiven(running.at, XBT, signal(), Decimal(60_000), running.at))
    assert weighed is not None
    assert [gate.value for gate in weighed[1] if gate.gate == "group"] == ["2 in major"]
    assert "group" in [gate.gate for gate in weighed[1] if not gate.passed]


def test_an_operator_can_switch_entries_off(running: Rim) -> None:
    limited(running, Limits(enabled=False))
    give(running, signal())
    assert why(running) == "no entry: enabled"


def test_the_spread_of_the_latest_price_counts(running: Rim) -> None:
    limited(running, Limits(spread=Decimal("0.01")))
    ask = Decimal(60_000)
    running.feed(PriceMoved(running.at, XBT, ask, running.at, ask * Decimal("0.989"), ask))
    give(running, signal())
    assert why(running) == "no entry: spread"
    running.feed(PriceMoved(running.at, XBT, ask, running.at, ask * Decimal("0.99"), ask))
    give(running, signal())
    assert why(running).startswith("enters")


def test_a_quote_of_an_earlier_price_says_nothing_of_this_one(running: Rim) -> None:
    limits = Limits(spread=Decimal("0.01"))
    running.core.desk.config = msgspec.structs.replace(running.core.config, limits=limits, quotes=True)
    price = Decimal(60_000)
    running.feed(PriceMoved(running.at, XBT, price, running.at, price, price))
    running.feed(PriceMoved(running.at, XBT, price, running.at))
    give(running, signal())
    assert why(running) == "no entry: spread"


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
