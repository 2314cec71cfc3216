"""Topics: what a subscription names, and what there is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.topics import TopicRefused, Wanted, parse, split

SYMBOLS = ("XBTUSDTM", "ETHUSDTM")


def test_several_symbols_are_several_topics_and_repeats_are_one() -> None:
    assert parse("/contractMarket/level2:XBTUSDTM, ETHUSDTM,XBTUSDTM", SYMBOLS) == Wanted(
        ("/contractMarket/level2:XBTUSDTM", "/contractMarket/level2:ETHUSDTM"), private=False
    )


@pytest.mark.parametrize(
    "topic",
    [
        "/contractMarket/tradeOrders",
        "/contractMarket/tradeOrders:XBTUSDTM",
        "/contract/position:XBTUSDTM",
        "/contract/positionAll",
        "/contract/marginMode",
        "/contract/crossLeverage",
        "/contractAccount/wallet",
        "/contractMarket/advancedOrders",
    ],
)
def test_the_accounts_own_topics_are_private(topic: str) -> None:
    assert parse(topic, SYMBOLS) == Wanted((topic,), private=True)


@pytest.mark.parametrize(
    "topic",
    [
        "/contract/announcement",
        "/contract/announcement:XBTUSDTM",
        "/contractMarket/limitCandle:XBTUSDTM_1week",
        "/contractMarket/limitCandle:ETHUSDTM_1month",
    ],
)
def test_everybody_may_hear_the_others(topic: str) -> None:
    assert parse(topic, SYMBOLS) == Wanted((topic,), private=False)
    assert split(topic)[0] + (":" + split(topic)[1] if split(topic)[1] else "") == topic


@given(st.text() | st.from_regex(r"/contract(Market)?/[a-zA-Z0-9]{0,12}(:[A-Z,_0-9a-z]{0,20})?"))
def test_any_text_is_a_topic_or_a_refusal_with_a_code(text: str) -> None:
    code: int = 0
    topics: tuple[str, ...] = ()
    try:
        topics = parse(text, SYMBOLS).topics
    except TopicRefused as refused:
        code = refused.code
    assert bool(topics) != (code in {400, 404, 406})
