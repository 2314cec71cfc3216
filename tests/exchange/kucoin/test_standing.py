import asyncio
from collections.abc import Awaitable, Callable

import pytest

from radtui.exchange.kucoin.feed.topics import orders, wallet
from radtui.exchange.kucoin.standing import Standing
from radtui.exchange.port import FeedBack, FeedLost
from radtui.resilience.failures import Refused, Transient
from radtui.resilience.virtual import run_virtual


class Group:
    """A standing of two topics, and what it told and read."""

    def __init__(self) -> None:
        self.told: list[FeedLost | FeedBack] = []
        self.read: list[int] = []
        self.failures = 0
        self.standing = Standing("account", catch_up=self.catch_up, put=self.told.append, draw=lambda: 0.0)
        self.standing.expect([orders(), wallet()])

    async def catch_up(self) -> None:
        self.read.append(len(self.told))
        if self.failures:
            self.failures -= 1
            raise Transient("not now")

    def live(self) -> None:
        self.standing.live(orders())
        self.standing.live(wallet())

    async def up(self) -> asyncio.Task[None]:
        self.live()
        await self.standing.first()
        return asyncio.create_task(self.standing.run())


def live(story: Callable[[Group], Awaitable[None]]) -> None:
    async def main() -> None:
        await story(Group())

    run_virtual(main())


def test_nothing_is_told_before_the_first_time_that_all_is_well():
    async def story(group: Group) -> None:
        group.standing.lost(orders(), "early")
        (await group.up()).cancel()
        assert group.told == []

    live(story)


def test_it_is_lost_once_and_back_after_what_was_missed_is_read():
    async def story(group: Group) -> None:
        task = await group.up()
        group.standing.lost(orders(), "cut")
        group.standing.lost(wallet(), "cut")
        assert [type(message) for message in group.told] == [FeedLost]
        group.standing.live(orders())
        await asyncio.sleep(60)
        assert group.read == [], "half of it is not enough"
        group.failures = 3
        group.standing.live(wallet())
        await asyncio.sleep(60)
        assert [type(message) for message in group.told] == [FeedLost, FeedBack]
        assert group.read == [1, 1, 1, 1], "until it could be read"
        task.cancel()

    live(story)


def test_one_that_is_lost_again_meanwhile_is_not_back():
    async def story(group: Group) -> None:
        task = await group.up()
        group.standing.lost(orders(), "cut")
        group.failures = 1
        group.standing.live(orders())
        await asyncio.sleep(0.15)
        group.standing.lost(orders(), "again")
        await asyncio.sleep(60)
        assert [type(message) for message in group.told] == [FeedLost]
        group.standing.live(orders())
        await asyncio.sleep(60)
        assert [type(message) for message in group.told] == [FeedLost, FeedBack]
        task.cancel()

    live(story)


def test_what_is_unclear_is_read_without_a_word_and_once_for_many():
    async def story(group: Group) -> None:
        task = await group.up()
        for _ in range(50):
            group.standing.unclear()
        await asyncio.sleep(5)
        assert (group.told, group.read) == ([], [0])
        task.cancel()

    live(story)


def test_a_fault_of_ours_is_a_loss_that_ends_with_a_reading():
    async def story(group: Group) -> None:
        task = await group.up()
        group.standing.stumbled("a message broke it")
        await asyncio.sleep(5)
        assert [type(message) for message in group.told] == [FeedLost, FeedBack]
        task.cancel()

    live(story)


def test_a_topic_that_is_refused_is_said_at_once():
    async def story(group: Group) -> None:
        group.standing.live(orders())
        group.standing.refused(wallet(), "no such topic")
        with pytest.raises(Refused, match="wallet"):
            await group.standing.first()

    live(story)
