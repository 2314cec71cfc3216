import scenes
from pieces import NOW
from scripted import ScriptedEngine

from radtui.core.instruction import Ask, ExitPolicy
from radtui.tui.screens.asks import Asks
from radtui.tui.widgets.tone import Tone


def test_an_instruction_carries_who_asked_and_is_followed_until_its_receipt() -> None:
    engine = ScriptedEngine(scenes.running())
    asks = Asks(engine, "lena")
    assert asks.send(Ask.SHUTDOWN, NOW, ExitPolicy.FLATTEN).text == "graceful shutdown asked by you 14:02:11 …"
    assert engine.asked == [(Ask.SHUTDOWN, "key:lena", ExitPolicy.FLATTEN)]
    assert asks.waiting
    assert asks.answers() == []
    engine.answer("Graceful shutdown completed", status="stopped")
    (receipt, saying), *rest = asks.answers()
    assert not rest
    assert receipt.ask is Ask.SHUTDOWN
    assert saying.text == "graceful shutdown 14:02:11: Graceful shutdown completed (stopped)"
    assert not asks.waiting
    assert asks.answers() == []


def test_a_no_op_and_a_refusal_are_told_from_success() -> None:
    engine = ScriptedEngine(scenes.running())
    asks = Asks(engine, "lena")
    asks.send(Ask.START, NOW)
    engine.answer("Bot is already running", success=False)
    assert asks.answers()[0][1].tone is Tone.WARN
    asks.send(Ask.RESUME, NOW)
    engine.answer("cannot resume while running", success=False, refused=True)
    assert "refused: cannot resume" in asks.answers()[0][1].text


def test_two_different_instructions_wait_side_by_side() -> None:
    asks = Asks(ScriptedEngine(scenes.running()), "lena")
    asks.send(Ask.PAUSE, NOW)
    asks.send(Ask.RESET_METRICS, NOW)
    assert asks.asked(Ask.PAUSE)
    assert asks.asked(Ask.RESET_METRICS)
    assert asks.send(Ask.PAUSE, NOW).tone is Tone.WARN
