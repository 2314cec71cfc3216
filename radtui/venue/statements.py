"""What an account is told afterwards: its ledger's rows and its closed positions."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from enum import StrEnum

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.order import MarginMode, PositionSide
from radtui.venue.cross import CrossPosition
from radtui.venue.position import Position


class LedgerKind(StrEnum):
    """Why money moved, in KuCoin's words."""

    REALISED = "RealisedPNL"
    TRANSFER_IN = "TransferIn"
    TRANSFER_OUT = "TransferOut"


class LedgerRow(msgspec.Struct, frozen=True, array_like=True):
    """One movement of the wallet.

    Attributes:
        number: counts the rows of all currencies.
        amount: what the wallet gained, fees deducted. fee: the part of it that was a fee.
        balance_after: the wallet then. remark: the contract, or where a transfer came from.
    """

    number: int
    currency: str
    at: int
    kind: LedgerKind
    amount: Decimal
    fee: Decimal
    balance_after: Decimal
    remark: str


class CloseKind(StrEnum):
    """How a position ended, in KuCoin's words."""

    CLOSE_LONG = "CLOSE_LONG"
    CLOSE_SHORT = "CLOSE_SHORT"
    LIQUID_LONG = "LIQUID_LONG"
    LIQUID_SHORT = "LIQUID_SHORT"


class ClosedPosition(msgspec.Struct, frozen=True, array_like=True):
    """A position from its first fill to its last.

    Attributes:
        number: counts them.
        side: LONG or SHORT, on a one-way account as well.
        lots: closed in all. open_price, close_price: averages.
        realised: gross − fees + funding, in settlement currency.
    """

    number: int
    symbol: str
    currency: str
    side: PositionSide
    kind: CloseKind
    margin_mode: MarginMode
    lots: int
    open_price: Decimal
    close_price: Decimal
    gross: Decimal
    fees: Decimal
    funding: Decimal
    opened_at: int
    closed_at: int

    @property
    def realised(self) -> Decimal:
        """What it brought: gross profit − fees + funding."""
        return self.gross - self.fees + self.funding


class StatementsState(msgspec.Struct, array_like=True):
    """The statements as they are packed."""

    row: int = 0
    close: int = 0
    rows: list[LedgerRow] = []
    closed: list[ClosedPosition] = []


class Statements:
    """The latest rows and closed positions, `kept` of each; nothing where that is 0."""

    __slots__ = ("_close", "_kept", "_row", "closed", "rows")

    def __init__(self, kept: int, state: StatementsState | None = None) -> None:
        known = state or StatementsState()
        self._kept, self._row, self._close = kept, known.row, known.close
        self.rows: deque[LedgerRow] = deque(known.rows, maxlen=kept)
        self.closed: deque[ClosedPosition] = deque(known.closed, maxlen=kept)

    def moved(
        self, currency: str, at: int, kind: LedgerKind, amount: Decimal, fee: Decimal, sums: tuple[Decimal, str]
    ) -> None:
        """Note that the wallet moved by `amount`; `sums` is the wallet afterwards and the remark."""
        if self._kept and amount:
            self._row += 1
            self.rows.append(LedgerRow(self._row, currency, at, kind, amount, fee, *sums))

    def ended(self, instrument: Instrument, position: Position, was_long: bool, at: int, *, liquidated: bool) -> None:
        """Note that a position closed."""
        if not self._kept:
            return
        self._close += 1
        tally = position.tally
        side = PositionSide.LONG if was_long else PositionSide.SHORT
        self.closed.append(
            ClosedPosition(
                self._close,
                instrument.symbol,
                instrument.settle,
                side,
                CloseKind(f"{'LIQUID' if liquidated else 'CLOSE'}_{side}"),
                MarginMode.CROSS if isinstance(position, CrossPosition) else MarginMode.ISOLATED,
                tally.closed,
                instrument.price_of(tally.opened_value, tally.opened),
                instrument.price_of(tally.closed_value, tally.closed),
                tally.gross,
                tally.fees,
                tally.funding,
                position.opened_at,
                at,
            )
        )

    def pack(self) -> StatementsState:
        """Return all of it."""
        return StatementsState(self._row, self._close, list(self.rows), list(self.closed))
