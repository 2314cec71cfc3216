from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from radtui.tui.widgets.tone import Span, Tone, line, plain
from radtui.tui.widgets.wrap import wrap

words = st.lists(st.text("abcdé界", min_size=1, max_size=8), min_size=1, max_size=30).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(words, st.integers(min_value=20, max_value=100))
def test_no_piece_is_wider_than_the_page_and_no_word_is_lost(text: str, width: int) -> None:
    pieces = [plain(each) for each in wrap(line(text), width)]
    assert all(cell_len(piece.rstrip()) <= width for piece in pieces)
    assert " ".join(pieces).split() == text.split()


def test_what_follows_a_label_stands_under_its_text() -> None:
    first, second = wrap(line(Span("key   ", Tone.DIM), "one two three four five"), 20)
    assert plain(first) == "key   one two three "
    assert plain(second) == "      four five"


def test_an_indented_line_stays_indented() -> None:
    assert [plain(each) for each in wrap(line("  alpha beta gamma"), 13)] == ["  alpha beta ", "  gamma"]
