import pytest

from radtui.exchange.kucoin.rest.codes import MEANINGS, SPOT_OTHERWISE
from radtui.resilience.failures import BadCredentials, ClockSkew, ExchangeFailure


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_every_meaning_is_one_or_two_sentences_for_people(code: str) -> None:
    meaning = MEANINGS[code]
    assert issubclass(meaning.kind, ExchangeFailure)
    for sentence in (meaning.what, meaning.todo):
        assert not sentence or (sentence[0].isupper() and sentence.endswith("."))
        assert code not in sentence


def test_where_a_person_must_act_it_is_said_what_to_do() -> None:
    assert all(found.todo for found in MEANINGS.values() if found.kind in {BadCredentials, ClockSkew})


def test_the_spot_hosts_own_meanings_are_of_codes_that_exist() -> None:
    assert all(code in MEANINGS for code in SPOT_OTHERWISE)
