"""What to trade, when and how much of each: trading window, portfolio and scanner (rows S6, S8, W1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from radtui.core import windowing
from radtui.core.allocation import Stance
from radtui.core.portfolio_view import WeightView
from radtui.settings.kinds import WEEKDAYS, Hour, Parts, Seconds, Share, Weekdays, Within, Zone
from radtui.settings.sections import Section
from radtui.strategies.portfolio import Part
from radtui.strategies.scanning.universe import Universe

_UNIVERSE: Final = Universe()


def _set(default: Any, meaning: str, *, live: bool = False) -> Any:
    return Field(default=default, description=meaning, json_schema_extra={"live": live})


class Window(Section):
    """When entries are allowed, by the clock of the market; exits always are."""

    start: Hour = _set(0, "hour from which on", live=True)
    end: Hour = _set(24, "hour before which; not later than the start: on the next day", live=True)
    zone: Zone = _set("UTC", "time zone of the hours, and of the midnight at which a day begins", live=True)
    weekdays: Weekdays = _set(WEEKDAYS, "days on which it opens", live=True)
    trades: Annotated[int, Within("0", "10000", whole=True)] = _set(
        5, "entries a day at most; 0: without limit", live=True
    )

    def told(self) -> windowing.Window:
        """Return it as core is told."""
        return windowing.Window(
            start=self.start % 24,
            end=self.end,
            zone=self.zone,
            weekdays=tuple(sorted(WEEKDAYS.index(day) for day in self.weekdays)),
            trades=self.trades or None,
        )


class Portfolio(Section):
    """Several strategies on the same contracts, used by bot.strategy = portfolio, and what each contract may have."""

    strategies: Parts = _set(
        ("ema_cross=0.45@0.6", "rsi=0.35@0.5", "fvg=0.2@0.5"),
        "strategies with their weights and the least confidence with which each counts",
        live=True,
    )
    stance: Stance = _set(Stance.CONSERVATIVE, "share of the equity that is allocated: 0.4, 0.6 or 0.8")
    least_change: Share = _set(
        Decimal("0.05"), "difference to its target below which a contract is left as it is, share of the equity"
    )

    @property
    def weights(self) -> tuple[WeightView, ...]:
        """The strategies, read."""
        return tuple(WeightView(part.name, part.weight, part.least) for part in map(Part.of, self.strategies))


class Scanner(Section):
    """Looks through all liquid contracts for what is worth trading."""

    enabled: bool = _set(False, "whether it runs")
    picks: bool = _set(False, "enter only what the latest scan picked, on its side; never after a stale or partial one")
    interval: Seconds = _set(60.0, "seconds between two scans")
    max_age: Seconds = _set(180.0, "seconds after its begin from which on a scan is stale")
    top: Annotated[int, Within("1", "100", whole=True)] = _set(5, "contracts that it picks")
    turnover: Annotated[Decimal, Within("0", "1000000000000")] = _set(
        _UNIVERSE.least, "least turnover of 24 hours, USDT; the majors are exempt"
    )
    relaxed_turnover: Annotated[Decimal, Within("0", "1000000000000")] = _set(
        _UNIVERSE.relaxed, "the same where fewer than five contracts have so much, USDT"
    )

    @property
    def contradictions(self) -> list[str]:
        """What in it excludes each other, a line each."""
        found = []
        if self.picks and not self.enabled:
            found.append(
                "scanner.picks is on, but nothing is scanned, so that nothing would ever be entered: set "
                "scanner.enabled = true, or leave scanner.picks out"
            )
        if self.picks and self.max_age <= self.interval:
            found.append(
                f"scanner.max_age ({self.max_age:g} s) is not above scanner.interval ({self.interval:g} s): every scan "
                "would be stale before the next; raise the one or lower the other"
            )
        return found

    @property
    def universe(self) -> Universe:
        """Which contracts are worth a look."""
        return Universe(least=self.turnover, relaxed=self.relaxed_turnover)
