"""The end of a flight on the shell: 4 and what was not seen, else the signal's code."""

from __future__ import annotations

import pytest

from radtui.cli.failures import Exit
from radtui.cli.parting import exit_code, remains
from radtui.core.instruction import Ask, Receipt


def receipt(ask: Ask = Ask.SHUTDOWN, *, success: bool = False) -> Receipt:
    return Receipt(
        id="1",
        ask=ask,
        success=success,
        message="not all",
        status="stopped",
        at=0,
        unverified=("the exchange was not read",),
        positions_left=("XBTUSDTM long 3 lots, NO CONFIRMED STOP",),
    )


def test_what_a_shutdown_did_not_see_is_named() -> None:
    assert remains(receipt()) == (
        "not all",
        "not verified: the exchange was not read",
        "by our own books: XBTUSDTM long 3 lots, NO CONFIRMED STOP",
    )


@pytest.mark.parametrize("last", [None, receipt(success=True), receipt(Ask.START), receipt(Ask.EMERGENCY_STOP)])
def test_anything_else_is_no_matter_for_the_shell(last: Receipt | None) -> None:
    assert remains(last) == ()
    assert exit_code(last, 143, forced=False) == 143


def test_not_safe_is_above_the_signal_unless_the_end_was_forced() -> None:
    assert exit_code(receipt(), 143, forced=False) == Exit.NOT_SAFE
    assert exit_code(receipt(), 0, forced=False) == Exit.NOT_SAFE
    assert exit_code(receipt(), 130, forced=True) == 130
