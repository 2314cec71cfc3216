"""Where the next bar is at which anything can happen."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.backtest.series import Ints, ticks
from radtui.core.corridor import Corridor
from radtui.core.money import tick_down
from radtui.venue.columns import Columns
from radtui.venue.reach import Reach
from radtui.venue.venue import FUNDING_SPAN

_ANYWHERE: Final = Corridor(None, None, 0)


class Quiet:
    """Looks along the bars for what venue or core would act on. A bar too early costs a step, one too late a trade."""

    def __init__(self, bars: Columns) -> None:
        self._bars, self._tick = bars, bars.tick
        self._low, self._high, self._close = ticks(bars.low), ticks(bars.high), ticks(bars.close)

    def until(self, here: int, end: int, reach: Reach, corridor: Corridor | None) -> int:
        """Return the first bar from `here` on that stirs something; `end` where none before that does."""
        if reach.held:
            begins = self._bars.begins(here)
            end = self._closing(end, (begins // FUNDING_SPAN + 1) * FUNDING_SPAN)
        told = corridor or _ANYWHERE
        if told.until:
            end = self._closing(end, told.until)
        end = self._under(self._low, here, end, reach.floor)
        end = self._over(self._high, here, end, reach.ceiling)
        end = self._under(self._close, here, end, told.floor)
        return self._over(self._close, here, end, told.ceiling)

    def _closing(self, end: int, moment: int) -> int:
        """Return the bar that closes at a moment or with it inside, if it comes before `end`."""
        since = moment - self._bars.opened_at
        return min(end, -(-since // self._bars.span) - 1)

    def _under(self, column: Ints, here: int, end: int, level: Decimal | None) -> int:
        if level is None or end <= here:
            return end
        part, bound = column[here:end], self._ticks(level) + 1
        return end if part.min() > bound else here + int((part <= bound).argmax())

    def _over(self, column: Ints, here: int, end: int, level: Decimal | None) -> int:
        if level is None or end <= here:
            return end
        part, bound = column[here:end], self._ticks(level)
        return end if part.max() < bound else here + int((part >= bound).argmax())

    def _ticks(self, level: Decimal) -> int:
        return int(tick_down(level, self._tick) / self._tick)
