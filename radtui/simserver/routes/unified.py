"""The unified account's paths that a futures client uses: the dead man's switch, and what kind of account this is."""

from __future__ import annotations

from typing import Final

from radtui.core.market import SECOND
from radtui.simserver.deadman import LONGEST, OFF, SHORTEST
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.limits import Pool
from radtui.simserver.params import wrong
from radtui.simserver.refusals import BAD_SYMBOL, Refusal
from radtui.simserver.routes.rows import futures, general


def set_switch(call: Call) -> object:
    """Start the switch again, or with −1 switch it off; times in the answer are whole seconds."""
    _check_trade(call)
    timeout = call.params.whole("timeout")
    if timeout is None or (timeout != OFF and not SHORTEST <= timeout <= LONGEST):
        raise wrong("timeout")
    symbols = _symbols(call)
    call.floor.deadman.set(timeout, symbols, call.floor.now())
    due = call.floor.deadman.due_at
    return {
        "tradeType": "FUTURES",
        "symbol": ",".join(symbols) or None,
        "systemTime": call.milliseconds // 1000,
        "triggerTime": 0 if due is None else call.milliseconds // 1000 + (due - call.floor.now()) // SECOND,
    }


def query_switch(call: Call) -> object:
    """Answer what the switch is set to."""
    _check_trade(call)
    deadman = call.floor.deadman
    return {"timeout": deadman.timeout, "symbols": ",".join(deadman.symbols), "currentTime": call.milliseconds}


def account_mode(call: Call) -> object:
    """Answer that this is a classic account."""
    return {"selfAccountMode": "CLASSIC"}


def _check_trade(call: Call) -> None:
    if call.params.required("tradeType").upper() != "FUTURES":
        raise wrong("tradeType")


def _symbols(call: Call) -> tuple[str, ...]:
    given = call.params.raw("symbols")
    names = [str(name) for name in given] if isinstance(given, list) else call.params.text("symbols").split(",")
    symbols = tuple(name.strip() for name in names if name.strip())
    if any(call.floor.instrument(symbol) is None for symbol in symbols):
        raise Refusal(BAD_SYMBOL)
    return symbols


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    futures("POST", "/api/ua/v1/dcp/set", 2, set_switch, Pool.UNIFIED),
    futures("GET", "/api/ua/v1/dcp/query", 2, query_switch, Pool.UNIFIED),
    general("GET", "/api/ua/v1/account/mode", 2, account_mode, Pool.UNIFIED),
)
