"""An engine's door that obeys at once, at the control socket of the account that it flies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from radtui.api.door import Door
from radtui.cli.account import control_socket
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.core.instruction import Ask, Receipt
from radtui.core.preview import Preview
from radtui.settings.places import places
from tests.api.callers import Scripted

TWO = """
[paths]
state = "{state}"
[bots.alpha]
symbols = ["XBTUSDTM"]
budget = 0.4
[bots.beta]
symbols = ["ETHUSDTM"]
budget = 0.5
"""
"""Settings of two bots; where they keep their state is to be filled in."""


class Obeying(Scripted):
    """Answers at once: previews with nothing in them, and stops that succeed; where it is `deaf`, never."""

    previewed = True
    deaf = False

    def send(self, ask: Ask, **said: Any) -> Any:
        ack = super().send(ask, **said)
        if self.deaf:
            return ack
        preview = Preview(at=1) if ask is Ask.PREVIEW and self.previewed else None
        self.receipts[ack.id] = Receipt(
            id=ack.id, ask=ask, success=True, message="done", status="stopped", at=1, preview=preview
        )
        return ack


def asked(engine: Scripted) -> list[Ask]:
    return [each.ask for each in engine.heard]


def at_its_account(state: Path) -> tuple[Obeying, Door]:
    handle, settings = Obeying(), opened(Flags(bot="scripted", state=state)).settings
    door = Door(handle, control_socket(settings, places(settings)))
    door.open()
    return handle, door
