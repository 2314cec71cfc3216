"""``radtui run --headless``: the engine without a terminal. JSON logs on stderr, the report on stdout."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import structlog
from cyclopts import Parameter

from radtui.cli.account import hold, journal_file
from radtui.cli.before_flight import ended_in_words
from radtui.cli.door import answering
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import CommonFlags, Flags
from radtui.cli.flight import VIRTUAL_EPOCH, assemble, build, market, told
from radtui.cli.garbage import resume
from radtui.cli.landing import Signals, land_in_time
from radtui.cli.logs import configure
from radtui.cli.modes import PARTS, Parts, RunMode, Word, sorted_words
from radtui.cli.mute import mute
from radtui.cli.notify import ServiceManager, status
from radtui.cli.opening import opened, ready_to_fly
from radtui.cli.parting import exit_code, remains
from radtui.cli.recording import inline_recorder, recorder
from radtui.cli.rereading import Rereading
from radtui.cli.service import informed
from radtui.cli.streams import say
from radtui.core.snapshot import Snapshot
from radtui.engine.engine import Engine
from radtui.engine.local import LocalHandle
from radtui.exchange.check import Check
from radtui.health.report import report as health_report
from radtui.health.text import as_text
from radtui.resilience.clock import LoopClock, SystemClock
from radtui.resilience.virtual import run_virtual
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.store.memory import MemoryJournal
from radtui.store.port import Journal

_LOOK: Final = 1.0
"""Wall seconds between two pulses of an engine that nobody watches."""
_SLOW_LOOK: Final = 5.0
"""The same under virtual time, where whatever is on its way makes the pulse faster by itself."""


def run(
    *,
    flags: CommonFlags = CommonFlags(),  # noqa: B008  # frozen, and cyclopts reads the default
    mode: Annotated[
        tuple[Word, ...],
        Parameter(
            help="live moves real money. api: no entries, what is open stays protected. feeds: looks on, and no order "
            "ever leaves. minimal: trades, without API, alerts and recorder. May be given twice.",
            negative="",
        ),
    ] = (),
    headless: Annotated[bool, Parameter(help="Without a cockpit; the only way there is for now.", negative="")] = False,
    for_: Annotated[float | None, Parameter(name="--for", help="Seconds to fly; without it, until a signal.")] = None,
    virtual: Annotated[
        bool, Parameter(help="Virtual time: as fast as it goes, in memory, always the same.", negative="")
    ] = False,
    report: Annotated[Literal["json", "text"], Parameter(help="Form of the final report.")] = "text",
    record: Annotated[
        Path | None, Parameter(help="Folder of the recording; without it the state's, and none with --virtual.")
    ] = None,
) -> int:
    """Fly without a terminal until a signal or the given time; then print the health report."""
    if not headless:
        raise Failure(
            "run needs --headless", todo="`radtui run --headless`, or `radtui` for the cockpit", code=Exit.USAGE
        )
    if for_ is not None and not 0 < for_ < 1e10:
        raise Failure(f"--for {for_:g} is no time to fly", todo="give seconds above 0", code=Exit.USAGE)
    money, runs = sorted_words(mode)
    typed = Flags(**asdict(flags), mode=money)
    again = Rereading(flags=typed, loaded=opened(typed))
    settings = again.loaded.settings
    if settings.bots:
        from radtui.cli.squad import run_squad

        _full(runs)
        return run_squad(again, for_, virtual=virtual, report=report, record=record)
    close_log = configure(settings.log.level, "stderr")
    try:
        with told(), redirect_stdout(sys.stderr):  # what a strategy prints is no part of the report
            if virtual:
                snapshot, code = _virtual(settings, PARTS[runs], for_, record)
            else:
                snapshot, code = _wall(again, PARTS[runs], for_, record)
    finally:
        close_log()
    document = health_report(snapshot, virtual=virtual)
    say(msgspec.json.encode(document).decode() if report == "json" else as_text(document))
    return code


def _virtual(settings: Settings, parts: Parts, seconds: float | None, record: Path | None) -> tuple[Snapshot, int]:
    if seconds is None and settings.paper.market is None:
        raise Failure("--virtual flies for ever on a market that never ends", todo="give --for", code=Exit.USAGE)
    if settings.bot.exchange != "paper":
        raise Failure("--virtual flies on paper only", todo="leave --virtual or --exchange out", code=Exit.USAGE)
    settings = parts.settings(settings)
    source = market(settings, None, VIRTUAL_EPOCH)
    config = parts.config(settings.engine_config(boot=source.now, autostart=True, virtual=True))
    config = msgspec.structs.replace(config, pulse=_SLOW_LOOK)

    async def flight() -> tuple[Snapshot, int]:
        clock = LoopClock(asyncio.get_running_loop(), source.now)
        taped = inline_recorder(settings, record, source.now) if record else None
        return await _fly(build(settings, config, source, MemoryJournal(clock=clock), clock, recorder=taped), seconds)

    return run_virtual(flight())


def _wall(again: Rereading, parts: Parts, seconds: float | None, record: Path | None) -> tuple[Snapshot, int]:
    settings = parts.settings(again.loaded.settings)
    there = ready_to_fly(again.flags, settings, headless=True)
    with hold(settings, there):
        if settings.bot.exchange != "paper":
            from radtui.cli.preflight import pass_preflight, wait_for_preflight

            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # also while it waits (row L11)
            with ended_in_words():
                found = (wait_for_preflight if seconds is None else pass_preflight)(settings, _warn)
            structlog.get_logger("radtui.preflight").info("preflight", note=f"passed: {len(found)} things looked at")
        return asyncio.run(_journalled(again, parts, there, seconds, record=record))


async def _journalled(
    again: Rereading, parts: Parts, there: Places, seconds: float | None, *, record: Path | None
) -> tuple[Snapshot, int]:
    settings, clock = parts.settings(again.loaded.settings), SystemClock()
    config = parts.config(settings.engine_config(boot=clock.now(), autostart=True, virtual=False))
    config = msgspec.structs.replace(config, pulse=_LOOK)
    journal = _journal(journal_file(settings, there)) if parts.journal else MemoryJournal(clock=clock)
    try:
        taped = recorder(settings, there, clock.now(), record)
        engine = assemble(settings, config, journal, clock, fresh=again.flags.fresh, recorder=taped)
    except BaseException:
        journal.close(clean=journal.known().clean)
        raise
    again.hand_over(engine, again.sources(fit=parts.settings))
    with ExitStack() as around:
        around.enter_context(_answering(settings, there, engine) if parts.answers else mute(settings, there))
        around.enter_context(informed(lambda: (engine.snapshot(),)))
        return await _fly(engine, seconds)


def _journal(path: Path) -> Journal:
    from radtui.store.writer import SqlJournal

    return SqlJournal(path)


@contextmanager
def _answering(settings: Settings, there: Places, engine: Engine) -> Iterator[None]:
    """Let commands find the engine while it flies."""
    handle = LocalHandle(engine.snapshot())
    handle.attach(engine, asyncio.get_running_loop())
    mirror = asyncio.create_task(handle.mirror(_LOOK))
    with answering(settings, there, handle, lambda why: structlog.get_logger("radtui.api").critical("door", note=why)):
        try:
            yield
        finally:
            mirror.cancel()
            handle.close()


async def _fly(engine: Engine, seconds: float | None) -> tuple[Snapshot, int]:
    """Run an engine to its end; return its last snapshot and the exit code."""
    resume()
    flight = asyncio.create_task(engine.run())
    code = Signals(engine, flight)
    ending = asyncio.create_task(land_in_time(engine, engine.exchange, seconds))
    try:
        with code:
            await asyncio.gather(flight, return_exceptions=code.forced)
    except asyncio.CancelledError:
        if not code.forced:
            raise
    finally:
        ending.cancel()
    receipt = engine.core.control.answers.last
    for line in () if code.forced else remains(receipt):
        structlog.get_logger("radtui.engine").critical("not safe", note=line)
    return engine.snapshot(), exit_code(receipt, code.exit, forced=code.forced)


def _full(runs: RunMode) -> None:
    if runs is not RunMode.FULL:
        raise Failure(
            f"--mode {runs} is for a single bot",
            means="The settings have [bots.*] tables, and those fly in mode full only. Nothing was started.",
            todo=f"leave --mode {runs} out, or fly one bot with settings of its own",
            code=Exit.USAGE,
        )


def _warn(check: Check) -> None:
    structlog.get_logger("radtui.preflight").warning(check.name, note=check.said, remedy=check.remedy)
    manager = ServiceManager.of(os.environ, os.getpid())
    if manager is not None:  # it waits for the exchange: whoever looks at the service sees for what
        manager.tell(status(check.said))
