"""One look for all: bells ring when there is something new, and nobody looks where nobody listens."""

from __future__ import annotations

import asyncio

import msgspec

from radtui.api.streams.news import LOOK, News
from radtui.core.facts import Envelope, MetricsReset
from radtui.engine.helm import Helm
from radtui.engine.local import LocalHandle
from radtui.engine.wire import Events, from_server
from radtui.resilience.virtual import run_virtual
from tests.api.callers import Scripted


class Counted(Scripted):
    """Counts the looks at it."""

    looks = 0

    def events(self, after: int = 0) -> list[Envelope]:
        self.looks += 1
        return super().events(after)


def test_a_bell_rings_at_the_start_and_for_each_thing_that_is_new() -> None:
    async def scenario() -> None:
        engine = Counted()
        news = News(engine)
        with news.follow() as bell:
            assert bell.is_set()
            await asyncio.sleep(2 * LOOK)
            bell.clear()
            await asyncio.sleep(1)
            assert not bell.is_set(), "nothing is new"
            for new in (_picture, _fact, _helm):
                new(engine, news)
                await asyncio.sleep(2 * LOOK)
                assert bell.is_set(), new.__name__
                bell.clear()

    run_virtual(scenario())


def test_the_market_is_looked_at_each_time() -> None:
    async def scenario() -> None:
        with News(Scripted()).follow(market=True) as bell:
            for _ in range(5):
                bell.clear()
                await asyncio.sleep(2 * LOOK)
                assert bell.is_set()

    run_virtual(scenario())


def test_nobody_looks_where_nobody_listens() -> None:
    async def scenario() -> None:
        engine = Counted()
        news = News(engine)
        with news.follow():
            with news.follow(market=True):
                assert news.listeners == 2
                await asyncio.sleep(1)
            assert news.listeners == 1
            before = engine.looks
            await asyncio.sleep(1)
            assert engine.looks > before
        assert news.listeners == 0
        before = engine.looks
        await asyncio.sleep(1)
        assert engine.looks == before
        await news.farewell()

    run_virtual(scenario())


def test_who_keeps_step_is_served_from_one_encoding_and_old_ones_are_forgotten() -> None:
    engine = Scripted()
    news, shown = News(engine), [msgspec.structs.replace(engine.seen, at=at) for at in range(30)]
    steps = [news.step(shown[0], each) for each in shown[1:]]
    assert news.step(shown[0], shown[-1]) is steps[-1]
    assert news.step(shown[0], shown[1]) is not steps[0]
    assert news.step(shown[0], shown[1]) == steps[0]


def test_facts_are_encoded_once_for_all_who_keep_step() -> None:
    news = News(Scripted())
    facts = [Envelope(sequence=n, bot="alpha", at=n, who="core", fact=MetricsReset(who="test")) for n in (1, 2, 3)]
    for events in (facts[:2], facts[1:], facts[:1], facts, facts[:2]):
        told = news.tell(tuple(events))
        assert from_server(told) == Events(events=tuple(events))
        assert news.tell(tuple(events)) is told


def test_the_helm_is_the_engines_own() -> None:
    handle = LocalHandle(Scripted().seen)
    assert News(handle).helm is handle.bridge
    assert isinstance(News(Scripted()).helm, Helm)


def _picture(engine: Scripted, _news: News) -> None:
    engine.seen = msgspec.structs.replace(engine.seen, at=99)


def _fact(engine: Scripted, _news: News) -> None:
    engine.facts.append(Envelope(sequence=1, bot="b", at=1, who="t", fact=MetricsReset("t")))


def _helm(_engine: Scripted, news: News) -> None:
    news.helm.take("s", "alice", 1, over=False)
