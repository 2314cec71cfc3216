"""What ``sim serve`` refuses before it starts anything."""

from __future__ import annotations

import pytest

from radtui.cli.app import answer
from radtui.cli.failures import Exit, Failure


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--port", "70000"), "--port 70000 is out of range"),
        (("--speed", "0"), "out of range"),
        (("--speed", "nan"), "out of range"),
        (("--speed", "9000", "--symbols", "XBTUSDTM"), "at a speed of 4000"),
        (("--fault", "lsot=1"), "did you mean lost?"),
        (("--fault", "gap=2"), "out of range"),
        (("--fault", "slow"), "needs a figure"),
        (("--symbols", "NOPE"), "no contract is called NOPE"),
        (("--symbols", ",,"), "no contract is called ,,"),
        (("--market", "nowhere.csv"), "cannot be read"),
        (("--market", "nowhere.csv", "--symbols", "XBTUSDTM,ETHUSDTM"), "one symbol"),
        (("--credentials", "a:b"), "has not its three parts"),
        (("--balance", "-1"), "no amount"),
        (("--balance", "much"), "no amount"),
        (("--permissions", "All"), "no permission is called All"),
        (("--seed", "x"), "--seed"),
        (("more",), "unexpected argument more"),
    ],
)
def test_wrong_inputs_are_usage_errors_that_say_what_is_possible(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(Failure) as caught:
        answer(["sim", "serve", *arguments])
    assert caught.value.code == Exit.USAGE
    assert says in caught.value.text()


def test_an_address_that_cannot_be_had_is_a_failure() -> None:
    with pytest.raises(Failure, match="cannot be had") as caught:
        answer(["sim", "serve", "--host", "203.0.113.7", "--symbols", "XBTUSDTM"])
    assert caught.value.code == Exit.REFUSED
