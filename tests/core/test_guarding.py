"""The words between engine and guardian, and ids that are nobody else's."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.guarding import Ack, Beat, Cover, Dismissed, GuardianIds, Landed, Phase, Word, is_guardians
from radtui.core.ids import LONGEST, ClientIds

NOW = 1_795_241_494_029_147_746
LATEST = 2_800_000_000_000_000_000
"""The year 2058."""
moments = st.integers(1_500_000_000_000_000_000, LATEST)


@given(moments, moments)
def test_a_guardians_id_is_the_bots_and_never_an_engines(boot: int, at: int) -> None:
    engine, guardian = ClientIds("bot_of_16_letters"[:16], boot), GuardianIds("bot_of_16_letters"[:16], at)
    own, other = engine.next(), guardian.next()
    assert engine.own(other)
    assert is_guardians(other)
    assert not engine.newer(other), "it is taken for no rival's"
    assert not is_guardians(own)
    assert len(other) <= LONGEST


def test_each_id_is_new() -> None:
    ids = GuardianIds("t", NOW)
    assert len({ids.next() for _ in range(100)}) == 100
    assert not {ids.next()} & {GuardianIds("t", NOW + 1_000_000).next()}


def test_what_is_no_id_of_ours_is_no_guardians() -> None:
    assert not any(map(is_guardians, ("", "web", "t-", "t-g", "t-g1", "_12345678-1", "t-mwq0y5v6-_1")))


@given(
    st.one_of(
        st.builds(
            Beat, bot=st.just("t"), pid=st.integers(1, 9), boot=moments, number=st.integers(0, 9), at=moments,
            state=st.text(max_size=5), recovered=st.booleans(),
            covers=st.lists(
                st.builds(Cover, symbol=st.text(max_size=5), long=st.booleans(), lots=st.integers(0, 9),
                          stop=st.none() | st.decimals(allow_nan=False, allow_infinity=False)), max_size=3,
            ).map(tuple),
        ),
        st.builds(Landed, bot=st.just("t"), boot=moments),
        st.builds(Dismissed, bot=st.just("t")),
    )
)  # fmt: skip
def test_a_word_arrives_as_it_was_said_on_one_line(word: Word) -> None:
    line = msgspec.json.encode(word)
    assert b"\n" not in line
    assert msgspec.json.decode(line, type=Word) == word


def test_an_answer_arrives_as_it_was_given() -> None:
    ack = Ack(number=3, pid=4, phase=Phase.ACTED, terms="x", hired=False)
    assert msgspec.json.decode(msgspec.json.encode(ack), type=Ack) == ack
