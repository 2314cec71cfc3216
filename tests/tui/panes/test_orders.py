from decimal import Decimal

import msgspec
import scenes
from pieces import entry_order, fills, orders

from radtui.core.order_view import FillView
from radtui.tui.panes.orders import fill_row, happened, order_row
from radtui.tui.widgets.tone import Tone


def test_orders_and_fills_are_one_list_newest_first() -> None:
    both = happened(scenes.running())
    assert len(both) == 6
    assert [each.at for each in both] == sorted((each.at for each in both), reverse=True)


def test_a_filled_order_is_told_by_its_fills_and_not_twice() -> None:
    snapshot = scenes.running(1)
    done = msgspec.structs.replace(entry_order(), state="filled", client_id=snapshot.fills[0].client_id)
    assert done not in happened(scenes.changed(snapshot, orders=(done,)))
    assert done in happened(scenes.changed(snapshot, orders=(done,), fills=()))


def test_a_stop_says_on_which_side_of_its_price_it_fires() -> None:
    protects_long, protects_short = orders(2)
    assert order_row(protects_long).cells[5].text == "≤ 62,925.9"
    assert order_row(protects_short).cells[5].text == "≥ 3,180.58"
    assert order_row(msgspec.structs.replace(entry_order(), price=None)).cells[5].text == "market"


def test_a_part_fill_and_an_unknown_order_are_said() -> None:
    assert order_row(entry_order()).cells[4].text == "20/120"
    unknown = order_row(msgspec.structs.replace(entry_order(), state="unknown", error="no answer in time"))
    assert (unknown.cells[6].text, unknown.cells[6].tone) == ("UNKNOWN", Tone.WARN)
    assert unknown.cells[9].text == "no answer in time"


def test_a_fill_says_what_it_cost_and_what_it_brought() -> None:
    closing: FillView = msgspec.structs.replace(fills(1)[0], realised=Decimal("-4.20"))
    cells = fill_row(closing).cells
    assert [cell.text for cell in cells[2:9]] == ["fill", "buy", "12", "64,210.1", "taker", "0.46", "−4.20"]
    assert cells[8].tone is Tone.LOSS
    assert fill_row(msgspec.structs.replace(closing, kind="liquid")).cells[2].text == "liq."
