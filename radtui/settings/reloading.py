"""Settings read again while the bot flies (row C4): what differs, what of it can be taken over, and the way back.

They come from the same sources as at the start, with one above them: what was set at run time. That one lasts until it
is unset or the engine ends, and says who set it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from radtui.core.configuration_view import Change, SettingView
from radtui.core.market import SECOND
from radtui.engine.adjustment import Adjustment
from radtui.engine.sources import Proposal, Unusable
from radtui.settings.differing import all_keys, differences, merged, value_of
from radtui.settings.keys import Key, lookup, nearest, parameter_of
from radtui.settings.layers import Entry, Layer
from radtui.settings.live import contradictions
from radtui.settings.loading import Loaded, SettingsRefused
from radtui.settings.presets import with_brought
from radtui.settings.squad import of_bot
from radtui.settings.strategies import PORTFOLIO, STRATEGIES, checked, unfit
from radtui.settings.tree import Settings

Read = Callable[[Layer], Loaded]
"""Reads all sources under the layer that was set at run time; raises `SettingsRefused`."""
_KEPT: Final = 20
"""Changes that can be rolled back."""
_NAME: Final = 60
_OWN: Final = frozenset({"risk", STRATEGIES})
"""Sections that each of several bots has for itself."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What the engine goes by.

    Attributes:
        where: of each setting that is not a default. typed: what was set at run time.
    """

    settings: Settings
    where: Mapping[str, str]
    typed: Layer


class Reloading:
    """`radtui.engine.reconfiguring.Sources` of one bot.

    Args:
        loaded: the settings as they were at the start.
        bot: which of several bots; empty where there is one.
        fit: what this start made of the settings, for example a mode without alerts.
        follow_level: told of another level of the log.
    """

    def __init__(
        self,
        loaded: Loaded,
        read: Read,
        *,
        bot: str = "",
        fit: Callable[[Settings], Settings] | None = None,
        follow_level: Callable[[str], None] | None = None,
    ) -> None:
        self._read = read
        self._bot = bot
        self._fit = fit
        self._follow_level = follow_level or _follow_level
        self._file = loaded.file
        self._bots = loaded.settings.bots
        self._now = InForce(self._own(loaded.settings), self._places(loaded), Layer({}))
        self._past: list[InForce] = []

    @property
    def file(self) -> str:
        """The settings file; empty where there is none."""
        return str(self._file) if self._file else ""

    @property
    def in_force(self) -> Settings:
        """The bot's settings as its engine goes by them."""
        return self._now.settings

    def settings(self) -> list[SettingView]:
        """Return what is in force, secrets masked."""
        now = self._now
        rows = Loaded(now.settings, {key: Entry(key, None, where) for key, where in now.where.items()}).rows()
        told = all_keys(now.settings)
        found = {row.key: _view(row.key, row.value, row.where, told.get(row.key)) for row in rows}
        for key in told.values():
            if key.name not in found and parameter_of(key.name):
                found[key.name] = _view(key.name, key.shown(value_of(now.settings, key)), "default", key)
        return list(found.values())

    def read(self) -> Proposal:
        """Read everything again."""
        return self._proposal(self._loaded(self._now.typed), self._now.typed, None)

    def change(self, values: Mapping[str, str | None], who: str) -> Proposal:
        """Set some by name, None for as the sources have it; nothing else is taken over but what a profile brings."""
        for name, value in values.items():
            _check(name, value, all_keys(self._now.settings))
        typed = dict(self._now.typed.entries)
        for name, value in values.items():
            key = self._within(name)
            typed.pop(key, None)
            if value is not None:
                typed[key] = Entry(key, value, f"set at run time by {who}")
        layer = Layer(typed)
        return self._proposal(self._loaded(layer), layer, with_brought(values))

    def before(self) -> Proposal | None:
        """Return what a rollback would bring; None where nothing was changed."""
        if not self._past:
            return None
        past = self._past[-1]
        changes = tuple(differences(self._now.settings, past.settings, past.where, None))
        return Proposal(changes=changes, waiting=(), adjustment=_adjustment(past.settings), kept=past)

    def describe(self, values: Mapping[str, str | None]) -> str:
        """Return a change in words: only the name of what will be refused, for its value may be a secret."""
        known = all_keys(self._now.settings)
        return ", ".join(_described(name, value, known) for name, value in values.items())

    def take(self, proposal: Proposal) -> None:
        """It is in force now."""
        kept = proposal.kept
        if not isinstance(kept, InForce):
            raise TypeError("a proposal of other sources")
        level = kept.settings.log.level
        if level != self._now.settings.log.level:
            self._follow_level(level)
        if self._past and kept is self._past[-1]:
            self._past.pop()
        elif proposal.changes:
            self._past = [*self._past, self._now][-_KEPT:]
        self._now = kept

    def _loaded(self, typed: Layer) -> Loaded:
        if self._file is not None and not self._file.is_file():
            raise Unusable(f"{self._file} is gone, and the defaults are not what it said: put it back")
        try:
            return self._read(typed)
        except SettingsRefused as refused:
            raise Unusable(*refused.problems) from None

    def _proposal(self, loaded: Loaded, typed: Layer, wanted: frozenset[str] | None) -> Proposal:
        """Return what `loaded` would bring of the settings that are `wanted`; of all where none is named."""
        now, proposed = self._now.settings, self._own(loaded.settings)
        where = self._places(loaded)
        found = [*differences(now, proposed, where, wanted), *self._other_bots(loaded)]
        whole = merged(now, proposed, wanted)
        faults = checked(whole.strategies, whole.flown, lambda key: where.get(key, ""))[1]
        members = unfit(whole.portfolio.strategies) if whole.bot.strategy == PORTFOLIO else ()
        if problems := [*contradictions(whole), *faults, *members]:
            raise Unusable(*problems)
        kept = InForce(whole, self._wheres(where, wanted), typed)
        return Proposal(
            changes=tuple(each for each in found if each.live),
            waiting=tuple(each for each in found if not each.live),
            adjustment=_adjustment(whole),
            kept=kept,
        )

    def _places(self, loaded: Loaded) -> dict[str, str]:
        """Return where each setting stands; what one of several bots has of its own is under the plain name, too."""
        places = {key: entry.where for key, entry in loaded.entries.items()}
        return places | {self._plain(key): place for key, place in places.items() if self._plain(key) != key}

    def _wheres(self, where: Mapping[str, str], wanted: frozenset[str] | None) -> dict[str, str]:
        """Return where each setting in force came from: the new places only of those that are taken over."""

        def taken(key: str) -> bool:
            known = lookup(key)
            return known is not None and known.live and (wanted is None or key in wanted)

        old = {key: place for key, place in self._now.where.items() if not taken(self._plain(key))}
        return old | {self._plain(key): place for key, place in where.items() if taken(self._plain(key))}

    def _own(self, settings: Settings) -> Settings:
        """Return what of `settings` is this bot's."""
        settings = self._fit(settings) if self._fit else settings
        if not self._bot:
            return settings
        if self._bot not in settings.bots:
            raise Unusable(f"[bots.{self._bot}] is gone from the settings: a bot goes with a restart only; put it back")
        return of_bot(settings, self._bot)

    def _other_bots(self, loaded: Loaded) -> Iterator[Change]:
        """Yield what differs in who flies beside this bot, and with which share of the account."""
        before, after = self._bots, loaded.settings.bots
        if before.keys() != after.keys():
            names = (", ".join(before) or "none", ", ".join(after) or "none")
            yield Change(key="bots", before=names[0], after=names[1], where="settings", live=False)
        elif self._bot and before[self._bot].budget != after[self._bot].budget:
            key = f"bots.{self._bot}.budget"
            budgets = str(before[self._bot].budget), str(after[self._bot].budget)
            yield Change(key=key, before=budgets[0], after=budgets[1], where=loaded.where(key), live=False)

    def _within(self, name: str) -> str:
        """Return the key under which a setting of this bot is set: one of several has limits of its own."""
        return f"bots.{self._bot}.{name}" if self._bot and name.partition(".")[0] in _OWN else name

    def _plain(self, key: str) -> str:
        return key.removeprefix(f"bots.{self._bot}.") if self._bot else key


