"""Legal moves, and wishes that survive a restart (rows L1–L5)."""

from __future__ import annotations

from typing import Final

from radtui.core.facts import AnyFact, Instructed, StateChanged
from radtui.core.instruction import Ask
from radtui.core.lifecycle import IllegalMove, State, move
from radtui.simserver.explore.checks import Check, Scene

_WISH: Final = {
    Ask.START: "running",
    Ask.RESUME: "running",
    Ask.PAUSE: "paused",
    Ask.STOP: "stopped",
    Ask.EMERGENCY_STOP: "stopped",
}


class LegalMoves(Check):
    """Each move is in the table and begins where the last one ended; what was wished for is wished for still."""

    name = "the lifecycle is legal"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._state = State.STOPPED
        self._rests = False

    def begun(self, desired: str) -> None:
        """Compare what the journal says with the last receipt that is in it."""
        self._state = State.STOPPED
        self._rests = desired in {"paused", "stopped"}
        receipt = self.scene.disk.receipt
        wish = _WISH.get(receipt.ask) if receipt is not None and receipt.success else None
        if wish is not None and desired != wish:
            self.broken(f"after the receipt of a {receipt and receipt.ask} the journal wants it {desired or 'as ever'}")

    def heard(self, fact: AnyFact) -> None:
        """Check a move."""
        if isinstance(fact, Instructed) and fact.instruction.who == "core" and fact.instruction.ask is Ask.START:
            if self._rests:
                self.broken("it started by itself, and an operator had paused or stopped it")
        elif isinstance(fact, StateChanged):
            made = fact.move
            if made.origin is not self._state:
                self.broken(f"a move from {made.origin}, and it was {self._state}")
            self._state = made.target
            self._legal(fact)

    def _legal(self, fact: StateChanged) -> None:
        made = fact.move
        try:
            legal = move(made.origin, made.verb, at=made.at, who=made.who).target is made.target
        except IllegalMove:
            legal = False
        if not legal:
            self.broken(f"{made.verb} led from {made.origin} to {made.target}")
