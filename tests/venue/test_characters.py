import msgspec
from venue_world import COIN

from radtui.venue.characters import character_of
from radtui.venue.contracts import CONTRACTS


def test_every_listed_coin_has_a_believable_character() -> None:
    for contract in CONTRACTS.values():
        character = character_of(contract)
        assert character.price / float(contract.tick) >= 1000, "a tick moves it by a thousandth at most"
        assert 0.004 < character.hourly < 0.02
        assert character.turnover > 0
    assert character_of(CONTRACTS["XBTUSDM"]) == character_of(CONTRACTS["XBTUSDTM"])


def test_a_coin_that_nobody_described_costs_a_fair_number_of_ticks() -> None:
    assert character_of(COIN).price == 2000
    assert character_of(msgspec.structs.replace(COIN, tick=COIN.tick / 10)).price == 200
