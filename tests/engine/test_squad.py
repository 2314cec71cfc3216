"""Several bots of one account: each true to itself, all together true to the exchange."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.account import PositionReport
from radtui.core.facts import Envelope, Evaluated, Executed, Found, Trouble
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import Candle
from radtui.core.order import Fill, OrderReport
from radtui.core.signal import Signal
from radtui.core.standing import Mode
from radtui.exchange.shared.limits import AccountLimits
from radtui.store.memory import MemoryJournal
from radtui.strategies.base import View
from tests.engine.flights import EVERYTHING, Buyer, Turner
from tests.engine.squads import Account, Life

THREE: dict[str, tuple[str, ...]] = {"alpha": ("XBTUSDTM",), "beta": ("ETHUSDTM", "SOLUSDTM"), "gamma": ("XRPUSDTM",)}
SHARES = {"alpha": "0.3", "beta": "0.3", "gamma": "0.2"}


class Broken(Turner):
    """Its second candle is one too many."""

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Raise."""
        raise RuntimeError("a fault of this strategy")


@pytest.mark.parametrize(
    "bots", [pytest.param(None, marks=pytest.mark.long, id="two"), pytest.param(THREE, id="three")]
)
def test_each_trades_its_own_and_together_they_are_the_account(bots: dict[str, tuple[str, ...]] | None) -> None:
    account = Account(bots, budgets=SHARES)

    async def scenario(life: Life) -> None:
        await life.ready()
        await asyncio.sleep(1000)
        await life.calm()
        life.check()
        for name, symbols in account.bots.items():
            assert {executed.fill.symbol for executed in life.facts(name, Executed)} == set(symbols)
            assert len(life.facts(name, Executed)) > 5
            assert not [found for found in life.facts(name, Found) if found.kind == "balance"]
            assert life.core(name).trading.purse.sums.start == 10_000 * Decimal(SHARES[name])

    account.live(scenario)


@pytest.mark.long
@settings(max_examples=2, deadline=None)
@given(st.integers(1, 10_000))
def test_whatever_fails_at_the_exchange_the_books_of_all_come_out_even(seed: int) -> None:
    account = Account(THREE, budgets=SHARES, seed=seed, rates=EVERYTHING, latency=0.01)

    async def scenario(life: Life) -> None:
        await life.ready()
        await asyncio.sleep(900)
        await life.calm(120)
        life.check()

    account.live(scenario)


def test_after_a_kill_each_is_taken_up_where_it_was() -> None:
    account = Account(THREE, budgets=SHARES, latency=0.01)

    async def first(life: Life) -> None:
        for name in account.bots:
            await life.hold(name)
        await asyncio.sleep(300)

    async def second(life: Life) -> None:
        await life.ready()
        await asyncio.sleep(240)

    async def last(life: Life) -> None:
        await second(life)
        await life.calm()
        life.check()
        for name in account.bots:
            assert not [found for found in life.facts(name, Found) if found.kind == "balance"]

    account.live(first)
    for scenario in (second, second, last):
        account.crash()
        account.live(scenario)


def test_one_is_flattened_while_the_others_trade_on() -> None:
    async def scenario(life: Life) -> None:
        for name in life.account.bots:
            await life.hold(name)
        receipt = await life.ask("alpha", Ask.EMERGENCY_STOP)
        assert receipt.success
        assert not receipt.positions_left
        traded = len(life.facts("beta", Executed))
        await asyncio.sleep(600)
        assert life.core("beta").control.state is State.RUNNING
        assert len(life.facts("beta", Executed)) > traded
        assert not [each for each in life.account.venue.positions() if each.symbol == "XBTUSDTM"]
        assert not [each for each in life.account.venue.open_orders() if each.symbol == "XBTUSDTM"]
        await life.calm()
        life.check()

    Account().live(scenario)


def test_what_kills_one_leaves_the_others_flying_and_its_money_its_own() -> None:
    account = Account(strategies={"alpha": Buyer})

    async def struck(life: Life) -> None:
        await life.hold("alpha")
        await life.hold("beta")
        life.strike("alpha", RuntimeError("struck by lightning"))
        await life.until(lambda: "alpha" in life.squad.errors)
        buried = life.buried["alpha"]
        assert buried.status.state is State.ERROR
        assert buried.status.trading is Mode.HALTED
        assert "struck by lightning" in buried.notices[0]
        assert life.squad.flying == ("beta",)
        assert [each.where for each in life.facts("beta", Trouble) if each.kind == "bot ended"] == ["alpha"]
        traded, start = len(life.facts("beta", Executed)), life.core("beta").trading.purse.sums.wallet
        await asyncio.sleep(1200)
        assert start is not None
        assert len(life.facts("beta", Executed)) > traded
        assert [each for each in life.account.venue.open_orders() if each.symbol == "XBTUSDTM" and each.waits]
        assert life.engines["beta"].snapshot().money.identity == 0
        assert not [found for found in life.facts("beta", Found) if found.kind == "balance"]
        await life.ask("beta", Ask.SHUTDOWN)
        await life.until(life.task.done)

    account.live(struck)
    account.crash()

    async def again(life: Life) -> None:
        await life.ready()
        assert life.core("alpha").trading.positions.open
        await life.calm()
        life.check()

    account.live(again)


