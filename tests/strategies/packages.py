"""Packages that offer strategies, as an installer leaves them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

SILENT = """
    from radtui.strategies import HOLD

    class Silent:
        \"\"\"Never trades.

        And says why.
        \"\"\"

        name, timeframe, warmup = "silent", "5m", 0

        def __init__(self, instrument, parameters):
            pass

        def on_candle(self, candle, view):
            return HOLD
"""


def install(folder: Path, package: str, offers: str, source: str = SILENT) -> None:
    """Put a package with one module of its own name and its metadata into `folder`; `offers` are entry points."""
    (folder / f"{package}.py").write_text(dedent(source), "utf-8")
    metadata = folder / f"{package}-1.2.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n", "utf-8")
    (metadata / "entry_points.txt").write_text(f"[radtui.strategies]\n{offers}\n", "utf-8")
