"""What shall be flown through history, as a person types it: empty fields are as the bot has them (row B1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from radtui.core.backtest_view import BacktestRequest
from radtui.core.market import TIMEFRAMES
from radtui.core.money import plain
from radtui.tui.format import SECOND, clean, fit
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Ground, Line, Span, Tone, line

FIELDS: Final[Mapping[str, str]] = {
    "strategy": "its name; the palette's strategies lists them",
    "symbol": "a contract, as XBTUSDTM",
    "timeframe": ", ".join(TIMEFRAMES),
    "from": "first day or moment, UTC, as 2026-01-31",
    "to": "end, UTC, itself not included",
    "parameters": "of the strategy, as fast=10 slow=40",
    "capital": "at the start, USDT",
}
"""Each field and what it takes."""
_LABEL: Final = 13
_VALUE: Final = 24


class Unmeant(Exception):
    """What was typed cannot be meant; the message says why."""


class Form:
    """The fields, and the one under the cursor.

    Attributes:
        typed: text by field; what is missing is as the bot has it. here: the place of the cursor.
    """

    def __init__(self, before: BacktestRequest | None = None) -> None:
        self.typed: dict[str, str] = {} if before is None else _texts(before)
        self.here = 0

    @property
    def name(self) -> str:
        """The field under the cursor."""
        return list(FIELDS)[self.here]

    def step(self, rows: int) -> bool:
        """Move the cursor; return whether there was a field to go to."""
        there = self.here + rows
        if not 0 <= there < len(FIELDS):
            return False
        self.here = there
        return True

    def take(self, text: str) -> None:
        """Take what was typed for the field under the cursor.

        Raises:
            Unmeant: it cannot be meant; the field is as before.
        """
        typed = {**self.typed, self.name: text.strip()}
        _request(typed)
        self.typed = {name: value for name, value in typed.items() if value}

    def request(self) -> BacktestRequest:
        """Return what is asked for.

        Raises:
            Unmeant: two fields contradict each other.
        """
        return _request(self.typed)

    def lines(self, view: View, width: int) -> list[Line]:
        """Return a line a field; what it takes stands beside the one under the cursor, where there is room."""
        return [self._line(place, name, view, width) for place, name in enumerate(FIELDS)]

    def _line(self, place: int, name: str, view: View, width: int) -> Line:
        here = place == self.here
        ground = Ground.CURSOR if here else Ground.NONE
        typed = self.typed.get(name, "")
        cells = max(1, min(_VALUE, width - _LABEL - 2))
        value = Span(
            fit(typed or _usual(name, view), cells), Tone.PLAIN if typed else Tone.DIM, bold=bool(typed), ground=ground
        )
        room = width - _LABEL - cells - 4
        hint = FIELDS[name] if here and room > 0 else ""
        return line(
            Span("▸ " if here else "  ", Tone.ACCENT), Span(fit(name, _LABEL), ground=ground), value,
            Span(f"  {fit(hint, room).rstrip()}" if hint else "", Tone.DIM),
        )  # fmt: skip


def _usual(name: str, view: View) -> str:
    """Return what an empty field means."""
    status = view.snapshot.status
    return {
        "strategy": f"{clean(status.strategy)}, as the bot",
        "symbol": clean(status.symbols[0]) if status.symbols else "the bot's first",
        "timeframe": f"{status.timeframe}, as the bot",
        "from": "all there is",
        "to": "all there is",
        "parameters": "as the bot has them",
        "capital": "as the paper account",
    }[name]


def _texts(before: BacktestRequest) -> dict[str, str]:
    texts = {
        "strategy": before.strategy,
        "symbol": before.symbol,
        "timeframe": before.timeframe,
        "from": _written(before.start),
        "to": _written(before.end),
        "parameters": " ".join(f"{name}={value}" for name, value in before.parameters.items()),
        "capital": "" if before.capital is None else plain(before.capital),
    }
    return {name: text for name, text in texts.items() if text}


def _request(typed: Mapping[str, str]) -> BacktestRequest:
    start, end = _moment(typed.get("from", "")), _moment(typed.get("to", ""))
    if start is not None and end is not None and end <= start:
        raise Unmeant("the end lies before the beginning")
    timeframe = typed.get("timeframe", "")
    if timeframe and timeframe not in TIMEFRAMES:
        raise Unmeant(f"no timeframe is called {timeframe}: choose from {', '.join(TIMEFRAMES)}")
    return BacktestRequest(
        strategy=typed.get("strategy", ""),
        symbol=typed.get("symbol", "").upper(),
        timeframe=timeframe,
        start=start,
        end=end,
        parameters=_parameters(typed.get("parameters", "")),
        capital=_amount(typed.get("capital", "")),
    )


def _moment(text: str) -> int | None:
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        return round(aware.timestamp()) * SECOND
    except (ValueError, OverflowError):
        raise Unmeant(f"{text} is no day and no moment: give one like 2026-01-31 or 2026-01-31T12:00") from None


def _written(at: int | None) -> str:
    if at is None:
        return ""
    text = datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%dT%H:%M")
    return text.removesuffix("T00:00")


def _parameters(text: str) -> dict[str, str]:
    told = {}
    for each in text.split():
        name, sign, value = each.partition("=")
        if not (name and sign and value):
            raise Unmeant(f"{each} is not NAME=VALUE: give parameters like fast=10 slow=40")
        told[name] = value
    return told


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Unmeant(f"{text} is no amount") from None
    if not (amount.is_finite() and amount > 0):
        raise Unmeant("the capital lies above 0")
    return amount
