"""Instructions through the door: the texts and codes of row L3, each once, with who asked."""

from __future__ import annotations

import getpass
import threading

import msgspec
import pytest

from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.stopping_view import FlattenView
from radtui.engine.host import EngineHost
from tests.api.callers import Caller, Scripted
from tests.engine.hosts import soon


def test_a_bot_is_led_as_the_ancestors_tests_lead_it(engine: Caller) -> None:
    def ask(verb: str) -> tuple[int, bool, str, str]:
        status, body = engine.post(f"/api/bot/{verb}")
        return status, body["success"], body["message"], body["status"]

    assert ask("start") == (200, True, "Bot started", "running")
    assert ask("start") == (200, False, "Bot is already running", "running")
    assert engine.get("/api/bot-status").body["state"] == "running"
    assert ask("pause")[::3] == (200, "paused")
    assert ask("pause")[:2] == (400, False)
    assert ask("resume")[::3] == (200, "running")
    assert ask("resume")[:2] == (400, False)
    assert ask("reset-metrics") == (200, True, "Performance metrics reset successfully", "reset")
    assert ask("stop")[::3] == (200, "stopped")
    assert ask("stop") == (200, False, "Bot is not running", "stopped")
    assert ask("pause")[:2] == (400, False)
    assert ask("shutdown") == (200, True, "Graceful shutdown completed", "stopped")


def test_an_engine_that_has_ended_says_so(engine: Caller, host: EngineHost) -> None:
    host.settle(who="test")
    reply = engine.post("/api/bot/start")
    assert (reply.status, reply.body["status"]) == (503, "ended")


def test_who_asks_is_what_the_kernel_says(caller: Caller, scripted: Scripted) -> None:
    caller.post("/api/bot/pause?wait=0", {"why": "lunch", "who": "cron"})
    heard = scripted.heard[0]
    assert (heard.ask, heard.who, heard.why) == (Ask.PAUSE, f"cli:{getpass.getuser()}/cron", "lunch")


def test_what_only_some_instructions_say_gets_through(caller: Caller, scripted: Scripted) -> None:
    caller.post("/api/bot/shutdown?wait=0", {"exits": "flatten"})
    caller.post("/api/bot/emergency-stop?wait=0", {"foreign": True})
    caller.post("/api/bot/preview?wait=0", {"exits": "keep", "foreign": True})
    caller.post("/api/bot/reset-breakers?wait=0", {"breaker": "drawdown"})
    told = [(each.ask, each.exits, each.foreign, each.subject) for each in scripted.heard]
    assert told == [
        (Ask.SHUTDOWN, ExitPolicy.FLATTEN, False, ""),
        (Ask.EMERGENCY_STOP, None, True, ""),
        (Ask.PREVIEW, ExitPolicy.KEEP, True, ""),
        (Ask.RESET_BREAKERS, None, False, "drawdown"),
    ]


@pytest.mark.parametrize("flattening", [True, False])
def test_without_a_receipt_the_answer_is_202_and_says_what_remains(
    caller: Caller, scripted: Scripted, flattening: bool
) -> None:
    if flattening:
        view = FlattenView(phase="closing", since=1, attempts=3, remaining=("XBTUSDTM long 3 lots",), failing="gone")
        scripted.seen = msgspec.structs.replace(scripted.seen, flatten=view)
    reply = caller.post("/api/bot/emergency-stop?wait=0.05")
    assert (reply.status, reply.body["success"], reply.body["id"]) == (202, None, "i1")
    assert reply.body["remaining"] == (["XBTUSDTM long 3 lots"] if flattening else [])
    assert ("gone" in reply.body["message"]) is flattening


def test_a_receipt_that_comes_while_one_waits_is_the_answer(caller: Caller, scripted: Scripted) -> None:
    threading.Timer(0.2, scripted.done).start()
    reply = caller.post("/api/bot/stop?wait=10")
    assert (reply.status, reply.body["receipt"]["message"]) == (200, "done")


def test_a_receipt_is_found_by_its_id(caller: Caller, scripted: Scripted) -> None:
    missing = caller.get("/api/receipts/i1?wait=0.01")
    assert (missing.status, missing.body["error"]) == (404, "not found")
    scripted.done()
    assert caller.get("/api/receipts/i1").body["id"] == "i1"


def test_who_asks_for_the_receipt_of_an_instruction_that_a_restart_lost_is_told_at_once(
    caller: Caller, scripted: Scripted
) -> None:
    scripted.lost.add("1-h1")
    reply = caller.get("/api/receipts/1-h1?wait=600")
    assert (reply.status, reply.body["error"]) == (410, "gone")
    assert "the engine was restarted before it was written" in reply.body["message"]
    assert "ask again" in reply.body["todo"]


def test_an_engine_knows_what_it_was_never_told(engine: Caller) -> None:
    assert engine.get("/api/receipts/1-h1?wait=600").status == 410


def test_the_same_key_is_the_same_instruction(caller: Caller, scripted: Scripted) -> None:
    ids = {caller.post("/api/bot/stop?wait=0", {"why": "x"}, Idempotency_Key="k").body["id"] for _ in range(3)}
    assert len(scripted.heard) == len(ids) == 1
    other = caller.post("/api/bot/stop?wait=0", {"why": "y"}, Idempotency_Key="k")
    assert (other.status, len(scripted.heard)) == (409, 1)
    assert caller.post("/api/bot/stop?wait=0", {"why": "x"}, Idempotency_Key="l").body["id"] not in ids


def test_who_waits_no_more_is_not_waited_for(caller: Caller, scripted: Scripted) -> None:
    from radtui.api.socket import connect

    with connect(caller.path, 5.0) as line:
        line.sendall(b"POST /api/bot/stop?wait=600 HTTP/1.1\r\nhost: x\r\n\r\n")
        soon(lambda: scripted.heard)
    assert caller.get("/api/status").status == 200


def test_an_engine_that_hangs_is_not_waited_for_and_the_way_out_is_named(caller: Caller, scripted: Scripted) -> None:
    process = msgspec.structs.replace(scripted.seen.process, pid=4711)
    scripted.seen = msgspec.structs.replace(scripted.seen, hangs=43, process=process)
    reply = caller.post("/api/bot/emergency-stop?wait=60")  # it would be longer than a caller waits
    assert (reply.status, reply.body["success"], reply.body["hangs"]) == (202, None, 43)
    assert "told, and not heard: the engine hangs: its loop has stood still for 43 s" in reply.body["message"]
    assert "`kill -9 4711`" in reply.body["todo"]
    assert caller.get("/api/status").body["hangs"] == 43
