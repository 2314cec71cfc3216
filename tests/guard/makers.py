"""Words, orders and positions for the guardian's tests, and an account that can be treated badly."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from radtui.core.guarding import Beat, Cover
from radtui.guard.account import Holding, NewOrder, Order, Shown
from radtui.guard.client import Away, Failure, Refused, Unclear
from radtui.guard.config import GuardConfig

BOT = "t"
AT = 1_767_225_600_000
"""Milliseconds UTC of the last beat."""


def beat(*covers: Cover, boot: int = 1, **other: Any) -> Beat:
    """Return a beat of a recovered engine."""
    return Beat(
        **{"bot": BOT, "pid": 7, "boot": boot, "number": 1, "at": AT * 1_000_000, "state": "running", **other},
        covers=covers,
    )


def cover(symbol: str = "XBTUSDTM", *, long: bool = True, stop: str | None = "90", lots: int = 5) -> Cover:
    """Return a position that the engine told of."""
    return Cover(symbol=symbol, long=long, lots=lots, stop=None if stop is None else Decimal(stop))


def holding(symbol: str = "XBTUSDTM", lots: int = 5, **other: Any) -> Holding:
    """Return a position; `lots` are signed."""
    return Holding(symbol=symbol, current_qty=lots, margin_mode="ISOLATED", position_side="BOTH", **other)


def order(client_id: str = "t-b-1", symbol: str = "XBTUSDTM", **other: Any) -> Order:
    """Return a resting limit order to buy."""
    told: dict[str, Any] = {"type": "limit", "side": "buy", "size": 5, "is_active": True, "status": "open"}
    return Order(id=f"#{client_id}", symbol=symbol, client_oid=client_id, **{**told, **other})


def stop(client_id: str = "t-b-2", symbol: str = "XBTUSDTM", *, long: bool = True, **other: Any) -> Order:
    """Return an untriggered stop that closes a whole position."""
    told: dict[str, Any] = {
        "type": "market",
        "side": "sell" if long else "buy",
        "stop": "down" if long else "up",
        "close_order": True,
        "size": 0,
        "stop_triggered": False,
    }
    return order(client_id, symbol, **{**told, **other})


def config(home: Path, **other: Any) -> GuardConfig:
    """Return what a guardian in `home` is told."""
    told: dict[str, Any] = {
        "bot": BOT,
        "url": "http://127.0.0.1:9",
        "key": "the-key",
        "secret": "the-secret",
        "passphrase": "the-words",
        "socket": str(home / "g.sock"),
        "lock": str(home / "g.lock"),
        "record": str(home / "g.jsonl"),
        "memory": str(home / "g.json"),
        "silence": 0.2,
        "terms": "abc",
    }
    return GuardConfig(**{**told, **other})


class Account:
    """An exchange that does as it is told, unless `fate` has it otherwise.

    Args:
        fate: drawn at every change: ``ok``, ``lost`` (not done, no answer), ``late`` (done, no answer), ``refused``,
            ``away``; at every reading ``ok`` or ``away``.
    """

    def __init__(self, shown: Shown, fate: Callable[[], str] | None = None) -> None:
        self.shown = shown
        self.fate = fate or (lambda: "ok")
        self.calls: list[str] = []
        self.sent: list[str] = []
        self.accepted: list[NewOrder] = []
        self.cancelled: list[str] = []

    def sync(self) -> int:
        """Tell the time."""
        self._maybe_away()
        return 0

    def read(self) -> Shown:
        """Show everything."""
        self._maybe_away()
        self.calls.append("read")
        return self.shown

    def disarm(self) -> None:
        """Switch the switch off."""
        self.calls.append("disarm")
        self._change(lambda: None)

    def cancel(self, order: Order) -> None:
        """Cancel an order."""
        self.calls.append(f"cancel {order.id}")
        self._change(lambda: self._cancel(order))

    def place(self, order: NewOrder) -> None:
        """Take an order that closes."""
        self.calls.append(f"place {order.symbol} {order.stop or 'now'}")
        self.sent.append(order.client_oid)
        if order.client_oid in {known.client_oid for known in self.accepted}:
            return
        self._change(lambda: self._place(order))

    def try_out(self, order: NewOrder) -> None:
        """Check an order."""

    def _maybe_away(self) -> None:
        if self.fate() == "away":
            raise Away("maintenance")

    def _change(self, change: Callable[[], None]) -> None:
        fate = self.fate()
        if fate in {"ok", "late"}:
            change()
        failures: dict[str, Failure] = {
            "lost": Unclear("no answer"),
            "late": Unclear("no answer"),
            "refused": Refused("300000 no"),
            "away": Away("429"),
        }
        if fate in failures:
            raise failures[fate]

    def _cancel(self, gone: Order) -> None:
        known = (*self.shown.orders, *self.shown.stops)
        if gone.id not in {each.id for each in known}:
            raise Refused("100004 not cancelable", "100004")
        self.cancelled.append(gone.client_oid or gone.id)
        self.shown = msgspec.structs.replace(
            self.shown,
            orders=tuple(each for each in self.shown.orders if each.id != gone.id),
            stops=tuple(each for each in self.shown.stops if each.id != gone.id),
        )

    def _place(self, new: NewOrder) -> None:
        if new.symbol not in {held.symbol for held in self.shown.holdings}:
            raise Refused("300009 no position", "300009")
        self.accepted.append(new)
        if new.stop:
            resting = stop(new.client_oid, new.symbol, long=new.stop == "down")
            self.shown = msgspec.structs.replace(self.shown, stops=(*self.shown.stops, resting))
        else:
            left = tuple(held for held in self.shown.holdings if held.symbol != new.symbol)
            self.shown = msgspec.structs.replace(self.shown, holdings=left)