def _adjustment(settings: Settings) -> Adjustment:
    return Adjustment.of(settings.engine_config(boot=SECOND, autostart=False, virtual=False))


def _view(key: str, value: str, where: str, known: Key | None) -> SettingView:
    return SettingView(key=key, value=value, where=where, live=known is not None and known.live)


def _check(name: str, value: str | None, known: Mapping[str, Key]) -> None:
    """Refuse a name that is none, one that a flying bot cannot take, and a value that it never takes, unseen."""
    key = known.get(name) or lookup(name)
    if key is None:
        near = nearest(name)
        raise Unusable(f"no setting is called {name[:_NAME]}" + (f"; did you mean {near}?" if near else ""))
    if not key.live:
        raise Unusable(f"{key.name} takes a restart: set it in the settings file and start the engine again")
    if value is not None and key.name == "portfolio.strategies" and ":" in value:
        raise Unusable("a strategy of a file goes into the settings file only: nobody at a port has code of a file run")
    if value is not None and not key.admits(value):
        raise Unusable(f"that value is none for {key.name}: allowed is {key.allowed}")


def _described(name: str, value: str | None, known: Mapping[str, Key]) -> str:
    key = known.get(name) or lookup(name)
    if key is None or not key.live or (value is not None and not key.admits(value)):
        return name[:_NAME]
    return f"{name} as it was" if value is None else f"{name} = {key.shown(value)}"


def _follow_level(level: str) -> None:
    logging.getLogger().setLevel(level.upper())
