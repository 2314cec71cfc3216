"""Tokens: seeded, remembered for a day, forgotten after it."""

from __future__ import annotations

from radtui.core.market import HOUR
from radtui.simserver.tokens import LIFE, Tokens


def test_the_same_seed_gives_the_same_tokens_and_no_two_are_equal() -> None:
    one, other = ([Tokens(seed).issue(private=False, at=0) for _ in range(1)] for seed in (7, 7))
    assert one == other
    tokens = Tokens(7)
    issued = [tokens.issue(private=bool(number % 2), at=0) for number in range(50)]
    assert len(set(issued)) == 50
    assert one[0] == issued[0]
    assert Tokens(8).issue(private=False, at=0) not in issued


def test_a_grant_says_what_it_allows_and_for_how_long() -> None:
    tokens = Tokens(7)
    grant = tokens.grant(tokens.issue(private=True, at=5))
    assert grant is not None
    assert (grant.private, grant.expires_at) == (True, 5 + LIFE)
    assert tokens.grant("nope") is None


def test_what_has_long_expired_and_what_is_too_much_is_forgotten() -> None:
    tokens = Tokens(7)
    first = tokens.issue(private=True, at=0)
    tokens.issue(private=True, at=LIFE + HOUR)
    assert tokens.grant(first) is None
    many = [tokens.issue(private=False, at=LIFE + HOUR) for _ in range(1_500)]
    assert tokens.grant(many[0]) is None
    assert tokens.grant(many[-1]) is not None
