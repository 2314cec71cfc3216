"""What is set of risk and exits is what core is told; 0 turns a rule off."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from radtui.core.exit_terms import HOUSE, ExitTerms
from radtui.core.market import HOUR, MINUTE
from radtui.settings.loading import SettingsRefused, load
from radtui.settings.risk import Exits, Risk

_NOWHERE = Path("no-such-folder")


def told(**exits: str) -> ExitTerms:
    environ = {f"RADTUI_EXITS__{name.upper()}": value for name, value in exits.items()}
    return load(environ=environ, folder=_NOWHERE).settings.exits.terms


def test_by_default_every_rule_is_on_with_its_usual_figures() -> None:
    assert Exits().terms == HOUSE


@pytest.mark.parametrize(
    ("name", "field", "off"),
    [
        ("stop", "stop", None), ("reward", "reward", None), ("trailing", "trailing", None),
        ("break_even", "break_even", None), ("stall_after", "stall_after", None), ("longest", "longest", None),
    ],
)  # fmt: skip
def test_nought_turns_a_rule_off_and_no_other(name: str, field: str, off: None) -> None:
    assert told(**{name: "0"}) == msgspec.structs.replace(HOUSE, **{field: off})


def test_the_ladder_can_be_taken_away() -> None:
    assert told(ladder="false") == msgspec.structs.replace(HOUSE, ladder=())


def test_what_is_set_arrives_in_cores_units() -> None:
    terms = told(trailing="0.03", stall_after="600", longest="3600", break_even_stop="0.001", reward="1.5")
    assert (terms.trailing, terms.locked, terms.reward) == (Decimal("0.03"), Decimal("0.001"), Decimal("1.5"))
    assert (terms.stall_after, terms.longest) == (10 * MINUTE, HOUR)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("EXITS__TRAILING", "-0.01"), ("EXITS__TRAILING", "1.1"), ("EXITS__LONGEST", "59"), ("EXITS__REWARD", "0.01"),
        ("EXITS__STOP_MOST", "0"), ("RISK__POSITION_LOTS", "0"), ("RISK__MAX_SPREAD", "0"), ("RISK__GROUP_SHARE", "2"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(key: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match="allowed is"):
        load(environ={f"RADTUI_{key}": value}, folder=_NOWHERE)


@pytest.mark.parametrize(
    ("low", "high", "least", "most"),
    [
        ("stop_least", "stop_most", "0.08", "0.0799"),
        ("trailing_least", "trailing_most", "0.05", "0.0499"),
        ("break_even_stop", "break_even", "0.015", "0.0149"),
    ],
)
def test_what_leaves_a_rule_no_room_is_refused(low: str, high: str, least: str, most: str) -> None:
    with pytest.raises(SettingsRefused, match=rf"exits\.{low} \({least}\) is above exits\.{high} \({most}\): raise"):
        told(**{low: least, high: most})
    assert told(**{low: least, high: least}).active


def test_a_rule_that_is_off_contradicts_nothing() -> None:
    assert told(break_even="0", break_even_stop="0.1").break_even is None


def test_lots_and_the_switch_of_entries_arrive() -> None:
    limits = Risk(position_lots=1000, enabled=False, adapt_leverage=False).limits
    assert (limits.position_lots, limits.enabled, limits.leverage_adapts) == (1000, False, False)
