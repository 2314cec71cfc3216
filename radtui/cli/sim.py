"""``radtui sim``: the simulated exchange. ``sim serve`` puts it on a port, behind KuCoin's own protocol."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
from cyclopts import Parameter

from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.resilience.redaction import hide
from radtui.simserver.access import ApiKey, Permission, seeded_key
from radtui.simserver.serve import BadOption, CannotServe, Options, Ready, serve
from radtui.venue.contracts import CONTRACTS, so_many
from radtui.venue.faults import BadFault
from radtui.venue.history import BadHistory

_MOST_PORT: Final = 65_535
_FASTEST: Final = 10_000.0
Figure = TypeVar("Figure", int, float)
_SIGNAL: Final = 128
"""What the exit code of a process that a signal ended is counted from."""


def serve_command(
    *,
    host: Annotated[str, Parameter(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="Port; 0 takes a free one, the line that is printed names it.")] = 0,
    seed: Annotated[int, Parameter(help="Of prices, ids and faults.")] = 1,
    speed: Annotated[float, Parameter(help="Market seconds in a wall second.")] = 1.0,
    symbols: Annotated[str | None, Parameter(help="Contracts, for example XBTUSDTM,ETHUSDTM; all without it.")] = None,
    contracts: Annotated[
        int | None, Parameter(help="So many contracts in all; beyond those that are known they are made up.")
    ] = None,
    market: Annotated[Path | None, Parameter(help="CSV or Parquet file of candles in place of the model.")] = None,
    balance: Annotated[str, Parameter(help="USDT and USDC of the account at the start.")] = "10000",
    credentials: Annotated[
        str | None, Parameter(help="KEY, SECRET, PASSPHRASE of the account with colons between; else from the seed.")
    ] = None,
    permissions: Annotated[str | None, Parameter(help="What the key may do, for example General,Futures.")] = None,
    addresses: Annotated[str | None, Parameter(help="Addresses the key may come from; any without it.")] = None,
    fault: Annotated[
        Sequence[str], Parameter(help="What goes wrong, as NAME=FIGURE, several times.", negative="")
    ] = (),
) -> int:
    """Serve KuCoin Futures' REST and WebSocket protocol until a signal.

    Prints one JSON line on standard output once it listens: url, key, secret, passphrase.
    """
    options = Options(
        host=host,
        port=_within("port", port, 0, _MOST_PORT),
        seed=seed,
        speed=_within("speed", speed, 0.01, _FASTEST),
        symbols=_listing(symbols, contracts),
        market=market,
        balance=_amount(balance),
        key=_key(seed, credentials, permissions, addresses),
        faults=tuple(fault),
    )
    try:
        return _SIGNAL + serve(options, _tell)
    except CannotServe as error:
        raise Failure(str(error), todo="choose another --host or --port; --port 0 takes a free one") from None
    except (BadHistory, BadFault, BadOption) as refused:
        raise _usage(str(refused)) from None


def _tell(ready: Ready) -> None:
    say(msgspec.json.encode(ready).decode())


def _within(name: str, figure: Figure, least: Figure, most: Figure) -> Figure:
    if not least <= figure <= most:
        raise _usage(f"--{name} {figure:g} is out of range", f"give {least:g} to {most:g}")
    return figure


def _known(text: str | None) -> tuple[str, ...]:
    symbols = _listed(text) or ((text,) if text and text.strip() else ())  # commas alone are not all of them
    unknown = [symbol for symbol in symbols if symbol not in CONTRACTS]
    if unknown:
        raise _usage(f"no contract is called {', '.join(unknown)}", f"choose from {', '.join(CONTRACTS)}")
    return symbols


def _listing(symbols: str | None, contracts: int | None) -> tuple[str, ...]:
    if contracts is None:
        return _known(symbols)
    if symbols is not None:
        raise _usage("--symbols and --contracts both say what is listed", "give one of them")
    try:
        return so_many(contracts)
    except ValueError as error:
        raise _usage(f"--contracts {contracts}: {error}") from None


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise _usage(f"--balance {text} is no amount", "give a number, for example 10000") from None
    if not amount.is_finite() or amount < 0:
        raise _usage(f"--balance {text} is no amount", "give a number that is not negative")
    return amount


def _key(seed: int, credentials: str | None, permissions: str | None, addresses: str | None) -> ApiKey:
    key = seeded_key(seed)
    if credentials is not None:
        name, _, rest = credentials.partition(":")
        secret, _, passphrase = rest.partition(":")
        if not name or not secret or not passphrase:
            raise _usage(
                "--credentials has not its three parts", "give KEY, SECRET and PASSPHRASE with a colon between them"
            )
        hide((secret, passphrase))
        key = ApiKey(name, secret, passphrase)
    if permissions is not None:
        key = msgspec.structs.replace(key, permissions=frozenset(map(_permission, _listed(permissions))))
    return msgspec.structs.replace(key, addresses=_listed(addresses))


def _permission(name: str) -> Permission:
    try:
        return Permission(name)
    except ValueError:
        raise _usage(f"no permission is called {name}", f"choose from {', '.join(Permission)}") from None


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))


def _usage(title: str, todo: str = "") -> Failure:
    return Failure(title, means="Nothing was started.", todo=todo, code=Exit.USAGE)
