"""From all that was written to one validated tree: flags > environment > .env > TOML file > defaults (row C1).

A ``.env`` counts in the working directory, and more weakly beside the TOML file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from radtui.settings.ancestors import Idle
from radtui.settings.bots import misnamed
from radtui.settings.folders import config_folder, open_to_all
from radtui.settings.keys import KEYS, MASK, Key, lookup, written
from radtui.settings.layers import Entry, Layer, strongest
from radtui.settings.live import contradictions
from radtui.settings.presets import presets
from radtui.settings.sources import Read, from_credentials, from_dotenv, from_environment, from_toml
from radtui.settings.strategies import STRATEGIES, Where, address, checked
from radtui.settings.tree import Settings

_NOTHING: Final = Layer({})


class SettingsRefused(Exception):
    """Settings that cannot be used. `problems` has a line for each thing that is wrong; none shows a secret."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Row:
    """One setting as ``config show`` prints it."""

    key: str
    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and where each of them came from.

    Attributes:
        entries: what was written, by key; a key that is not there has its default.
        idle: accepted names that nothing uses yet.
        file: the TOML file that was read, if any.
        exposed: files with a secret in them that every user of this machine can read.
    """

    settings: Settings
    entries: Mapping[str, Entry]
    idle: tuple[Idle, ...] = ()
    file: Path | None = None
    exposed: tuple[Path, ...] = ()

    def where(self, key: str) -> str:
        """Return where the value of `key` came from."""
        entry = self.entries.get(key)
        return entry.where if entry else "default"

    def rows(self) -> list[Row]:
        """Return every setting with its value, secrets masked, and where it came from."""
        rows = (row for key in KEYS.values() for row in self._rows_of(key))
        return [*rows, *self._rows_of_strategies(), *self._rows_of_bots()]

    def _rows_of_strategies(self) -> list[Row]:
        """Return what is set for strategies."""
        told = [
            (f"{STRATEGIES}.{n}.{p}", value)
            for n, table in self.settings.strategies.items()
            for p, value in table.items()
        ]
        return [Row(key, written(value), self.where(key)) for key, value in told]

    def _rows_of_bots(self) -> list[Row]:
        """Return what each of several bots has set for itself."""
        own = [(key, entry) for key, entry in self.entries.items() if key.startswith("bots.")]
        return [Row(key, known.shown(entry.value), entry.where) for key, entry in own if (known := lookup(key))]

    def _rows_of(self, key: Key) -> list[Row]:
        section, _, name = key.name.partition(".")
        value = getattr(getattr(self.settings, section), name)
        if not key.table:
            return [Row(key.name, key.shown(value), self.where(key.name))]
        inside = [(f"{key.name}.{entry}", text) for entry, text in value.items()]
        return [Row(name, key.shown(text), self.where(name)) for name, text in inside]


def load(
    flags: Layer = _NOTHING,
    *,
    config: Path | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Loaded:
    """Read all sources and return the settings.

    Args:
        flags: what was typed on the command line; wins over everything.
        config: the TOML file, which then must be there; by default ``config.toml`` of the configuration folder.
        environ: the environment; by default the process's own.
        folder: where ``.env`` is looked for first; by default the working directory.

    Raises:
        SettingsRefused: a key is unknown, a value not allowed, or a file not readable.
    """
    variables = os.environ if environ is None else environ
    here = (folder or Path()) / ".env"
    outer = [from_environment(variables), from_credentials(variables), from_dotenv(here)]
    above = [flags, *(layer for read in outer for layer in read.layers)]
    path, file, toml = _config(config, above)
    beside = from_dotenv(path.parent / ".env") if path.parent.absolute() != here.parent.absolute() else Read()
    rest = [*above[1:], *beside.layers, *toml.layers]
    spec = strongest([flags, *rest]).get("bot.strategy")
    addressed, problems = address(flags, str(spec.value) if spec else Settings().bot.strategy)
    layers = [addressed, *rest]
    return _settled([*layers, *presets(layers)], [Read(problems=tuple(problems)), *outer, beside, toml], file)


def _config(given: Path | None, above: Sequence[Layer]) -> tuple[Path, Path | None, Read]:
    """Return where the TOML file is looked for, the file where it is there, and what it holds."""
    if given is not None and not given.is_file():
        return given, None, Read(problems=(f"{given} is not there or not a file: check --config, or leave it out",))
    entry = strongest(above).get("paths.config")
    path = given or config_folder(str(entry.value) if entry else None) / "config.toml"
    return (path, path, from_toml(path)) if path.is_file() else (path, None, Read())


def _settled(layers: Sequence[Layer], reads: Sequence[Read], file: Path | None) -> Loaded:
    entries = strongest(layers)
    problems = [problem for read in reads for problem in read.problems]
    settings = _built(layers, entries, problems)
    if problems or settings is None:
        raise SettingsRefused(_without_secrets(problems, layers))
    idle = {one.name: one for read in reversed(reads) for one in read.idle}
    return Loaded(settings, entries, tuple(idle.values()), file, _exposed(reads))


def _built(layers: Sequence[Layer], entries: Mapping[str, Entry], problems: list[str]) -> Settings | None:
    try:
        settings = Settings.of(layers)
    except ValidationError as error:
        problems += dict.fromkeys(_told(fault["loc"], entries) for fault in error.errors())
        return None
    problems += contradictions(settings)
    return with_parameters(settings, lambda key: entries[key].where if key in entries else "", problems)


def with_parameters(settings: Settings, where: Where, problems: list[str]) -> Settings:
    """Return settings with the parameters as their strategies read them; what is wrong is added to `problems`."""
    told, faults = checked(settings.strategies, settings.flown, where)
    problems += faults
    bots = dict(settings.bots)
    for name, bot in settings.bots.items():
        whole = {each: {**settings.strategies.get(each, {}), **own} for each, own in bot.strategies.items()}
        read, faults = checked(whole, settings.flown, where, prefix=f"bots.{name}.{STRATEGIES}")
        problems += faults
        own = {each: {key: read[each][key] for key in table} for each, table in bot.strategies.items() if each in read}
        bots[name] = bot.model_copy(update={STRATEGIES: own})
    return settings.model_copy(update={STRATEGIES: told, "bots": bots})


def _told(loc: Sequence[Any], entries: Mapping[str, Entry]) -> str:
    """Say which value is wrong, where it stands, and what is allowed; pydantic's own text could show a secret."""
    parts = [str(part) for part in loc]
    if parts[0] == "bots" and parts[-1] == "[key]":
        return misnamed(parts[1], next((each.where for key, each in entries.items() if _is_of(parts[1], key)), ""))
    key = next((name for end in range(len(parts), 0, -1) if (name := ".".join(parts[:end])) in entries), None)
    known = lookup(key) if key else None
    if key is None or known is None:
        return f"{'.'.join(parts)} is not valid"
    entry = entries[key]
    return f"{key} = {known.shown(entry.value)} ({entry.where}): allowed is {known.allowed}"


def _is_of(bot: str, key: str) -> bool:
    return key.startswith(f"bots.{bot}.")


def _without_secrets(problems: Iterable[str], layers: Iterable[Layer]) -> list[str]:
    """Mask the written secrets wherever they turn up, for example under a wrong name."""
    secret = [entry.value for layer in layers for entry in layer.entries.values() if _is_secret(entry)]
    cleaned = list(problems)
    for value in sorted(secret, key=len, reverse=True):
        cleaned = [problem.replace(value, MASK) for problem in cleaned]
    return cleaned


def _exposed(reads: Iterable[Read]) -> tuple[Path, ...]:
    secret = [read.path for read in reads if read.path and any(map(_holds_secret, read.layers))]
    return tuple(path for path in secret if open_to_all(path))


def _holds_secret(layer: Layer) -> bool:
    return any(key.secret for name in layer.entries if (key := lookup(name)))


def _is_secret(entry: Entry) -> bool:
    """Tell whether an entry holds a secret that is long enough not to be part of ordinary words."""
    key = lookup(entry.key)
    return key is not None and key.secret and isinstance(entry.value, str) and len(entry.value) >= 6
