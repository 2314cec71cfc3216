"""When the garbage collector runs: not while the libraries are loaded, and never again over what they left.

Imports make a great many objects that stay for good. Looking through them again and again is a fifth of the start, and
later a pause of some milliseconds in the engine's loop.
"""

from __future__ import annotations

import gc


def hold_off() -> None:
    """Collect nothing until `resume`."""
    gc.disable()


def resume() -> None:
    """Take what is there for permanent, and collect what comes after it."""
    gc.collect()
    gc.freeze()
    gc.enable()
