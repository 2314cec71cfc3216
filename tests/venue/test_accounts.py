"""What holds for an account in whatever modes and currencies, whatever is done to it and wherever prices go."""

from __future__ import annotations

from account_story import CONTRACTS, START, Life, Liver, Witness, life_venue, lives
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import Candle


@settings(deadline=None, max_examples=150)
@given(lives, st.sampled_from(["0", "0.0005", "0.005"]))
def test_the_money_of_every_currency_adds_up_and_the_book_never_crosses(life: Life, slippage: str) -> None:
    where = life_venue(life, slippage)
    liver, witness = Liver(where, life), Witness(where)
    for number in range(len(life[1])):
        said = liver.second(number)
        witness.hear(said)
        witness.compare()


@settings(deadline=None, max_examples=40)
@given(lives, st.data())
def test_a_restored_account_goes_on_as_if_it_had_never_stopped(life: Life, data: st.DataObject) -> None:
    straight, broken = (Liver(life_venue(life, "0.0005"), life) for _ in range(2))
    cut = data.draw(st.integers(0, len(life[1])))
    said = []
    for number in range(cut):
        straight.second(number)
        said += broken.second(number)
    packed = broken.where.pack()
    broken.where = life_venue(life, "0.0005")
    broken.where.restore(packed, [message for message in said if isinstance(message, Candle)])
    assert broken.where.pack() == packed
    for number in range(cut, len(life[1])):
        assert broken.second(number) == straight.second(number)
    assert broken.where.pack() == straight.where.pack()
    for currency in START:
        assert broken.where.account(currency) == straight.where.account(currency)
    for symbol in CONTRACTS:
        assert broken.where.trades(symbol, 99) == straight.where.trades(symbol, 99)
        assert broken.where.book(symbol) == straight.where.book(symbol)
