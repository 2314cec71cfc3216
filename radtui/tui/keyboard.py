"""Keys act one after the other, each on what the one before it has brought up (row T2).

A line that stood still delivers a second of typing at once. Textual hands all of it to whatever has the keyboard at
that moment: a word that was typed for a question would go to the pane below, and ``n p`` would pause the wrong bot. So
a key that does something acts as soon as it is read, and the next one is read when the screen it opened is up.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final, Generic

from textual import events
from textual.app import ReturnType
from textual.screen import Screen
from textual.widgets import Input

from radtui.tui.paint import ThriftyApp

_PATIENCE: Final = 2.0
"""Seconds that keys wait for a screen at most: one that never comes up must not take the keyboard with it."""


class OrderlyApp(ThriftyApp[ReturnType], Generic[ReturnType]):
    """An app that acts on a key before it reads the next one; a key that is bound to nothing does nothing."""

    async def on_event(self, event: events.Event) -> None:
        """Act on a key; what is typed into a line of text, and all that is no key, goes Textual's own way."""
        if isinstance(event, events.Key) and not event.is_forwarded and not isinstance(self.focused, Input):
            await self._act(event.key)
        else:
            await super().on_event(event)

    async def _act(self, key: str) -> None:
        before = self.screen
        bound = before.active_bindings.get(key)
        if bound is None or not bound.enabled:
            return
        await self.run_action(bound.binding.action, bound.node)
        if self.is_running and self.screen is not before:
            await _up(self.screen)


async def _up(screen: Screen[object]) -> None:
    """Wait until a screen is composed and has given the keyboard to what takes it."""
    ready = asyncio.Event()
    screen.call_later(ready.set)  # behind its mount and its resumption, which stand in its queue already
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await ready.wait()
