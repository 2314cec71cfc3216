"""Short ways to make the values that core is told, and a desk with everything on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from radtui.core.account import AccountReport, PositionReport
from radtui.core.commands import Command, Say
from radtui.core.config import CoreConfig
from radtui.core.desk import Desk
from radtui.core.facts import Fact
from radtui.core.market import SECOND
from radtui.core.order import Cross, Fill, OrderReport, OrderRequest, OrderType, Side, Trigger
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.signal import Signal
from radtui.venue.contracts import CONTRACTS

NOW = 1_700_000_000 * SECOND
XBT = CONTRACTS["XBTUSDTM"]
ETH = CONTRACTS["ETHUSDTM"]
PRICES = st.integers(1, 9_999_999).map(lambda ticks: Decimal(ticks) * Decimal("0.1"))


def desk(**changed: Any) -> Desk:
    """Return a desk with two contracts, at `NOW`."""
    made = Desk(CoreConfig(bot="t", boot=NOW, **changed))
    made.instruments = {each.symbol: each for each in (XBT, ETH)}
    made.market_at = NOW
    return made


def admit_all(request: OrderRequest, purpose: Purpose) -> None:
    """Let every order pass."""


def facts(commands: list[Command], kind: type[Fact]) -> list[Any]:
    """Return the facts of one kind among what was said."""
    return [command.fact for command in commands if isinstance(command, Say) and isinstance(command.fact, kind)]


def request(client_id: str = "t-1-1", lots: int = 10, side: Side = Side.BUY, **changed: Any) -> OrderRequest:
    """Return a market order."""
    told: dict[str, Any] = {"symbol": XBT.symbol, "type": OrderType.MARKET, "leverage": 3}
    return OrderRequest(client_id=client_id, lots=lots, side=side, **{**told, **changed})


def stop_request(client_id: str = "t-1-2", price: str = "57000.0", side: Side = Side.SELL) -> OrderRequest:
    """Return a stop that closes a long position."""
    cross = Cross.DOWN if side is Side.SELL else Cross.UP
    trigger = Trigger(cross, Decimal(price))
    return request(client_id, 0, side, close_order=True, stop=trigger, leverage=0)


def order(state: OrderState = OrderState.SENT, purpose: Purpose = Purpose.ENTRY, **changed: Any) -> Order:
    """Return an order of ours."""
    asked = changed.pop("request", request())
    told: dict[str, Any] = {"why": "test", "intended_at": NOW, "sent_at": NOW, "lots": asked.lots}
    return Order(request=asked, purpose=purpose, state=state, **{**told, **changed})


def report(asked: OrderRequest, filled: int = 0, **changed: Any) -> OrderReport:
    """Return what the exchange shows of an order, filled at 60,000."""
    told: dict[str, Any] = {
        "order_id": f"x{asked.client_id}",
        "client_id": asked.client_id,
        "symbol": asked.symbol,
        "side": asked.side,
        "type": asked.type,
        "lots": asked.lots,
        "filled_lots": filled,
        "filled_value": XBT.notional(Decimal(60_000), filled),
        "stop": asked.stop,
        "reduce_only": asked.reduce_only,
        "close_order": asked.close_order,
        "active": filled < asked.lots or not asked.lots,
    }
    return OrderReport(**{**told, **changed})


def fill(number: int = 1, lots: int = 10, side: Side = Side.BUY, price: str = "60000", **changed: Any) -> Fill:
    """Return an execution; its fee is 1."""
    told: dict[str, Any] = {
        "trade_id": str(number),
        "order_id": "x",
        "client_id": "t-1-1",
        "symbol": XBT.symbol,
        "fee": Decimal(1),
        "maker": False,
        "at": NOW + number,
    }
    return Fill(lots=lots, side=side, price=Decimal(price), **{**told, **changed})


def position(lots: int = 10, symbol: str = XBT.symbol, entry: str = "60000") -> PositionReport:
    """Return a position as the exchange shows it."""
    return PositionReport(
        symbol=symbol,
        lots=lots,
        entry=Decimal(entry),
        mark=Decimal(entry),
        margin=Decimal(200),
        maintenance=Decimal(3),
        leverage=3,
        liquidation=Decimal(40_000),
        unrealised=Decimal(0),
        opened_at=NOW,
    )


def account(wallet: Decimal | int = 10_000, **changed: Any) -> AccountReport:
    """Return an account without open profit, all of it available."""
    money = Decimal(wallet)
    return AccountReport(**{"currency": "USDT", "equity": money, "wallet": money, "available": money, **changed})


def signal(buy: float = 0.9, confidence: float = 0.9, **changed: Any) -> Signal:
    """Return a signal that buys or sells."""
    return Signal(buy=buy, sell=1 - buy, hold=0.0, confidence=confidence, reason="test", **changed)
