"""What stands between an operator and real money (row C5)."""

from __future__ import annotations

from radtui.settings.keys import environment_name
from radtui.settings.tree import Settings


def contradictions(settings: Settings) -> list[str]:
    """Return settings that exclude each other: never does one of them silently give way."""
    bot = settings.bot
    found: list[str] = []
    if bot.mode == "live" and bot.exchange == "paper":
        found.append(
            "bot.mode is live, but bot.exchange is paper: choose kucoin for real money, or set bot.mode = paper"
        )
    if bot.dev and bot.exchange == "kucoin":
        found.append("bot.dev runs on the simulated exchange only: set bot.exchange = paper, or leave bot.dev out")
    return found


def lacking(settings: Settings, *, confirmed: str = "") -> tuple[str, ...]:
    """Return what live trading on KuCoin still needs, a line each; empty where nothing is missing.

    Args:
        confirmed: the bot's name, typed again by the operator at this very start.
    """
    missing = [
        f"kucoin.{name} (set {environment_name(f'kucoin.{name}')})"
        for name in ("key", "secret", "passphrase")
        if getattr(settings.kucoin, name) is None
    ]
    if settings.bot.mode != "live":
        missing.append("bot.mode = live (--mode live)")
    if confirmed != settings.bot.name:
        missing.append(f"your confirmation at this start (--confirm-live {settings.bot.name})")
    return tuple(missing)
