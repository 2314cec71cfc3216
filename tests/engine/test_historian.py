"""Backtests asked of an engine: every ask is answered once, and how one fares is seen."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from decimal import Decimal

import msgspec

from radtui.backtest.job import AnySaid, Begun, Come, Flown, Job, Unflown
from radtui.backtest.source import Source
from radtui.core.backtest_view import BacktestFigures, BacktestRequest, BacktestState
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.engine.bulletin import Bulletin
from radtui.engine.historian import KEPT, Historian
from radtui.engine.past import Prepared
from radtui.engine.workshop import Errand, Unflyable, Workshop
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from radtui.store.memory import MemoryJournal
from tests.backtest.worlds import terms

JOB = Job(strategy="x", told={}, terms=terms(), source=Source(), document="a.json", page="a.html")
ASKED = BacktestRequest(symbol="XBTUSDTM", parameters={"fast": "3"})
WHOLE = msgspec.structs.replace(ASKED, strategy="ema_cross", timeframe="5m")
FIGURES = BacktestFigures(
    total_trades=2, winning_trades=1, losing_trades=1, win_rate=0.5, profit_factor=2.0, max_drawdown=0.1,
    sharpe_ratio=None, market_return=0.01, exposure=0.5, capital=Decimal(100), net_profit=Decimal(3),
    final_equity=Decimal(103), fees=Decimal(1), funding=Decimal(0), identity=Decimal(0), steps=10, faults=0,
)  # fmt: skip
DONE = Flown(figures=FIGURES, blocked={"confidence": 3}, curve=(Decimal(100), Decimal(103)))


class Hand(Errand):
    """An errand that a test moves by hand."""

    def __init__(
        self, prepare: Callable[[], Job], hear: Callable[[AnySaid], object], leave: Callable[[], None]
    ) -> None:
        super().__init__((), prepare, hear, leave)
        self.kills = 0

    def start(self) -> None:
        """Prepare, as the thread does first."""
        try:
            self._prepare()
        except Unflyable as unflyable:
            self.say(Unflown(why=str(unflyable)))

    def say(self, said: AnySaid) -> None:
        if isinstance(said, Flown | Unflown):
            self._leave()
        self._hear(said)

    def kill(self) -> None:
        self.kills += 1


class Bench(Workshop):
    """Has room for one, and remembers who came; while it is slow nothing gets prepared."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = False
        self.errands: list[Hand] = []

    def begin(self, prepare: Callable[[], Job], hear: Callable[[AnySaid], object]) -> Errand | None:
        if self._now is not None:
            return None
        self._now = hand = Hand(prepare, hear, self._leave)
        self.errands.append(hand)
        if not self.slow:
            hand.start()
        return hand


class Yesterday:
    """A past that takes every request, or refuses all."""

    def __init__(self) -> None:
        self.workshop = Bench()
        self.refusal = ""

    def prepare(self, request: BacktestRequest) -> Prepared:
        if self.refusal:
            raise Unflyable(self.refusal)
        return Prepared(request=WHOLE, job=JOB)


class Desk:
    """A historian, and what was asked of it."""

    def __init__(self) -> None:
        clock = SystemClock()
        self.bulletin = Bulletin("t", clock, MemoryJournal(clock=clock), HealthMonitor(clock), 0)
        self.historian = Historian(clock=clock, bulletin=self.bulletin, state=lambda: "running")
        self.past = Yesterday()
        self.historian.fly_with(self.past)
        self._count = 0

    async def ask(self, ask: Ask = Ask.BACKTEST, subject: str | None = None) -> str:
        self._count += 1
        text = msgspec.json.encode(ASKED).decode() if subject is None else subject
        name = f"i{self._count}"
        assert self.historian.takes(Instruction(id=name, ask=ask, who="key:lena", subject=text))
        await self.turn()
        return name

    async def turn(self) -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def say(self, *said: AnySaid) -> None:
        for each in said:
            self.past.workshop.errands[-1].say(each)
        await self.turn()

    def receipt(self, name: str) -> Receipt | None:
        return self.bulletin.receipts.get(name)

    def answer(self, name: str) -> tuple[bool, bool, str]:
        found = self.bulletin.receipts[name]
        return found.success, found.refused, found.message


async def test_it_is_begun_followed_and_done() -> None:
    desk = Desk()
    name = await desk.ask()
    assert desk.answer(name) == (True, False, "backtest begun: ema_cross on XBTUSDTM 5m")
    (view,) = desk.historian.views
    assert (view.id, view.state, view.request, view.who) == (name, BacktestState.RUNNING, WHOLE, "key:lena")
    await desk.say(Begun(source="file:x", since=1, until=2), Come(share=0.25678))
    (view,) = desk.historian.views
    assert (view.source, view.since, view.until, view.share) == ("file:x", 1, 2, 0.26)
    await desk.say(DONE)
    (view,) = desk.historian.views
    assert (view.state, view.share, view.figures, view.blocked) == (BacktestState.DONE, 1.0, FIGURES, {"confidence": 3})
    assert (view.page, view.document, view.curve) == ("a.html", "a.json", (Decimal(100), Decimal(103)))
    assert view.ended_at is not None


