"""How a backtest fares and what it came to, in words, in every state."""

import msgspec
import pasts
import pytest
import scenes
from pieces import NOW

from radtui.core.backtest_view import BacktestRequest, BacktestView
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.view import View
from radtui.tui.screens.backtest_lines import backtest_lines, ended, what
from radtui.tui.widgets.tone import Tone, plain


def said(shown: Snapshot, width: int = 116, height: int = 6) -> str:
    return "\n".join(plain(each).rstrip() for each in backtest_lines(View(shown, NOW, "lena"), width, height))


def of(view: BacktestView) -> str:
    return said(pasts.of(view))


def test_none_yet_says_what_one_costs_the_bot() -> None:
    assert "the bot never waits for it" in said(scenes.running())


def test_one_that_flies_shows_how_far_it_is() -> None:
    text = of(pasts.BEGUN)
    assert "◐ FLYING  ema_cross 5m fast=5 slow=20 on XBTUSDTM" in text
    assert "by you, for 12 s" in text
    assert "2026-10-21 00:00 to 2026-11-20 00:00 UTC, file:XBTUSDTM 1m" in text
    assert "46 %" in text
    assert "reading the candles" in of(msgspec.structs.replace(pasts.BEGUN, since=None, until=None))


def test_one_that_is_done_shows_figures_curve_refusals_and_the_report() -> None:
    text = of(pasts.DONE)
    assert "net profit       −446.10 USDT  −4.46 %  of 10,000.00 USDT" in text
    assert "price meanwhile  −6.50 %" in text
    assert "131  won 41, lost 88, win rate 31.8 %" in text
    assert "max drawdown 4.59 %, Sharpe −9.16, profit factor 0.62" in text
    assert "fees −302.59, funding −2.51; in the market 38.1 %" in text
    assert "refused by       confidence 71 ×, trades a day 47 ×" in text
    assert "report           /state/backtests/ema.html" in text
    assert "took 10 s" in text
    assert sum("⠀" < letter <= "⣿" for letter in text) > 50, "a curve is drawn"


def test_a_loss_is_told_by_sign_and_by_tone() -> None:
    lines = backtest_lines(View(pasts.of(pasts.DONE), NOW, "lena"), 116, 6)
    (net,) = [each for each in lines if plain(each).startswith("net profit")]
    assert net[1].tone is Tone.LOSS


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            {"faults": 3, "fault": "XBTUSDTM: KeyError"},
            "! the strategy failed 3 times and traded nothing then: XBT",
        ),
        ({"identity": "0.01"}, "! the money does not add up: +0.01000000 USDT are unexplained"),
        ({"total_trades": 0}, "! nothing was traded"),
    ],
)
def test_what_forbids_belief_stands_before_the_figures(figures: dict[str, object], words: str) -> None:
    came = msgspec.convert({**msgspec.to_builtins(pasts.FIGURES), **figures}, type(pasts.FIGURES))
    text = of(msgspec.structs.replace(pasts.DONE, figures=came))
    assert words in text
    assert text.index("! ") < text.index("net profit")


def test_figures_that_there_are_not_are_dashes() -> None:
    came = msgspec.structs.replace(
        pasts.FIGURES, win_rate=None, profit_factor=None, sharpe_ratio=None, market_return=None, total_trades=0
    )
    text = of(msgspec.structs.replace(pasts.DONE, figures=came, curve=()))
    assert "win rate –" in text
    assert "Sharpe –, profit factor –" in text
    assert "price meanwhile  –" in text


def test_a_failure_says_what_it_means_for_the_bot() -> None:
    text = of(pasts.FAILED)
    assert "✗ FAILED" in text
    assert "killed by SIGKILL" in text
    assert "no order was sent" in text
    assert "○ CANCELLED" in of(pasts.CANCELLED)


def test_the_end_of_one_is_said_once_wherever_the_person_is() -> None:
    (said_of_it,) = ended((pasts.BEGUN,), (pasts.DONE,))
    assert said_of_it.text == "backtest done: ema_cross 5m fast=5 slow=20 on XBTUSDTM: −4.46 %, 131 trades"
    (failure,) = ended((pasts.BEGUN,), (pasts.FAILED,))
    assert failure.text.startswith("backtest failed: its process was killed")
    for before, now in (((), (pasts.DONE,)), ((pasts.DONE,), (pasts.DONE,)), ((pasts.BEGUN,), (pasts.CANCELLED,))):
        assert list(ended(before, now)) == []


def test_those_before_stand_in_a_table() -> None:
    text = said(pasts.of(pasts.CANCELLED, pasts.DONE, pasts.FAILED))
    before = text.split("Before")[1].splitlines()
    assert any("✓ done" in each and "−4.46 %" in each and "131" in each for each in before)
    assert any("✗ failed" in each for each in before)


def test_what_is_flown_is_named_also_before_it_is_known() -> None:
    assert what(BacktestRequest()) == "the bot's strategy"
    assert what(BacktestRequest(strategy="a\x1b[2J", timeframe="5m")) == "a·[2J 5m"
