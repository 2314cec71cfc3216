"""What a search is: everything that its trials depend on, and nothing else. It travels to every worker."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256

import msgspec

from radtui import __version__
from radtui.backtest.run import Terms
from radtui.backtest.search.legs import Measure
from radtui.backtest.search.segments import Segment
from radtui.backtest.search.space import Knob, Value, at_random, of_grid
from radtui.backtest.source import Source


class Sampler(StrEnum):
    """Who chooses the parameters of the next trial."""

    GRID = "grid"
    RANDOM = "random"
    TPE = "tpe"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One search.

    Attributes:
        strategy: its name, or FILE:CLASS. code: what its source is, for the strategy may be changed.
        terms: of each flight; `terms.parameters` are those that are not searched.
        candles: names what is flown: equal names are equal candles.
    """

    strategy: str
    code: str
    terms: Terms
    source: Source
    candles: str
    segments: tuple[Segment, ...]
    knobs: tuple[Knob, ...]
    sampler: Sampler = Sampler.RANDOM
    measure: Measure = Measure.SHARPE
    seed: int = 1

    @property
    def timeframe(self) -> str:
        """Candles at whose close the strategy decides."""
        return self.terms.config.timeframe

    @property
    def study(self) -> str:
        """The name of its study: the same search has the same name, and another one another."""
        same = msgspec.structs.replace(self, source=Source())
        digest = sha256(__version__.encode() + msgspec.json.encode(same, order="sorted")).hexdigest()[:12]
        return f"{self.terms.config.strategy}-{self.timeframe}-{self.sampler}-{digest}"

    def fixed(self, task: int) -> dict[str, Value]:
        """Return what is known of a task's parameters before anything was flown: all of them, or none."""
        match self.sampler:
            case Sampler.GRID:
                return of_grid(self.knobs, self.seed, task)
            case Sampler.RANDOM:
                return at_random(self.knobs, self.seed, task)
            case Sampler.TPE:
                return {}


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is sent: the plan, and the address or file of the study. Packed, for it is sent with each turn."""

    plan: Plan
    storage: str

    def packed(self) -> bytes:
        """Return it as bytes."""
        return msgspec.msgpack.encode(self)


def unpacked(packed: bytes) -> Job:
    """Return a job that was packed."""
    return msgspec.msgpack.decode(packed, type=Job)
