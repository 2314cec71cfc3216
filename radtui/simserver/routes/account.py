"""The account's money: overview, ledger, funding, fees, transfers, and what the key may do."""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.core.account import FundingPaid
from radtui.core.market import DAY
from radtui.core.money import ZERO
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.limits import Pool
from radtui.simserver.paging import chunk, span
from radtui.simserver.params import wrong
from radtui.simserver.refusals import BAD_REQUEST, Refusal
from radtui.simserver.render import account as render
from radtui.simserver.render.figures import millis, number, text
from radtui.simserver.routes.rows import currency_of, futures, general, named
from radtui.venue.chance import stream
from radtui.venue.statements import LedgerKind, LedgerRow

_KINDS: Final = ("RealisedPNL", "Deposit", "Withdrawal", "TransferIn", "TransferOut")
_MONTHS: Final = 90 * DAY // 1_000_000
_ACCOUNTS: Final = ("MAIN", "TRADE", "TRADE_HF", "SPOT", "FUNDING")


def overview(call: Call) -> object:
    """Answer the account in one settlement currency; XBT where none is named."""
    return _overview(call, currency_of(call, "XBT"))


def overview_all(call: Call) -> object:
    """Answer the account and its sub-accounts (there are none) in one settlement currency."""
    shown = _overview(call, currency_of(call, "XBT"))
    sums = {f"{name}Total": value for name, value in shown.items() if name in _SUMMED}
    account = {name: value for name, value in shown.items() if name in (*_SUMMED, "currency")}
    return {
        "summary": sums | {"currency": shown["currency"]},
        "accounts": [{"accountName": "main", **account}],
    }


_SUMMED: Final = (
    "accountEquity",
    "unrealisedPNL",
    "marginBalance",
    "positionMargin",
    "orderMargin",
    "frozenFunds",
    "availableBalance",
)


def ledger(call: Call) -> object:
    """Answer what moved the wallet, newest first; with a position open the first row is its profit so far."""
    params = call.params
    wanted = params.text("type").lower()
    if wanted and wanted not in [kind.lower() for kind in _KINDS]:
        raise wrong("type")
    window = span(params, call.milliseconds, default=_MONTHS)
    currencies = [currency_of(call)] if "currency" in params else list(call.floor.venue.currencies)
    rows = [
        row
        for currency in currencies
        for row in call.floor.venue.ledger_rows(currency)
        if window.holds(call.floor.dates.row(row)) and wanted in ("", row.kind.value.lower())
    ]
    rows.sort(key=lambda row: -row.number)
    answer = chunk(params, rows, lambda row: _row(call, row), lambda row: row.number)
    if "offset" not in params and wanted in ("", "realisedpnl"):
        answer["dataList"] = [*_pending(call, currencies), *_listed(answer)]
    return answer


def funding(call: Call) -> object:
    """Answer the funding a contract's positions paid (negative) and received, newest first."""
    symbol = named(call).symbol
    window = span(call.params, call.milliseconds, default=_MONTHS)
    paid = [
        (count, one)
        for count, one in enumerate(call.floor.venue.funding(0), 1)
        if one.symbol == symbol and window.holds(call.floor.wall(one.at))
    ]
    return chunk(call.params, paid[::-1], lambda pair: _funding(call, *pair), lambda pair: pair[0])


def fees(call: Call) -> object:
    """Answer the account's fee rates of a contract, as text."""
    instrument = named(call)
    return {
        "symbol": instrument.symbol,
        "takerFeeRate": text(instrument.taker_fee),
        "makerFeeRate": text(instrument.maker_fee),
    }


def api_key(call: Call) -> object:
    """Answer what the key that asks may do: clients read its permissions here."""
    key = call.key
    if key is None:
        raise Refusal(BAD_REQUEST)
    return {
        "remark": "rehearsal",
        "apiKey": key.key,
        "apiVersion": 3,
        "permission": ",".join(sorted(permission.value for permission in key.permissions)),
        "ipWhitelist": ",".join(key.addresses) or None,
        "createdAt": key.created_at // 1_000_000,
        "uid": stream(call.floor.user_id) % 10**9,
        "isMaster": True,
    }


def _overview(call: Call, currency: str) -> dict[str, object]:
    venue = call.floor.venue
    held = [one for one in venue.positions() if call.floor.instruments[one.symbol].settle == currency]
    return render.overview(venue.account(currency), held)


def _row(call: Call, row: LedgerRow) -> dict[str, object]:
    return {
        "time": millis(call.floor.dates.row(row)),
        "type": row.kind.value,
        "amount": number(row.amount),
        "fee": number(row.fee),
        "accountEquity": number(row.balance_after),
        "status": "Completed",
        "remark": row.remark,
        "offset": row.number,
        "currency": row.currency,
    }


def _pending(call: Call, currencies: list[str]) -> list[dict[str, object]]:
    """Return a row for each currency with a position open: what it brought and did not settle yet."""
    venue, instruments = call.floor.venue, call.floor.instruments
    rows: list[dict[str, object]] = []
    for currency in currencies:
        held = [one for one in venue.positions() if instruments[one.symbol].settle == currency]
        if held:
            row = LedgerRow(
                -1,
                currency,
                venue.now,
                LedgerKind.REALISED,
                sum((one.unrealised for one in held), ZERO),
                ZERO,
                venue.account(currency).equity,
                held[0].symbol,
            )
            rows.append(_row(call, row) | {"status": "Pending", "fee": None, "time": call.milliseconds})
    return rows


def _listed(answer: dict[str, object]) -> list[object]:
    rows = answer["dataList"]
    return rows if isinstance(rows, list) else []


def _funding(call: Call, count: int, paid: FundingPaid) -> dict[str, object]:
    instrument = call.floor.instruments[paid.symbol]
    mode = paid.margin_mode.upper()
    return {
        "id": millis(call.floor.wall(paid.at)) * 1000 + count % 1000,
        "symbol": paid.symbol,
        "timePoint": millis(call.floor.wall(paid.at)),
        "fundingRate": number(paid.rate),
        "markPrice": number(paid.mark),
        "positionQty": paid.lots,
        "positionCost": number(instrument.notional(paid.mark, paid.lots) if paid.mark else paid.cost),
        "funding": number(paid.amount),
        "settleCurrency": instrument.settle,
        "context": msgspec.json.encode({"marginMode": mode, "positionSide": paid.position_side.value}).decode(),
        "marginMode": mode,
    }


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    futures("GET", "/api/v1/account-overview", 5, overview),
    general("GET", "/api/v1/account-overview-all", 6, overview_all),
    general("GET", "/api/v1/transaction-history", 2, ledger, Pool.MANAGEMENT),
    futures("GET", "/api/v1/funding-history", 5, funding),
    general("GET", "/api/v1/trade-fees", 3, fees),
    general("GET", "/api/v1/user/api-key", 3, api_key, Pool.MANAGEMENT),
)
