"""What an entry may use, and when a position ends by itself (rows S5, C3, W4, W5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from radtui.core.config import Limits
from radtui.core.exit_terms import HOUSE, ExitTerms
from radtui.core.market import SECOND
from radtui.core.tiers import BY_BALANCE, Tier
from radtui.settings.kinds import NoneOr, OneOf, Seconds, Share, Within
from radtui.settings.sections import Section

OWN: Final = "own"
NONE: Final = "none"
NAMES: Final = ("conservative", "balanced", "aggressive", OWN, NONE)
_CONSERVATIVE: Final = Limits()
_BY_BALANCE: Final = "; with profile own and not set: by the free balance"
_ROOMS: Final = (("stop_least", "stop_most"), ("trailing_least", "trailing_most"), ("break_even_stop", "break_even"))
"""Settings of which the first may not be above the second."""
_OrNever = Annotated[float, NoneOr(Within("60", "31536000"))]
_OrOff = Annotated[Decimal, NoneOr(Within("0", "1", above=True))]


def _set(default: Any, meaning: str, *, live: bool = True) -> Any:
    """Return a field. `live`: a bot that flies can be told anew (row C4); all else takes a restart."""
    return Field(default=default, description=meaning, json_schema_extra={"live": live})


def _seconds(nanoseconds: int | None) -> float:
    return (nanoseconds or 0) / SECOND


class Risk(Section):
    """What an entry may use. A value that is set wins over the profile, the profile over the free balance."""

    profile: Annotated[str, OneOf(NAMES)] = _set(
        "conservative",
        "set of limits that fills those not set here; none: no limits, never with real money",
    )
    enabled: bool = _set(True, "entries at all; exits and stops go on without them")
    position_share: Share | None = _set(
        _CONSERVATIVE.position_share, f"notional of one position, share of the equity{_BY_BALANCE}"
    )
    position_notional: Annotated[Decimal, Within("10", "50000")] | None = _set(None, "notional of one position, USDT")
    position_lots: Annotated[int, Within("1", "1000000000", whole=True)] | None = _set(None, "lots of one position")
    risk_per_trade: Annotated[Decimal, Within("0", "0.1", above=True)] | None = _set(
        None, "loss at the stop, share of the equity; not set: 0.01 to 0.03 by the free balance"
    )
    leverage: Annotated[int, Within("1", "125", whole=True)] | None = _set(
        _CONSERVATIVE.leverage, f"leverage of an entry at most, times{_BY_BALANCE}"
    )
    adapt_leverage: bool = _set(
        True, "less leverage, down to 3, in a fast market, for an unsure signal, after losses and in a drawdown"
    )
    stop_share: Share = _set(_CONSERVATIVE.stop_share, "farthest stop, share of the entry price")
    max_positions: Annotated[int, Within("1", "100", whole=True)] = _set(
        _CONSERVATIVE.positions, "positions open at once"
    )
    group_share: Share = _set(
        Decimal("0.4"), "of them in contracts that move together, but two in any case, share of max_positions"
    )
    min_confidence: Annotated[float, Within("0", "1")] = _set(
        _CONSERVATIVE.confidence, "least confidence that trades, 0 to 1"
    )
    exposure_share: Share = _set(_CONSERVATIVE.exposure_share, "sum of notionals, share of equity × leverage")
    daily_loss: Share = _set(_CONSERVATIVE.daily_loss, "loss of a market day that ends its entries, share of equity")
    drawdown: Share = _set(
        _CONSERVATIVE.drawdown, "loss since the highest equity that ends entries until you reset it, share of that"
    )
    losing_streak: Annotated[int, Within("1", "1000", whole=True)] = _set(
        _CONSERVATIVE.losing_streak, "losses in a row that end entries for the cooldown"
    )
    cooldown: Seconds = _set(_CONSERVATIVE.cooldown / SECOND, "seconds without entries after a losing streak")
    entries_per_minute: Annotated[int, Within("1", "1000", whole=True)] = _set(
        _CONSERVATIVE.entries_per_minute, "entries within a minute at most"
    )
    max_spread: Share | None = _set(
        Decimal("0.01"), "spread between bid and ask that forbids an entry, share of the ask"
    )
    max_volatility: Share | None = _set(
        Decimal("0.1"), "standard deviation of an hour that forbids an entry, share of the price"
    )

    @property
    def limits(self) -> Limits:
        """What entries may use, as core is told."""
        return Limits(
            enabled=self.enabled,
            position_share=self.position_share or _CONSERVATIVE.position_share,
            position_notional=self.position_notional,
            position_lots=self.position_lots,
            risk_share=self.risk_per_trade,
            leverage=self.leverage or _CONSERVATIVE.leverage,
            leverage_adapts=self.adapt_leverage,
            stop_share=self.stop_share,
            positions=self.max_positions,
            group_share=self.group_share,
            confidence=self.min_confidence,
            exposure_share=self.exposure_share,
            daily_loss=self.daily_loss,
            drawdown=self.drawdown,
            losing_streak=self.losing_streak,
            cooldown=_nanoseconds(self.cooldown),
            entries_per_minute=self.entries_per_minute,
            spread=self.max_spread,
            volatility=self.max_volatility,
            tiers=() if self.profile == NONE else tuple(map(self._left_to, BY_BALANCE)),
        )

    def _left_to(self, tier: Tier) -> Tier:
        """Return what of a tier nothing stronger has set: neither a value of its own nor the profile."""
        return Tier(
            below=tier.below,
            leverage=tier.leverage if self.leverage is None else None,
            position_share=tier.position_share if self.position_share is None else None,
            risk_share=tier.risk_share if self.risk_per_trade is None else None,
        )


class Exits(Section):
    """When a position ends by itself. Its stop is only ever moved nearer to the market; 0 turns a rule off."""

    stop: _OrOff = _set(
        HOUSE.stop, "stop of a signal that names none, before volatility is added, share of the price; 0: stop_share"
    )
    stop_least: Share = _set(HOUSE.stop_least, "nearest such stop, share of the price")
    stop_most: Share = _set(HOUSE.stop_most, "farthest such stop, share of the price; risk.stop_share holds, too")
    reward: Annotated[Decimal, NoneOr(Within("0.1", "100"))] = _set(
        HOUSE.reward, "target of a signal that names none, in distances of its stop"
    )
    trailing: _OrOff = _set(
        HOUSE.trailing, "distance at which the stop follows the best price, before it is adapted, share of the price"
    )
    trailing_least: Share = _set(HOUSE.trailing_least, "least such distance, share of the price")
    trailing_most: Share = _set(HOUSE.trailing_most, "greatest such distance, share of the price")
    break_even: _OrOff = _set(
        HOUSE.break_even, "profit from which on the stop lies beyond the entry, share of the price"
    )
    break_even_stop: Share = _set(HOUSE.locked, "how far beyond the entry it then lies, share of the price")
    ladder: bool = _set(
        True,
        "take 20 % on the margin always, 15 and 10 % while the target is more than 2 % away, 8 %: 3 %, 5 %: 5 %",
    )
    stall_after: _OrNever = _set(
        _seconds(HOUSE.stall_after), "age in seconds from which on a position that is not ahead gets a near stop"
    )
    stall_profit: Share = _set(HOUSE.stall_profit, "profit below which it is not ahead, share of the price")
    stall_stop: Share = _set(HOUSE.stall_stop, "distance of that stop, share of the price")
    longest: _OrNever = _set(_seconds(HOUSE.longest), "age in seconds at which a position is closed")

    @property
    def contradictions(self) -> list[str]:
        """What in it excludes each other, a line each."""
        pairs = [(low, high, getattr(self, low), getattr(self, high)) for low, high in _ROOMS]
        return [
            f"exits.{low} ({least}) is above exits.{high} ({most}): raise the one or lower the other"
            for low, high, least, most in pairs
            if most and least > most
        ]

    @property
    def terms(self) -> ExitTerms:
        """The rules, as core is told."""
        return ExitTerms(
            stop=self.stop or None,
            stop_least=self.stop_least,
            stop_most=self.stop_most,
            reward=self.reward or None,
            trailing=self.trailing or None,
            trailing_least=self.trailing_least,
            trailing_most=self.trailing_most,
            break_even=self.break_even or None,
            locked=self.break_even_stop,
            ladder=HOUSE.ladder if self.ladder else (),
            stall_after=_nanoseconds(self.stall_after) or None,
            stall_profit=self.stall_profit,
            stall_stop=self.stall_stop,
            longest=_nanoseconds(self.longest) or None,
        )


def _nanoseconds(seconds: float) -> int:
    return round(seconds * SECOND)
