"""The settings read again: what differs, what is taken over, what waits, the way back, and no secret anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.core.configuration_view import Change
from radtui.core.market import SECOND
from radtui.core.windowing import Window
from radtui.engine.sources import Proposal, Unusable
from radtui.settings.keys import KEYS, MASK
from radtui.settings.layers import Layer
from radtui.settings.loading import Loaded, load
from radtui.settings.reloading import Reloading

SECRET = "marker-5ecret-of-this-test"


class Desk:
    """A settings file, and the sources that read it."""

    def __init__(self, folder: Path, text: str = "", **more: Any) -> None:
        self.folder, self.path = folder, folder / "mine.toml"
        self.environ: dict[str, str] = {}
        self.levels: list[str] = []
        self.write(text)
        self.sources = Reloading(self.read(Layer({})), self.read, follow_level=self.levels.append, **more)

    def write(self, text: str) -> None:
        self.path.write_text(text)

    def read(self, typed: Layer) -> Loaded:
        return load(typed, config=self.path, environ=self.environ, folder=self.folder)

    def reload(self) -> Proposal:
        proposal = self.sources.read()
        self.sources.take(proposal)
        return proposal

    def change(self, values: Mapping[str, str | None]) -> Proposal:
        proposal = self.sources.change(values, "cli:lena")
        self.sources.take(proposal)
        return proposal

    def shown(self, key: str) -> tuple[str, str]:
        (row,) = (each for each in self.sources.settings() if each.key == key)
        return row.value, row.where


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "[risk]\nmax_positions = 4\n")


def named(changes: tuple[Change, ...]) -> dict[str, tuple[str, str]]:
    return {each.key: (each.before, each.after) for each in changes}


def test_no_setting_that_can_change_in_flight_is_a_secret_or_a_table() -> None:
    live = [key for key in KEYS.values() if key.live]
    assert len(live) > 20
    assert not [key.name for key in live if key.secret or key.table]


def test_what_is_written_anew_is_told_and_taken_over(desk: Desk) -> None:
    desk.write('[risk]\nmax_positions = 2\n[cycle]\ninterval = 45\n[bot]\ntimeframe = "15m"\n')
    proposal = desk.reload()
    assert named(proposal.changes) == {"risk.max_positions": ("4", "2"), "cycle.interval": ("300.0", "45.0")}
    assert named(proposal.waiting) == {"bot.timeframe": ("5m", "15m")}
    assert proposal.adjustment.tuning.limits.positions == 2
    assert proposal.adjustment.tuning.cycle_interval == 45 * SECOND
    assert desk.shown("risk.max_positions") == ("2", f"{desk.path} line 2")
    assert desk.shown("bot.timeframe") == ("5m", "default"), "it waits for a restart"
    again = desk.sources.read()
    assert (again.changes, named(again.waiting)) == ((), {"bot.timeframe": ("5m", "15m")})


def test_the_trading_window_can_be_told_anew(desk: Desk) -> None:
    desk.write('[risk]\nmax_positions = 4\n[window]\nstart = 22\nend = 6\ntrades = 9\nweekdays = ["mon", "fri"]\n')
    proposal = desk.reload()
    assert set(named(proposal.changes)) == {"window.start", "window.end", "window.trades", "window.weekdays"}
    assert proposal.adjustment.tuning.window == Window(start=22, end=6, trades=9, weekdays=(0, 4))


def test_a_profile_is_taken_over_with_all_that_it_brings_and_goes_with_it(desk: Desk) -> None:
    desk.write('[risk]\nmax_positions = 4\nprofile = "aggressive"\n[cycle]\ninterval = 45\n')
    reloaded = desk.reload()
    assert not reloaded.waiting, "bold limits under a cautious name"
    bold = desk.sources.in_force
    desk.write("[risk]\nmax_positions = 4\n[cycle]\ninterval = 60\n")
    assert "risk.leverage" in named(desk.change({"risk.profile": "conservative"}).changes)
    usual = desk.sources.in_force
    assert (usual.risk, usual.cycle) == (load(config=desk.path, environ={}).settings.risk, bold.cycle)
    desk.change({"risk.profile": "aggressive"})
    assert desk.sources.in_force.risk == bold.risk
    assert desk.shown("risk.leverage") == ("10", "set by profile aggressive")
    desk.change({"risk.profile": None})
    assert desk.sources.in_force.risk == usual.risk


def test_looking_does_not_take_over(desk: Desk) -> None:
    desk.write("")
    assert named(desk.sources.read().changes) == {"risk.max_positions": ("4", "5")}
    assert desk.shown("risk.max_positions")[0] == "4"
    assert desk.sources.before() is None


def test_a_wrong_file_is_refused_with_every_problem_and_no_secret(desk: Desk) -> None:
    desk.write(f'[risk]\nleverage = 1000\n[kucoin]\nsecrt = "{SECRET}"\nkey = "{SECRET}"\n')
    with pytest.raises(Unusable) as refused:
        desk.sources.read()
    assert len(refused.value.problems) >= 1
    assert "risk.leverage = 1000" in str(refused.value) or "secrt" in str(refused.value)
    assert SECRET not in str(refused.value)
    assert desk.shown("risk.max_positions")[0] == "4"


def test_a_file_that_is_gone_is_no_wish_for_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[risk]\nmax_positions = 4\n")

    def read(typed: Layer) -> Loaded:
        return load(typed, environ={"RADTUI_PATHS__CONFIG": str(tmp_path)}, folder=tmp_path)

    sources = Reloading(read(Layer({})), read)
    path.unlink()
    with pytest.raises(Unusable, match="put it back"):
        sources.read()


def test_settings_that_exclude_each_other_are_refused_although_each_is_right(desk: Desk) -> None:
    with pytest.raises(Unusable, match="belong together"):
        desk.sources.change({"alerts.quiet_from": "22:00"}, "x")
    assert desk.change({"alerts.quiet_from": "22:00", "alerts.quiet_to": "07:00"}).adjustment.alerts.quiet is not None


def test_a_change_at_run_time_is_above_all_sources_until_it_is_unset(desk: Desk) -> None:
    assert named(desk.change({"risk.max_positions": "1"}).changes) == {"risk.max_positions": ("4", "1")}
    assert desk.shown("risk.max_positions") == ("1", "set at run time by cli:lena")
    desk.write("[risk]\nmax_positions = 9\n")
    assert desk.reload().changes == ()
    assert named(desk.change({"risk.max_positions": None}).changes) == {"risk.max_positions": ("1", "9")}
    assert desk.shown("risk.max_positions") == ("9", f"{desk.path} line 2")


def test_a_change_takes_over_nothing_but_what_it_names(desk: Desk) -> None:
    desk.write('[risk]\nmax_positions = 2\nleverage = 9\n[bot]\nname = "x"\n')
    proposal = desk.change({"cycle.interval": "60"})
    assert (named(proposal.changes), proposal.waiting) == ({"cycle.interval": ("300.0", "60.0")}, ())
    assert proposal.adjustment.tuning.limits.leverage == 3
    assert named(desk.sources.read().changes) == {"risk.max_positions": ("4", "2"), "risk.leverage": ("3", "9")}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("risk.levrage", "5", "did you mean risk.leverage?"),
        ("bot.name", "x", "takes a restart"),
        ("kucoin.secret", SECRET, "takes a restart"),
        ("ui.keymap.start", "x", "takes a restart"),
        ("risk.leverage", "many", "allowed is a whole number"),
        ("risk", "1", "no setting is called risk"),
        ("log.level", SECRET, "that value is none for log.level: allowed is one of debug, info"),
        ("alerts.muted", SECRET, "that value is none for alerts.muted"),
        ("cycle.interval", "1e-300", "allowed is a number from 1 to 86400"),
    ],
)
def test_what_cannot_be_changed_is_refused_with_why(desk: Desk, name: str, value: str, why: str) -> None:
    with pytest.raises(Unusable, match=why.replace("?", r"\?")) as refused:
        desk.sources.change({name: value}, "x")
    assert SECRET not in str(refused.value)
    assert SECRET not in desk.sources.describe({name: value})
    assert desk.sources.before() is None


def test_rolled_back_step_by_step(desk: Desk) -> None:
    for positions in ("1", "2", "3"):
        desk.change({"risk.max_positions": positions})
    for wanted in ("2", "1", "4"):
        before = desk.sources.before()
        assert before is not None
        desk.sources.take(before)
        assert desk.shown("risk.max_positions")[0] == wanted
    assert desk.sources.before() is None
    assert desk.shown("risk.max_positions")[1] == f"{desk.path} line 2"


def test_the_log_follows_and_where_it_cannot_nothing_is_taken(desk: Desk) -> None:
    desk.change({"log.level": "debug"})
    assert desk.levels == ["debug"]

    def broken(level: str) -> None:
        raise OSError(level)

    desk.sources._follow_level = broken
    proposal = desk.sources.change({"log.level": "error"}, "x")
    with pytest.raises(OSError, match="error"):
        desk.sources.take(proposal)
    assert desk.shown("log.level")[0] == "debug"


def test_secrets_are_masked_wherever_they_could_show(desk: Desk) -> None:
    desk.write(f'[kucoin]\nkey = "{SECRET}"\n[alerts.channels]\nmail = "mailto://u:{SECRET}@example.com"\n')
    proposal = desk.reload()
    assert named(proposal.waiting)["kucoin.key"] == ("not set", MASK)
    desk.write(f'[kucoin]\nkey = "another-{SECRET}"\n')
    fresh = Desk(desk.folder, f'[kucoin]\nkey = "{SECRET}"\n')
    fresh.write(f'[kucoin]\nkey = "another-{SECRET}"\n')
    assert named(fresh.sources.read().waiting)["kucoin.key"] == (MASK, f"another {MASK}")
    assert SECRET not in repr((proposal.changes, proposal.waiting, desk.sources.settings(), fresh.sources.settings()))


BOTS = """
[bots.alpha]
symbols = ["XBTUSDTM"]
budget = 0.5
[bots.alpha.risk]
leverage = {leverage}
[bots.beta]
symbols = ["ETHUSDTM"]
budget = {budget}
"""


def test_one_of_several_bots_has_its_own(tmp_path: Path) -> None:
    desk = Desk(tmp_path, BOTS.format(leverage=5, budget=0.4), bot="alpha")
    assert desk.shown("risk.leverage")[0] == "5"
    desk.write(BOTS.format(leverage=7, budget=0.4))
    assert named(desk.reload().changes) == {"risk.leverage": ("5", "7")}
    assert named(desk.change({"risk.leverage": "2"}).changes) == {"risk.leverage": ("7", "2")}
    desk.write(BOTS.format(leverage=7, budget=0.4).replace("[bots.beta]", "[bots.gamma]"))
    assert named(desk.sources.read().waiting) == {"bots": ("alpha, beta", "alpha, gamma")}
    desk.write(BOTS.format(leverage=7, budget=0.3))
    assert named(desk.sources.read().waiting) == {}, "another bot's budget is its own matter"
    desk.change({"risk.leverage": None})
    desk.write(BOTS.format(leverage=7, budget=0.4).replace("alpha", "delta"))
    with pytest.raises(Unusable, match="put it back"):
        desk.sources.read()


def test_a_start_that_made_something_of_the_settings_does_so_again(tmp_path: Path) -> None:
    desk = Desk(
        tmp_path,
        fit=lambda given: given.model_copy(update={"shutdown": given.shutdown.model_copy(update={"grace": 9.0})}),
    )
    desk.write("[shutdown]\ngrace = 60\n")
    assert desk.sources.read().changes == ()


live_numbers = st.sampled_from(
    [key.name for key in KEYS.values() if key.live and key.name.startswith(("risk", "cycle"))]
)


@given(st.lists(st.tuples(live_numbers, st.integers(-5, 200).map(str)), max_size=8))
@hypothesis_settings(max_examples=25, deadline=None)
def test_whatever_is_tried_it_is_taken_over_or_refused_and_all_of_it_can_be_rolled_back(
    tmp_path_factory: pytest.TempPathFactory, tries: list[tuple[str, str]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    history = [desk.sources.settings()]
    for name, value in tries:
        try:
            proposal = desk.sources.change({name: value}, "x")
        except Unusable:
            assert desk.sources.settings() == history[-1]
            continue
        if proposal.changes:
            desk.sources.take(proposal)
            history.append(desk.sources.settings())
    while (before := desk.sources.before()) is not None:
        assert desk.sources.settings() == history.pop()
        desk.sources.take(before)
    assert desk.sources.settings() == history.pop()
    assert not history


def test_parameters_of_a_strategy_are_taken_over_in_flight(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "[strategies.ema_cross]\nfast = 10\n")
    assert desk.shown("strategies.ema_cross.fast") == ("10", f"{desk.path} line 2")
    assert desk.shown("strategies.ema_cross.slow") == ("26", "default")
    desk.write("[strategies.ema_cross]\nfast = 12\nslow = 40\n")
    proposal = desk.reload()  # 12 is the default: it is no less a change
    assert [str(each) for each in proposal.changes] == [
        "strategies.ema_cross.fast 10 → 12",
        "strategies.ema_cross.slow 26 → 40",
    ]
    assert proposal.adjustment.parameters == {"fast": 12, "slow": 40}
    assert not proposal.waiting
    back = desk.sources.before()
    assert back is not None
    assert back.adjustment.parameters == {"fast": 10}


def test_one_parameter_is_changed_and_unset_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "[strategies.ema_cross]\nfast = 10\n")
    desk.write("[strategies.ema_cross]\nfast = 11\n")  # not asked for, and so not taken over with the other one
    assert desk.change({"strategies.ema_cross.slow": "50"}).adjustment.parameters == {"fast": 10, "slow": 50}
    assert desk.shown("strategies.ema_cross.slow") == ("50", "set at run time by cli:lena")
    assert desk.sources.describe({"strategies.ema_cross.slow": "50"}) == "strategies.ema_cross.slow = 50"
    assert desk.change({"strategies.ema_cross.slow": None}).adjustment.parameters == {"fast": 10}
    assert desk.shown("strategies.ema_cross.slow") == ("26", "default")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"strategies.ema_cross.fast": "0"}, "that value is none for strategies.ema_cross.fast: allowed is a whole"),
        ({"strategies.ema_cross.fast": "30"}, "fast (30) must be below slow (26)"),
        ({"strategies.ema_cross.fats": "3"}, "unknown key strategies.ema_cross.fats"),
        ({"strategies.nix.fast": "3"}, "no strategy is called 'nix'"),
    ],
)
def test_parameters_that_no_strategy_takes_change_nothing(
    tmp_path: Path, values: dict[str, str | None], why: str
) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(Unusable) as refused:
        desk.change(values)
    assert why in str(refused.value)
    assert desk.shown("strategies.ema_cross.fast") == ("12", "default")


def test_what_fits_the_file_but_not_what_is_in_force_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "[strategies.ema_cross]\nslow = 20\n")
    desk.write("[strategies.ema_cross]\nslow = 60\n")  # read, and not taken over
    with pytest.raises(Unusable, match=r"fast \(30\) must be below slow \(20\)"):
        desk.change({"strategies.ema_cross.fast": "30"})


def test_the_weights_of_a_portfolio_are_taken_over_in_flight(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[bot]\nstrategy = "portfolio"\n')
    told = desk.change({"portfolio.strategies": "ema_cross=0.9@0.6,rsi=0.1"}).adjustment
    assert [(each.name, each.weight) for each in told.strategies] == [("ema_cross", 0.9), ("rsi", 0.1)]
    assert told.parameters == {"strategies": "ema_cross=0.9@0.6,rsi=0.1"}


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ("ema_crss=0.5", "did you mean ema_cross"),
        ("portfolio=0.5", "cannot be part of itself"),
        ("", "at least 1 item"),
        ("rsi=0.5, rsi=0.2", "each strategy is named once"),
        ("mine.py:Mine=0.5", "nobody at a port has code of a file run"),
    ],
)
def test_a_portfolio_that_could_not_be_flown_leaves_the_one_that_flies(tmp_path: Path, parts: str, why: str) -> None:
    desk = Desk(tmp_path, '[bot]\nstrategy = "portfolio"\n')
    flown = desk.sources.in_force.portfolio
    with pytest.raises(Unusable, match=why):
        desk.change({"portfolio.strategies": parts})
    assert desk.sources.in_force.portfolio == flown


def test_one_of_several_bots_changes_its_own_parameters(tmp_path: Path) -> None:
    text = '[bots.a]\nsymbols = ["XBTUSDTM"]\nbudget = 0.5\n[bots.b]\nsymbols = ["ETHUSDTM"]\nbudget = 0.5\n'
    desk = Desk(tmp_path, text, bot="a")
    assert desk.change({"strategies.ema_cross.fast": "9"}).adjustment.parameters == {"fast": 9}
    assert desk.shown("strategies.ema_cross.fast") == ("9", "set at run time by cli:lena")


def test_what_a_bot_has_of_its_own_is_shown_with_its_own_place(tmp_path: Path) -> None:
    text = """[risk]
leverage = 4
[strategies.ema_cross]
fast = 8
[bots.a]
symbols = ["XBTUSDTM"]
budget = 0.5
[bots.a.strategies.ema_cross]
fast = 9
[bots.a.risk]
leverage = 2
"""
    desk = Desk(tmp_path, text, bot="a")
    assert desk.shown("strategies.ema_cross.fast") == ("9", f"{desk.path} line 9")
    assert desk.shown("risk.leverage") == ("2", f"{desk.path} line 11")
    desk.write(text.replace("fast = 9", "fast = 7"))
    (change,) = desk.reload().changes
    assert (str(change), change.where) == ("strategies.ema_cross.fast 9 → 7", f"{desk.path} line 9")
