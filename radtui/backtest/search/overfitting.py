"""How likely it is that the best of a search is best by luck alone.

Source: Bailey, Borwein, López de Prado and Zhu, "The probability of backtest overfitting", Journal of Computational
Finance 20(4), 2017: combinatorially symmetric cross-validation. The time is cut into an even number of slices. Each way
to take half of them makes one half in-sample, and the other out-of-sample: the best trial of the one is ranked in the
other. Its relative rank ω, in (0, 1), has the logit ln(ω / (1 − ω)); the probability of overfitting is the share of
ways whose logit is not above 0: where the best of one half is no better than the median trial of the other.

Trials that tie share the mean of their ranks. A trial's worth in a half is the mean of its returns there, or that over
their standard deviation: the annualisation would change no rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from radtui.backtest.search.legs import Measure, Slice

_AT_ONCE: Final = 2_000_000
"""Figures that are computed in one go: some tens of megabytes."""
_NOISE: Final = 1e-24
"""A variance of returns below it is rounding."""
Floats = NDArray[np.float64]


class Overfitting(msgspec.Struct, frozen=True, kw_only=True):
    """What the ways to halve the time tell.

    Attributes:
        ways: how many there are. trials: that were compared.
        probability: that the best in-sample is not above the median out-of-sample.
        loss: probability that the best in-sample loses out-of-sample.
        rank: median relative rank of the best in-sample, out-of-sample: 0.5 is what luck gives, 1 the best.
    """

    ways: int
    trials: int
    probability: float
    loss: float
    rank: float


def overfitting(trials: Sequence[Sequence[Slice]], measure: Measure) -> Overfitting | None:
    """Return how likely overfitting is; None with fewer than two trials, or slices in which nothing was measured."""
    if len(trials) < 2:
        return None
    figures = np.array([[(each.count, each.total, each.squares) for each in slices] for slices in trials], np.float64)
    halves = _halves(figures.shape[1])
    if halves is None or not (figures[:, :, 0] > 0).all():
        return None
    step = max(1, _AT_ONCE // len(trials))
    parts = [_ranked(figures, halves[at : at + step], measure) for at in range(0, len(halves), step)]
    ranks, worth = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Overfitting(
        ways=len(halves),
        trials=len(trials),
        probability=float((ranks <= 0.5).mean()),  # where the logit is not above 0
        loss=float((worth < 0).mean()),
        rank=float(np.median(ranks)),
    )


def _halves(slices: int) -> Floats | None:
    """Return every way to take half of the slices, a row of zeros and ones each."""
    if slices % 2 or not slices:
        return None
    ways = np.array(list(combinations(range(slices), slices // 2)))
    halves = np.zeros((len(ways), slices))
    np.put_along_axis(halves, ways, 1.0, axis=1)
    return halves


def _ranked(figures: Floats, halves: Floats, measure: Measure) -> tuple[Floats, Floats]:
    """Return for each way the relative rank, and the worth, of the best in-sample in what is out of it."""
    inside, outside = _worth(figures, halves, measure), _worth(figures, 1.0 - halves, measure)
    best = inside.argmax(axis=1)
    worth = outside[np.arange(len(halves)), best]
    below = (outside < worth[:, None]).sum(axis=1)
    equal = (outside == worth[:, None]).sum(axis=1)
    return (below + (equal + 1) / 2) / (figures.shape[0] + 1), worth


def _worth(figures: Floats, halves: Floats, measure: Measure) -> Floats:
    """Return what each trial is worth in each way's half: ways × trials."""
    count, total, squares = (halves @ figures[:, :, column].T for column in range(3))
    mean = total / count
    if measure is Measure.PROFIT:
        return mean
    variance = np.maximum(squares / count - mean * mean, 0.0)
    return np.divide(mean, np.sqrt(variance), out=np.zeros_like(mean), where=variance > _NOISE)
