"""Trading window, portfolio and scanner as they are set and as they are told on."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from radtui.core import windowing
from radtui.core.allocation import Stance
from radtui.core.picks import ScanPolicy
from radtui.core.portfolio_view import WeightView
from radtui.settings.choosing import Portfolio, Scanner, Window
from radtui.settings.live import contradictions
from radtui.settings.tree import Settings


def test_the_usual_window_never_closes_and_has_five_trades_a_day() -> None:
    assert Window().told() == windowing.Window(trades=5)
    assert Window(trades=0).told().trades is None


def test_a_window_is_told_as_it_is_set() -> None:
    told = Window.model_validate({"start": 22, "end": 6, "zone": "Europe/Berlin", "weekdays": "fri,Mon"}).told()
    assert told == windowing.Window(start=22, end=6, zone="Europe/Berlin", weekdays=(0, 4), trades=5)
    assert Window(start=24).told().start == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": -1}, {"end": 25}, {"zone": "Mars/Olympus"}, {"zone": "../etc/passwd"}, {"zone": "Europe"},
        {"weekdays": "mon,mon"}, {"weekdays": "someday"}, {"trades": -1},
    ],
)  # fmt: skip
def test_a_window_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Window.model_validate(wrong)


def test_strategies_are_read_with_weight_and_confidence() -> None:
    assert Portfolio().weights == (
        WeightView("ema_cross", 0.45, 0.6),
        WeightView("rsi", 0.35, 0.5),
        WeightView("fvg", 0.2, 0.5),
    )
    assert Portfolio.model_validate({"strategies": "own.py:Dip=1, rsi=.5@0"}).weights[0].name == "own.py:Dip"


@pytest.mark.parametrize("wrong", ["rsi", "rsi=2", "rsi=x", "rsi=1@2", "rsi=1,rsi=1"])
def test_strategies_that_make_no_sense_are_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Portfolio.model_validate({"strategies": wrong})


def test_only_a_scanner_that_runs_and_picks_has_a_say() -> None:
    def told(**scanner: object) -> tuple[ScanPolicy | None, bool]:
        made = Settings(scanner=Scanner.model_validate(scanner)).engine_config(boot=1, autostart=False, virtual=False)
        return made.core.scan, made.scan is not None

    assert told() == (None, False)
    assert told(picks=True) == (None, False)
    assert told(enabled=True) == (None, True)
    assert told(enabled=True, picks=True, max_age=60, top=3) == (ScanPolicy(top=3, max_age=60_000_000_000), True)


def test_the_universe_and_the_stance_are_told_on() -> None:
    settings = Settings(scanner=Scanner(enabled=True, turnover=Decimal(7)), portfolio=Portfolio(stance=Stance.MODERATE))
    made = settings.engine_config(boot=1, autostart=False, virtual=False)
    assert made.scan is not None
    assert (made.scan.universe.least, made.portfolio.stance, made.strategies) == (7, Stance.MODERATE, ())


@pytest.mark.parametrize(
    ("scanner", "says"),
    [
        ({"picks": True}, "nothing is scanned"),
        ({"enabled": True, "picks": True, "max_age": 60, "interval": 60}, "every scan would be stale"),
    ],
)
def test_what_would_never_enter_anything_is_refused(scanner: dict[str, object], says: str) -> None:
    (found,) = contradictions(Settings(scanner=Scanner.model_validate(scanner)))
    assert says in found


@pytest.mark.parametrize("scanner", [{}, {"enabled": True}, {"enabled": True, "picks": True}, {"max_age": 1}])
def test_what_can_be_is_not(scanner: dict[str, object]) -> None:
    assert contradictions(Settings(scanner=Scanner.model_validate(scanner))) == []
