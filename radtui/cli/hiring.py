"""From settings to a guardian: what it is told, and how it is started, so that no secret is seen anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from radtui.cli.failures import Failure
from radtui.cli.kucoin import credentials, hosts
from radtui.guard.config import GuardConfig
from radtui.settings.folders import control_folder, private_folder
from radtui.settings.live import is_real_money
from radtui.settings.places import places
from radtui.settings.tree import Settings

if TYPE_CHECKING:
    from radtui.engine.beacon import Guarding

COMMAND: Final = (sys.executable, "-m", "radtui.guard")
_BEATS: Final = 6
"""Beats in the silence after which a guardian acts."""
_SLOWEST: Final = 5.0
_ENVIRONMENT: Final = (
    "PATH", "HOME", "LANG", "TZ", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)  # fmt: skip
"""What a guardian needs of its environment: the key is not in it."""


def is_wanted(settings: Settings) -> bool:
    """Return whether an engine with these settings has a guardian."""
    return settings.guard.start == "on" or (settings.guard.start == "auto" and is_real_money(settings))


def guard_config(settings: Settings, *, hired: bool) -> GuardConfig:
    """Return what a guardian is told; the folders that it needs are made.

    Raises:
        Failure: address or key cannot be used (exit code 2), or a folder cannot be made (1).
    """
    key, there = credentials(settings), hosts(settings)
    whose = f"{key.key} {settings.bot.name}" if settings.bots else key.key  # of several bots each has its guardian
    account = sha256(whose.encode()).hexdigest()[:16]
    meeting = _folder(control_folder() / "guard")
    kept = _folder(places(settings).state / "guard")
    config = GuardConfig(
        bot=settings.bot.name,
        url=there.futures,
        unified=there.spot,
        key=key.key,
        secret=key.secret,
        passphrase=key.passphrase,
        key_version=key.version,
        socket=str(meeting / f"{account}.sock"),
        lock=str(meeting / f"{account}.lock"),
        record=str(kept / f"{account}.jsonl"),
        memory=str(kept / f"{account}.json"),
        silence=settings.guard.silence,
        flatten=settings.guard.flatten,
        switch=settings.guard.exchange_switch,
        hired=hired,
    )
    return msgspec.structs.replace(config, terms=_terms(config))


def guarding(settings: Settings) -> Guarding:
    """Return what an engine must know of its guardian.

    Raises:
        Failure: as `guard_config`.
    """
    from radtui.engine.beacon import Guarding

    config = guard_config(settings, hired=True)
    return Guarding(
        socket=Path(config.socket),
        record=Path(config.record),
        interval=min(_SLOWEST, config.silence / _BEATS),
        terms=config.terms,
        hire=Hiring(config).hire,
    )


class Hiring:
    """Starts guardians, in a session of their own: they outlive the engine's end, however it comes."""

    def __init__(self, config: GuardConfig) -> None:
        self._told = msgspec.json.encode(config)
        self._log = Path(config.record).with_suffix(".log")
        self._last: subprocess.Popen[bytes] | None = None

    def hire(self) -> None:
        """Start one, unless the last still runs; it ends by itself where another one is there already.

        Raises:
            OSError: it cannot be started.
        """
        if self._last is not None and self._last.poll() is None:
            return
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._last = subprocess.Popen(
                COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log, cwd="/",
                env=environment(), start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(log)
        tell(self._last, self._told)


def tell(process: subprocess.Popen[bytes], told: bytes) -> None:
    """Hand a guardian its configuration.

    Raises:
        OSError: it ended before it was told.
    """
    if process.stdin is not None:
        with process.stdin as line:
            line.write(told)


def environment() -> dict[str, str]:
    """Return the environment of a guardian."""
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


def _folder(folder: Path) -> Path:
    try:
        return private_folder(folder)
    except OSError as error:
        raise Failure(
            f"the folder {folder} cannot be made: {error.strerror}",
            means="Without it engine and guardian do not find each other, so nothing was started.",
            todo="make its place writable, choose another with --state, or fly without a guardian: guard.start = off",
        ) from None


def _terms(config: GuardConfig) -> str:
    """Return a digest of what a guardian was told, and of its code's version: of neither can anything be read back."""
    from radtui import __version__

    told = msgspec.json.encode(msgspec.structs.replace(config, terms="", hired=False))
    return sha256(__version__.encode() + told).hexdigest()[:16]