def test_a_strategy_that_raises_and_a_journal_that_fails_are_one_bots_matter() -> None:
    account = Account(THREE, budgets=SHARES, strategies={"alpha": Broken})

    async def scenario(life: Life) -> None:
        await life.hold("beta")
        account.journals["beta"].fail("the disk is full")
        await life.until(lambda: life.core("beta").desk.unwritten)
        before = {name: len(life.facts(name, Executed)) for name in account.bots}
        await asyncio.sleep(900)
        assert not life.facts("alpha", Executed)
        assert [each for each in life.facts("alpha", Trouble) if "a fault of this strategy" in each.message]
        assert len(life.facts("gamma", Executed)) > before["gamma"]
        assert life.core("gamma").standing().mode is Mode.ACTIVE
        account.journals["beta"].heal()
        await life.calm()
        life.check()

    account.live(scenario)


def test_no_entry_takes_all_together_beyond_the_accounts_limit_and_why_says_so() -> None:
    limits = AccountLimits(exposure=Decimal("0.1"), margin_share=Decimal(1))
    account = Account(THREE, budgets=SHARES, strategies=dict.fromkeys(THREE, Buyer), limits=limits)

    async def scenario(life: Life) -> None:
        await life.until(lambda: any(each.why.outcome == "no entry: account exposure" for each in refused(life)))
        for _ in range(300):
            await asyncio.sleep(2)
            together = sum(abs(each.cost) for each in account.venue.positions())
            assert together <= 1050
        await life.calm()
        life.check()

    def refused(life: Life) -> list[Evaluated]:
        return [each for name in account.bots for each in life.facts(name, Evaluated)]

    account.live(scenario)


def test_no_journal_ever_knows_of_a_fill_that_the_paper_exchange_forgets() -> None:
    account = Account(THREE, budgets=SHARES)
    account.journal = MemoryJournal(latency=0.7)

    async def scenario(life: Life) -> None:
        known = [account.journals[name] for name in THREE]
        await life.until(lambda: any(isinstance(each.fact, Executed) for journal in known for each in journal.kept))

    account.live(scenario)
    account.crash()
    noted = {
        each.fact.fill.trade_id
        for journal in account.journals.values()
        for each in journal.kept
        if isinstance(each.fact, Executed)
    }
    assert noted
    assert noted <= {fill.trade_id for fill in account.venue.fills(0)}


def test_a_fill_that_only_a_reading_tells_leaves_the_money_true_at_once() -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        off: list[Decimal] = []

        def look() -> None:
            if (identity := life.engines["beta"].snapshot().money.identity) is not None:
                off.append(identity)

        def counted(envelope: Envelope) -> None:
            if isinstance(envelope.fact, Executed):
                life.loop.call_later(0.05, look)

        beta = life.shares["beta"]
        hear, deaf = beta.hear_account, (Fill, OrderReport, PositionReport)
        beta.hear_account = lambda message: None if isinstance(message, deaf) else hear(message)  # type: ignore[method-assign]
        life.engines["beta"].bulletin.watch(counted)
        await life.until(lambda: len(off) > 6)
        assert not any(off), off

    account.live(scenario)


async def killed(life: Life, name: str) -> None:
    """Have a bot that holds something die, while the others hold something, too."""
    for each in life.account.bots:
        await life.hold(each)
    life.strike(name, RuntimeError("struck by lightning"))
    await life.until(lambda: name in life.buried)


def test_who_asks_a_dead_bot_is_told_that_it_is_dead_and_what_to_do() -> None:
    async def scenario(life: Life) -> None:
        await killed(life, "alpha")
        handle = life.handles["alpha"]
        handle.renew()
        assert handle.snapshot().status.state is State.ERROR
        assert handle.snapshot().positions, "what it holds is shown as it was"
        assert "radtui start --bot alpha" in handle.snapshot().notices[0]
        receipt = await life.send("alpha", Ask.PAUSE)
        assert receipt.refused
        assert "has ended" in receipt.message
        assert "radtui start --bot alpha" in receipt.message
        assert not life.taken_up_for

    Account().live(scenario)


