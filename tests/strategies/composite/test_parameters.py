from __future__ import annotations

import pytest
from pydantic import ValidationError

from radtui.strategies.composite.parameters import CompositeParameters


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"fast": 26}, r"fast \(26\) must be below slow \(26\)"),
        ({"oversold": 45}, r"oversold \(45\) must be below inner \(40\)"),
        ({"divided": 0.8}, r"divided \(0.8\) must be below united \(0.7\)"),
        ({"low": 60}, "at most 50"),
        ({"frames": ["4h", "7m"]}, "no timeframe '7m'; possible: 1m, 5m"),
        ({"cap": 1.1}, "less than or equal to 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        CompositeParameters.model_validate(wrong)


def test_every_parameter_says_what_it_is_for() -> None:
    assert all(field.description for field in CompositeParameters.model_fields.values())


def test_further_timeframes_may_be_told_as_a_text() -> None:
    assert CompositeParameters.model_validate({"frames": "4h, 1d"}).frames == ("4h", "1d")
    assert CompositeParameters.model_validate({"frames": ""}).frames == ()
    assert CompositeParameters().frames is None
