"""``radtui run --headless`` with several bots: their engines on one account, in one process (row A4)."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import structlog

from radtui.api.socket import answers
from radtui.cli.account import AlreadyFlying, control_socket, hold
from radtui.cli.door import answering
from radtui.cli.failures import Exit, Failure
from radtui.cli.flight import VIRTUAL_EPOCH, told
from radtui.cli.garbage import resume
from radtui.cli.hangar import LOOK, Hangar
from radtui.cli.landing import Signals, land_in_time
from radtui.cli.logs import configure
from radtui.cli.mustering import Bot, Ground, Muster, bots_of, source_of
from radtui.cli.opening import ready_to_fly
from radtui.cli.parting import exit_code, remains
from radtui.cli.recording import inline_recorder
from radtui.cli.rereading import Rereading
from radtui.cli.service import informed
from radtui.cli.streams import say
from radtui.core.snapshot import Snapshot
from radtui.engine.engine import Engine
from radtui.engine.local import LocalHandle
from radtui.engine.squad import Squad
from radtui.exchange.check import Check
from radtui.health.report import report as health_report
from radtui.health.text import as_text
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.settings.places import Places
from radtui.settings.squad import whole
from radtui.settings.tree import Settings
from radtui.store.memory import MemoryJournal

_SLOW_LOOK: Final = 5.0
"""As with a single engine: seconds between two pulses under virtual time."""


class Flown(msgspec.Struct, frozen=True):
    """What came of a flight: how each bot looked at its end, what the dead ones died of, and the exit code."""

    snapshots: Mapping[str, Snapshot]
    errors: Mapping[str, str]
    code: int


def run_squad(
    again: Rereading,
    seconds: float | None,
    *,
    virtual: bool,
    report: Literal["json", "text"],
    record: Path | None,
) -> int:
    """Fly all bots of the settings, or the one that is named, until a signal or the given time; then print reports."""
    settings = again.loaded.settings
    close_log = configure(settings.log.level, "stderr")
    try:
        with told(), redirect_stdout(sys.stderr):  # what a strategy prints is no part of the report
            fly = _virtual if virtual else _wall
            flown = fly(again, seconds, record)
    finally:
        close_log()
    reports = {name: health_report(seen, virtual=virtual) for name, seen in flown.snapshots.items()}
    say(_as_json(reports, flown.errors) if report == "json" else _as_pages(reports, flown.errors))
    return flown.code


def _virtual(again: Rereading, seconds: float | None, record: Path | None) -> Flown:
    settings = again.loaded.settings
    if seconds is None and settings.paper.market is None:
        raise Failure("--virtual flies for ever on a market that never ends", todo="give --for", code=Exit.USAGE)
    if settings.bot.exchange != "paper":
        raise Failure("--virtual flies on paper only", todo="leave --virtual or --exchange out", code=Exit.USAGE)

    async def flight() -> Flown:
        account = MemoryJournal()
        source = source_of(settings, account, VIRTUAL_EPOCH, fresh=True)
        start = VIRTUAL_EPOCH if source is None else source.now
        clock = LoopClock(asyncio.get_running_loop(), start)
        own = bots_of(settings, boot=start, pulse=_SLOW_LOOK, virtual=True)
        bots = {
            name: Bot(
                settings=mine,
                config=config,
                journal=MemoryJournal(clock=clock),
                recorder=inline_recorder(mine, record / name, start) if record else None,
            )
            for name, (mine, config) in own.items()
        }
        ground = Ground(settings=settings, account=account, source=source, clock=clock, fresh=True)
        return await _fly(Squad(Muster(ground, bots).engines), seconds)

    return run_virtual(flight())


def _wall(again: Rereading, seconds: float | None, record: Path | None) -> Flown:
    settings = again.loaded.settings
    there = ready_to_fly(again.flags, settings, headless=True)
    with _held(settings, there):
        if settings.bot.exchange != "paper":
            from radtui.cli.preflight import pass_preflight, wait_for_preflight

            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # also while it waits (row L11)
            look = wait_for_preflight if seconds is None else pass_preflight
            found = look(whole(settings), _warn)
            structlog.get_logger("radtui.preflight").info("preflight", note=f"passed: {len(found)} things looked at")
        return asyncio.run(_journalled(again, there, seconds, record=record))


@contextmanager
def _held(settings: Settings, there: Places) -> Iterator[None]:
    """Hold the account of all bots; who asked for one of them hears how it is flown beside the others.

    Raises:
        AlreadyFlying: another process holds it (exit code 1).
    """
    with ExitStack() as held:
        try:
            held.enter_context(hold(settings, there))
        except AlreadyFlying as flying:
            if settings.bot.name not in settings.bots:
                raise
            raise AlreadyFlying(flying.title, means=flying.means, todo=_how_beside(settings, there)) from None
        yield


def _how_beside(settings: Settings, there: Places) -> str:
    """Return what flies this bot where its account is flown already: its own door is open where that process has it."""
    name = settings.bot.name
    if answers(control_socket(settings, there)):
        return f"`radtui start --bot {name}` starts it there, also where it has ended by itself"
    return (
        f"that process flies the account without {name}, and two never fly one account: end it as said above, and "
        "start all bots of the settings together, without --bot"
    )


async def _journalled(again: Rereading, there: Places, seconds: float | None, *, record: Path | None) -> Flown:
    with ExitStack() as unless_flown:
        hangar = Hangar(again, there, record, unless_flown)
        unless_flown.pop_all()
    squad = hangar.squad
    with ExitStack() as doors:
        for settings, engine, handle, beside in hangar.doors():
            doors.enter_context(_answering(settings, there, engine, handle, beside))
        doors.enter_context(informed(lambda: [squad.engines[name].snapshot() for name in squad.flying]))
        return await _fly(squad, seconds)


@contextmanager
def _answering(
    settings: Settings, there: Places, engine: Engine, handle: LocalHandle, beside: Iterable[LocalHandle]
) -> Iterator[None]:
    """Let commands find one bot, also once it has ended: then they are told so. A TCP port answers for all of them."""
    handle.attach(engine, asyncio.get_running_loop())
    mirror = asyncio.create_task(handle.mirror(LOOK))
    log = structlog.get_logger("radtui.api").bind(bot=settings.bot.name)
    with answering(settings, there, handle, lambda why: log.critical("door", note=why), beside=beside):
        try:
            yield
        finally:
            mirror.cancel()
            handle.close()


async def _fly(squad: Squad, seconds: float | None) -> Flown:
    """Run all to their end."""
    resume()
    flight = asyncio.create_task(squad.run())
    code = Signals(squad, flight)
    exchange = next(iter(squad.engines.values())).exchange
    ending = asyncio.create_task(land_in_time(squad, exchange, seconds))
    try:
        with code:
            await asyncio.gather(flight, return_exceptions=code.forced)
    except asyncio.CancelledError:
        if not code.forced:
            raise
    finally:
        ending.cancel()
    snapshots = squad.snapshots()
    return Flown(snapshots, squad.errors, _worst(squad, snapshots, code))


def _worst(squad: Squad, snapshots: Mapping[str, Snapshot], code: Signals) -> int:
    """Return the exit code of all: not safe, where one bot is not; failed, where one died; else the signal's."""
    found = []
    for name, engine in squad.engines.items():
        receipt = engine.core.control.answers.last
        for line in () if code.forced else remains(receipt):
            structlog.get_logger("radtui.engine").critical("not safe", bot=name, note=line)
        found.append(
            _dead(snapshots[name]) if name in squad.errors else exit_code(receipt, code.exit, forced=code.forced)
        )
    return next((each for each in (Exit.NOT_SAFE, Exit.REFUSED) if each in found), code.exit)


def _dead(last: Snapshot) -> int:
    return Exit.NOT_SAFE if last.positions or last.orders else Exit.REFUSED


def _as_json(reports: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return msgspec.json.encode({"bots": reports, "died": dict(errors)}).decode()


def _as_pages(reports: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    pages = [f"{name}\n{as_text(document)}" for name, document in reports.items()]
    return "\n\n".join([*pages, *(f"{name} died: {why}" for name, why in errors.items())])


def _warn(check: Check) -> None:
    structlog.get_logger("radtui.preflight").warning(check.name, note=check.said, remedy=check.remedy)
