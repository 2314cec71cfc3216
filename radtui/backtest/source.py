"""Where the candles of a backtest are: named so that another process finds the same ones."""

from __future__ import annotations

from pathlib import Path

import msgspec

from radtui.backtest.made_up import made_up
from radtui.core.market import TIMEFRAMES
from radtui.store.recorded import held_market, open_market
from radtui.venue.history import RecordedMarket


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or an archive of candles and a symbol of it, or the paper market's model.

    Attributes:
        file: CSV or Parquet, or a folder of Parquet files; None for the archive.
        seed: of the model; where it is given, the other two are not read, and `begin` and `end` must be told.
        begin, end: nanoseconds UTC of what is flown; None for all of it.
    """

    file: str | None = None
    archive: str = ""
    symbol: str | None = None
    begin: int | None = None
    end: int | None = None
    seed: int | None = None

    def market(self, timeframe: str) -> RecordedMarket:
        """Return its market, of which candles of the timeframe can be made.

        Raises:
            BadHistory: it cannot be flown.
        """
        begin, end, symbol = self.begin, self.end, self.symbol
        if self.seed is not None and begin is not None and end is not None:
            return made_up(self.seed, str(symbol), timeframe, begin, end)
        if self.file is None:
            market = held_market(Path(self.archive), str(symbol), TIMEFRAMES[timeframe], begin, end)
        else:
            market = open_market(Path(self.file), () if symbol is None else (symbol,))
        market.narrow(begin, end)
        return market
