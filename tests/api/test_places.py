"""Places: strangers never have more than their share, whoever has a token keeps theirs, and nobody is kept out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radtui.api.places import MOST_OF_ONE, STRANGERS, Place, Places, neighbourhood

ADDRESSES = ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2")


class Crowd:
    """Places, and those who have lost theirs."""

    def __init__(self) -> None:
        self.places = Places()
        self.held: list[Place] = []
        self.dropped: list[str] = []

    def come(self, address: str = ADDRESSES[0], *, busy: bool = False) -> Place:
        def drop(why: str) -> None:
            self.dropped.append(why)
            self.held.remove(place)

        place = self.places.arrive(address, drop, lambda: busy)
        self.held.append(place)
        return place


@given(st.lists(st.tuples(st.sampled_from(ADDRESSES), st.sampled_from(["", "", "api:a", "api:b"])), max_size=150))
def test_no_share_is_ever_exceeded_and_who_comes_last_is_there(comers: list[tuple[str, str]]) -> None:
    crowd = Crowd()
    for address, name in comers:
        place = crowd.come(address)
        assert not name or place.claim(name)
        assert place in crowd.held
        strangers = [each.holder for each in crowd.held if not each.known]
        assert len(strangers) <= STRANGERS
        for holder in {each.holder for each in crowd.held}:
            assert sum(each.holder == holder for each in crowd.held) <= MOST_OF_ONE
        assert len(crowd.places) == len(crowd.held)


def test_the_oldest_stranger_of_the_fullest_address_goes() -> None:
    crowd = Crowd()
    known, alone = crowd.come(), crowd.come("198.51.100.7")
    known.claim("api:a")
    first = crowd.come()
    for address, count in [(ADDRESSES[0], 29), (ADDRESSES[1], 25), (ADDRESSES[2], STRANGERS - 56)]:
        for _ in range(count):
            crowd.come(address)
    assert not crowd.dropped
    crowd.come(ADDRESSES[3])
    assert crowd.dropped == [f"more than {STRANGERS} connections without a token, from all addresses"]
    assert first not in crowd.held
    assert {known, alone} <= set(crowd.held)


def test_a_token_loses_an_idle_place_and_where_there_is_none_gets_no_more() -> None:
    crowd = Crowd()
    for number in range(MOST_OF_ONE):
        assert crowd.come(busy=number != 5).claim("api:a")
    idle = crowd.held[5]
    assert crowd.come(busy=True).claim("api:a")
    assert idle not in crowd.held
    assert not crowd.come(busy=True).claim("api:a")
    assert crowd.come(busy=True).claim("api:b")


def test_a_place_that_was_left_is_free_once_and_granted_to_whoever_asks() -> None:
    crowd = Crowd()
    place = crowd.come()
    place.leave()
    place.leave()
    assert len(crowd.places) == 0
    assert place.claim("api:a")
    assert len(crowd.places) == 0


def test_addresses_that_one_machine_has_are_one() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:0:1") != neighbourhood("2001:db8:0:1::1")
    assert neighbourhood("::ffff:192.0.2.1") == neighbourhood("192.0.2.1") != neighbourhood("192.0.2.2")
    assert neighbourhood("fe80::1%eth0") == neighbourhood("fe80::2")
    assert neighbourhood("") == ""
