"""How the tests start the program: as a person does, but knowing nothing of the machine it runs on."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
RADTUI: Final = (sys.executable, "-m", "radtui")
EAGER: Final = f"{Path(__file__).with_name('eager.py')}:Eager"
MARKET: Final = ("--seed", "3", "--symbols", "XBTUSDTM,ETHUSDTM", "--strategy", EAGER)
"""Two contracts, and a strategy that trades at its first candle."""
QUICK: Final = (*MARKET, "--speed", "1200")
"""Four candles, and so four cycles, a second."""
DEADLINE: Final = 30.0
"""Seconds until a test gives up on something that takes a moment; for a machine that is busy with other things."""


def environment(home: Path, **variables: str) -> dict[str, str]:
    """Return all that the program gets to know: folders under `home`, and `variables`."""
    folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
    own = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(PROJECT),
    }
    return {**own, **folders, **variables}
