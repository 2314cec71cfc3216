import msgspec
import pytest
import scenes
import stops
from pieces import NOW, entry_order
from rich.cells import cell_len
from scripted import cockpit, screen_text

from radtui.core.instruction import Ask, Receipt
from radtui.tui.panes.view import View
from radtui.tui.screens.receipt import receipt_lines
from radtui.tui.widgets.tone import Line, Tone, plain

ROOM = 76


def lines_of(receipt: Receipt, user: str = "lena") -> list[Line]:
    shown = scenes.changed(scenes.running(), orders=(entry_order(), *scenes.running().orders))
    return receipt_lines(receipt, View(shown, NOW, user), ROOM)


def texts(receipt: Receipt, user: str = "lena") -> list[str]:
    return [plain(each).rstrip() for each in lines_of(receipt, user)]


def test_a_receipt_says_what_was_closed_at_which_price_and_what_it_brought() -> None:
    lines = texts(stops.receipt())
    assert lines[0] == "✓ done: Emergency stop completed: flat, no orders, no stops"
    assert lines[1] == "emergency stop asked by you, 2026-11-20 14:02:11 UTC; the bot is stopped"
    table = lines[lines.index("Closed  in USDT; slippage: − is worse than when it was sent") + 1 :]
    assert table[0].split() == ["symbol", "order", "lots", "average", "expected", "slippage", "fee", "realised"]
    assert table[1].split() == ["XBTUSDTM", "sell", "12", "64,388.2", "64,388.4", "0.00", "−0.46", "+2.14"]
    assert table[3].split() == ["together", "−0.01", "−1.21", "+5.49"]


def test_a_receipt_that_is_on_no_disk_says_so() -> None:
    assert not [text for text in texts(stops.receipt()) if "disk" in text]
    lines = texts(msgspec.structs.replace(stops.receipt(), unwritten="the disk is full"))
    assert lines[2] == "‼ not on disk, so the next start looks again: the disk is full"


def test_prices_have_the_decimals_of_their_contract_and_a_stop_takes_all() -> None:
    lines = texts(stops.receipt())
    table = [text.split() for text in lines[lines.index("Cancelled") + 2 :]]
    assert table[0] == ["XRPUSDTM", "entry", "buy", "100", "2.1310", "alpha-lq2f-2a"]
    assert table[1] == ["XBTUSDTM", "stop", "sell", "all", "62,925.9", "alpha-lq2f-0s"]


def test_what_the_exchange_shows_now_says_of_when_it_is_and_what_is_not_ours_stays() -> None:
    lines = texts(stops.receipt())
    assert lines[-4:] == [
        "What the exchange shows of ours  read at 14:02:10 UTC",
        "  orders 0, positions 0, stops 0",
        "Not ours, left alone",
        "  LTCUSDTM long 60 lots @ 91.25",
    ]


@pytest.mark.parametrize(
    ("ask", "advice"), [(Ask.EMERGENCY_STOP, "! asks again"), (Ask.SHUTDOWN, "Start radtui again")]
)
def test_what_is_not_safe_comes_first_loud_with_what_to_do(ask: Ask, advice: str) -> None:
    lines = lines_of(stops.receipt(ask, success=False), "bob")
    said = [plain(each) for each in lines]
    assert said[0].startswith("✗ NOT SAFE: ")
    assert "asked by lena (key)" in said[1]
    assert said[2] == "What could not be verified"
    assert said[3] == "  ‼ SOLUSDTM long 90 lots @ 148.112: NO STOP of ours on the exchange"
    assert lines[3][0].tone is Tone.ERROR
    assert said[4] == "What is left by our own books  the exchange did not show it"
    assert said[6] == "  SOLUSDTM long 90 lots @ 148.112"
    assert said[7] == "What to do"
    assert any(advice in text for text in said[8:10])
    assert said.index("What to do") < said.index("Cancelled")


def test_nothing_known_to_be_left_is_not_called_safe_either() -> None:
    unseen = msgspec.structs.replace(stops.receipt(success=False), positions_left=())
    assert "  Compare with the exchange's own site: nothing is known to be left, but it was not seen." in texts(unseen)


def test_a_refusal_claims_nothing_about_the_exchange() -> None:
    lines = texts(stops.refused())
    assert lines[0].startswith("✗ REFUSED: the engine has ended: nothing was done")
    assert len(lines) == 2


def test_an_older_receipt_without_values_is_read_by_its_lines() -> None:
    old = msgspec.structs.replace(
        stops.receipt(),
        closed=(),
        cancelled=(),
        positions_closed=("XBTUSDTM sell 12 lots",),
        stops_cancelled=("a stop",),
    )
    lines = texts(old)
    assert lines[lines.index("Closed") + 1] == "  XBTUSDTM sell 12 lots"
    assert lines[lines.index("Cancelled") + 1 :][:2] == ["  told as values, too", "  a stop"]


def test_a_slippage_that_nobody_knows_is_a_dash_in_the_row_and_in_the_sum() -> None:
    receipt = stops.receipt()
    unknown = tuple(
        msgspec.structs.replace(each, reference=None, slippage=None, slippage_ticks=None) for each in receipt.closed
    )
    table = [text.split() for text in texts(msgspec.structs.replace(receipt, closed=unknown))]
    assert ["XBTUSDTM", "sell", "12", "64,388.2", "–", "–", "−0.46", "+2.14"] in table
    assert ["together", "–", "−1.21", "+5.49"] in table


@pytest.mark.parametrize("success", [True, False])
def test_no_table_is_wider_than_the_narrowest_full_terminal(success: bool) -> None:
    tables = [text for text in texts(stops.receipt(success=success)) if text.startswith("  ") and "@" not in text]
    assert all(cell_len(text) <= ROOM for text in tables)


async def test_the_last_receipt_is_shown_again_by_the_palette() -> None:
    shown = scenes.changed(scenes.running(), receipt=stops.receipt())
    async with cockpit(shown).run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p", *"receipt", "enter")
        assert "✓ done: Emergency stop completed" in screen_text(pilot.app)
        await pilot.press("y", "enter")
        assert "together" in pilot.app.clipboard
    async with cockpit(scenes.running()).run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p", *"receipt", "enter")
        assert "no receipt since the engine started" in screen_text(pilot.app)
