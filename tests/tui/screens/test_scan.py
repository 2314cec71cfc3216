from decimal import Decimal

import pytest
import scenes
from choosing import DONE
from msgspec.structs import replace
from pieces import NOW
from scripted import cockpit, screen_text

from radtui.core.market import SECOND
from radtui.core.scan_view import ScanView
from radtui.tui.panes.view import View
from radtui.tui.screens.scan import scan_lines
from radtui.tui.widgets.tone import plain


def said(scan: ScanView, width: int = 116) -> list[str]:
    view = View(replace(scenes.running(), scan=scan), NOW, "lena")
    return [plain(each).rstrip() for each in scan_lines(view, width)]


def test_each_candidate_has_its_score_and_every_part_of_it() -> None:
    lines = said(DONE)
    (first,) = [text for text in lines if text.strip().startswith("1●")]
    assert first.split() == [
        *["1●", "XBTUSDTM", "▲", "buy", "147.4", "✓", "92", "18", "10", "−8", "0", "12", "15", "8", "12.3"]
    ]
    (second,) = [text for text in lines if text.strip().startswith("2 ")]
    assert "▼ sell" in second
    assert "✓" not in second
    assert "  confidence 1.0×, momentum −1.0 %" in "\n".join(lines)
    assert any("stop 3.00 %, target 6.00 %" in text for text in lines)


@pytest.mark.parametrize(
    ("width", "heads"),
    [
        (116, "symbol side score own conf mom. vol. band RSI tr. room 4h1d 24 h M"),
        (76, "symbol side score own conf mom. vol. band RSI tr. room 4h1d"),
        (36, "symbol side score own"),
    ],
)
def test_where_room_is_short_the_least_important_columns_leave(width: int, heads: str) -> None:
    lines = said(DONE, width)
    (titles,) = [text for text in lines if text.split()[:1] == ["symbol"]]
    assert titles.split() == heads.split()
    assert all(len(text) <= width for text in lines[lines.index(titles) : lines.index(titles) + 3])


def test_a_whole_scan_says_how_long_it_is_good_for() -> None:
    lines = said(DONE)
    assert lines[0] == "WHOLE  entries follow it; stale in 2 min"
    assert lines[2] == "  contracts  280 liquid of 300 listed: 24 h ≥ 1.0 M USDT, majors always"
    assert lines[3] == "  left out   3 too new or too still, 0 could not be scored"
    assert lines[4].startswith("  scans      12 whole, 1 not   took 5.2 s, on average 4.8 s   ended ")


def test_it_says_which_of_the_picks_the_bot_can_follow() -> None:
    assert said(DONE)[1] == "  own        1 of 1 pick traded by this bot: XBTUSDTM"
    alien = replace(DONE, candidates=DONE.candidates[1:])
    assert said(alien)[1] == (
        "  own        0 of 1 pick traded by this bot, so it enters nothing: see bot.symbols and scanner.top"
    )
    assert not any("bot.symbols" in text for text in said(replace(alien, picks=False)))


def test_one_that_nothing_follows_says_why() -> None:
    assert said(replace(DONE, partial="3 of 300 could not be read"))[0] == (
        "PARTIAL  nothing is entered on it: 3 of 300 could not be read"
    )
    assert said(replace(DONE, at=NOW - 300 * SECOND))[0] == "STALE  nothing is entered on it: 5 min old"
    assert "only shown: scanner.picks is off" in said(replace(DONE, picks=False))[0]
    assert said(replace(DONE, picks=False, partial="gone"))[0] == "PARTIAL  it is only shown: gone"


def test_before_the_first_nothing_is_claimed() -> None:
    lines = said(ScanView(on=True, picks=True, done=60, total=300, listed=310, liquid=300, least=Decimal(1_000_000)))
    assert lines[0] == "NO SCAN YET  nothing is entered before the first is whole"
    assert lines[1] == "  now        ▓▓░░░░░░░░  60 of 300 contracts are read"
    assert lines[4] == "  scans      0 whole, 0 not   took –, on average –   ended –"
    assert lines[7] == "  nothing was looked at yet"
    assert said(replace(DONE, candidates=()))[-2] == "  none is worth something now"
    assert said(replace(DONE, candidates=(), partial="gone"))[-2] == "  none was found before it broke off"


def test_where_nothing_is_scanned_it_says_what_to_do() -> None:
    assert said(ScanView()) == [
        "The market is not scanned",
        "  set scanner.enabled = true; with scanner.picks = true entries follow what it picks",
    ]


async def test_the_palette_opens_it() -> None:
    async with cockpit(replace(scenes.running(), scan=DONE)).run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p", *"scanner", "enter")
        assert "SHIBUSDTM" in screen_text(pilot.app)
