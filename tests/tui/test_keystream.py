from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.tui.keystream import Keystream

modest = settings(max_examples=40, deadline=None)
RAW = st.lists(st.binary(max_size=6) | st.sampled_from([b"\x1b[M", b"\x1b[", b"\x1b", b"\xc3", b"q"]), max_size=8)
X10 = st.binary(min_size=3, max_size=3).map(lambda position: b"\x1b[M" + position)


def decoded(pieces: list[bytes]) -> str:
    keys = Keystream()
    return "".join(keys.feed(piece) for piece in pieces) + keys.idle()


@modest
@given(st.text(max_size=20).filter(lambda text: "\x1b" not in text), st.integers(0, 20))
def test_text_comes_through_wherever_it_is_cut_in_two(text: str, place: int) -> None:
    data = text.encode()
    assert decoded([data[:place], data[place:]]) == text


@modest
@given(RAW)
def test_no_bytes_make_it_fail_and_a_key_after_them_arrives(pieces: list[bytes]) -> None:
    keys = Keystream()
    for piece in pieces:
        keys.feed(piece)
    keys.idle()
    assert keys.feed(b"q") == "q"


@modest
@given(X10, st.integers(2, 6))
def test_a_mouse_report_of_the_old_kind_is_no_key_wherever_it_is_cut(report: bytes, place: int) -> None:
    assert decoded([b"a" + report[:place], report[place:] + b"b"]) == "ab"


@modest
@given(X10, st.integers(3, 5))
def test_half_a_mouse_report_is_forgotten_when_nothing_follows(report: bytes, length: int) -> None:
    keys = Keystream()
    assert keys.feed(report[:length]) == ""
    assert keys.idle() == ""
    assert keys.feed(b"q") == "q"


def test_escape_is_not_held_back_and_a_bracket_only_until_nothing_follows() -> None:
    keys = Keystream()
    assert keys.feed(b"\x1b") == "\x1b"
    assert keys.feed(b"\x1b[") == ""
    assert keys.feed(b"A") == "\x1b[A"
    assert keys.feed(b"\x1b[") + keys.idle() == "\x1b["


def test_latin_1_is_left_out_and_takes_no_key_along() -> None:
    assert decoded([b"a\xe9b"]) == "ab"
