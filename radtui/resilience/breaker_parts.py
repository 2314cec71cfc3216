"""What the breaker hands to fluxgate: rules without a wall clock, and a way to hear of a change as it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NoReturn

from fluxgate.metric import Metric, Record
from fluxgate.retries import Retry
from fluxgate.trippers import CallContext, Tripper
from fluxgate.windows import Window

from radtui.resilience.failures import ExchangeFailure


class Answered:
    """A failure that is an answer, on its way through the library."""

    __slots__ = ("_failure",)

    def __init__(self, failure: ExchangeFailure) -> None:
        self._failure = failure

    def say(self) -> NoReturn:
        raise self._failure


class Hook(Window):
    """No window: failures in a row are counted without one. The library empties it at each change, which tells us."""

    _EMPTY: Final = Metric.empty()

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def record(self, record: Record) -> None:
        """Keep nothing."""

    def get_metric(self) -> Metric:
        """Return nothing."""
        return self._EMPTY

    def reset(self) -> None:
        """Tell the breaker."""
        self._changed()


class Streak(Tripper):
    """Opens after so many failures in a row, and after the first failed probe."""

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold

    def __call__(self, ctx: CallContext) -> bool:
        return ctx.consecutive_failures >= (1 if ctx.state == "half_open" else self._threshold)


class Recovered(Retry):
    """Lets a probe through when the breaker's own clock says so."""

    def __init__(self, due: Callable[[], bool]) -> None:
        self._due = due

    def __call__(self, changed_at: float, reopens: int) -> bool:
        return self._due()
