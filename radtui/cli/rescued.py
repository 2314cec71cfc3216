"""The engine of one bot of several that do not fly, for an operator who wants what it holds closed."""

from __future__ import annotations

from radtui.cli.account import account_journal_file
from radtui.cli.failures import Exit, Failure
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.resilience.clock import Clock
from radtui.settings.places import places
from radtui.settings.squad import of_bot
from radtui.settings.tree import Settings
from radtui.store.memory import MemoryJournal
from radtui.store.port import Journal


def check_named(settings: Settings) -> None:
    """Make sure that one bot is meant.

    Raises:
        Failure: there are several, and none of them was named (exit code 2).
    """
    if settings.bots and settings.bot.name not in settings.bots:
        raise Failure(
            "several bots fly this account, and none of them was named",
            means="Nothing was asked and nothing was changed.",
            todo=f"say which: --bot {' or --bot '.join(settings.bots)}; an emergency stop takes --all, too",
            code=Exit.USAGE,
        )


def lone(settings: Settings, config: EngineConfig, journal: Journal, clock: Clock) -> Engine:
    """Return it, on its share of the account: it touches nothing of the others.

    Args:
        settings: their strategy is taken, and never asked. config: what the engine would be told were it alone.

    Raises:
        Failure: the settings name none of the bots (exit code 2), or it cannot fly so.
    """
    from radtui.cli.mustering import Bot, Ground, Muster, source_of

    check_named(settings)
    name = settings.bot.name
    mine = of_bot(settings, name)
    mine = mine.model_copy(update={"bot": mine.bot.model_copy(update={"strategy": settings.bot.strategy})})
    own = mine.engine_config(boot=config.core.boot, autostart=config.autostart, virtual=config.virtual)
    account = _account(settings)
    try:
        source = source_of(settings, account, clock.now(), fresh=False)
        ground = Ground(settings=settings, account=account, source=source, clock=clock)
        return Muster(ground, {name: Bot(settings=mine, config=own, journal=journal)}).engines[name]
    except BaseException:
        account.close(clean=account.known().clean)
        raise


def _account(settings: Settings) -> Journal:
    """Return the journal of the account; on KuCoin the account is there, and nothing of it is concluded by one bot."""
    if settings.bot.exchange != "paper":
        return MemoryJournal()
    from radtui.store.writer import SqlJournal

    return SqlJournal(account_journal_file(settings, places(settings)))
