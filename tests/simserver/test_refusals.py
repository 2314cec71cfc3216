"""Codes, words and statuses."""

from __future__ import annotations

import pytest
from server_world import KUCOIN, fixture

from radtui.simserver import refusals
from radtui.simserver.refusals import Refusal, from_venue
from radtui.venue.refusals import VenueRefusal


def captured() -> dict[str, tuple[int | None, str]]:
    fixture("sdk_futures-market_getServerTime")
    import msgspec

    items = msgspec.json.decode((KUCOIN / "fixtures/rest/errors.json").read_bytes())["items"]
    return {one["response"]["code"]: (one["http_status"], one["response"]["msg"]) for one in items[::-1]}


@pytest.mark.parametrize(
    "code",
    ["100003", "100004", "300009", "330005", "330012", "330008", "429000", "400002", "400004", "415000"],
)
def test_words_and_status_are_the_captured_ones(code: str) -> None:
    status, words = captured()[code]
    refusal = Refusal(code)
    assert (refusal.status, refusal.message) == (status, words)


@pytest.mark.parametrize("code", ["300000", "300003", "300011", "300018", "330011", "50002", "100001"])
def test_business_refusals_come_with_200(code: str) -> None:
    assert Refusal(code).status == 200


def test_the_venue_keeps_its_words_where_none_were_captured() -> None:
    assert from_venue(VenueRefusal("300003", "needs 5 more")).message == "needs 5 more"
    assert from_venue(VenueRefusal("300009", "ours")).message == "No open positions to close."


def test_an_unknown_order_and_a_missing_position() -> None:
    assert str(refusals.unknown_order()) == "100001: error.getOrder.orderNotExist"
    assert str(refusals.no_position()) == "200000: Position does not exist"
