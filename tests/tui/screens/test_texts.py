"""What the telling sheets say: why, help, receipt, concerns, diagnostics."""

import scenes
from pieces import NOW, why

from radtui.tui.keys import KEYS
from radtui.tui.panes.view import View
from radtui.tui.screens.commands import diagnostics
from radtui.tui.screens.help import help_lines
from radtui.tui.screens.text import concern_lines
from radtui.tui.screens.why import evaluation, why_lines
from radtui.tui.widgets.tone import Line, Tone, plain

VIEW = View(scenes.running(), NOW, "lena")


def said(lines: "list[Line] | tuple[Line, ...]") -> str:
    return "\n".join(plain(each) for each in lines)


def test_the_gate_that_stopped_it_is_named_with_value_and_limit() -> None:
    stopped = [each for each in evaluation(why()) if "stopped it" in plain(each)]
    assert len(stopped) == 1
    assert plain(stopped[0]).split() == ["✗", "confidence", "0.52", "≥", "0.60", "stopped", "it"]
    assert stopped[0][0].tone is Tone.ERROR
    assert "stopped it" not in said(evaluation(why(traded=True)))


def test_why_without_a_signal_says_when_there_will_be_one_and_what_blocks() -> None:
    text = said(list(why_lines(View(scenes.no_feed(), NOW, "lena"), "SOLUSDTM")))
    assert "No signal of SOLUSDTM" in text
    assert "5m close" in text
    assert "market feed lost: interrupted" in text


def test_why_of_all_shows_every_symbol() -> None:
    text = said(list(why_lines(VIEW, None)))
    assert "XBTUSDTM: no entry" in text
    assert "ETHUSDTM: bought 12 lots" in text


def test_help_is_made_from_the_bindings_as_they_are() -> None:
    text = said(help_lines(VIEW, {"pause": "f5"}, rows=True))
    assert all(key.help in text for key in KEYS if not key.id.startswith("pane."))
    assert "f5 " in text
    assert "Start trading. From error as well as from stopped. Not now." in text
    assert all(key.id in text for key in KEYS)


def test_all_concerns_are_listed_and_none_is_said() -> None:
    assert said(concern_lines(VIEW)) == "Nothing needs you."
    assert said(concern_lines(View(scenes.bare(), NOW, "lena"))).startswith("‼ XBTUSDTM has had no confirmed stop")


def test_diagnostics_tell_the_state_and_no_money() -> None:
    text = diagnostics(VIEW, (120, 40), "radtui-dark")
    assert "PAPER ×60, running" in text
    assert "terminal 120x40, theme radtui-dark" in text
    assert "10214" not in text.replace(",", "")
