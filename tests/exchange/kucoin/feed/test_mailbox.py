"""Messages on their way to a reader: none lost without a word, none too many."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.mailbox import FeedMessage, Heard, Mailbox, TopicLive, TopicLost, TopicRefused
from radtui.resilience.virtual import run_virtual

TOPICS = {name: topics.ticker(name) for name in "AB"} | {"C": topics.orders()}


def heard(name: str, number: int) -> Heard:
    return Heard(TOPICS[name], "s", number, number)


async def rest(mailbox: Mailbox) -> list[FeedMessage]:
    mailbox.close()
    return [message async for message in mailbox]


def test_a_reader_that_waits_hears_at_once_and_the_end_too() -> None:
    async def main() -> None:
        mailbox, loop = Mailbox(), asyncio.get_running_loop()
        loop.call_later(2, mailbox.put, heard("C", 1))
        loop.call_later(3, mailbox.latest, "a", heard("A", 2))
        loop.call_later(4, mailbox.close)
        assert [(await anext(mailbox), loop.time()) for _ in range(2)] == [(heard("C", 1), 2.0), (heard("A", 2), 3.0)]
        assert [message async for message in mailbox] == []
        assert loop.time() == 4.0

    run_virtual(main())


def test_a_reader_that_is_cancelled_loses_nothing() -> None:
    async def main() -> None:
        mailbox = Mailbox()
        for _ in range(3):
            reader = asyncio.ensure_future(anext(mailbox))
            await asyncio.sleep(1)
            reader.cancel()
            await asyncio.sleep(0)
        mailbox.put(heard("C", 1))
        assert await rest(mailbox) == [heard("C", 1)]

    run_virtual(main())


def test_a_topic_that_was_refused_stays_refused_when_all_is_given_up() -> None:
    async def main() -> None:
        mailbox = Mailbox(limit=4)
        refused = TopicRefused(TOPICS["A"], "404", "?")
        lost = TopicLost(TOPICS["B"], "cut")
        for message in (heard("A", 1), refused, heard("B", 1), lost, heard("C", 1)):
            mailbox.put(message)
        assert await rest(mailbox) == [refused, lost, heard("C", 1)]

    run_virtual(main())


async def carry_out(mailbox: Mailbox, acts: list[tuple[str, str]]) -> list[FeedMessage]:
    """Put and read as `acts` say, and return all that was read; a message's data is its place among the acts."""
    read = []
    for number, (name, act) in enumerate(acts):
        if act == "say" and name == "C":
            mailbox.put(heard(name, number))
        elif act == "say":
            mailbox.latest(name, heard(name, number))
        elif act == "lose":
            mailbox.put(TopicLost(TOPICS[name], "cut"))
            mailbox.put(TopicLive(TOPICS[name]))
        elif len(mailbox):
            read.append(await anext(mailbox))
    return read + await rest(mailbox)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["say", "say", "say", "lose", "read"])), max_size=80),
    st.integers(8, 30),
)
def test_every_message_of_ours_is_read_or_said_to_be_lost(acts: list[tuple[str, str]], limit: int) -> None:
    """What was put is read in order, except where a `TopicLost` stands between."""
    said = [place for place, act in enumerate(acts) if act == ("C", "say")]
    position, lossy = 0, False
    for message in run_virtual(carry_out(Mailbox(limit), acts)):
        if message.topic is not TOPICS["C"]:
            continue
        if isinstance(message, Heard):
            found = said.index(message.data)
            assert found == position or (lossy and found > position), "skipped without a word, or out of order"
            lossy, position = False, found + 1
        lossy = lossy or isinstance(message, TopicLost)
    assert position == len(said) or lossy


@given(st.lists(st.sampled_from("ABC"), max_size=200), st.integers(8, 30))
def test_what_waits_is_bounded(names: list[str], limit: int) -> None:
    async def main() -> None:
        mailbox = Mailbox(limit)
        for number, name in enumerate(names):
            mailbox.put(heard(name, number))
            assert len(mailbox) <= limit

    run_virtual(main())
