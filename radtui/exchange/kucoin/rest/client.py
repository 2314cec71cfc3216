"""KuCoin's REST API as one typed client."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from radtui.exchange.kucoin.rest.calls.account import AccountCalls
from radtui.exchange.kucoin.rest.calls.market import MarketCalls
from radtui.exchange.kucoin.rest.calls.orders import OrderCalls
from radtui.exchange.kucoin.rest.calls.positions import PositionCalls
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.rest.endpoints import KLINES_BROWSED, Pool
from radtui.exchange.kucoin.rest.server_time import ServerTime
from radtui.resilience.breaker import Breaker, BreakerView
from radtui.resilience.clock import Clock
from radtui.resilience.guarded import Guard
from radtui.resilience.limiter import Limiter, RateView
from radtui.resilience.retry import RetryPlan

_LIMITS: Mapping[Pool, tuple[int, float]] = {
    Pool.PUBLIC: (2000, 30.0),
    Pool.FUTURES: (2000, 30.0),
    Pool.MANAGEMENT: (2000, 30.0),
    Pool.UNIFIED: (200, 3.0),
}
"""Weight and seconds of each pool for an account of the lowest rank; answers tell what it really is."""


class Rest:
    """What can be asked of the exchange, by what it is about."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.market = MarketCalls(door)
        self.browsing = MarketCalls(door, klines=KLINES_BROWSED)
        self.orders = OrderCalls(door)
        self.positions = PositionCalls(door)
        self.account = AccountCalls(door)

    @property
    def time(self) -> ServerTime:
        """The exchange's clock, with its skew and round trip."""
        return self._door.time

    @property
    def rates(self) -> tuple[RateView, ...]:
        """The pools for the screen."""
        return tuple(guard.limiter.view() for guard in self._door.guards.values())

    @property
    def breakers(self) -> tuple[BreakerView, ...]:
        """The breakers for the screen, each once: several pools share one."""
        breakers = dict.fromkeys(guard.breaker for guard in self._door.guards.values())
        return tuple(breaker.view() for breaker in breakers)

    def press(self, pressing: Callable[[], bool]) -> None:
        """Let what is read back pass an open breaker while `pressing`; see `Door`."""
        self._door.pressing = pressing

    async def sync_time(self) -> None:
        """Read the exchange's clock; see `Door.sync_time`."""
        await self._door.sync_time()

    async def keep_time(self, every: float = 60.0) -> None:
        """Read the exchange's clock every so many seconds, until cancelled."""
        await self._door.keep_time(every)

    async def close(self) -> None:
        """Let the connections go."""
        await self._door.close()


def guards(
    clock: Clock, breaker: Breaker, unified: Breaker, plan: RetryPlan | None = None, *, reserve: float = 0.1
) -> dict[Pool, Guard]:
    """Return a guard for each pool.

    Args:
        breaker: of the futures host.
        unified: of the spot host, where the dead-man switch lives: its outages say nothing of trading.
        reserve: share of each pool that is kept for cancels, closes and read-backs.
    """
    return {
        pool: Guard(
            unified if pool is Pool.UNIFIED else breaker,
            Limiter(pool.value, clock, limit=limit, window=window, reserve=reserve),
            plan,
        )
        for pool, (limit, window) in _LIMITS.items()
    }
