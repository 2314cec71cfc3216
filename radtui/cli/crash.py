"""What is left of an error that nobody expected: a report in the state folder, and one paragraph for people."""

from __future__ import annotations

import os
import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from radtui import __version__
from radtui.cli.failures import Failure
from radtui.resilience.redaction import redact

_chosen: list[Path] = []


def report_to(state: Path) -> None:
    """Write reports under `state` from now on; before, they go to the platform's own state folder."""
    _chosen[:] = [state]


_MEANS: Final = (
    "This is a fault in radtui, not in what you did. Stops that rest on an exchange stay there; "
    "an engine that ran in this process has ended."
)


def crashed(error: BaseException, arguments: list[str]) -> Failure:
    """Keep a report of `error` and return what people are told."""
    title = redact(f"unexpected error: {type(error).__name__}: {_first_line(error)}")
    try:
        path = _keep(_report(error, arguments))
    except (OSError, ImportError) as unwritable:
        return Failure(title, means=_MEANS, todo=f"look at your positions; no report could be written ({unwritable})")
    return Failure(title, means=_MEANS, todo=f"look at your positions, then report it with the file {path}")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def _report(error: BaseException, arguments: list[str]) -> str:
    """Return versions, the names of the flags without their values, and the traceback without secrets."""
    flags = [argument.partition("=")[0] for argument in arguments if argument.startswith("-")]
    head = [
        f"radtui {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"at {datetime.now(UTC).isoformat()}, process {os.getpid()}",
        f"flags: {' '.join(flags) or 'none'}",
    ]
    return redact("\n".join([*head, "", *traceback.format_exception(error)]))


def _keep(report: str) -> Path:
    from radtui.settings.folders import private_folder, state_folder

    folder = private_folder((_chosen[0] if _chosen else state_folder()) / "crashes")
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(report)
    return path
