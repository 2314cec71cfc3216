"""The far side without a line: what it shows, what it asks again, and what it gives up."""

from __future__ import annotations

import msgspec
import pytest

from radtui.core.facts import Envelope, MetricsReset
from radtui.core.instruction import Ack, Ask, Receipt
from radtui.engine import wire
from radtui.engine.helm import HelmView
from radtui.engine.replica import KEPT, PATIENCE, Mismatch, Replica, unheard
from radtui.engine.wire import (
    Acked,
    Answered,
    Await,
    Events,
    Hello,
    Helm,
    Missed,
    Resume,
    Tell,
    Whole,
    Withdraw,
    changed,
)
from tests.engine.pictures import pictures


def hello(run: str = "r1", **told: object) -> Hello:
    fields = {
        "version": wire.VERSION,
        "shape": wire.shape(),
        "radtui": "9.9",
        "bot": "b",
        "mode": "paper",
        "scope": "control",
    }
    return Hello(**{**fields, "run": run, "helm": Helm(), **told})  # type: ignore[arg-type]


def fact(sequence: int) -> Envelope:
    return Envelope(sequence=sequence, bot="b", at=sequence, who="test", fact=MetricsReset("test"))


def tell(key: str = "k", ask: Ask = Ask.STOP) -> Tell:
    return Tell(key=key, ask=ask)


def receipt(id_: str = "i1", status: str = "stopped") -> Receipt:
    return Receipt(id=id_, ask=Ask.STOP, success=True, message="done", status=status, at=1)


@pytest.fixture
def far() -> Replica:
    replica = Replica("b", "seat", "me")
    assert replica.begin(hello(), 0.0) == [Resume(after=-1, seat="seat", name="me")]
    return replica


def test_before_anything_was_heard_it_says_so() -> None:
    replica = Replica("far bot", "seat", "me")
    assert replica.heard_at is None
    assert replica.snapshot == unheard("far bot")
    assert replica.snapshot.status.blocked == "nothing was heard from the engine yet"
    assert replica.snapshot.money.equity is None


def test_it_shows_what_it_heard_last(far: Replica) -> None:
    first, *more = pictures()[0]
    far.heard(Whole(sequence=1, at=1, snapshot=first), 1.0)
    before = first
    for at, shown in enumerate(more, 2):
        far.heard(changed(before, shown), float(at))
        assert (far.snapshot, far.heard_at) == (shown, float(at))
        before = shown


def test_facts_are_kept_once_in_order_and_bounded(far: Replica) -> None:
    far.heard(Events(events=tuple(map(fact, range(1, 4)))), 1.0)
    far.heard(Events(events=tuple(map(fact, range(2, 6)))), 1.0)
    assert [each.sequence for each in far.events(0)] == [1, 2, 3, 4, 5]
    assert [each.sequence for each in far.events(3)] == [4, 5]
    far.heard(Events(events=tuple(map(fact, range(6, KEPT + 100)))), 1.0)
    assert len(far.events(0)) == KEPT
    assert far.begin(hello(), 2.0)[0] == Resume(after=KEPT + 99, seat="seat", name="me")


def test_a_gap_is_left_open_and_another_journal_begins_anew(far: Replica) -> None:
    far.heard(Events(events=(fact(1),)), 1.0)
    far.heard(Missed(after=50), 1.0)
    far.heard(Events(events=(fact(51),)), 1.0)
    assert [each.sequence for each in far.events(0)] == [1, 51]
    far.heard(Missed(after=7), 1.0)
    far.heard(Events(events=(fact(8),)), 1.0)
    assert [each.sequence for each in far.events(0)] == [8]


@pytest.mark.parametrize("told", [{"version": wire.VERSION + 1}, {"shape": "other"}])
def test_another_version_is_refused_with_words(told: dict[str, object]) -> None:
    with pytest.raises(Mismatch, match=r"the engine there is radtui 9\.9, which speaks otherwise"):
        Replica("b", "s", "n").begin(hello(**told), 0.0)


