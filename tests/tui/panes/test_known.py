import scenes
from pieces import errors, position

from radtui.tui.panes.known import known_of
from radtui.tui.widgets.tone import plain


def facts(thing: object) -> dict[str, str]:
    return {plain(each)[:29].strip(): plain(each)[29:] for each in known_of(thing)}  # type: ignore[arg-type]


def test_every_field_of_a_position_is_said_with_its_unit_or_decimals() -> None:
    said = facts(position(0, mark=None, own=False))
    assert said["entry"] == "64,210.1"
    assert said["mark"] == "–"
    assert said["stop rests on the exchange"] == "yes"
    assert said["opened by this bot"] == "no"
    assert said["opened at (market time, UTC)"] == "2026-11-20 13:53:11"
    assert said["P/L (USDT)"] == "+2.14"
    assert "price_decimals" not in " ".join(said)


def test_an_error_is_shown_whole() -> None:
    said = facts(errors()[1])
    assert said["message"] == "no answer in time; looked up by client id: not placed"
    assert said["type"] == "ambiguous"


def test_nothing_of_a_view_is_left_out_but_its_decimals_and_empty_texts() -> None:
    held = scenes.running().positions[0]
    hidden = {"price_decimals", "coin_decimals"} | {
        name for name in held.__struct_fields__ if getattr(held, name) == ""
    }
    assert len(known_of(held)) == len(held.__struct_fields__) - len(hidden)
