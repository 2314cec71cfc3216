"""The way of money in and out of the exchange: there is none here, and clients that ask are told of empty lists."""

from __future__ import annotations

from typing import Final

from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.limits import Pool
from radtui.simserver.paging import page
from radtui.simserver.routes.rows import general


def nothing(call: Call) -> object:
    """Answer a page without a row."""
    rows: list[object] = []
    return page(call.params, rows, lambda row: row)


def accounts(call: Call) -> object:
    """Answer that there is no spot account."""
    return []


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    general("GET", "/api/v1/deposit-list", 5, nothing, Pool.MANAGEMENT),
    general("GET", "/api/v1/withdrawal-list", 5, nothing, Pool.MANAGEMENT),
    general("GET", "/api/v1/deposits", 5, nothing, Pool.MANAGEMENT),
    general("GET", "/api/v1/withdrawals", 20, nothing, Pool.MANAGEMENT),
    general("GET", "/api/v1/accounts/ledgers", 2, nothing, Pool.MANAGEMENT),
    general("GET", "/api/v1/accounts", 5, accounts, Pool.MANAGEMENT),
)
