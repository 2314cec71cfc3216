"""All that is known of one thing, a line a fact: what enter opens."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.money import plain
from radtui.core.order_view import FillView, OrderView
from radtui.tui.format import DASH, MINUS, number, stamp
from radtui.tui.widgets.tone import Line, Span, Tone, line

_PRICES: Final = frozenset({"entry", "mark", "liquidation", "stop", "target", "price", "trigger", "average"})
_HIDDEN: Final = frozenset({"price_decimals", "coin_decimals"})
_NAMES: Final = {
    "at": "time (UTC)",
    "opened_at": "opened at (market time, UTC)",
    "mark_at": "mark read at (UTC)",
    "coins": "size in base coin",
    "pnl": "P/L (USDT)",
    "pnl_pct": "P/L % of margin",
    "own": "opened by this bot",
    "bare_seconds": "seconds without a stop",
    "stop_resting": "stop rests on the exchange",
    "margin": "margin (USDT)",
    "maintenance": "maintenance margin (USDT)",
    "fee": "fee (USDT)",
    "realised": "realised (USDT)",
    "first_at": "first at (UTC)",
    "kind": "type",
    "rule": "stop moved by",
}
_WIDTH: Final = 29


def known_of(thing: msgspec.Struct) -> list[Line]:
    """Return each field of a view as a labelled line; empty texts are left out, missing figures are ``–``."""
    places = getattr(thing, "price_decimals", 0)
    facts = {name: getattr(thing, name) for name in thing.__struct_fields__ if name not in _HIDDEN}
    market = isinstance(thing, OrderView | FillView)
    return [
        labelled("time (market time, UTC)" if market and name == "at" else _label(name), _said(name, value, places))
        for name, value in facts.items()
        if value != ""
    ]


def labelled(label: str, text: str) -> Line:
    """Return a fact with its label before it."""
    return line(Span(f"{label:<{_WIDTH}}", Tone.DIM), text)


def _label(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " "))


def _said(name: str, value: object, places: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in {"pnl", "realised"} and isinstance(value, Decimal):
        return ("+" if value > 0 else "") + plain(value).replace("-", MINUS)
    if isinstance(value, Decimal):
        return number(value, places) if name in _PRICES else plain(value).replace("-", MINUS)
    if isinstance(value, float):
        return number(value, 2)
    if isinstance(value, int):
        return stamp(value) if name == "at" or name.endswith("_at") else number(value)
    return DASH if value is None else str(value)