def test_a_dead_bot_is_flattened_on_request_while_the_others_trade_on() -> None:
    async def scenario(life: Life) -> None:
        await killed(life, "alpha")
        before = len(life.facts("beta", Executed))
        receipt = await life.send("alpha", Ask.EMERGENCY_STOP)
        assert receipt.success
        assert receipt.positions_closed
        assert life.taken_up_for == [Ask.EMERGENCY_STOP]
        assert not [each for each in life.account.venue.positions() if each.symbol == "XBTUSDTM"]
        assert not [each for each in life.account.venue.open_orders() if each.symbol == "XBTUSDTM"]
        await asyncio.sleep(240)
        assert len(life.facts("beta", Executed)) > before
        assert life.core("alpha").control.state is State.STOPPED
        assert life.handles["alpha"].snapshot().status.state is State.STOPPED
        assert life.squad.errors == {}
        assert set(life.squad.flying) == {"alpha", "beta"}
        await life.calm()
        life.check()
        assert not [found for name in life.account.bots for found in life.facts(name, Found) if found.kind == "balance"]

    Account(strategies={"alpha": Buyer}).live(scenario)


def told(life: Life) -> set[tuple[str, str]]:
    """Return what fires at the bot that flies on."""
    firing = life.engines["beta"].snapshot().alerts.firing
    return {(each.rule, each.subject) for each in firing if each.rule == "bot-ended"}


def test_a_dead_bot_trades_again_when_it_is_started_and_is_stopped_as_what_it_was() -> None:
    async def scenario(life: Life) -> None:
        await killed(life, "alpha")
        stopped = await life.send("alpha", Ask.STOP)
        assert stopped.success, stopped.message
        assert stopped.shown is not None
        assert life.core("alpha").trading.positions.open, "it keeps what it holds"
        life.strike("alpha", RuntimeError("struck again"))
        await life.until(lambda: "struck again" in life.squad.errors.get("alpha", ""))
        await asyncio.sleep(40)
        assert told(life) == {("bot-ended", "alpha")}, "the others' channels say what its own no more can"
        assert (await life.send("alpha", Ask.START)).success
        await life.until(lambda: life.core("alpha").control.state is State.RUNNING)
        assert life.engines["beta"].snapshot().fallen == ()
        await life.until(lambda: told(life) == set())
        traded = len(life.facts("alpha", Executed))
        await asyncio.sleep(300)
        assert len(life.facts("alpha", Executed)) > traded
        await life.calm()
        life.check()

    Account().live(scenario)


def test_one_that_was_shut_down_by_itself_says_so_and_can_be_started() -> None:
    async def scenario(life: Life) -> None:
        await life.hold("beta")
        assert (await life.send("beta", Ask.SHUTDOWN)).success
        await life.until(lambda: "beta" in life.buried)
        shown = life.handles["beta"].snapshot()
        assert (shown.status.state, life.squad.errors) == (State.STOPPED, {})
        assert "was shut down, and the others fly on" in shown.notices[0]
        assert (await life.send("beta", Ask.START)).success
        await life.until(lambda: life.core("beta").control.state is State.RUNNING)
        await life.calm()
        life.check()

    Account().live(scenario)


def test_what_cannot_be_taken_up_is_dead_again_and_who_asked_is_told() -> None:
    async def scenario(life: Life) -> None:
        await killed(life, "alpha")
        life.unready = RuntimeError("the journal is damaged")
        receipt = await life.send("alpha", Ask.EMERGENCY_STOP)
        assert receipt.refused
        assert "the journal is damaged" in life.squad.errors["alpha"]
        assert life.squad.flying == ("beta",)
        life.unready = None
        assert (await life.send("alpha", Ask.EMERGENCY_STOP)).success

    Account().live(scenario)


def test_a_squad_that_lands_while_one_is_taken_up_lands_that_one_too() -> None:
    async def scenario(life: Life) -> None:
        await killed(life, "alpha")
        life.handles["alpha"].send(Ask.START, who="test")
        await life.until(lambda: life.taken_up_for)
        life.squad.tell(Ask.SHUTDOWN, who="test")
        await life.until(life.task.done)
        assert life.core("alpha").control.answers.last is not None

    Account().live(scenario)


def test_two_who_ask_at_once_take_it_up_once() -> None:
    async def scenario(life: Life) -> None:
        await killed(life, "alpha")
        handle = life.handles["alpha"]
        asked = [handle.send(ask, who="test").id for ask in (Ask.EMERGENCY_STOP, Ask.START, Ask.PAUSE)]
        await life.until(lambda: all(handle.receipt(each) for each in asked))
        assert life.taken_up_for == [Ask.EMERGENCY_STOP]
        life.squad.take_up("beta", Ask.START)  # it flies
        await asyncio.sleep(5)
        assert life.taken_up_for == [Ask.EMERGENCY_STOP]

    Account().live(scenario)
