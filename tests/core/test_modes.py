"""Whatever happens in whatever order: outside ACTIVE nothing leaves that can open, and no exit is ever refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radtui.core.admission import admit
from radtui.core.commands import Command, Place
from radtui.core.config import Limits
from radtui.core.events import AccountReported, Event, FeedChanged, JournalChanged, ReadFailed
from radtui.core.facts import BreakerMoved, Trouble
from radtui.core.instruction import Ask
from radtui.core.order import OrderRequest
from radtui.core.orders import Purpose
from radtui.core.standing import Mode
from tests.core.makers import account
from tests.core.rim import Outcome, Rim

TIGHT = Limits(losing_streak=2, cooldown=20_000_000_000, drawdown=Decimal("0.02"), entries_per_minute=3)
SYMBOLS = ("XBTUSDTM", "ETHUSDTM")


class Watched(Rim):
    """A rim that looks at everything core wants to send, by what was so before the event and after it."""

    def __init__(self) -> None:
        self.modes: tuple[Mode, Mode] = (Mode.HALTED, Mode.HALTED)
        self.seen: set[Mode] = set()
        super().__init__(limits=TIGHT)

    def feed(self, event: Event) -> None:
        before = self.core.standing().mode
        said = self.core.handle(event)
        self.modes = (before, self.core.standing().mode)
        self.seen.update(self.modes)
        for command in said:
            self._look(command)
            self._take(command)

    def _look(self, command: Command) -> None:
        if isinstance(command, Place) and Mode.ACTIVE not in self.modes:
            assert reduces(self, command.request), f"{command.request} left while {self.modes}"


def reduces(rim: Rim, request: OrderRequest) -> bool:
    held = rim.core.trading.positions.open.get(request.symbol)
    flagged = request.close_order or request.reduce_only
    return flagged and held is not None and held.lots * request.side.sign < 0 and request.lots <= abs(held.lots)


def carry(outcome: Outcome) -> Callable[[Rim], None]:
    def one(rim: Rim) -> None:
        if rim.pending:
            rim.carry(outcome)

    return one


def lost(text: str) -> Callable[[Rim], None]:
    return lambda rim: rim.feed(FeedChanged(rim.at, "market feed", text))


def poorer(rim: Rim) -> None:
    """The account says that it is worth less, as after a transfer, and goes on saying so."""
    rim.feed(AccountReported(rim.at, account(rim.venue.account().wallet - 500)))
    rim.pass_time(1.0)
    rim.pass_time(62.0)


STEPS: dict[str, Callable[[Rim], object]] = {
    **{f"buy {symbol}": lambda rim, symbol=symbol: rim.signal(symbol, 0.9) for symbol in SYMBOLS},  # type: ignore[misc]
    **{f"sell {symbol}": lambda rim, symbol=symbol: rim.signal(symbol, 0.1) for symbol in SYMBOLS},  # type: ignore[misc]
    **{str(ask): lambda rim, ask=ask: rim.tell(ask) for ask in Ask if ask is not Ask.SHUTDOWN},  # type: ignore[misc]
    **{f"carry {outcome.value}": carry(outcome) for outcome in Outcome},
    "start again": lambda rim: rim.tell(Ask.START),
    "deliver": lambda rim: rim.deliver(),
    "deliver one": lambda rim: rim.deliver(1),
    "read": lambda rim: rim.feed_read(),
    "calm": lambda rim: rim.calm(5),
    "up": lambda rim: rim.pass_time(1.0, moves=(30,)),
    "down": lambda rim: rim.pass_time(1.0, moves=(-60,)),
    "time": lambda rim: rim.pass_time(7.0),
    "closed": lambda rim: rim.feed(ReadFailed(rim.at, "HTTP 503", closed=True)),
    "feed lost": lost("interrupted"),
    "feed back": lost(""),
    "journal fails": lambda rim: rim.feed(JournalChanged(rim.at, "the disk is full")),
    "journal works": lambda rim: rim.feed(JournalChanged(rim.at, "")),
    "poorer": poorer,
    "crash": lambda rim: rim.crash(1000),
}


def play(steps: list[str]) -> Watched:
    rim = Watched()
    rim.feed_read()
    rim.tell(Ask.START)
    for step in steps:
        STEPS[step](rim)
    return rim


def refused(rim: Rim) -> list[str]:
    return [fact.message for fact in rim.journal if isinstance(fact, Trouble) and fact.kind == "order not admitted"]


@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=15, max_size=40))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_can_open_leaves_outside_active_and_no_exit_is_refused(steps: list[str]) -> None:
    rim = play(steps)
    assert refused(rim) == []
    rim.feed(JournalChanged(rim.at, ""))
    rim.calm(30)
    assert refused(rim) == []
    held = {position.symbol for position in rim.venue.positions()}
    stopped = {order.symbol for order in rim.venue.open_orders() if order.close_order and order.stop}
    assert stopped >= held, "whatever the mode, what is open is protected"


BREAKS = ["pause", "journal fails", "feed lost", "closed", "poorer"]


@pytest.mark.parametrize("broken", BREAKS)
def test_in_every_reducing_mode_a_contradicted_position_is_closed_and_none_is_opened(broken: str) -> None:
    rim = play(["buy XBTUSDTM", "calm", broken, "sell XBTUSDTM", "buy ETHUSDTM"])
    assert rim.core.standing().mode is Mode.REDUCING
    while rim.pending:
        rim.carry()
    rim.pass_time(1.0)
    rim.deliver()
    assert not rim.venue.positions()


@pytest.mark.parametrize("halt", ["stop", "emergency-stop"])
def test_in_a_halt_the_strategy_closes_nothing(halt: str) -> None:
    rim = play(["buy XBTUSDTM", "calm", halt])
    sent = [order.client_id for order in rim.core.trading.orders.live(Purpose.EXIT)]
    rim.signal("XBTUSDTM", 0.1)
    assert rim.core.standing().mode is Mode.HALTED
    assert [order.client_id for order in rim.core.trading.orders.live(Purpose.EXIT)] == sent


@pytest.mark.parametrize("broken", [*BREAKS, "stop", "crash"])
@pytest.mark.parametrize("move", [10, -60])
def test_stop_and_target_work_in_every_mode(broken: str, move: int) -> None:
    rim = play(["buy XBTUSDTM", "calm", broken])
    (held,) = rim.core.trading.positions.open.values()
    assert held.plan is not None
    held.plan = type(held.plan)(held.plan.stop, Decimal(60_500), "test")
    rim.pass_time(1.0, moves=(move,))
    rim.feed_read()
    rim.calm(6)
    assert not rim.venue.positions()


def test_the_steps_reach_every_mode_and_trip_every_breaker() -> None:
    trade = ["buy XBTUSDTM", "carry ok", "calm", "down", "calm", "up", "up", "calm"]
    rim = play([*trade * 2, *["time"] * 12, *["buy XBTUSDTM", "carry refused"] * 3, "poorer", "stop"])
    assert rim.seen == set(Mode)
    moved = {fact.breaker.name for fact in rim.journal if isinstance(fact, BreakerMoved)}
    assert moved >= {"losing streak", "drawdown"}


def test_an_intent_that_is_not_admitted_is_noted_rejected_and_never_leaves() -> None:
    rim = play([])
    request = OrderRequest(client_id="t-x", symbol="XBTUSDTM", side="sell", type="market", close_order=True)  # type: ignore[arg-type]
    orders = rim.core.trading.orders
    assert admit(request, Purpose.EXIT, 0, Mode.ACTIVE) == "there is no position to reduce"
    order = orders.intend(request, Purpose.EXIT, "test")
    said = rim.core.desk.clear()
    assert (order.done, order.error) == (True, "there is no position to reduce")
    assert not any(isinstance(command, Place) for command in said)
