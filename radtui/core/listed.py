"""A contract that the exchange lists, with what it turned over."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.instrument import Instrument


class Listed(msgspec.Struct, frozen=True):
    """One contract that could be traded; `turnover` is that of the last 24 hours, in settlement currency."""

    instrument: Instrument
    turnover: Decimal
