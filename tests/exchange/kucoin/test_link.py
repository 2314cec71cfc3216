from radtui.core.market import SECOND
from radtui.exchange.kucoin import link
from radtui.exchange.kucoin.feed.figures import Figures
from radtui.exchange.kucoin.rest.server_time import ServerTime
from radtui.resilience.breaker import BreakerState, BreakerView
from radtui.resilience.clock import LoopClock
from radtui.resilience.limiter import RateView
from radtui.resilience.virtual import VirtualLoop

NOW = 1_767_225_600 * SECOND


def test_all_of_it_is_told_in_seconds_and_percent():
    loop = VirtualLoop()
    time = ServerTime(LoopClock(loop, NOW))
    loop.close()
    figures = Figures()
    figures.opened(0)
    figures.frames, figures.errors = 100, 5
    view = link.view(
        NOW,
        time,
        [RateView(pool="futures", limit=2000, remaining=1500, reset_at=NOW + 3 * SECOND, waiting=2, reserve=200)],
        [
            BreakerView(
                name="REST", state=BreakerState.OPEN, failures=5, threshold=5, opens_again_at=NOW + SECOND // 2, why="x"
            )
        ],
        [figures.view("public 1", "open", 7, 10 * SECOND)],
    )
    (pool,), (connection,), (breaker,) = view.pools, view.connections, view.breakers
    assert (pool.name, pool.remaining, pool.reserve, pool.resets_in, pool.waiting) == ("futures", 1500, 200, 3.0, 2)
    assert (connection.name, connection.topics, connection.age, connection.errors) == ("public 1", 7, 10.0, 5.0)
    assert (breaker.state, breaker.opens_again_in) == ("open", 0.5)
    assert view.skew is None
