"""Several bots in one file: each has its own, the rest is all of theirs, and what cannot be is said before a start."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from radtui.core.market import MINUTE
from radtui.settings.document import defaults_toml
from radtui.settings.loading import Loaded, SettingsRefused, load
from radtui.settings.squad import of_bot, spans, whole, without_port
from radtui.settings.tree import Settings

TWO = """
[bot]
timeframe = "1m"
[risk]
leverage = 5
max_positions = 2
[api]
tcp = true
tokens = "me:control:0123456789abcdef0123456789abcdef"
[bots.alpha]
symbols = ["XBTUSDTM"]
budget = 0.4
[bots.beta]
symbols = ["ETHUSDTM", "SOLUSDTM"]
budget = 0.5
strategy = "mine.py:Mine"
timeframe = "5m"
[bots.beta.risk]
leverage = 2
"""


def read(folder: Path, text: str, **environ: str) -> Loaded:
    (folder / "c.toml").write_text(text)
    return load(config=folder / "c.toml", environ=environ, folder=folder)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(SettingsRefused) as refusal:
        read(folder, text)
    return str(refusal.value)


def test_each_has_its_own_and_the_rest_is_all_of_theirs(tmp_path: Path) -> None:
    settings = read(tmp_path, TWO).settings
    alpha, beta = (of_bot(settings, name) for name in ("alpha", "beta"))
    assert (alpha.bot.name, alpha.bot.strategy, alpha.bot.timeframe) == ("alpha", "ema_cross", "1m")
    assert (beta.bot.name, beta.bot.strategy, beta.bot.timeframe) == ("beta", "mine.py:Mine", "5m")
    assert (alpha.bot.symbols, beta.bot.symbols) == (("XBTUSDTM",), ("ETHUSDTM", "SOLUSDTM"))
    assert (alpha.risk.leverage, beta.risk.leverage, beta.risk.max_positions) == (5, 2, 2)
    assert (alpha.api.listens, without_port(alpha).api.listens) == (True, False), "a port has one owner"
    assert whole(settings).bot.symbols == ("XBTUSDTM", "ETHUSDTM", "SOLUSDTM")
    assert spans(settings) == (MINUTE, 5 * MINUTE)
    config = beta.engine_config(boot=1, autostart=True, virtual=False).core
    assert (config.bot, config.limits.leverage, config.symbols) == ("beta", 2, ("ETHUSDTM", "SOLUSDTM"))


def test_what_a_bot_sets_is_shown_with_where_it_came_from(tmp_path: Path) -> None:
    loaded = read(tmp_path, TWO, RADTUI_BOTS__ALPHA__BUDGET="0.3")
    assert loaded.settings.bots["alpha"].budget == Decimal("0.3")
    rows = {row.key: (row.value, row.where) for row in loaded.rows()}
    assert rows["bots.alpha.budget"] == ("0.3", "environment RADTUI_BOTS__ALPHA__BUDGET")
    assert rows["bots.beta.risk.leverage"][0] == "2"
    assert "c.toml line 19" in rows["bots.beta.risk.leverage"][1]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (('["ETHUSDTM", "SOLUSDTM"]', '["ETHUSDTM", "XBTUSDTM"]'), "bots.alpha and bots.beta both trade XBTUSDTM"),
        (("budget = 0.5", "budget = 0.7"), "add up to 1.1"),
        (("budget = 0.5", ""), "bots.beta has no budget"),
        (('symbols = ["XBTUSDTM"]', ""), "bots.alpha has no symbols"),
        (("budget = 0.5", "budget = 1.5"), "bots.beta.budget = 1.5"),
        (("budget = 0.5", "budgets = 0.5"), "did you mean bots.beta.budget?"),
        (("[bots.beta.risk]\nleverage = 2", "[bots.beta.risk]\nleverage = 200"), "bots.beta.risk.leverage = 200"),
        (("[bots.alpha]", "[guard]\nexchange_switch = true\n[bots.alpha]"), "guard.exchange_switch is one"),
        (("[bots.alpha]", "[bots.a-lpha]"), "order ids, and allowed is 1 to 16 of A–Z, a–z, 0–9 and _"),
        (("[bots.alpha]", '[bots."much-too-long-a-name"]'), "bots.much-too-long-a-name ("),
        (('[bots.alpha]\nsymbols = ["XBTUSDTM"]\nbudget = 0.4', "[bots.alpha]"), "bots.alpha in"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, changed: tuple[str, str], why: str) -> None:
    text = TWO.replace(*changed)
    assert text != TWO
    assert why in refused(tmp_path, text)


def test_the_file_of_all_settings_shows_how_and_starts_none(tmp_path: Path) -> None:
    text = defaults_toml()
    assert "# [bots.NAME]" in text
    assert "# budget =" in text
    assert read(tmp_path, text).settings == Settings()
