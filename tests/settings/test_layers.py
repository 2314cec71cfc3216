"""Of the entries of a key the strongest wins, and a layer nests as it was written."""

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings.layers import Entry, Layer, strongest

unhurried = hypothesis_settings(max_examples=40, deadline=None)

_KEYS = st.sampled_from(["risk.leverage", "bot.name", "ui.keymap.start", "ui.keymap.pane.next"])
_LAYERS = st.lists(st.dictionaries(_KEYS, st.integers()), max_size=5)


def layer(values: dict[str, int]) -> Layer:
    return Layer.of(Entry(key, value, f"here {value}") for key, value in values.items())


@unhurried
@given(_LAYERS)
def test_the_first_layer_that_has_a_key_wins(values: list[dict[str, int]]) -> None:
    found = strongest(map(layer, values))
    for key in {key for one in values for key in one}:
        expected = next(one[key] for one in values if key in one)
        assert found[key] == Entry(key, expected, f"here {expected}")
    assert set(found) == {key for one in values for key in one}


def test_a_name_with_dots_inside_a_table_stays_one_name() -> None:
    tree = layer({"ui.keymap.pane.next": 1, "ui.keymap.start": 2, "bot.name": 3}).nested()
    assert tree == {"ui": {"keymap": {"pane.next": 1, "start": 2}}, "bot": {"name": 3}}
