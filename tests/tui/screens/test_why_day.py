"""What kept the bot from trading on a day: counts, and the gates by how often they refused."""

import msgspec
import scenes
from scripted import ScriptedEngine, cockpit, screen_text

from radtui.core.instruction import Ask, Receipt
from radtui.core.why_day import GateCount, WhyDay
from radtui.tui.screens.ledger import Ledger
from radtui.tui.screens.why_day import day_lines
from radtui.tui.widgets.tone import plain

TODAY = "2026-11-20"
DAY = WhyDay(
    day=TODAY, signals=1288, holds=1250, entries=12, refused=20, others=6,
    gates=(GateCount(gate="confidence", blocked=15, alone=11), GateCount(gate="price age", blocked=9, alone=0)),
)  # fmt: skip


def said(day: WhyDay | None = DAY, failing: str = "", wanted: str = "", width: int = 76) -> list[str]:
    ledger = Ledger(ScriptedEngine(scenes.running()), "key:lena")
    ledger.day, ledger.failing, ledger.wanted = day, failing, wanted
    return [plain(each).rstrip() for each in day_lines(ledger, TODAY, width)]


def test_every_count_has_its_words_and_every_gate_its_share() -> None:
    lines = said()
    assert lines[0] == "2026-11-20  today, market time"
    assert "  signals     1,288   weighed" in lines
    (first,) = [each for each in lines if "confidence" in each]
    assert first.split() == ["confidence", "▓▓▓▓▓▓▓▓░░", "75", "%", "15", "11"]
    assert any("but for this gate" in each for each in lines)


def test_another_day_is_not_called_today() -> None:
    assert said(wanted="2026-11-19")[0] == "2026-11-19  market time"


def test_a_day_without_signals_or_refusals_says_so() -> None:
    assert any("No signal was weighed" in each for each in said(WhyDay(day=TODAY)))
    calm = msgspec.structs.replace(DAY, refused=0, gates=())
    assert "No gate refused an entry." in said(calm)


def test_an_answer_that_did_not_come_or_was_refused_is_no_zero() -> None:
    assert said(None)[-1] == "the ledger is being read …"
    assert said(None, failing="the journal is full")[-1] == "! the journal is full"


async def test_the_keys_go_from_day_to_day() -> None:
    engine = ScriptedEngine(scenes.running())
    app = cockpit(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"why", "space", *"day", "enter")
        await pilot.pause()
        assert "being read" in screen_text(app)
        name = f"i-{len(engine.asked)}"
        engine.receipts[name] = Receipt(
            id=name, ask=Ask.WHY_DAY, success=True, message="", status="running", at=1, day=DAY
        )
        app.look()
        await pilot.pause()
        assert "1,288" in screen_text(app)
        await pilot.press("right")
        await pilot.pause()
        assert "no day after today" in screen_text(app)
        await pilot.press("left")
        await pilot.pause()
        assert "2026-11-19" in screen_text(app)
        assert engine.subjects[-1] == "2026-11-19"
