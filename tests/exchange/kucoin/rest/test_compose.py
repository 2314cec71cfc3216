import asyncio

import pytest

from radtui.exchange.kucoin.rest.compose import PATIENCE, rest_at
from radtui.exchange.kucoin.rest.transport import Hosts
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import BadCredentials, Transient
from radtui.resilience.virtual import run_virtual
from tests.exchange.kucoin.memory import EPOCH, Memory, Record, no, ok


def test_a_client_without_a_key_asks_what_is_public_and_says_what_it_lacks():
    async def main() -> None:
        memory = Memory(ok([]))
        clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        rest = rest_at(Hosts.at("http://127.0.0.1:9"), None, clock=clock, observer=Record(), transport=memory)
        assert await rest.market.contracts() == []
        with pytest.raises(BadCredentials):
            await rest.account.overview()
        assert memory.sent[0].base == "http://127.0.0.1:9"
        assert {view.name for view in rest.breakers} == {"futures REST", "unified account REST"}
        await rest.close()
        assert memory.closed

    run_virtual(main())


def test_its_patience_ends_within_the_deadline_of_who_asks():
    async def main() -> None:
        loop = asyncio.get_running_loop()
        memory = Memory(no("500000", "", 500))
        rest = rest_at(
            Hosts(), None, clock=LoopClock(loop, EPOCH), observer=Record(), draw=lambda: 1.0, transport=memory
        )
        with pytest.raises(Transient):
            await rest.market.contracts()
        assert len(memory.sent) == PATIENCE.retries + 1
        assert loop.time() < 10

    run_virtual(main())
