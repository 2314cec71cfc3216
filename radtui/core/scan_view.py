"""A scan of the market as it is shown: how far it is, what it found, and of what its scores are made (rows W1, H3)."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class ScorePart(msgspec.Struct, frozen=True):
    """One part of a score: what it is of, its points, and the figure behind them."""

    name: str
    points: float
    figure: str


class CandidateView(msgspec.Struct, frozen=True, kw_only=True):
    """One contract that the scan would trade.

    Attributes:
        action: ``buy`` or ``sell``. reason: how the votes stand.
        turnover: of the last 24 hours, in USDT. traded: whether this bot trades the contract.
        at: market clock of the close that it was scored at.
    """

    symbol: str
    action: str
    score: float
    confidence: float
    parts: tuple[ScorePart, ...]
    reason: str
    price: Decimal
    stop: Decimal
    target: Decimal
    turnover: Decimal
    at: int
    traded: bool = False


class ScanView(msgspec.Struct, frozen=True, kw_only=True):
    """The scanner.

    Attributes:
        on: whether there is one. picks: whether entries follow it.
        done, total: contracts of the scan that is going on; total is 0 between two.
        at, finished_at: wall clock of the latest scan's begin and end; None before the first. seconds: what it took.
        listed, liquid: contracts that the exchange lists, and those with turnover enough, which was `least` USDT.
        unfit: liquid ones that are too new or too still to be scored.
        failed: those that could not be read. partial: why the scan is not whole; empty where it is.
        stale_after: seconds after its begin from which on nothing follows it.
        completed, errors, mean_seconds: of all scans since the start (row H3).
        candidates: the best first. top: how many of them are picked.
    """

    on: bool = False
    picks: bool = False
    done: int = 0
    total: int = 0
    at: int | None = None
    finished_at: int | None = None
    seconds: float | None = None
    listed: int = 0
    liquid: int = 0
    least: Decimal | None = None
    unfit: int = 0
    failed: int = 0
    partial: str = ""
    stale_after: float = 0.0
    completed: int = 0
    errors: int = 0
    mean_seconds: float | None = None
    candidates: tuple[CandidateView, ...] = ()
    top: int = 5
