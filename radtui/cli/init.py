"""``radtui init``: the first settings of a bot, and what a server needs around it. Nothing is overwritten unasked."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from shlex import quote
from typing import Annotated, Final, Literal

from cyclopts import Parameter

from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import unusable
from radtui.cli.streams import complain, say
from radtui.settings.document import first_toml, secrets_env
from radtui.settings.folders import config_folder
from radtui.settings.keys import environment_name
from radtui.settings.loading import Loaded, SettingsRefused, load

Exchange = Literal["paper", "kucoin"]
_SYSTEM: Final = Path("/etc/radtui")
_COMMAND: Final = "/opt/radtui/bin/radtui"
"""Folder of the settings and program as the units have them."""
_UNITS: Final = ("radtui@.service", "radtui-guard@.service")
_PRIVATE: Final = (".toml", ".env")
_PLAIN: Final = re.compile(r"[A-Za-z0-9/._+-]+")
_NOWHERE: Final = Path(os.devnull) / "none"


def init(
    *,
    bot: Annotated[str | None, Parameter(help="Name of the bot.")] = None,
    exchange: Annotated[Exchange | None, Parameter(help="Where it trades.")] = None,
    symbols: Annotated[str | None, Parameter(help="Contracts to trade, for example XBTUSDTM,ETHUSDTM.")] = None,
    directory: Annotated[
        Path | None, Parameter(name="--dir", help="Folder of the files; without it the one of your settings.")
    ] = None,
    systemd: Annotated[
        bool, Parameter(help="For a server: NAME.toml and NAME.env, with the units that run them.", negative="")
    ] = False,
    deploy: Annotated[
        Path | None,
        Parameter(help="Only write all files of a deployment there: units, container, dashboard, alert rules."),
    ] = None,
    force: Annotated[bool, Parameter(help="Overwrite what is there.", negative="")] = False,
) -> int:
    """Write a commented first configuration, and say what comes next. What no flag says is asked on a terminal."""
    if deploy is not None:
        said = f"What to do with them stands in {deploy / 'README.md'}"
        return _write({deploy / name: text for name, text in _shipped().items()}, said, force=force)
    typed = Flags(
        bot=bot or _asked("Name of the bot", "radtui"),
        exchange=exchange or _exchange(_asked("Exchange, paper or kucoin", "paper")),
        symbols=_asked("Contracts, for example XBTUSDTM,ETHUSDTM", "") if symbols is None else symbols,
    )
    loaded = _checked(typed)
    folder = (directory or (_SYSTEM if systemd else _own_folder())).expanduser().absolute()
    written = _for_systemd(loaded, folder) if systemd else _for_a_person(loaded, folder)
    return _write(written, _next(loaded, folder, systemd=systemd), force=force)


def _checked(typed: Flags) -> Loaded:
    """Return the settings that the answers make, over nothing but the defaults.

    Raises:
        Failure: an answer is not allowed (exit code 2).
    """
    layer = typed.layer()
    try:
        return load(layer, environ={environment_name("paths.config"): str(_NOWHERE)}, folder=_NOWHERE)
    except SettingsRefused as problems:
        raise unusable(problems) from None


def _check_plain(path: Path, todo: str) -> None:
    """Refuse a path that means something else inside a unit: blanks end it there, % and $ begin a variable.

    Raises:
        Failure: it has such a letter (exit code 2).
    """
    if not _PLAIN.fullmatch(str(path)):
        raise Failure(f"units cannot name {path}", means="Nothing was written.", todo=todo, code=Exit.USAGE)


def _own_folder() -> Path:
    return config_folder(os.environ.get(environment_name("paths.config")))


def _for_a_person(loaded: Loaded, folder: Path) -> dict[Path, str]:
    return {folder / "config.toml": _toml(loaded), folder / ".env": secrets_env()}


def _for_systemd(loaded: Loaded, folder: Path) -> dict[Path, str]:
    name, shipped = loaded.settings.bot.name, _shipped()
    program = Path(sys.argv[0]).absolute() if Path(sys.argv[0]).name == "radtui" else Path(_COMMAND)
    _check_plain(folder, "choose a --dir of letters, digits and /._+-, or leave it out for /etc/radtui")
    _check_plain(program, "install radtui in a folder of letters, digits and /._+-, for example /opt/radtui")
    units = {
        folder / unit: shipped[unit].replace(_COMMAND, str(program)).replace(f"{_SYSTEM}/", f"{folder}/")
        for unit in _UNITS
    }
    return {folder / f"{name}.toml": _toml(loaded), folder / f"{name}.env": secrets_env(), **units}


def _toml(loaded: Loaded) -> str:
    chosen = ("bot.name", "bot.exchange", "bot.symbols")
    return first_toml({key: getattr(loaded.settings.bot, key.partition(".")[2]) for key in chosen})


def _shipped() -> dict[str, str]:
    """Return the files of a deployment, by name."""
    folder = files("radtui") / "deploy"
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}


def _write(written: Mapping[Path, str], said: str, *, force: bool) -> int:
    written = {path: text for path, text in written.items() if not _holds(path, text)}
    there = [path for path in written if path.exists() or path.is_symlink()]
    if there and not force:
        raise Failure(
            f"{' and '.join(map(str, there))} {'is' if len(there) == 1 else 'are'} there already",
            means="Nothing was written.",
            todo="give another --dir, or --force to overwrite",
        )
    for path, text in written.items():
        _put(path, text)
    say("\n".join([*(f"wrote {path}" for path in written), said]))
    return Exit.DONE


def _holds(path: Path, text: str) -> bool:
    """Return whether a file is as it would be written: the units of a second bot are those of the first."""
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _put(path: Path, text: str) -> None:
    """Write a file whole or not at all; what may hold secrets for its owner alone."""
    mode = 0o600 if path.suffix in _PRIVATE or path.name in _PRIVATE else 0o644
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        raise Failure(
            f"{path} cannot be written: {error.strerror}",
            means="Files before it in this list may have been written.",
            todo="choose another folder with --dir, or write it as the user who owns it",
        ) from None


def _asked(question: str, default: str) -> str:
    """Return what the person types; without a terminal, or where nothing is typed, the default."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
        return default
    complain(f"{question} [{default or 'the usual ones'}]:")
    line = sys.stdin.readline()
    if not line:
        raise Failure("no answer", means="Nothing was written.", todo="answer, or give flags: `radtui init --help`")
    return line.strip() or default


