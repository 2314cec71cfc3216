"""The account: money, ledger, funding, fees, the key itself, and the dead-man switch of the unified account."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.exchange.kucoin.wire.common import Amount, Wire


class Overview(Wire, frozen=True, kw_only=True):
    """The account in one settlement currency.

    No field follows from the others: the exchange's own examples do not add up.
    """

    currency: str
    account_equity: Decimal
    available_balance: Decimal
    unrealised_pnl: Amount = msgspec.field(default=None, name="unrealisedPNL")
    margin_balance: Amount = None
    position_margin: Amount = None
    order_margin: Amount = None
    frozen_funds: Amount = None
    risk_ratio: Amount = None
    max_withdraw_amount: Amount = None
    available_margin: Amount = None


class LedgerEntry(Wire, frozen=True, kw_only=True):
    """One movement of money; `time` in milliseconds, `offset` −1 for what is still pending."""

    time: int
    type: str
    amount: Decimal
    offset: int
    currency: str
    status: str = ""
    fee: Amount = None
    account_equity: Amount = None
    remark: str | None = None


class FundingEntry(Wire, frozen=True, kw_only=True):
    """One settlement of funding; `time_point` in milliseconds, `funding` positive where it was received."""

    symbol: str
    time_point: int
    funding_rate: Decimal
    funding: Decimal
    id: int = 0
    mark_price: Amount = None
    position_qty: int = 0
    position_cost: Amount = None
    settle_currency: str | None = None
    margin_mode: str = ""
    context: str | None = None


class TradeFees(Wire, frozen=True, kw_only=True):
    """The fee rates of this account on a symbol."""

    symbol: str
    maker_fee_rate: Decimal
    taker_fee_rate: Decimal


class KeyInfo(Wire, frozen=True, kw_only=True):
    """What this key may do.

    Attributes:
        permission: words with commas between them, for example ``General,Futures``.
        ip_whitelist: the addresses it may come from, with commas between them.
    """

    permission: str
    api_key: str = ""
    api_version: int | None = None
    remark: str | None = None
    ip_whitelist: str | None = None
    created_at: int | None = None
    uid: int | None = None
    is_master: bool | None = None

    @property
    def permissions(self) -> frozenset[str]:
        """The permission words."""
        return frozenset(word.strip() for word in self.permission.split(",") if word.strip())

    def __repr__(self) -> str:
        return f"KeyInfo(permission={self.permission!r}, ip_whitelist={self.ip_whitelist!r})"


class SwitchArmed(Wire, frozen=True, kw_only=True):
    """The dead-man switch was set; times in **seconds**, `trigger_time` 0 where it was switched off."""

    trade_type: str = ""
    symbol: str | None = None
    system_time: int = 0
    trigger_time: int = 0


class Switch(Wire, frozen=True, kw_only=True):
    """The dead-man switch: after `timeout` seconds without another setting, the orders are cancelled; −1 is off."""

    timeout: int = -1
    symbols: str | None = None
    trade_type: str = ""
    current_time: int = 0
    trigger_time: int = 0

    @property
    def is_armed(self) -> bool:
        """Whether it would fire."""
        return self.timeout > 0


class Transferred(Wire, frozen=True, kw_only=True):
    """A transfer out of the futures account; times in milliseconds."""

    apply_id: str
    currency: str
    amount: Decimal
    status: str = ""
    biz_no: str | None = None
    fee: Amount = None
    reason: str | None = None
    created_at: int = 0
    updated_at: int = 0


class SubAccount(Wire, frozen=True, kw_only=True):
    """One account of the master's overview."""

    account_name: str
    currency: str
    account_equity: Decimal
    available_balance: Decimal
    unrealised_pnl: Amount = msgspec.field(default=None, name="unrealisedPNL")
    margin_balance: Amount = None
    position_margin: Amount = None
    order_margin: Amount = None
    frozen_funds: Amount = None


class SubAccounts(Wire, frozen=True, kw_only=True):
    """The futures accounts of a master and its sub-accounts."""

    accounts: list[SubAccount]
