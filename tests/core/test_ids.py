from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.ids import LONGEST, ClientIds, base36

NAMES = st.from_regex(r"\A[A-Za-z0-9_]{1,16}\Z")
BOOTS = st.integers(0, 2**62)


@given(st.integers(0, 2**80))
def test_base_36_is_what_it_says(number: int) -> None:
    assert int(base36(number), 36) == number


@given(NAMES, st.lists(st.integers(0, 2**42), unique=True, min_size=1, max_size=5), st.integers(1, 40))
def test_ids_are_unique_over_boots_and_fit_the_exchange(bot: str, milliseconds: list[int], count: int) -> None:
    boots = [ClientIds(bot, boot * 1_000_000) for boot in milliseconds]
    made = [ids.next() for ids in boots for _ in range(count)]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}", client_id) for client_id in made)
    assert all(boots[-1].own(client_id) for client_id in made), "an earlier boot's orders are this bot's too"


@given(NAMES, NAMES, BOOTS)
def test_another_bots_orders_are_not_ours(ours: str, theirs: str, boot: int) -> None:
    assert ClientIds(ours, boot).own(ClientIds(theirs, boot).next()) == (ours == theirs)


def test_an_id_reads_bot_boot_and_number() -> None:
    assert ClientIds("radtui", 36 * 1_000_000).next() == "radtui-10-1"
