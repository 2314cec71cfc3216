"""From the settings of several bots to those of each, and what in them excludes each other (row A4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from radtui.core.market import TIMEFRAMES
from radtui.settings.bots import OneBot
from radtui.settings.tree import Settings


def of_bot(settings: Settings, name: str) -> Settings:
    """Return the settings of one of the bots: its own, and for the rest those of all."""
    own = settings.bots[name]
    bot = {"name": name, "symbols": own.symbols}
    bot |= {key: value for key in ("strategy", "timeframe") if (value := getattr(own, key)) is not None}
    strategies = {name: {**settings.strategies.get(name, {}), **told} for name, told in own.strategies.items()}
    risk = {key: getattr(own.risk, key) for key in own.risk.model_fields_set}
    return settings.model_copy(
        update={
            "bot": settings.bot.model_copy(update=bot),
            "risk": settings.risk.model_copy(update=risk),
            "strategies": {**settings.strategies, **strategies},
        }
    )


def without_port(settings: Settings) -> Settings:
    """Return settings without the API on TCP: a port has one owner, who answers there for the other bots too."""
    return settings.model_copy(update={"api": settings.api.model_copy(update={"tcp": False, "host": None})})


def whole(settings: Settings) -> Settings:
    """Return the settings of the account: the contracts of all bots."""
    symbols = tuple(dict.fromkeys(symbol for bot in settings.bots.values() for symbol in bot.symbols))
    return settings.model_copy(update={"bot": settings.bot.model_copy(update={"symbols": symbols})})


def spans(settings: Settings) -> tuple[int, ...]:
    """Return the spans of the candles that any bot decides on, nanoseconds."""
    frames = dict.fromkeys(bot.timeframe or settings.bot.timeframe for bot in settings.bots.values())
    return tuple(TIMEFRAMES[frame] for frame in frames)


def conflicts(settings: Settings) -> Iterator[str]:
    """Yield what keeps the bots from sharing an account, a line each."""
    bots = settings.bots
    for name, bot in bots.items():
        yield from _lacking(name, bot)
    owners = Counter(symbol for bot in bots.values() for symbol in dict.fromkeys(bot.symbols))
    for symbol in (symbol for symbol, count in owners.items() if count > 1):
        named = " and ".join(f"bots.{name}" for name, bot in bots.items() if symbol in bot.symbols)
        yield (
            f"{named} both trade {symbol}: an account has one position a contract, and each would close the other's; "
            "leave it to one of them"
        )
    total = sum((bot.budget for bot in bots.values() if bot.budget is not None), Decimal(0))
    if total > 1:
        yield f"the budgets of the bots add up to {total}: together they have at most 1, all of the account"
    if bots and settings.guard.exchange_switch:
        yield "guard.exchange_switch is one for the whole account, and several bots fly it: leave it out"


def _lacking(name: str, bot: OneBot) -> Iterator[str]:
    if not bot.symbols:
        yield f'bots.{name} has no symbols: say which contracts it trades, for example symbols = ["XBTUSDTM"]'
    if bot.budget is None:
        yield f"bots.{name} has no budget: say which share of the account's wallet it begins with, for example 0.4"
