"""A test double of the EngineHandle: it shows the snapshots it is given and notes what was asked."""

from __future__ import annotations

from radtui.core.facts import Envelope
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.snapshot import Snapshot


class ScriptedEngine:
    """An engine whose answers are written beforehand."""

    def __init__(self, shown: Snapshot) -> None:
        self.shown = shown
        self.asked: list[tuple[Ask, str, ExitPolicy | None]] = []
        self.receipts: dict[str, Receipt] = {}
        self.fault: Exception | None = None

    def snapshot(self) -> Snapshot:
        if self.fault:
            raise self.fault
        return self.shown

    def events(self, after: int = 0) -> list[Envelope]:
        del after
        return []

    def send(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> Ack:
        del why
        self.asked.append((ask, who, exits))
        return Ack(id=f"i-{len(self.asked)}", ask=ask, at=self.shown.at)

    def receipt(self, instruction_id: str) -> Receipt | None:
        return self.receipts.get(instruction_id)

    def answer(self, message: str, *, success: bool = True, refused: bool = False, status: str = "running") -> None:
        """Write the receipt of the instruction that was asked last."""
        ask, who, _ = self.asked[-1]
        self.receipts[f"i-{len(self.asked)}"] = Receipt(
            id=f"i-{len(self.asked)}",
            ask=ask,
            success=success,
            message=message,
            status=status,
            at=self.shown.at,
            who=who,
            refused=refused,
        )
