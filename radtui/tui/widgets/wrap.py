"""A line that is longer than its place, in pieces: broken at blanks, what follows under its text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from radtui.tui.widgets.tone import Line, Span, plain


def wrap(text: Line, width: int) -> Iterator[Line]:
    """Yield a line in pieces of at most `width` cells, broken at blanks, and indented like its first or its text."""
    if cell_len(plain(text)) <= width:
        yield text
        return
    label = len(text[0].text) if len(text) > 1 and text[0].text.endswith(" ") else 0
    indent = label if label * 2 < width and label else len(plain(text)) - len(plain(text).lstrip(" "))
    piece: list[Span] = []
    used = 0
    for word in _words(text):
        if piece and used + cell_len(word.text.rstrip()) > width:
            yield tuple(piece)
            piece, used = [Span(" " * indent)], indent
        piece.append(word)
        used += cell_len(word.text)
    yield tuple(piece)


def _words(text: Line) -> Iterator[Span]:
    for span in text:
        words = span.text.split(" ")
        for place, word in enumerate(words):
            yield span._replace(text=word + " " * (place < len(words) - 1))
