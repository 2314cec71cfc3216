"""What is searched: parameters with the values that each may have.

A grid's and a random choice's parameters are a function of seed and task number alone, so that they are the same
whoever flies them, and in which order.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import prod
from random import Random
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from optuna.trial import Trial

Value = int | float | str
"""As a study keeps it."""
Point = dict[str, str]
"""Parameters by name, as a person would write them."""
LARGEST_GRID: Final = 1_000_000
_EXAMPLE: Final = "give for example fast=5:50,slow=20:200:5,stop=0.5:2.5,mode=fade|follow"


class BadSpace(Exception):
    """A space that cannot be searched; the message says why and what to do."""


class Steps(msgspec.Struct, frozen=True, tag=True):
    """Numbers from `low` on, `step` apart."""

    name: str
    low: Decimal
    step: Decimal
    size: int

    def text(self, value: Value) -> str:
        """Return the number that is meant: a float is only near it."""
        return str(self.low + round((Decimal(str(value)) - self.low) / self.step) * self.step)

    def value(self, place: int) -> Value:
        """Return the number at a place, from 0."""
        number = self.low + place * self.step
        return int(number) if self._whole else float(number)

    def drawn(self, chance: Random) -> Value:
        """Return one of them, each as likely."""
        return self.value(chance.randrange(self.size))

    def asked(self, trial: Trial) -> Value:
        """Have the study's sampler choose."""
        high = self.low + (self.size - 1) * self.step
        if self._whole:
            return trial.suggest_int(self.name, int(self.low), int(high), step=int(self.step))
        return trial.suggest_float(self.name, float(self.low), float(high), step=float(self.step))

    @property
    def _whole(self) -> bool:
        return self.low == int(self.low) and self.step == int(self.step)


class Between(msgspec.Struct, frozen=True, tag=True):
    """Any number from `low` to `high`."""

    name: str
    low: float
    high: float

    size = None

    def text(self, value: Value) -> str:
        """Return all of its digits."""
        return repr(value)

    def value(self, place: int) -> Value:
        """Refuse: such numbers cannot be counted."""
        raise BadSpace(f"--space {self.name}: a grid needs a step: give {self.name}={self.low}:{self.high}:STEP")

    def drawn(self, chance: Random) -> Value:
        """Return one of them, each as likely."""
        return chance.uniform(self.low, self.high)

    def asked(self, trial: Trial) -> Value:
        """Have the study's sampler choose."""
        return trial.suggest_float(self.name, self.low, self.high)


class Choices(msgspec.Struct, frozen=True, tag=True):
    """One of some words, in no order."""

    name: str
    words: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.words)

    def text(self, value: Value) -> str:
        """Return the word."""
        return str(value)

    def value(self, place: int) -> Value:
        """Return the word at a place, from 0."""
        return self.words[place]

    def drawn(self, chance: Random) -> Value:
        """Return one of them, each as likely."""
        return chance.choice(self.words)

    def asked(self, trial: Trial) -> Value:
        """Have the study's sampler choose."""
        return str(trial.suggest_categorical(self.name, self.words))


Knob = Steps | Between | Choices


def space(text: str) -> tuple[Knob, ...]:
    """Return what ``fast=5:50,slow=20:200:5`` means: ``LOW:HIGH``, ``LOW:HIGH:STEP`` or ``A|B|C`` for each name.

    Whole numbers without a step are 1 apart; of others without a step, any number between is meant.

    Raises:
        BadSpace: it means nothing.
    """
    knobs = tuple(_knob(each.strip()) for each in text.split(",") if each.strip())
    if not knobs:
        raise BadSpace(f"--space is empty: {_EXAMPLE}")
    names = [knob.name for knob in knobs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise BadSpace(f"--space names {', '.join(sorted(twice))} twice: give each parameter once")
    return knobs


def size(knobs: Sequence[Knob]) -> int | None:
    """Return how many points a space has; None where they cannot be counted."""
    sizes = [knob.size for knob in knobs]
    return None if None in sizes else prod(each for each in sizes if each is not None)


def of_grid(knobs: Sequence[Knob], seed: int, task: int) -> dict[str, Value]:
    """Return the point of a grid that is the task's: all points in an order that the seed alone decides.

    Raises:
        BadSpace: the space is no grid, or too large for one.
    """
    place = _order(_countable(knobs), seed)[task]
    point: dict[str, Value] = {}
    for knob in knobs:
        place, digit = divmod(place, knob.size or 1)
        point[knob.name] = knob.value(digit)
    return point


def at_random(knobs: Sequence[Knob], seed: int, task: int) -> dict[str, Value]:
    """Return the point of a space that chance gives the task."""
    chance = Random(f"{seed}:{task}")
    return {knob.name: knob.drawn(chance) for knob in knobs}


def _countable(knobs: Sequence[Knob]) -> int:
    count = size(knobs)
    if count is None:
        next(knob for knob in knobs if knob.size is None).value(0)
    if count is None or count > LARGEST_GRID:
        raise BadSpace(f"a grid of {count:,} points is too large: give larger steps, or --sampler random")
    return count


@lru_cache(2)
def _order(count: int, seed: int) -> Sequence[int]:
    places = list(range(count))
    Random(seed).shuffle(places)
    return places


def _knob(text: str) -> Knob:
    name, equals, told = (part.strip() for part in text.partition("="))
    if not (name and equals and told):
        raise BadSpace(f"--space {text} is not NAME=VALUES: {_EXAMPLE}")
    if ":" not in told:
        words = tuple(dict.fromkeys(word.strip() for word in told.split("|") if word.strip()))
        if len(words) < 2:
            raise BadSpace(f"--space {text} leaves no choice: give {name}=LOW:HIGH, or --set {text}")
        return Choices(name, words)
    return _numbers(name, text, told.split(":"))


def _numbers(name: str, text: str, told: Sequence[str]) -> Knob:
    try:
        low, high, *steps = map(Decimal, told)
        finite = all(each.is_finite() for each in (low, high, *steps))
    except (InvalidOperation, ValueError):
        finite, steps = False, []
    if not finite or len(steps) > 1:
        raise BadSpace(f"--space {text} is not NAME=LOW:HIGH:STEP: {_EXAMPLE}")
    if high <= low or (steps and not 0 < steps[0] <= high - low):
        raise BadSpace(f"--space {text} leaves no choice: give a low end, a higher one, and a step between them")
    if not steps and (low != int(low) or high != int(high) or "." in text):
        return Between(name, float(low), float(high))
    step = steps[0] if steps else Decimal(1)
    return Steps(name, low, step, int((high - low) / step) + 1)
