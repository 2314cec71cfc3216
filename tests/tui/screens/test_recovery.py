import scenes
import stops
from pieces import NOW
from scripted import cockpit, screen_text

from radtui.core.snapshot import Snapshot
from radtui.tui.panes.view import View
from radtui.tui.screens.recovery import recovery_lines
from radtui.tui.widgets.tone import Tone, plain

WIDE = (120, 40)


def texts(snapshot: Snapshot) -> list[str]:
    return [plain(each).rstrip() for each in recovery_lines(View(snapshot, NOW, "lena"))]


def test_a_start_that_found_nothing_says_what_it_compared() -> None:
    assert texts(stops.recovered())[:4] == [
        "no difference found  done 2026-11-20 14:01:10 UTC in 3.0 s",
        "last run      killed or crashed, 2 h 6 min before this start",
        "there were    0 orders, 3 stops, 3 positions on the exchange",
        "caught up     1 fill, 1 settlement of funding, 0 transfers",
    ]


def test_each_finding_has_both_sides_an_explanation_and_what_was_done() -> None:
    lines = texts(stops.recovered(*stops.FINDINGS))
    assert lines[0].startswith("3 differences found")
    start = lines.index("XRPUSDTM entry buy (alpha-lq2f-2a)  order")
    assert lines[start + 1 : start + 5] == [
        "  we knew     sent, its fate unknown",
        "  exchange    cancelled, 20 of 120 lots filled",
        "  because     the answer was lost with the process",
        "  done        looked up by its id",
    ]


def test_what_nothing_explains_is_said_aloud() -> None:
    found = recovery_lines(View(stops.recovered(stops.FINDINGS[-1]), NOW, "lena"))
    unexplained = [each for each in found if "nothing of ours explains it" in plain(each)]
    assert [each[-1].tone for each in unexplained] == [Tone.WARN]


def test_a_drift_a_rival_and_what_is_not_ours_stand_below() -> None:
    lines = texts(stops.drifting())
    assert "  ‼ another engine sends orders under this bot's name (alpha-lq9z-4)" in lines
    assert "  2 unexplained, the last 2026-11-20 14:01:31 UTC:" in lines
    assert "  exchange    40 lots long" in lines
    assert lines[-1] == "  LTCUSDTM 60 lots long"
    assert texts(stops.recovered())[-1] == "  nothing seen"


def test_before_it_is_done_it_says_what_it_waits_for() -> None:
    assert texts(scenes.unread())[:2] == [
        "Recovery is not done: nothing is entered before journal and exchange agree.",
        "recovery waits for the exchange to show orders, stops, positions and money",
    ]
    assert texts(stops.recovering())[1] == "recovery looks up 1 order whose fate is not known"
    assert texts(scenes.running())[0] == "This engine keeps no report of its start."


async def test_it_is_a_key_away_from_the_status_and_in_the_palette() -> None:
    async with cockpit(stops.recovered(*stops.FINDINGS)).run_test(size=WIDE) as pilot:
        await pilot.press("1", "enter", "r")
        assert "─ Recovery ─" in screen_text(pilot.app)
        await pilot.press("escape", "escape", "ctrl+p", *"recov", "enter")
        assert "─ Recovery ─" in screen_text(pilot.app)
