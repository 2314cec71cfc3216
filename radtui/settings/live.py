"""What stands between an operator and real money (row C5).

A KuCoin on this machine's loopback is a simulated one, where flights are rehearsed with play money: `bot.mode = paper`
is right there. Any other address is real money. With `bot.mode = live` a local address is treated as real money too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from radtui.settings.keys import environment_name
from radtui.settings.risk import NONE
from radtui.settings.squad import conflicts
from radtui.settings.tree import Settings

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def contradictions(settings: Settings) -> list[str]:
    """Return settings that exclude each other: never does one of them silently give way."""
    bot = settings.bot
    found: list[str] = []
    if bot.mode == "live" and bot.exchange == "paper":
        found.append(
            "bot.mode is live, but bot.exchange is paper: choose kucoin for real money, or set bot.mode = paper"
        )
    if bot.dev and bot.exchange == "kucoin" and not is_rehearsal(settings):
        found.append("bot.dev runs on the simulated exchange only: set bot.exchange = paper, or leave bot.dev out")
    if settings.api.listens and settings.api.tokens is None and settings.api.tokens_file is None:
        found.append(
            "api.tcp is on, and without a token nobody may ask: give the variable "
            f"{environment_name('api.tokens')} the value NAME:control:TOKEN (`openssl rand -hex 24` makes a TOKEN), "
            "name api.tokens_file, or set api.tcp = false"
        )
    if settings.bot.mode == "live" or is_real_money(settings):
        found.extend(_unlimited(settings))
    found.extend(settings.exits.contradictions)
    found.extend(settings.scanner.contradictions)
    if settings.alerts.contradiction:
        found.append(settings.alerts.contradiction)
    found.extend(conflicts(settings))
    return found


def _unlimited(settings: Settings) -> Iterator[str]:
    """Yield whose risk has no limits: that is for backtests and rehearsals."""
    profiles = {"risk": settings.risk, **{f"bots.{name}.risk": bot.risk for name, bot in settings.bots.items()}}
    for where, risk in profiles.items():
        if risk.profile == NONE:
            yield f"{where}.profile is none, and nothing would limit a loss of real money: choose conservative"


def is_rehearsal(settings: Settings) -> bool:
    """Return whether the bot flies through the real client on a simulated KuCoin of this machine."""
    bot, address = settings.bot, urlsplit(settings.kucoin.url)
    return bot.exchange == "kucoin" and bot.mode == "paper" and address.hostname in _LOOPBACK


def is_real_money(settings: Settings) -> bool:
    """Return whether orders of this bot would move real money."""
    return settings.bot.exchange == "kucoin" and not is_rehearsal(settings)


def account_of(settings: Settings) -> str:
    """Return where the bot trades as its journal says it: exchange and mode; ``kucoin paper`` is a rehearsal."""
    return f"{settings.bot.exchange} {'live' if is_real_money(settings) else 'paper'}"


def lacking(settings: Settings) -> tuple[str, ...]:
    """Return what the settings lack for a flight on KuCoin, a line each; empty where nothing is missing."""
    missing = [
        f"kucoin.{name} (set {environment_name(f'kucoin.{name}')})"
        for name in ("key", "secret", "passphrase")
        if getattr(settings.kucoin, name) is None
    ]
    if is_real_money(settings) and settings.bot.mode != "live":
        missing.append("bot.mode = live (--mode live): it is real money there")
    return tuple(missing)
