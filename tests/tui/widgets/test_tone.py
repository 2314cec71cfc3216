from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.tui import themes
from radtui.tui.widgets.lines import style_of
from radtui.tui.widgets.tone import Ground, Span, Tone, line, plain


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=5) | st.builds(Span, st.text(max_size=5), st.sampled_from(Tone)), max_size=6))
def test_a_line_keeps_text_and_tones_in_their_order(parts: list[str | Span]) -> None:
    made = line(*parts)
    assert plain(made) == "".join(part.text if isinstance(part, Span) else part for part in parts)
    assert [span.tone for span in made] == [part.tone if isinstance(part, Span) else Tone.PLAIN for part in parts]


def test_colour_carries_the_five_meanings_of_the_themes_and_no_others() -> None:
    assert {*themes.MEANINGS, "plain", "dim", "bold", "accent"} == set(Tone)
    variables = themes.load().palettes["radtui-dark"].colors
    worn = {**themes.VARIABLES, "accent": variables.accent, "error": variables.error}
    coloured = {tone for tone in Tone if style_of((tone, False, Ground.NONE), worn).color}
    assert coloured == {*themes.MEANINGS, "dim", "accent"}
