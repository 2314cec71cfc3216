"""A test double of the EngineHandle, and a cockpit on it with a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from pieces import NOW

from radtui.core.facts import Envelope
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.market import SECOND
from radtui.core.preview import Preview
from radtui.core.snapshot import Snapshot
from radtui.engine.helm import HelmView
from radtui.tui.app import CockpitApp
from radtui.tui.reach import HERE, Reach
from radtui.tui.themes import Shelf, load

USER = "lena"


class ScriptedEngine:
    """An engine whose answers are written beforehand."""

    def __init__(self, shown: Snapshot) -> None:
        self.shown = shown
        self.looks = 0
        self.asked: list[tuple[Ask, str, ExitPolicy | None]] = []
        self.subjects: list[str] = []
        self.surveys: list[str] = []
        self.receipts: dict[str, Receipt] = {}
        self.fault: Exception | None = None

    def snapshot(self) -> Snapshot:
        self.looks += 1
        if self.fault:
            raise self.fault
        return self.shown

    def events(self, after: int = 0) -> list[Envelope]:
        del after
        return []

    def send(
        self,
        ask: Ask,
        *,
        who: str,
        why: str = "",
        exits: ExitPolicy | None = None,
        subject: str = "",
        foreign: bool = False,
        order: HandOrder | None = None,
    ) -> Ack:
        del why, foreign, order
        if ask is Ask.PREVIEW:  # it changes nothing: what was asked are the others
            self.surveys.append(f"p-{len(self.surveys) + 1}")
            return Ack(id=self.surveys[-1], ask=ask, at=self.shown.at)
        self.subjects.append(subject)
        self.asked.append((ask, who, exits))
        return Ack(id=f"i-{len(self.asked)}", ask=ask, at=self.shown.at)

    def forgotten(self, instruction_id: str) -> bool:
        return False

    def receipt(self, instruction_id: str) -> Receipt | None:
        return self.receipts.get(instruction_id)

    def foresee(self, preview: Preview | None, message: str = "Preview: nothing was done") -> None:
        """Answer the preview that was asked for last."""
        self.receipts[self.surveys[-1]] = Receipt(
            id=self.surveys[-1],
            ask=Ask.PREVIEW,
            success=preview is not None,
            message=message,
            status="preview",
            at=self.shown.at,
            preview=preview,
        )

    def answer(self, message: str, *, success: bool = True, refused: bool = False, status: str = "running") -> None:
        """Write the receipt of the instruction that was asked last."""
        ask, who, _ = self.asked[-1]
        name = f"i-{len(self.asked)}"
        self.receipts[name] = Receipt(
            id=name,
            ask=ask,
            success=success,
            message=message,
            status=status,
            at=self.shown.at,
            who=who,
            refused=refused,
        )


class ScriptedDoor:
    """A door to a scripted engine, reached as it is written beforehand."""

    def __init__(self, engine: ScriptedEngine, clock: Callable[[], int], reach: Reach = HERE) -> None:
        self.handle = engine
        self.reach = reach
        self.overs = 0
        self._clock = clock

    def look(self) -> tuple[Snapshot, int, Reach]:
        return self.handle.snapshot(), self._clock(), self.reach

    def take_over(self) -> None:
        self.overs += 1
        self.reach = replace(self.reach, helm=HelmView(holder="cli:lena/pts-1", since=NOW, yours=True))


def fleet(*doors: ScriptedDoor, theme: str = "radtui-dark") -> CockpitApp:
    """Return a cockpit on several engines."""
    return CockpitApp(doors, theme=theme, themes=shelf(), clock=lambda: NOW, user=USER)


@cache
def shelf() -> Shelf:
    """Return the shipped themes."""
    return load()


def cockpit(
    engine: ScriptedEngine | Snapshot, *, late: float = 0.0, theme: str = "radtui-dark", **more: Any
) -> CockpitApp:
    """Return a cockpit that looks `late` seconds after the snapshot was made."""
    handle = engine if isinstance(engine, ScriptedEngine) else ScriptedEngine(engine)
    now = NOW + round(late * SECOND)
    return CockpitApp(handle, theme=theme, themes=shelf(), clock=lambda: now, user=USER, **more)


def screen_text(app: CockpitApp) -> str:
    """Return what the terminal shows, as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)
