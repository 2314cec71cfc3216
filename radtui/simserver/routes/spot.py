"""The few paths of the spot host that futures clients ask for while they load their markets: nothing trades there."""

from __future__ import annotations

from typing import Final

from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.limits import Pool
from radtui.simserver.routes.rows import general, public

_PRECISION: Final = 8


def currencies(call: Call) -> object:
    """Answer every coin that occurs here, under the spot host's names: there bitcoin is BTC."""
    known = call.floor.instruments.values()
    names = {known.base for known in known} | {known.settle for known in known}
    return [_currency("BTC" if name == "XBT" else name) for name in sorted(names)]


def margin_symbols(call: Call) -> object:
    """Answer that no pair is traded on margin."""
    return {"timestamp": call.milliseconds, "items": []}


def isolated_symbols(call: Call) -> object:
    """Answer that no pair is traded on isolated margin."""
    return []


def high_frequency(call: Call) -> object:
    """Answer that there is no high-frequency spot account: clients then look for the ledger on the futures side."""
    return False


def _currency(name: str) -> dict[str, object]:
    return {
        "currency": name,
        "name": name,
        "fullName": name,
        "precision": _PRECISION,
        "confirms": None,
        "contractAddress": None,
        "isMarginEnabled": False,
        "isDebitEnabled": False,
        "chains": [],
    }


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    public("GET", "/api/v3/currencies", 3, currencies),
    general("GET", "/api/v3/margin/symbols", 3, margin_symbols, Pool.SPOT),
    general("GET", "/api/v1/isolated/symbols", 3, isolated_symbols, Pool.SPOT),
    general("GET", "/api/v1/hf/accounts/opened", 2, high_frequency, Pool.SPOT),
)
