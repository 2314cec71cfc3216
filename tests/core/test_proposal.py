from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.proposal import verdict
from tests.core.test_gates import PASSING


def test_what_an_entry_holds_is_its_value_over_its_leverage_and_both_fees() -> None:
    assert PASSING.notional == Decimal(60)
    assert PASSING.margin == Decimal(20) + Decimal(60) * PASSING.instrument.taker_fee * 2
    assert msgspec.structs.replace(PASSING, leverage=6).margin == PASSING.margin - 10


def test_a_verdict_says_value_limit_and_whether_it_passed() -> None:
    found = verdict("size", "0 lots", "≥ 1 lot", False)
    assert (found.gate, found.value, found.limit, found.passed) == ("size", "0 lots", "≥ 1 lot", False)
