"""A bot that fell beside the one that is looked at, as a person sees it."""

from __future__ import annotations

import msgspec


class FallenView(msgspec.Struct, frozen=True, kw_only=True):
    """A bot of the same account and process that died and was not taken up again; its own alerts ended with it."""

    bot: str
    why: str
