"""What must be so before a bot flies on KuCoin, looked at one after the other (rows C5, S9). Changes nothing there.

`public_checks` needs no key, `keyed_checks` does. Neither raises: what cannot be read is a finding like any other, and
what stands on it is not looked at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.config import Limits
from radtui.core.money import ZERO
from radtui.core.order import MarginMode
from radtui.exchange.check import Check, fail, ok, partial, warn
from radtui.exchange.kucoin.contracts import chosen
from radtui.exchange.kucoin.convert import instrument
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.rest.codes import MEANINGS
from radtui.exchange.kucoin.wire.account import KeyInfo, Overview
from radtui.exchange.kucoin.wire.market import Contract
from radtui.exchange.kucoin.wire.positions import Position
from radtui.resilience.failures import Ambiguous, ExchangeFailure, Refused, Transient

SKEW_LIMIT: Final = 2.0
"""Seconds by which the two clocks may differ before somebody should know."""
NEEDED: Final = ("General", "Futures")
"""What a key must be allowed to do."""
FORBIDDEN: Final = ("Withdrawal", "Withdraw", "Transfer")
"""What a key must not be allowed to do; the exchange's older word for withdrawing is Transfer."""
_MANAGE: Final = "in the exchange's API management"
_BUSY: Final = 50
"""Percent of the request budget that somebody else may have used before somebody should know."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot is to do there.

    Attributes:
        symbols: empty for the usual ones.
        margin_mode: of new positions.
    """

    symbols: tuple[str, ...] = ()
    margin_mode: MarginMode = MarginMode.ISOLATED
    limits: Limits = Limits()


class Market(msgspec.Struct, kw_only=True):
    """What the public checks found for those that follow; None where the exchange does not answer."""

    contracts: Sequence[Contract] | None = None


async def public_checks(rest: Rest, wanted: Wanted, found: Market) -> AsyncIterator[Check]:
    """Yield what anybody may look at: the clock, whether the exchange is open, and the contracts."""
    try:
        await rest.sync_time()
    except ExchangeFailure as failure:
        yield failed("exchange", failure, "Check the network and kucoin.url; nothing else can be looked at.")
        return
    yield _clock(rest.time.skew or 0.0, rest.time.round_trip or 0.0)
    try:
        status = await rest.market.status()
        yield _service(status.status, status.msg or "")
        listed = await rest.market.contracts()
    except ExchangeFailure as failure:
        yield failed("exchange", failure, "Try again in a minute.")
        return
    found.contracts, finding = _contracts(listed, wanted)
    yield finding


async def keyed_checks(rest: Rest, wanted: Wanted, contracts: Sequence[Contract]) -> AsyncIterator[Check]:
    """Yield what only the key's owner may look at: permissions, modes, positions, money and the request budget."""
    try:
        info = await rest.account.key_info()
    except ExchangeFailure as failure:
        yield failed("API key", failure, "Check key, secret and passphrase.")
        return
    for check in _permissions(info):
        yield check
    try:
        money = await rest.account.overview()
        hedged = await rest.positions.is_hedged()
        modes = {each.symbol: await rest.positions.margin_mode(each.symbol) for each in contracts}
        held = await rest.positions.open()
    except ExchangeFailure as failure:
        yield failed("account", failure, "Without it no position could be read; try again when it answers.")
        return
    yield _money(money)
    yield _position_mode(hedged, held)
    yield _margin_modes(modes, wanted.margin_mode, flies=any(each.current_qty for each in held))
    for check in _sizes(contracts, money, wanted.limits):
        yield check
    yield _budget(rest)


def failed(name: str, failure: ExchangeFailure, otherwise: str) -> Check:
    """Return the finding that something could not be read; `otherwise` is the remedy where its code has none."""
    meaning = MEANINGS.get(failure.code)
    passing = isinstance(failure, Transient | Ambiguous)
    if meaning is None:
        return fail(name, str(failure), otherwise, passing=passing)
    return fail(name, f"{meaning.what} (KuCoin {failure.code})", meaning.todo or otherwise, passing=passing)


def _clock(skew: float, round_trip: float) -> Check:
    said = (
        f"{abs(skew):.3f} s {'behind' if skew > 0 else 'ahead of'} the exchange; round trip {round_trip * 1000:.0f} ms"
    )
    if abs(skew) > SKEW_LIMIT:
        remedy = "Put this machine's clock right (for example `timedatectl set-ntp true`)."
        return warn("clock", f"{said}. Requests are timed by the exchange's clock; logs are not.", remedy)
    return ok("clock", said)


def _service(status: str, said: str) -> Check:
    why = f": {said}" if said else ""
    if status == "open":
        return ok("exchange", "open")
    if status == "cancelonly":
        return warn("exchange", f"maintenance{why}. It takes cancels only, so no entry can be placed.", "Wait for it.")
    remedy = "Start again when it is over; stops that rest there stay."
    return fail("exchange", f"closed for maintenance{why}", remedy, passing=True)