async def test_one_at_a_time_also_for_two_bots_of_a_process() -> None:
    desk, other = Desk(), Desk()
    other.historian.fly_with(desk.past)
    await desk.ask()
    for asked in (desk, other):
        success, refused, message = asked.answer(await asked.ask())
        assert (success, refused) == (False, True)
        assert "one is flown at a time" in message
    assert [len(each.historian.views) for each in (desk, other)] == [1, 0]
    await desk.say(DONE)
    assert other.answer(await other.ask())[0]


async def test_what_cannot_be_flown_is_refused_and_leaves_no_trace() -> None:
    desk = Desk()
    desk.past.refusal = "no strategy is called nix"
    assert desk.answer(await desk.ask()) == (False, True, "no strategy is called nix")
    assert desk.historian.views == ()
    for subject in ("{", "[]", '{"strategy": 7}', '{"nix": 1}'):
        success, refused, message = desk.answer(await desk.ask(subject=subject))
        assert (success, refused) == (False, True)
        assert message.startswith("that is no backtest: ")
    desk.past.refusal = ""
    assert desk.answer(await desk.ask(subject=""))[0], "nothing said is all as the bot has it"


async def test_one_that_fails_says_why_and_the_next_may_begin() -> None:
    desk = Desk()
    await desk.ask()
    await desk.say(Unflown(why="its process was killed; token: abcdef1234567"))
    (view,) = desk.historian.views
    assert (view.state, view.page) == (BacktestState.FAILED, "")
    assert view.why == "its process was killed; token: ••••"
    await desk.ask()
    assert [each.state for each in desk.historian.views] == [BacktestState.RUNNING, BacktestState.FAILED]


async def test_a_cancel_is_answered_when_it_is_gone() -> None:
    desk = Desk()
    name = await desk.ask()
    first, second = await desk.ask(Ask.CANCEL_BACKTEST, ""), await desk.ask(Ask.CANCEL_BACKTEST, name)
    assert desk.past.workshop.errands[0].kills == 2
    assert desk.receipt(first) is None
    await desk.say(Unflown(why="killed"))
    assert desk.answer(first) == desk.answer(second) == (True, False, "backtest cancelled")
    assert desk.historian.views[0].state is BacktestState.CANCELLED


async def test_a_cancel_that_comes_too_late_says_so() -> None:
    desk = Desk()
    name = await desk.ask()
    late = await desk.ask(Ask.CANCEL_BACKTEST, "")
    await desk.say(DONE)
    assert desk.answer(late) == (False, False, "the backtest was done before")
    assert desk.historian.views[0].state is BacktestState.DONE
    assert desk.answer(await desk.ask(Ask.CANCEL_BACKTEST, name))[2] == "that backtest is over"
    assert desk.answer(await desk.ask(Ask.CANCEL_BACKTEST, "nix"))[2] == "no such backtest is under way"


async def test_one_that_is_cancelled_while_it_is_prepared_answers_both() -> None:
    desk = Desk()
    desk.past.workshop.slow = True
    name = await desk.ask()
    cancel = await desk.ask(Ask.CANCEL_BACKTEST, "")
    await desk.say(Unflown(why="it was cancelled before it began"))
    assert desk.answer(name) == (False, True, "it was cancelled before it began")
    assert desk.answer(cancel)[0]
    assert desk.historian.views[0].state is BacktestState.CANCELLED


async def test_an_engine_without_a_past_flies_none() -> None:
    clock = SystemClock()
    bulletin = Bulletin("t", clock, MemoryJournal(clock=clock), HealthMonitor(clock), 0)
    historian = Historian(clock=clock, bulletin=bulletin, state=lambda: "running")
    for ask in (Ask.BACKTEST, Ask.CANCEL_BACKTEST):
        assert historian.takes(Instruction(id=ask, ask=ask, who="x"))
        assert bulletin.receipts[ask].refused
    assert not historian.takes(Instruction(id="p", ask=Ask.PAUSE, who="x"))
    await historian.stop()


async def test_the_latest_are_kept() -> None:
    desk = Desk()
    for _ in range(KEPT + 3):
        await desk.ask()
        await desk.say(DONE)
    assert len(desk.historian.views) == KEPT
    assert desk.historian.views[0].id == f"i{KEPT + 3}"


async def test_the_end_of_the_engine_is_its_end() -> None:
    desk = Desk()
    await desk.ask()
    ending = asyncio.create_task(desk.historian.stop())
    await desk.turn()
    assert desk.past.workshop.errands[0].kills == 1
    assert not ending.done()
    await desk.say(Unflown(why="killed"))
    await asyncio.wait_for(ending, 1)


class Real(Yesterday):
    """A past with a workshop of processes."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__()
        self.workshop = workshop  # type: ignore[assignment]
        self.thread: threading.Thread | None = None

    def prepare(self, request: BacktestRequest) -> Prepared:
        self.thread = threading.current_thread()
        return super().prepare(request)


async def test_what_a_process_says_is_heard_on_the_loop() -> None:
    script = 'import sys; sys.stdin.readline(); print(\'{"kind":"Unflown","why":"no candles"}\')'
    past = Real(Workshop((sys.executable, "-S", "-E", "-c", script)))
    desk = Desk()
    desk.historian.fly_with(past)
    name = await desk.ask()
    for _ in range(4_000):
        if desk.historian.views[0].state is not BacktestState.RUNNING:
            break
        await asyncio.sleep(0.005)
    (view,) = desk.historian.views
    assert (view.state, view.why) == (BacktestState.FAILED, "no candles")
    assert desk.answer(name)[0], "it was begun"
    assert past.thread is not threading.current_thread()
