"""What no world may ever show: money out of nothing, and faults of our own code."""

from __future__ import annotations

from typing import Final

from radtui.core.facts import AnyFact, Trouble
from radtui.core.market import SECOND
from radtui.simserver.explore.checks import Check, Scene

_EVERY: Final = 30 * SECOND
_FAULTS: Final = (
    *("ArithmeticError", "AssertionError", "AttributeError", "IndexError", "InvalidOperation", "KeyError"),
    *("NameError", "NotImplementedError", "RuntimeError", "TypeError", "UnboundLocalError", "ValueError"),
)


class MoneyAddsUp(Check):
    """The money of the account and of everyone it deals with is always the same."""

    name = "money adds up"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._everyone = scene.venue.everyone
        self._looked = 0

    def turned(self) -> None:
        """Count it."""
        if self.scene.passed - self._looked >= _EVERY:
            self._looked = self.scene.passed
            if self.scene.venue.everyone != self._everyone:
                self.broken(f"{self.scene.venue.everyone - self._everyone} USDT came from nowhere")


class NoFaultOfOurs(Check):
    """No task of the engine dies of a mistake in our own code."""

    name = "no fault of our own"

    def heard(self, fact: AnyFact) -> None:
        """Look at what went wrong."""
        if isinstance(fact, Trouble) and any(f"{fault}: " in fact.message for fault in _FAULTS):
            self.broken(f"{fact.where}: {fact.message}")
