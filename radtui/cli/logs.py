"""The log: JSON lines on standard error for a headless engine, a file of its own for the cockpit, never the terminal.

Lines are formatted and cleaned of secrets where they are made, and written by a thread: an engine does not wait for a
disk or for a pager that nobody scrolls. Where the writer falls behind by more than `_QUEUED` lines, lines are dropped.
"""

from __future__ import annotations

import logging
import os
import queue
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from logging.handlers import QueueHandler, QueueListener
from pathlib import Path
from typing import Any, Final, Literal

from radtui.cli.logfile import LogFile
from radtui.resilience.redaction import redact_values

Target = Literal["stderr"] | Path

_QUEUED: Final = 10_000
_LAST_LINES: Final = 2.0
"""Seconds that the end of a process waits for the last lines; a reader that is stuck must not keep it alive."""
_CHATTY: Final = ("httpx", "httpcore", "websockets", "asyncio", "sqlalchemy", "alembic")
"""Libraries of which only warnings are kept: httpx writes whole addresses at level info."""


def configure(level: str, target: Target) -> Callable[[], None]:
    """Send the log of this process to `target`; return what writes the last lines and closes it.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        target: ``stderr``, or the file of the cockpit, which is rotated; its folder must be there.

    Raises:
        OSError: the file cannot be opened.
    """
    destination = _Descriptor(2) if target == "stderr" else LogFile(target)
    lines: queue.Queue[Any] = queue.Queue(_QUEUED)
    handler, listener = _Producer(lines), _Writer(lines, destination)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    for former in list(root.handlers):
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.raiseExceptions = False
    listener.start()
    return lambda: _close(root, handler, listener, destination)


def _close(
    root: logging.Logger, handler: logging.Handler, listener: QueueListener, destination: logging.Handler
) -> None:
    root.removeHandler(handler)
    listener.stop()
    with suppress(OSError):  # a full disk: the last lines are lost, and what the command did must still be told
        destination.close()


def _formatter() -> logging.Formatter:
    """Make structlog's lines and those of every library look alike, and configure structlog to go through stdlib."""
    import structlog

    stamped: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *stamped,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=stamped,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _line],
    )


def _line(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> str:
    """Return one line of JSON without secrets; what JSON does not know is written as its text."""
    import msgspec

    return msgspec.json.encode(redact_values(fields)).decode()


class _Producer(QueueHandler):
    """Puts finished lines into the queue; drops them while it is full."""

    dropped = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1


class _Writer(QueueListener):
    """Writes the lines; `stop` waits for the last ones, but not for ever."""

    def __init__(self, lines: queue.Queue[Any], destination: logging.Handler) -> None:
        super().__init__(lines, destination)
        self._lines = lines

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        try:
            self._lines.put(None, timeout=_LAST_LINES)
        except queue.Full:
            return
        if thread is not None:
            thread.join(_LAST_LINES)


class _Descriptor(logging.Handler):
    """Writes straight to a file descriptor: no buffer whose lock a stuck reader could hold at the end."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor: int | None = descriptor

    def createLock(self) -> None:  # noqa: N802 - the name is logging's
        """Take no lock: one thread writes here, and at the end nobody must wait for one that is stuck in a write."""
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line. Where nobody reads any more, the log ends and the engine goes on."""
        rest = f"{self.format(record)}\n".encode(errors="replace")
        try:
            while rest and self._descriptor is not None:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            self._descriptor = None
