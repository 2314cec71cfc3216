"""Several bots in one engine: what each of them has of its own, and what all of them together may (row A4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, get_args

from pydantic import Field

from radtui.exchange.shared.limits import AccountLimits
from radtui.settings.kinds import Kind, Name, Share, Symbols, Timeframe, Within, Word
from radtui.settings.risk import Risk
from radtui.settings.sections import Section

_LIMITS: Final = AccountLimits()


def _set(default: Any, meaning: str) -> Any:
    return Field(default=default, description=meaning)


class Account(Section):
    """What entries of all bots of the account together may use; with one bot its own limits are enough."""

    exposure: Annotated[Decimal, Within("0", "125", above=True)] = _set(
        _LIMITS.exposure, "what all bots hold, netted by coin and then summed, in times the account's equity"
    )
    margin_share: Share = _set(_LIMITS.margin_share, "margin of all bots, share of the account's equity")


class OneBot(Section):
    """One of several bots. What it does not set it has from the sections above."""

    strategy: Word | None = _set(None, "name of a strategy, or FILE:CLASS of your own; not set: bot.strategy")
    timeframe: Timeframe | None = _set(None, "candle at whose close it decides; not set: bot.timeframe")
    symbols: Symbols = _set((), "contracts it trades, and no other bot does")
    budget: Share | None = _set(None, "share of the account's wallet that it begins with; all together at most 1")
    risk: Risk = Risk()
    strategies: dict[str, dict[str, Any]] = _set({}, "parameters of its strategies, as in [strategies.NAME]")


def misnamed(name: str, where: str) -> str:
    """Return what is wrong with a bot whose table is called `name`."""
    allowed = next(kind.text for kind in get_args(Name) if isinstance(kind, Kind))
    place = f" ({where})" if where else ""
    return f"bots.{name}{place}: the name of a bot is the prefix of its order ids, and allowed is {allowed}"
