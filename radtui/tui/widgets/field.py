"""A line of text to type in, whose keys all act in the order they were typed, however fast they come (row T2)."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widgets import Input


def _ignore(text: str) -> None:
    del text


class Field(Input):
    """An input that acts on each key before it takes the next one.

    Textual's own leaves every key but letters to the app, which gets to it later: of a burst of keys, as a stalled
    line delivers it, the letters would come first. For the same reason what is typed is told at once, by calls.
    """

    def __init__(
        self,
        *,
        placeholder: str,
        id: str,  # noqa: A002 - Textual's own name for it
        changed: Callable[[str], object] = _ignore,
        entered: Callable[[str], object] = _ignore,
    ) -> None:
        """Make one.

        Args:
            changed: is told the text at every change. entered: is told it when enter is pressed.
        """
        super().__init__(placeholder=placeholder, compact=True, id=id)
        self.cursor_blink = False
        self._tell_change = changed
        self._tell_enter = entered

    async def on_key(self, event: events.Key) -> None:
        """Act on a key now; letters are the input's own."""
        if event.is_printable and self.screen.focused is self and self.screen.is_active:
            return
        event.stop()
        event.prevent_default()
        # A screen that has gone took the keyboard with it: what was typed for it does nothing on another one.
        if not event.is_printable and self.screen.is_active:
            await self._act(event.key)

    async def _act(self, key: str) -> None:
        bound = self.screen.active_bindings.get(key)
        if bound is not None and bound.enabled:
            await self.app.run_action(bound.binding.action, bound.node)

    async def action_submit(self) -> None:
        """Hand the text on."""
        self._tell_enter(self.value)

    def watch_value(self, value: str) -> None:
        """Tell that the text has changed."""
        if self.is_mounted:
            self._tell_change(value)