def test_what_does_not_greet_is_no_engine() -> None:
    with pytest.raises(Mismatch, match="no engine of radtui"):
        Replica("b", "s", "n").begin(Helm(), 0.0)


def test_a_second_greeting_is_a_fault(far: Replica) -> None:
    with pytest.raises(msgspec.ValidationError):
        far.heard(hello(), 1.0)


def test_an_instruction_goes_out_once_and_is_answered_by_key_and_by_id(far: Replica) -> None:
    far.ask(tell(), 1.0)
    assert far.fresh() == [tell()]
    assert far.fresh() == []
    far.heard(Acked(key="k", ack=Ack(id="i1", ask=Ask.STOP, at=1)), 1.0)
    assert (far.receipt("k"), far.waiting) == (None, 1)
    far.heard(Answered(key="k", receipt=receipt()), 1.0)
    assert far.receipt("k") == far.receipt("i1") == receipt()
    assert far.waiting == 0


def test_what_left_without_an_answer_is_asked_again_while_it_is_young(far: Replica) -> None:
    far.ask(tell(), 1.0)
    far.fresh()
    assert far.begin(hello(), 1.0 + PATIENCE)[1:] == [tell()]


def test_what_left_without_an_answer_and_has_grown_old_is_withdrawn(far: Replica) -> None:
    far.ask(tell(), 1.0)
    far.fresh()
    far.expire(100.0)
    assert far.receipt("k") is None, "nobody knows yet whether it arrived"
    assert far.begin(hello(), 100.0)[1:] == [Withdraw(key="k", ask=Ask.STOP)]


def test_what_was_acknowledged_is_followed_however_old_it_is(far: Replica) -> None:
    far.ask(tell(), 1.0)
    far.fresh()
    far.heard(Acked(key="k", ack=Ack(id="i1", ask=Ask.STOP, at=1)), 1.0)
    assert far.begin(hello(), 100.0)[1:] == [tell()]


def test_over_a_restart_nothing_is_asked_twice(far: Replica) -> None:
    for key in ("acked", "sent", "new"):
        far.ask(tell(key), 1.0)
        if key != "new":
            far.fresh()
    far.heard(Acked(key="acked", ack=Ack(id="i1", ask=Ask.STOP, at=1)), 1.0)
    assert far.begin(hello("r2"), 2.0)[1:] == [Await(key="acked", id="i1", ask=Ask.STOP)]
    lost = far.receipt("sent")
    assert lost is not None
    assert (lost.status, lost.success) == (wire.LOST, False)
    assert lost.message.startswith("not known whether this was carried out: the engine was restarted")
    assert far.fresh() == [tell("new")]


def test_what_never_left_is_given_up_in_time_and_says_that_nothing_was_done(far: Replica) -> None:
    far.ask(tell(), 1.0)
    far.expire(1.0 + PATIENCE)
    assert far.receipt("k") is None
    far.expire(1.1 + PATIENCE)
    given_up = far.receipt("k")
    assert given_up is not None
    assert (given_up.status, given_up.success) == (wire.WITHDRAWN, False)
    assert given_up.message == "not delivered: the line was down; nothing was done; ask again once it is back"
    assert far.fresh() == []


def test_the_helm_is_shown_as_it_was_told_last(far: Replica) -> None:
    far.heard(Helm(holder="bob", since=5, yours=True), 1.0)
    assert far.helm == HelmView(holder="bob", since=5, yours=True)
    far.begin(hello(helm=Helm(holder="eve", since=6)), 2.0)
    assert far.helm == HelmView(holder="eve", since=6)


def test_receipts_are_bounded(far: Replica) -> None:
    for number in range(1000):
        far.heard(Answered(key=f"k{number}", receipt=receipt(f"i{number}")), 1.0)
    assert far.receipt("k0") is None
    assert far.receipt("k999") == far.receipt("i999")
