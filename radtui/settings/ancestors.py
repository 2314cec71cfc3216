"""The ancestors' names for settings, as environment variables and in ``.env`` (row C2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import TypeAdapter, ValidationError

from radtui.settings.kinds import Within, kind_in

ANCESTORS: Final = {
    "KUCOIN_API_KEY": "kucoin.key",
    "KUCOIN_API_SECRET": "kucoin.secret",
    "KUCOIN_API_PASSPHRASE": "kucoin.passphrase",
    "POSITION_UPDATE_INTERVAL": "engine.position_update_interval",
    "MAX_OPEN_POSITIONS": "risk.max_positions",
    "LEVERAGE": "risk.leverage",
    "MAX_POSITION_SIZE": "risk.position_notional",
    "RISK_PER_TRADE": "risk.risk_per_trade",
    "TRAILING_STOP_PERCENTAGE": "exits.trailing",
    "LOG_LEVEL": "log.level",
    "CHECK_INTERVAL": "scanner.interval",
}
"""Which setting each of their names sets."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A name that is accepted and checked, and that nothing of this version uses yet."""

    name: str
    value: str
    where: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    meaning: str
    kind: Any


_Pause: Final = Annotated[float, Within("0", "86400", above=True)]
IDLE: Final = {
    "LIVE_LOOP_INTERVAL": _Waiting("seconds between two passes of the live loop (0.05)", _Pause),
}


def idle(name: str, value: str, where: str) -> Idle:
    """Return one of the names that wait for their use.

    Raises:
        ValueError: the value is not allowed; the text says what is.
    """
    waiting = IDLE[name]
    try:
        TypeAdapter(waiting.kind).validate_python(value)
    except ValidationError:
        kind = kind_in(waiting.kind)
        raise ValueError(kind.text if kind else waiting.meaning) from None
    return Idle(name, value, where, waiting.meaning)
