"""What differs between two trees of settings, and what of the other a flying bot takes over."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings.differing import all_keys, differences, merged, value_of
from radtui.settings.layers import Entry, Layer
from radtui.settings.tree import Settings

VALUES: dict[str, tuple[Any, ...]] = {
    "risk.max_positions": (2, 3),
    "cycle.interval": (60.0, 90.0),
    "bot.timeframe": ("1m", "1h"),
    "strategies.ema_cross.fast": (5, 12),
    "strategies.ema_cross.slow": (40, 50),
    "strategies.rsi.period": (7,),
}
TREES = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in VALUES.items()}).map(
    lambda told: Settings.of([Layer.of(Entry(key, value, "test") for key, value in told.items())])
)
WANTED = st.none() | st.sets(st.sampled_from(sorted(VALUES))).map(frozenset)


@hypothesis_settings(max_examples=60, deadline=None)
@given(TREES, TREES, WANTED)
def test_what_is_wanted_and_live_is_taken_over_and_nothing_else(
    now: Settings, proposed: Settings, wanted: frozenset[str] | None
) -> None:
    made = merged(now, proposed, wanted)
    for key in all_keys(now, proposed).values():
        taken = key.live and (wanted is None or key.name in wanted)
        assert value_of(made, key) == value_of(proposed if taken else now, key), key.name
    left = list(differences(made, proposed, {}, wanted))
    assert not any(each.live for each in left)
    assert {each.key for each in left} == {each.key for each in differences(now, proposed, {}, wanted) if not each.live}


def test_a_default_that_is_written_down_is_no_difference() -> None:
    written = Settings(strategies={"ema_cross": {"fast": 12}})
    assert list(differences(Settings(), written, {}, None)) == []
    assert [str(each) for each in differences(written, Settings(strategies={"ema_cross": {"fast": 9}}), {}, None)] == [
        "strategies.ema_cross.fast 12 → 9"
    ]