def _exchange(answer: str) -> Exchange:
    """Return the exchange that was typed; another word never means paper."""
    if answer == "paper":
        return "paper"
    if answer == "kucoin":
        return "kucoin"
    raise Failure(
        f"no exchange is called {answer}", means="Nothing was written.", todo="paper or kucoin", code=Exit.USAGE
    )


def _next(loaded: Loaded, folder: Path, *, systemd: bool) -> str:
    bot = loaded.settings.bot
    kucoin = bot.exchange == "kucoin"
    if systemd:
        guard = f" radtui-guard@{bot.name}" if kucoin else ""
        steps = [
            f"put the key into {folder / f'{bot.name}.env'}" if kucoin else "",
            f"chgrp radtui {folder} {folder / f'{bot.name}.toml'} && chmod g+rX {folder} {folder / f'{bot.name}.toml'}",
            f"install -m 644 {folder}/radtui*.service /etc/systemd/system/ && systemctl daemon-reload",
            f"systemctl enable --now{guard} radtui@{bot.name}",
        ]
    else:
        flags = "" if folder == _own_folder().absolute() else f" --config {quote(str(folder / 'config.toml'))}"
        steps = [
            f"put the key into {folder / '.env'}, then: radtui doctor --live{flags}" if kucoin else "",
            f"radtui{flags}",
        ]
    return "\n".join(f"next: {step}" for step in steps if step)