def _contracts(listed: Sequence[Contract], wanted: Wanted) -> tuple[Sequence[Contract], Check]:
    try:
        choice = chosen(listed, wanted.symbols)
    except Refused as refused:
        return (), fail("symbols", str(refused), "Correct bot.symbols (--symbols).")
    if choice.missing:
        said = f"{' '.join(choice.missing.values())} A flight would be without {_names(choice.missing)}."
        return choice.traded, partial("symbols", said, "Correct bot.symbols (--symbols).")
    if paused := [each.symbol for each in choice.traded if not each.is_open]:
        said = f"{_names(paused)} not open at the exchange just now: no entry is taken there before it is."
        return choice.traded, warn("symbols", said, "Wait for it.")
    return choice.traded, ok("symbols", f"{_names(each.symbol for each in choice.traded)} open")


def _permissions(info: KeyInfo) -> Iterator[Check]:
    had = {word.lower(): word for word in info.permissions}
    excess = [had[word.lower()] for word in FORBIDDEN if word.lower() in had]
    missing = [word for word in NEEDED if word.lower() not in had]
    if excess:
        said = f"The key may withdraw money ({_names(excess)}). A trading bot must not be able to."
        yield fail("permissions", said, f"Take {_names(excess)} away from the key {_MANAGE}, or make another key.")
    if missing:
        yield fail("permissions", f"The key lacks {_names(missing)}.", f"Grant {_names(missing)} to it {_MANAGE}.")
    if not excess and not missing:
        yield ok("permissions", _names(sorted(info.permissions)))
    if not info.ip_whitelist:
        yield warn("API key", "It may be used from any address.", f"Bind it to this machine's address {_MANAGE}.")
    else:
        yield ok("API key", "accepted, and bound to addresses")


def _money(money: Overview) -> Check:
    equity, free = _rounded(money.account_equity), _rounded(money.available_balance)
    if money.account_equity <= 0:
        return warn("money", f"There is no {money.currency} in the futures account.", "Transfer some to it.")
    return ok("money", f"equity {equity} {money.currency}, {free} available")


def _position_mode(hedged: bool, held: Iterable[Position]) -> Check:
    if not hedged:
        return ok("position mode", "one-way")
    sides: dict[str, set[bool]] = {}
    for each in held:
        if each.current_qty:
            sides.setdefault(each.symbol, set()).add(each.position_side == "SHORT" or each.current_qty < 0)
    both = sorted(symbol for symbol, signs in sides.items() if len(signs) > 1)
    if both:
        said = f"hedge, and both sides are open in {_names(both)}. This bot is one-way: it would enter nothing there."
        return partial("position mode", said, f"Close one side of {_names(both)} at the exchange.")
    return ok("position mode", "hedge; no contract has both sides open")


def _margin_modes(modes: dict[str, MarginMode], wanted: MarginMode, *, flies: bool) -> Check:
    """Compare the modes; with something open (`flies`) nobody is kept on the ground for it: that wants an engine."""
    others = sorted(symbol for symbol, mode in modes.items() if mode is not wanted)
    if others:
        there = MarginMode.ISOLATED if wanted is MarginMode.CROSS else MarginMode.CROSS
        said = f"{_names(others)} on {there.lower()} margin; {wanted.lower()} is wanted. Entries would be refused."
        remedy = (
            f"Switch {_names(others)} to {wanted.lower()} margin at the exchange (that needs no order and no position "
            "there), or set kucoin.margin_mode."
        )
        return (partial if flies else fail)("margin mode", said, remedy)
    return ok("margin mode", f"{wanted.lower()} on every contract")


def _sizes(contracts: Iterable[Contract], money: Overview, limits: Limits) -> Iterator[Check]:
    budget = money.account_equity * limits.position_share
    if limits.position_notional is not None:
        budget = min(budget, limits.position_notional)
    small: list[str] = []
    bought: list[str] = []
    for contract in contracts:
        price, traded = contract.mark_price or contract.last_trade_price or ZERO, instrument(contract)
        lots = traded.lots_for(max(budget, ZERO), price)
        if lots:
            bought.append(f"{contract.symbol} {lots}")
        else:
            small.append(f"{contract.symbol} ({_rounded(traded.notional(price, 1))} {contract.settle_currency})")
    if bought:
        yield ok("size", f"a position of {_rounded(budget)} {money.currency} buys lots: {_names(bought)}")
    if small:
        said = f"A position of {_rounded(budget)} {money.currency} does not buy one lot of {_names(small)}."
        yield warn("size", said, "Add money, raise risk.position_share, or leave these out of bot.symbols.")
    above = [each.symbol for each in contracts if limits.leverage > each.max_leverage]
    if above:
        said = f"{limits.leverage}× is more than {_names(above)} admit: entries there would be refused."
        yield warn("leverage", said, "Lower risk.leverage.")


def _budget(rest: Rest) -> Check:
    pool = min(rest.rates, key=lambda rate: rate.remaining / rate.limit if rate.limit else 1.0)
    said = f"{pool.remaining:,} of {pool.limit:,} left in the {pool.pool} pool"
    if pool.limit and 100 * pool.remaining < _BUSY * pool.limit:
        return warn("rate budget", said, "Another program uses this key: give the bot one of its own.")
    return ok("rate budget", said)


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)


def _rounded(amount: Decimal) -> str:
    return f"{amount:,.2f}"
