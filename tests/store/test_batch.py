"""What is queued: any fact becomes JSON that gives it back, and only what can be missed is dropped."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.account import AccountReport
from radtui.core.facts import CycleEnded, Envelope, EquityRead, Evaluated, Trouble
from radtui.core.why_view import WhyView
from radtui.store.batch import Batch, json_of
from radtui.store.port import BotState

ACCOUNT = AccountReport(currency="USDT", equity=Decimal(1), wallet=Decimal(1), available=Decimal(1))
WHY = WhyView(symbol="XBTUSDTM", at=1, action="buy", confidence=1.0, reason="", outcome="", gates=())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_fact_comes_back_from_its_json(any_envelope: st.SearchStrategy[Envelope], data: st.DataObject) -> None:
    envelope = data.draw(any_envelope)
    assert msgspec.json.decode(json_of(envelope), type=Envelope) == envelope


def test_what_is_no_unicode_becomes_a_question_mark(said: Callable[..., Envelope]) -> None:
    broken = said(1, Trouble(kind="terminal", message="bad byte \udce4", where="stdin"))
    back = msgspec.json.decode(json_of(broken), type=Envelope)
    assert back == said(1, Trouble(kind="terminal", message="bad byte ?", where="stdin"))
    state = BotState(desired="running", who="key:\udce4", since=1, memory=b"\xff\x00")
    assert msgspec.json.decode(json_of(state), type=BotState) == msgspec.structs.replace(state, who="key:?")


@given(st.lists(st.sampled_from(["cycle", "equity", "why"]), max_size=40), st.integers(0, 20))
def test_above_the_limit_only_equity_and_evaluations_are_dropped(kinds: list[str], limit: int) -> None:
    facts: dict[str, Any] = {
        "cycle": CycleEnded(number=1, ok=True, seconds=1.0),
        "equity": EquityRead(market_at=1, account=ACCOUNT),
        "why": Evaluated(why=WHY),
    }
    batch = Batch()
    dropped = batch.add([Envelope(sequence=1, bot="b", at=1, who="w", fact=facts[kind]) for kind in kinds], limit)
    assert len(batch.rows.get("cycles", [])) == kinds.count("cycle")
    assert batch.size + dropped == len(kinds)
    assert dropped == sum(kind != "cycle" and index >= limit for index, kind in _positions(kinds, limit))


def _positions(kinds: list[str], limit: int) -> list[tuple[int, str]]:
    """Return how many rows were kept before each kind came."""
    kept, found = 0, []
    for kind in kinds:
        found.append((kept, kind))
        kept += kind == "cycle" or kept < limit
    return found


def test_the_latest_state_and_paper_replace_those_not_yet_written() -> None:
    batch = Batch()
    batch.set_state(BotState(desired="running", who="a", since=1, memory=b""))
    batch.set_state(BotState(desired="paused", who="a", since=2, memory=b""))
    batch.set_paper("seed:1", b"old", [])
    batch.forget_paper()
    assert batch.state is not None
    assert '"paused"' in batch.state
    assert (batch.paper, batch.wipe) == (None, True)
