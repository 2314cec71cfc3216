"""How a cockpit reaches its engine: in this process or over a line, who holds control, what may be asked (row A4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from radtui.core.instruction import Ask, Receipt
from radtui.engine.helm import HelmView

if TYPE_CHECKING:
    from radtui.engine.remote import Line

_TROUBLES: Final = {"connecting": "connecting", "lost": "line lost", "refused": "refused"}
_FREE: Final = HelmView()
_UNHEARD: Final = frozenset({"not delivered", "not known"})
"""`WITHDRAWN` and `LOST` of `radtui.engine.wire`, for whose loading a first frame need not wait."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several engines, for the row of tabs.

    Attributes:
        here: whether it is the one that is shown. mark: ``‼`` or ``!`` where it needs an eye; else empty.
    """

    name: str
    here: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How an engine is reached.

    Attributes:
        name: what the engine is called here; a bot's name, with its host where that is another one.
        line: None where the engine lives in this process.
        helm: who holds control, as this cockpit sees it.
        controls: whether the other end takes instructions from here at all.
        heard: whether any picture has come.
        tabs: the engines of this cockpit; none where it has one.
        host: the machine where it flies; empty for this one.
    """

    name: str = ""
    line: Line | None = None
    helm: HelmView = _FREE
    controls: bool = True
    heard: bool = True
    tabs: tuple[Tab, ...] = ()
    host: str = ""

    @property
    def attached(self) -> bool:
        """Whether the engine is another process's, which flies on without this cockpit."""
        return self.line is not None

    @property
    def through(self) -> bool:
        """Whether what is asked gets there now."""
        return self.line is None or (self.heard and self.line.state == "live")

    @property
    def trouble(self) -> str:
        """What is wrong with the line, in two words; empty where nothing is."""
        if self.through or self.line is None:
            return ""
        return _TROUBLES.get(self.line.state, "connecting")

    @property
    def watching(self) -> bool:
        """Whether somebody else holds control."""
        return bool(self.helm.holder) and not self.helm.yours

    @property
    def holder(self) -> str:
        """Who holds control, for people: without the door they came in by."""
        return self.helm.holder.partition(":")[2] or self.helm.holder

    @property
    def told(self) -> bool:
        """Whether there is anything to say of it: never of a cockpit with its own engine and nobody else."""
        return self.attached or self.watching or bool(self.tabs)

    def hinders(self, ask: Ask, take_over: str) -> str:
        """Return why `ask` would come to nothing now, and what to do; empty where it would not.

        An emergency stop is hindered by nothing but a token that may only look: over a lost line it waits for a while.

        Args:
            take_over: the key that takes control.
        """
        if not self.controls:
            return "this token may only look: nothing was asked; attach with one of scope control"
        if not self.through and ask is not Ask.EMERGENCY_STOP:
            return f"{self.trouble}: nothing was asked; the bot flies on by itself, and the line is tried anew"
        if self.helm.forbids(ask):
            return f"{self.holder} holds control: nothing was asked; {take_over} takes over; an emergency stop works"
        return ""


HERE: Final = Reach()
"""An engine in this process, and nobody else at it."""


def unheard_of(receipt: Receipt) -> bool:
    """Return whether no engine wrote this: the instruction did not get there, or nobody knows whether it did."""
    return receipt.status in _UNHEARD
