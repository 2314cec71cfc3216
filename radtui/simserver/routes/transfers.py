"""Money that moves between this account and others of the user's."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.market import DAY
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.happenings import Transferred
from radtui.simserver.limits import Pool
from radtui.simserver.paging import page, span
from radtui.simserver.params import wrong
from radtui.simserver.render.figures import millis, text
from radtui.simserver.routes.rows import currency_of, futures, general
from radtui.venue.chance import stream
from radtui.venue.statements import LedgerKind, LedgerRow

_MONTHS: Final = 90 * DAY // 1_000_000
_ACCOUNTS: Final = ("MAIN", "TRADE", "TRADE_HF", "SPOT", "FUNDING")


def transfer_in(call: Call) -> object:
    """Move money from another account of the user's to this one."""
    params = call.params
    params.one_of("payAccountType", _ACCOUNTS, "MAIN")
    currency, amount = currency_of(call), _amount(call)
    call.floor.venue.transfer(currency, amount)
    call.floor.say(Transferred(currency))
    return None


def transfer_out(call: Call) -> object:
    """Move money from this account to another one of the user's."""
    target = call.params.one_of("recAccountType", _ACCOUNTS, "MAIN")
    currency, amount = currency_of(call), _amount(call)
    call.floor.venue.transfer(currency, -amount)
    call.floor.say(Transferred(currency))
    return _applied(call, currency, amount, target)


def transfers_out(call: Call) -> object:
    """Answer a page of the money that was moved out, newest first."""
    window = span(call.params, call.milliseconds, default=_MONTHS)
    rows = [
        row
        for currency in call.floor.venue.currencies
        for row in call.floor.venue.ledger_rows(currency)
        if row.kind is LedgerKind.TRANSFER_OUT
        and call.params.text("currency", currency) == currency
        and window.holds(call.floor.dates.row(row))
    ]
    return page(call.params, rows[::-1], lambda row: _moved_out(call, row))


def _amount(call: Call) -> Decimal:
    amount = call.params.decimal("amount")
    if amount is None or amount <= 0:
        raise wrong("amount")
    return amount


def _applied(call: Call, currency: str, amount: Decimal, target: str) -> dict[str, object]:
    at = call.milliseconds
    row = call.floor.venue.ledger_rows(currency)[-1]
    apply_id = _apply_id(call, row)
    return {
        "applyId": apply_id,
        "bizNo": apply_id[::-1],
        "payAccountType": "CONTRACT",
        "payTag": "DEFAULT",
        "remark": "",
        "recAccountType": target,
        "recTag": "DEFAULT",
        "recRemark": "",
        "recSystem": "KUCOIN",
        "status": "PROCESSING",
        "currency": currency,
        "amount": text(amount),
        "fee": "0",
        "sn": at,
        "reason": "",
        "createdAt": at,
        "updatedAt": at,
    }


def _apply_id(call: Call, row: LedgerRow) -> str:
    """Return the name of a transfer, the same in its answer and in every list."""
    return f"{stream(call.floor.user_id, row.currency, row.number):016x}{row.number % 2**32:08x}"


def _moved_out(call: Call, row: LedgerRow) -> dict[str, object]:
    at = millis(call.floor.dates.row(row))
    return {
        "applyId": _apply_id(call, row),
        "currency": row.currency,
        "recRemark": "",
        "recSystem": "KUCOIN",
        "status": "SUCCESS",
        "amount": text(-row.amount),
        "reason": "",
        "offset": row.number,
        "createdAt": at,
        "remark": row.remark,
    }


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    futures("POST", "/api/v1/transfer-in", 20, transfer_in, Pool.MANAGEMENT),
    futures("POST", "/api/v3/transfer-out", 20, transfer_out, Pool.MANAGEMENT),
    futures("POST", "/api/v2/transfer-out", 20, transfer_out, Pool.MANAGEMENT),
    general("GET", "/api/v1/transfer-list", 20, transfers_out, Pool.MANAGEMENT),
)
