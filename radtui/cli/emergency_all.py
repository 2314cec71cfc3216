"""``radtui emergency-stop --all``: every bot flat, those whose engine runs and those whose engine is no more.

Engines that run are told at the same moment, and each flattens by itself. One that hangs is ended then, where the
settings are its own. A bot without an engine, of the settings that this command was given, is flattened afterwards by
an engine of this command's own, one after the other: they share a lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from radtui.cli.account import journal_file
from radtui.cli.confirming import have_it_typed, previewed
from radtui.cli.engines import RunningEngine, listening, no_engine
from radtui.cli.failures import Exit, Failure
from radtui.cli.flattening import ASK, SETTINGS, bots_of, by_ourselves, instead_of, where_none_answers
from radtui.cli.mute import MuteEngine, mute_engine_of, mute_engines
from radtui.cli.opening import opened
from radtui.cli.rescue import is_held
from radtui.cli.streams import complain
from radtui.cli.together import Outcome, at_once, both_named, concluded, said, told
from radtui.cli.where import Where
from radtui.core.memory import MemoryRefused
from radtui.settings.places import places
from radtui.settings.squad import of_bot
from radtui.settings.tree import Settings
from radtui.store.faults import BackupRefused
from radtui.store.last_known import last_known

_OTHERS: Final = "any other bot of the settings"
_NOT_KNOWN: Final = "Whether a bot of theirs without an engine holds something is not known."
_EVERYWHERE: Final = Where()


class Found(NamedTuple):
    """Who is meant.

    Attributes:
        bots: of the settings, by their control sockets; none where they cannot be used.
        engines: that run. mute: that run and answer no command.
        orphans: what finds each bot without an engine that may hold something, or whose engine is just starting.
        unusable: why the settings could not be asked for orphans; None where they could.
        settled: an engine of these settings runs, so that none of them is just starting.
    """

    bots: Mapping[Path, Where]
    engines: Sequence[RunningEngine]
    mute: Sequence[MuteEngine]
    orphans: Sequence[Where]
    unusable: Failure | None = None
    settled: bool = False

    @property
    def nobody(self) -> bool:
        """Whether there is none."""
        return not (self.engines or self.mute or self.orphans)


def stop_all(where: Where, seconds: float, particulars: Mapping[str, Any], *, yes: bool, as_json: bool) -> int:
    """Stop them; each gets its receipt.

    Raises:
        Failure: there is nobody to stop (exit code 3), or one is not flat (4, with its name).
    """
    if where.bot is not None:
        raise both_named()
    found = _found(where)
    if found.nobody:
        raise found.unusable or no_engine(None)
    _confirm(found, particulars, yes=yes)
    until = time.monotonic() + seconds
    heard = said(as_json=as_json)
    outcomes = at_once(lambda each: told(each, ASK, seconds, particulars), found.engines, heard)
    outcomes = _ended(found, outcomes, where, seconds, particulars, heard)
    outcomes += [Outcome(each.name, None, _deaf(each)) for each in found.mute]
    for orphan in found.orphans:
        left = max(1.0, until - time.monotonic())
        outcomes += _heard(_flattened(orphan, left, particulars, waits=not found.settled), heard)
    if found.unusable is not None:
        outcomes.append(Outcome(_OTHERS, None, _unlooked(found.unusable)))
    return concluded(outcomes, as_json=as_json)


def _confirm(found: Found, particulars: Mapping[str, Any], *, yes: bool) -> None:
    """Show what would be done by each, and have the word typed once.

    Raises:
        Failure: another word was typed, or none.
    """
    names = [f"{each.name} (pid {each.pid})" for each in found.engines]
    names += [f"{each.name} (pid {each.pid}, answers no command)" for each in found.mute]
    names += [f"{each.bot} (no engine)" for each in found.orphans]
    complain(f"radtui: emergency stop of {', '.join(names)}")
    if yes:
        return
    looked = at_once(lambda each: previewed(each, particulars), found.engines)
    for engine, lines in zip(found.engines, looked, strict=True):
        for line in lines:
            complain(f"  {engine.name}: {line}")
    if found.engines:
        complain("  One that hangs is killed, with every bot of its process, and they are closed in its place.")
    have_it_typed()


def _found(where: Where) -> Found:
    """Return who is meant: without settings all engines that run here, too, whether the settings can be used or not."""
    everywhere, running = where == _EVERYWHERE, listening()
    try:
        bots = bots_of(where)
    except Failure as unusable:
        if not everywhere:
            raise
        return Found({}, running, mute_engines(), (), unusable)
    engines = [each for each in running if everywhere or each.path in bots]
    silent = {path: engine for path, each in bots.items() if (engine := _mute(each)) is not None}
    here = silent.keys() | {each.path for each in engines}
    settled = not here.isdisjoint(bots)  # then who holds the account is known, and not just starting
    orphans = [
        each
        for path, each in bots.items()
        if path not in here and (may_hold(_settings_of(each)) or (not settled and is_held(each.flags())))
    ]
    return Found(bots, engines, mute_engines() if everywhere else list(silent.values()), orphans, settled=settled)


def _settings_of(where: Where) -> Settings:
    settings = opened(where.flags()).settings
    return of_bot(settings, settings.bot.name) if settings.bots else settings


def _mute(where: Where) -> MuteEngine | None:
    settings = _settings_of(where)
    return mute_engine_of(settings, places(settings))


def may_hold(settings: Settings) -> bool:
    """Return whether a bot that nobody flies had something open when its journal was last written."""
    file = journal_file(settings, places(settings))
    if not file.exists():
        return False
    try:
        known = last_known(file)
    except (BackupRefused, MemoryRefused):
        return True
    return bool(known.positions or known.orders)


def _ended(
    found: Found,
    outcomes: Sequence[Outcome],
    where: Where,
    seconds: float,
    particulars: Mapping[str, Any],
    heard: Callable[[Outcome], None],
) -> list[Outcome]:
    """Return the outcomes, those of a process that hangs replaced by what came of ending it."""
    pairs = list(zip(found.engines, outcomes, strict=True))
    hung = {engine.pid for engine, outcome in pairs if outcome.answer is not None and outcome.answer.hangs}
    kept = [outcome for engine, outcome in pairs if engine.pid not in hung]
    for pid in sorted(hung):
        mine = [pair for pair in pairs if pair[0].pid == pid]
        kept += _heard(_instead_of(mine, found, where, seconds, particulars), heard)
    return kept


def _heard(outcomes: list[Outcome], heard: Callable[[Outcome], None]) -> list[Outcome]:
    for each in outcomes:
        heard(each)
    return outcomes


def _instead_of(
    pairs: Sequence[tuple[RunningEngine, Outcome]],
    found: Found,
    where: Where,
    seconds: float,
    particulars: Mapping[str, Any],
) -> list[Outcome]:
    """End a process that hangs, where the settings are its own, and flatten its bots."""
    ours = next((engine for engine, _ in pairs if engine.path in found.bots), None)
    if ours is None:
        return [Outcome(outcome.name, outcome.answer, _hangs(engine, outcome)) for engine, outcome in pairs]
    complain(f"radtui: the engine of {ours.name} (pid {ours.pid}) hangs")
    try:
        return instead_of(ours, where, seconds, particulars, yes=True)
    except Failure as failure:
        return [Outcome(outcome.name, None, failure) for _, outcome in pairs]


def _hangs(engine: RunningEngine, outcome: Outcome) -> Failure | None:
    """Return the failure with a way out that is one: the settings given here do not lead to its account."""
    if outcome.failure is not None:
        outcome.failure.todo = (
            f"`radtui emergency-stop --all` with the settings that it had ({SETTINGS.removeprefix('--bot, ')}) ends it "
            f"and closes everything; or `kill -9 {engine.pid}`, and start radtui again"
        )
    return outcome.failure


def _deaf(engine: MuteEngine) -> Failure:
    return Failure(
        engine.said,
        todo=f"{engine.how_to_end}; then give this command again",
        code=Exit.NOT_SAFE,
        means="Nothing was asked of it; what it holds keeps its stops on the exchange.",
    )


def _unlooked(unusable: Failure) -> Failure:
    return Failure(
        unusable.title,
        means="\n".join([*unusable.means.splitlines()[:-1], _NOT_KNOWN]),
        todo=unusable.todo,
        code=Exit.NOT_SAFE,
    )


def _flattened(where: Where, seconds: float, particulars: Mapping[str, Any], *, waits: bool) -> list[Outcome]:
    """Fly an engine of a bot that nobody flies, until it is flat.

    Args:
        waits: whether who holds the account may be an engine that is just starting.
    """
    try:
        if waits:
            return where_none_answers(where, seconds, particulars, yes=True)
        return [by_ourselves(where.flags(), seconds, particulars, yes=True)]
    except Failure as failure:
        failure.code = Exit.NOT_SAFE  # it had something open, and nobody closes it now
        return [Outcome(where.bot or "", None, failure)]
