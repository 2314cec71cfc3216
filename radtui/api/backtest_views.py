"""What the API says of backtests, and the body that asks for one (row B1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

import msgspec
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from radtui.api.config_views import Number, Text, written
from radtui.api.errors import Refused
from radtui.api.models import Amount, Instructing, Particulars
from radtui.api.views import View
from radtui.core.backtest_view import BacktestRequest, BacktestView
from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot

_LAST = 2**63 - 1
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$"


def _nanoseconds(moment: object) -> object:
    if isinstance(moment, str):
        try:
            return round(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()) * SECOND
        except ValueError:
            raise ValueError(f"{moment[:40]} is no day, as in 2026-01-31") from None
    return moment


Moment = Annotated[
    int,
    BeforeValidator(_nanoseconds),
    Field(strict=True, ge=0, le=_LAST, description="Nanoseconds UTC, or a day or moment such as 2026-01-31T12:00."),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0, "maximum": _LAST}, {"type": "string", "pattern": _DAY}]}
    ),
]
Parameter = bool | int | Number | Text
Slippage = Annotated[
    Decimal,
    BeforeValidator(str),
    Field(ge=0, le=Decimal("0.1"), max_digits=14, decimal_places=12, allow_inf_nan=False),
    WithJsonSchema({"type": "string", "pattern": r"^0(\.0[0-9]{1,10})?$"}),
]


class RunningBacktest(Instructing):
    """What is to be flown through history; what is left out is as the bot has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"strategy": "ema_cross", "symbol": "XBTUSDTM", "timeframe": "1m", "parameters": {"fast": 10}},
                {"start": "2026-01-01", "end": "2026-02-01", "capital": "10000", "why": "before the change"},
            ]
        }
    )

    strategy: Annotated[
        str, Field(max_length=100, pattern=r"^[\w.-]*$", description="One that is installed, by name.")
    ] = ""
    symbol: Annotated[str, Field(pattern=r"^([A-Z0-9]{2,30})?$", description="A contract.")] = ""
    timeframe: Annotated[str, Field(max_length=10, pattern=r"^\w*$")] = ""
    start: Annotated[Moment | None, Field(description="The first bar; all there is without it.")] = None
    end: Annotated[Moment | None, Field(description="The first bar that is not flown.")] = None
    parameters: dict[Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\w+$")], Parameter] = Field(
        default_factory=dict, max_length=20, description="Of the strategy, over those of its settings."
    )
    capital: Annotated[Amount | None, Field(description="At the start, in USDT.")] = None
    slippage: Annotated[Slippage | None, Field(description="Share of the price that a market order pays.")] = None

    def particulars(self) -> Particulars:
        """Return it as the engine is asked."""
        asked = BacktestRequest(
            strategy=self.strategy,
            symbol=self.symbol,
            timeframe=self.timeframe,
            start=self.start,
            end=self.end,
            parameters=_texts(self.parameters),
            capital=self.capital,
            slippage=self.slippage,
        )
        return {"subject": msgspec.json.encode(asked).decode()}


class CancellingBacktest(Instructing):
    """One backtest that is to end; the address names it."""

    backtest: str

    def particulars(self) -> Particulars:
        """Return which one."""
        return {"subject": self.backtest}


class Backtests(View, frozen=True, kw_only=True):
    """The latest ones since the engine's start, the newest first."""

    backtests: tuple[BacktestView, ...]


class BacktestReport(View, frozen=True, kw_only=True):
    """One backtest.

    Attributes:
        backtest: how it stands, with the main figures and a short equity curve.
        report: all of it, trades and the whole curve, as ``radtui backtest --json`` prints it; None until it is done.
    """

    backtest: BacktestView
    report: msgspec.Raw | None = None


def one(snapshot: Snapshot, id_: str) -> BacktestView:
    """Return a backtest.

    Raises:
        Refused: none of that id is shown (404).
    """
    for each in snapshot.backtests:
        if each.id == id_:
            return each
    raise Refused(HTTPStatus.NOT_FOUND, "no backtest of that id is kept", "GET /api/backtest lists them")


def report_of(view: BacktestView) -> BacktestReport:
    """Return a backtest with its document, where there is one that can be read. Reads a file."""
    try:
        document = Path(view.document).read_bytes() if view.document else b""
    except OSError:
        document = b""  # the figures are there; the file was somebody's to delete
    return BacktestReport(backtest=view, report=msgspec.Raw(document) if document else None)


def _texts(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    return {name: written(value) or "" for name, value in parameters.items()}
