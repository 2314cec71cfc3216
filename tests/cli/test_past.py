"""What is asked for over the door is flown by the bot's own settings, on candles that are there, or refused."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from radtui.backtest.job import Said
from radtui.backtest.made_up import SPAN
from radtui.backtest.worker import carry_out
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.past import KEPT, BotsPast
from radtui.core.backtest_view import BacktestRequest
from radtui.core.market import DAY, HOUR, SECOND
from radtui.engine.past import Prepared
from radtui.engine.workshop import Unflyable, Workshop
from tests.backtest.worlds import walk
from tests.cli.conftest import Run

NOW = 1_767_225_600 * SECOND + 5 * HOUR
OWN = """
class Mine:
    name, warmup = "Mine", 1

    def __init__(self, instrument, parameters):
        self.timeframe = parameters.timeframe

    def on_candle(self, candle, view):
        return None
"""


def prepared(request: BacktestRequest, flags: Flags | None = None) -> Prepared:
    settings = opened(flags or Flags()).settings
    return BotsPast(lambda: settings, Workshop(), lambda: NOW).prepare(request)


def test_all_that_is_left_out_is_as_the_bot_has_it() -> None:
    whole = prepared(BacktestRequest(), Flags(seed="7", balance="500"))
    request, job = whole.request, whole.job
    assert (request.strategy, request.symbol, request.timeframe) == ("ema_cross", "XBTUSDTM", "5m")
    assert request.capital == job.terms.balance == 500
    assert (job.source.seed, job.source.end, job.source.begin) == (7, NOW - 5 * HOUR, NOW - 5 * HOUR - SPAN)
    assert (job.terms.config.scan, job.terms.config.quotes, job.terms.config.timeframe) == (None, False, "5m")
    assert job.told["timeframe"] == "5m"


def test_what_is_asked_for_lies_over_it() -> None:
    asked = BacktestRequest(
        strategy="rsi", symbol="ETHUSDTM", timeframe="1h", start=400 * DAY, end=403 * DAY, parameters={"period": "9"},
        capital=Decimal(77), slippage=Decimal(0),
    )  # fmt: skip
    whole = prepared(asked)
    assert whole.job.told == {"timeframe": "1h", "period": "9"}
    assert whole.job.terms.balance == 77
    assert whole.job.terms.slippage == 0
    assert (whole.job.source.symbol, whole.job.source.begin, whole.job.source.end) == ("ETHUSDTM", 400 * DAY, 403 * DAY)
    assert Path(whole.job.page).name == "20260101T050000-rsi-ETHUSDTM-1h.html"
    assert whole.request.strategy == "rsi"


def test_candles_come_from_the_archive_else_from_the_bots_own_market(own_folders: Path) -> None:
    bars = own_folders / "bars.csv"
    bars.write_text("timestamp,open,high,low,close,volume\n")
    own = prepared(BacktestRequest(), Flags(market=bars)).job.source
    assert (own.file, own.symbol, own.begin) == (str(bars), "XBTUSDTM", None)
    with pytest.raises(Unflyable, match="has candles of XBTUSDTM only"):
        prepared(BacktestRequest(symbol="ETHUSDTM"), Flags(market=bars))
    month = own_folders / "data" / "radtui" / "candles" / "XBTUSDTM" / "1m"
    month.mkdir(parents=True)
    (month / "2026-01.parquet").touch()
    held = prepared(BacktestRequest(), Flags(market=bars)).job.source
    assert (held.file, held.archive, held.seed) == (None, str(month.parents[1]), None)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (BacktestRequest(strategy="nix"), "no strategy is called nix: choose from ema_cross"),
        (BacktestRequest(strategy="/tmp/evil.py:Mine"), "no strategy is called"),
        (BacktestRequest(parameters={"fast": "0"}), "fast"),
        (BacktestRequest(parameters={"nix": "1"}), "nix"),
        (BacktestRequest(parameters={"timeframe": "1m"}), "is no parameter"),
        (BacktestRequest(timeframe="7m"), "no timeframe is called 7m"),
        (BacktestRequest(symbol="NIXUSDTM"), "no contract is called NIXUSDTM"),
        (BacktestRequest(start=-1), "from 1971 to 2199"),
        (BacktestRequest(end=2**63), "from 1971 to 2199"),
        (BacktestRequest(start=NOW - 800 * DAY), "at most 730 days of a made-up market"),
        (BacktestRequest(start=400 * DAY, end=400 * DAY), "the end lies before the beginning"),
        (BacktestRequest(capital=Decimal(0)), "the capital must lie above 0"),
        (BacktestRequest(slippage=Decimal("0.2")), "from 0 to 0.1"),
    ],
)
def test_what_cannot_be_flown_is_said(asked: BacktestRequest, why: str) -> None:
    with pytest.raises(Unflyable, match=why):
        prepared(asked)


def test_a_bot_on_kucoin_without_candles_is_told_where_they_are() -> None:
    with pytest.raises(Unflyable, match="`radtui data download XBTUSDTM` brings some"):
        prepared(BacktestRequest(), Flags(exchange="kucoin"))


def test_a_strategy_in_a_file_is_flown_only_where_the_bot_itself_flies_it(own_folders: Path) -> None:
    file = own_folders / "mine.py"
    file.write_text(OWN)
    spec = f"{file}:Mine"
    whole = prepared(BacktestRequest(), Flags(strategy=spec))
    assert whole.job.strategy == spec
    assert prepared(whole.request, Flags(strategy=spec)).job.strategy == spec, "the same can be asked for again"
    with pytest.raises(Unflyable, match="no strategy is called"):
        prepared(BacktestRequest(strategy=spec))


def test_no_member_of_a_portfolio_has_code_of_a_file_run(own_folders: Path) -> None:
    file, ran = own_folders / "mine.py", own_folders / "ran"
    file.write_text(f"open({str(ran)!r}, 'w').close()\n")
    asked = BacktestRequest(strategy="portfolio", parameters={"strategies": f"{file}:Mine=0.5"})
    with pytest.raises(Unflyable, match="by name"):
        prepared(asked)
    assert not ran.exists()


def test_the_oldest_reports_go(own_folders: Path) -> None:
    folder = Path(prepared(BacktestRequest()).job.page).parent
    for number in range(KEPT + 5):
        for kind in ("json", "html"):
            path = folder / f"{number:02}.{kind}"
            path.touch()
            os.utime(path, (number, number))
    (folder / ".x.json.part").touch()
    prepared(BacktestRequest())
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 2 * (KEPT - 1)
    assert left[0] == "06.html"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_said(own_folders: Path) -> None:
    (own_folders / "state").write_text("in the way")
    with pytest.raises(Unflyable, match="cannot be used for the report"):
        prepared(BacktestRequest(), Flags(state=own_folders / "state"))


def test_what_is_flown_beside_a_bot_is_what_the_command_flies(own_folders: Path, run: Run) -> None:
    bars = own_folders / "bars.csv"
    rows = [",".join(map(str, (at // SECOND, *prices))) for at, *prices in walk(600)]
    bars.write_text("\n".join(("timestamp,open,high,low,close,volume", *rows)))
    asked = BacktestRequest(timeframe="1m", parameters={"fast": "3", "slow": "9"})
    said: list[Said] = []
    whole = prepared(asked, Flags(market=bars))
    carry_out(whole.job, said.append)
    typed = ("--data", str(bars), "--timeframe", "1m", "--set", "fast=3", "--set", "slow=9", "--json")
    told = run("backtest", *typed)
    assert told.returncode == 0, told.stderr
    assert json.loads(Path(whole.job.document).read_text()) == json.loads(told.stdout)
