"""The places where settings are written: a TOML file, ``.env`` and the environment (rows C1, C2).

Each gives layers, strongest first, and says in words what in it is wrong.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from radtui.settings import tomlfile
from radtui.settings.ancestors import ANCESTORS, IDLE, Idle, idle
from radtui.settings.keys import PREFIX, environment_name, lookup, nearest
from radtui.settings.layers import Entry, Layer
from radtui.settings.strategies import STRATEGIES
from radtui.settings.tree import SECTIONS

CREDENTIALS: Final = "radtui.env"
"""What a service manager hands over under this name is read like a ``.env``."""
NOT_SETTINGS: Final = frozenset({"RADTUI_SHARED"})
"""Variables with our prefix that are no settings: where the developers' shared material lies, for the tests."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one place holds; `path` where it is a file of the person's own."""

    layers: tuple[Layer, ...] = ()
    problems: tuple[str, ...] = ()
    idle: tuple[Idle, ...] = ()
    path: Path | None = None


def from_toml(path: Path) -> Read:
    """Read a TOML file."""
    try:
        tree, text = tomlfile.read(path)
    except tomlfile.BadFile as bad:
        return Read(problems=(str(bad),))
    lines = tomlfile.lines(text)
    entries = [
        Entry(key, value, _in_file(path, tomlfile.line_of(key, lines)))
        for key, value in tomlfile.flat(tree)
        if value != {} or not _may_be_empty(key)
    ]
    return replace(_sorted(entries, str), path=path)


def from_environment(variables: Mapping[str, str]) -> Read:
    """Read the environment. An empty variable counts as not set."""
    return _variables(variables, lambda name: f"environment {name}")


def from_credentials(variables: Mapping[str, str]) -> Read:
    """Read what a service manager keeps for this service alone (``LoadCredential=`` of systemd); often nothing."""
    folder = variables.get("CREDENTIALS_DIRECTORY")
    return from_dotenv(Path(folder) / CREDENTIALS) if folder else Read()


def from_dotenv(path: Path) -> Read:
    """Read a ``.env`` file; none there holds nothing. Names that are not ours belong to other programs."""
    if not path.is_file():
        return Read()
    from dotenv import dotenv_values

    try:
        with _complaints() as complaints:
            found = dotenv_values(path, encoding="utf-8")
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        return Read(problems=(f"{path} cannot be read: {error.strerror}",))
    except UnicodeDecodeError:
        return Read(problems=(f"{path} is not UTF-8 text: save it as UTF-8",))
    values = {name: value for name, value in found.items() if value is not None}
    read = _variables(values, lambda name: f"{_in_file(path, _line(name, lines))} ({name})")
    return replace(read, problems=(*(f"{path}: {text}" for text in complaints), *read.problems), path=path)


def _variables(variables: Mapping[str, str], where: Callable[[str], str]) -> Read:
    """Sort variables into ours, the ancestors', and those that wait for their use."""
    written = {name: value for name, value in variables.items() if value}
    named = [name for name in written if name.upper().startswith(PREFIX) and name not in NOT_SETTINGS]
    read = _sorted([Entry(_key(name), written[name], where(name)) for name in named], environment_name)
    theirs = Layer.of(Entry(key, written[name], where(name)) for name, key in ANCESTORS.items() if name in written)
    waiting, problems = _idle({name: written[name] for name in IDLE if name in written}, where)
    return Read((*read.layers, theirs), (*read.problems, *problems), waiting)


def _key(name: str) -> str:
    """Return the key of a variable; one in small letters keeps its own spelling, and so is refused."""
    return name[len(PREFIX) :].lower().replace("__", ".") if name == name.upper() else name


def _idle(variables: Mapping[str, str], where: Callable[[str], str]) -> tuple[tuple[Idle, ...], list[str]]:
    found: list[Idle] = []
    problems: list[str] = []
    for name, value in variables.items():
        try:
            found.append(idle(name, value, where(name)))
        except ValueError as allowed:
            problems.append(f"{name} = {value} ({where(name)}): allowed is {allowed}")
    return tuple(found), problems


def _sorted(entries: Iterable[Entry], spelled: Callable[[str], str]) -> Read:
    """Keep the entries whose key is known; `spelled` writes a key as this source does."""
    known: list[Entry] = []
    problems: list[str] = []
    for entry in entries:
        fault = _fault(entry, spelled)
        if fault:
            problems.append(fault)
        else:
            known.append(entry)
    return Read((Layer.of(known),), tuple(problems))


def _fault(entry: Entry, spelled: Callable[[str], str]) -> str:
    key = lookup(entry.key)
    if entry.key in SECTIONS:
        return f"{entry.key} in {entry.where} is a section, not a setting: set {spelled(f'{entry.key}.NAME')}"
    if key is None:
        return _unknown(entry, spelled)
    if key.table and entry.key == key.name:
        return f"{entry.key} in {entry.where} is a table: set {spelled(f'{entry.key}.NAME')}"
    if entry.key == "paths.config" and spelled is str:
        return f"paths.config in {entry.where} comes too late to find that file: set {environment_name(entry.key)}"
    return ""


def _unknown(entry: Entry, spelled: Callable[[str], str]) -> str:
    """Return what is meant, perhaps: a whole table of a person's own was named, or the key is misspelt."""
    first, _, rest = entry.key.partition(".")
    if first == STRATEGIES and "." not in rest:
        key = f"{first}.{rest or 'ema_cross'}.NAME"
        return f"{entry.key} in {entry.where} is no parameter of a strategy: set {spelled(key)}"
    if first == "bots" and "." not in rest:
        return f"{entry.key} in {entry.where} is a bot: set {spelled(f'{entry.key}.symbols')} and its budget"
    close = nearest(entry.key)
    return f"unknown key {entry.key} in {entry.where}" + (f"; did you mean {spelled(close)}?" if close else "")


def _may_be_empty(key: str) -> bool:
    known = lookup(key)
    return key in SECTIONS or key.partition(".")[0] == STRATEGIES or (known is not None and known.table)


def _in_file(path: Path, line: int | None) -> str:
    return f"{path} line {line}" if line else str(path)


def _line(name: str, lines: list[str]) -> int | None:
    """Return the last line that sets `name`: in a ``.env`` file the last one wins."""
    pattern = re.compile(rf"\s*(?:export\s+)?{re.escape(name)}\s*=")
    return next((number for number in range(len(lines), 0, -1) if pattern.match(lines[number - 1])), None)


class _Collector(logging.Handler):
    """Keeps what a library would have logged."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the reader of ``.env`` only logs: lines that it could not understand."""
    logger: Any = logging.getLogger("dotenv.main")
    collector, before = _Collector(), logger.propagate
    logger.addHandler(collector)
    logger.propagate = False
    try:
        yield collector.texts
    finally:
        logger.removeHandler(collector)
        logger.propagate = before
