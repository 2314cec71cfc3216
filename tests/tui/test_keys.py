"""The keys as data."""

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.tui.keys import KEYS, PANES, WORDS, bindings, key_of, possible, refusal, settled, shown

TAKEN_BY_OTHERS = {"ctrl+a", "ctrl+b", "ctrl+q", "ctrl+s", "ctrl+z", "ctrl+j", "ctrl+o"}


@given(st.sampled_from(Ask), st.sampled_from(State))
def test_a_refusal_names_only_what_is_possible(ask: Ask, state: State) -> None:
    offered = refusal(ask, state, {}).partition("possible now: ")[2]
    for name in ("start", "pause", "resume"):
        assert (name in offered) is possible(Ask(name), state)
    assert "g shut down" in offered


@given(st.sampled_from(State))
def test_danger_is_always_possible(state: State) -> None:
    assert possible(Ask.EMERGENCY_STOP, state)
    assert possible(Ask.SHUTDOWN, state)


def test_no_key_is_bound_twice_and_none_is_taken_by_tmux_screen_or_the_terminal() -> None:
    keys = [each for key in KEYS for each in key.key.split(",")]
    assert len(keys) == len(set(keys))
    assert not TAKEN_BY_OTHERS & set(keys)


def test_every_binding_has_an_id_and_a_sentence_of_help() -> None:
    made = bindings()
    assert len({binding.id for binding in made}) == len(KEYS)
    assert all(binding.id and binding.tooltip for binding in made)


def test_every_pane_has_its_number_and_every_instruction_its_words() -> None:
    assert [key.key for key in KEYS if key.id.startswith("pane.")] == [str(n) for n in range(1, len(PANES) + 1)]
    assert set(WORDS) == set(Ask)


def test_keys_are_shown_as_people_read_them() -> None:
    assert shown("question_mark,f1") == "?"
    assert shown("ctrl+p") == "^p"
    assert key_of("pause", {"pause": "f5"}) == "f5"
    assert key_of("emergency", {}) == "!"


@given(st.dictionaries(st.sampled_from([key.id for key in KEYS]), st.sampled_from([*"gpsjx!", "f5", "f6"]), max_size=6))
def test_no_keymap_leaves_a_binding_without_its_key(keymap: dict[str, str]) -> None:
    kept, complaints = settled(keymap)
    taken = [each for key in KEYS for each in kept.get(key.id, key.key).split(",")]
    assert len(taken) == len(set(taken))
    assert not {"j", "k"} & set(taken)
    assert kept.items() <= keymap.items()
    assert len(kept) + len(complaints) == len(keymap)


def test_keys_can_be_swapped_and_an_unknown_binding_is_said() -> None:
    assert settled({"pause": "w", "why": "p"}) == ({"pause": "w", "why": "p"}, ())
    assert settled({"puase": "f5"}) == ({}, ("keymap: there is no binding puase; ? lists them",))
