from decimal import Decimal

import pytest

from radtui.exchange.kucoin.wire.common import decode
from radtui.exchange.kucoin.wire.market import Contract, FundingRate, RiskLimit, Ticker


def test_an_inverse_contract_of_now() -> None:
    raw = (
        b'{"symbol":"XBTUSDM","tickSize":0.1,"lotSize":1,"multiplier":-1.0,"isInverse":true,"status":"Open",'
        b'"openInterest":"6748176","turnoverOf24h":-12.5,"volumeOf24h":239,"predictedFundingFeeRate":null,'
        b'"nextFundingRateTime":17752926,"supportCross":true,"maxLeverage":125,"settlementSymbol":""}'
    )
    found = decode(raw, Contract)
    assert (found.multiplier, found.open_interest, found.turnover_of_24h) == (Decimal(-1), 6748176, Decimal("-12.5"))
    assert (found.volume_of_24h, found.predicted_funding_fee_rate, found.max_leverage) == (239, None, 125)
    assert found.is_open


@pytest.mark.parametrize("status", ["Paused", "CancelOnly", "BeingSettled", "Settled", "Closed", "Init"])
def test_a_contract_in_any_other_state_takes_no_orders(status: str) -> None:
    raw = f'{{"symbol":"X","tickSize":"1","multiplier":1,"status":"{status}"}}'.encode()
    assert not decode(raw, Contract).is_open


def test_a_funding_rate_before_and_after_the_change_of_2025() -> None:
    old = decode(b'{"symbol":".XBTUSDTMFPI8H","value":1.3E-5,"timePoint":1,"predictedValue":0.00375}', FundingRate)
    new = decode(b'{"symbol":"XBTUSDTM","value":0.0001,"period":1,"fundingTime":1729180800000}', FundingRate)
    assert (old.value, old.predicted_value, old.funding_time) == (Decimal("0.000013"), Decimal("0.00375"), None)
    assert (new.predicted_value, new.period, new.funding_time) == (None, 1, 1729180800000)


def test_a_ticker_of_an_empty_book_has_no_prices() -> None:
    found = decode(b'{"symbol":"X","sequence":"5","bestBidPrice":null,"bestAskPrice":""}', Ticker)
    assert (found.sequence, found.best_bid_price, found.best_ask_price, found.best_ask_size) == (5, None, None, 0)


def test_a_risk_limit_must_be_whole() -> None:
    raw = b'{"symbol":"X","level":1,"maxRiskLimit":"5","minRiskLimit":0,"maxLeverage":20,"initialMargin":0.05,"maintainMargin":0.025}'  # noqa: E501
    assert decode(raw, RiskLimit).maintain_margin == Decimal("0.025")
