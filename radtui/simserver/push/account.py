"""The account on the feed: its wallet, and the modes of its contracts. Every figure of a wallet is text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from radtui.core.account import AccountReport
from radtui.core.money import ZERO
from radtui.core.order import MarginMode
from radtui.simserver.push.message import Message
from radtui.simserver.render.figures import millis, text


class Held(msgspec.Struct, frozen=True):
    """What the positions and orders of one margin mode hold, in settlement currency."""

    positions: Decimal = ZERO
    orders: Decimal = ZERO
    unrealised: Decimal = ZERO


def wallet(account: AccountReport, isolated: Held, cross: Held, version: int, at: int) -> Message:
    """Return the whole wallet of one currency.

    What stands behind cross margin is all that no isolated position or order holds, and the open profit in cross.
    """
    total_cross = account.wallet - isolated.positions - isolated.orders + cross.unrealised
    available = text(account.available)
    return {
        "crossPosMargin": text(cross.positions),
        "isolatedOrderMargin": text(isolated.orders),
        "holdBalance": "0",
        "equity": text(account.equity),
        "version": str(version),
        "availableBalance": available,
        "isolatedPosMargin": text(isolated.positions),
        "maxWithdrawAmount": available,
        "walletBalance": text(account.wallet),
        "isolatedFundingFeeMargin": "0",
        "crossUnPnl": text(cross.unrealised),
        "totalCrossMargin": text(total_cross),
        "currency": account.currency,
        "isolatedUnPnl": text(isolated.unrealised),
        "availableMargin": available,
        "crossOrderMargin": text(cross.orders),
        "timestamp": str(millis(at)),
    }


def order_margin(account: AccountReport, at: int) -> Message:
    """Return the margin of the orders alone."""
    return {"orderMargin": text(account.order_margin), "currency": account.currency, "timestamp": str(millis(at))}


def available_balance(account: AccountReport, at: int) -> Message:
    """Return the available balance alone."""
    return {
        "availableBalance": text(account.available),
        "holdBalance": "0",
        "currency": account.currency,
        "timestamp": str(millis(at)),
    }


def withdraw_hold(currency: str, at: int) -> Message:
    """Return what is held for a withdrawal: nothing, transfers are done at once."""
    return {"withdrawHold": "0", "currency": currency, "timestamp": str(millis(at))}


def margin_modes(modes: Mapping[str, MarginMode]) -> Message:
    """Return the margin mode of contracts."""
    return {symbol: mode.value for symbol, mode in modes.items()}


def cross_leverage(symbol: str, leverage: int) -> Message:
    """Return the leverage of a contract in cross margin."""
    return {symbol: {"leverage": str(leverage)}}
