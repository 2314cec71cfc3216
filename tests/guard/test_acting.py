"""Acting: whatever the exchange does meanwhile, the account ends as it should, and nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.guarding import Beat, Cover, Did, is_guardians
from radtui.guard.account import Shown
from radtui.guard.acting import LONGEST, Acting
from radtui.guard.plan import Plan, entries, protected
from tests.guard.makers import AT, BOT, Account, beat, cover, holding, order, stop

LEFT = Shown(
    orders=(order(), order("web-1"), order("t-b-3", reduce_only=True)),
    stops=(stop("web-2", "XRPUSDTM"),),
    holdings=(holding(), holding("ETHUSDTM", -3), holding("XRPUSDTM", 1)),
)
COVERS = (cover(), cover("ETHUSDTM", long=False, stop="110", lots=3))


class Trial:
    """One silence, with all that was written down and waited."""

    def __init__(
        self, account: Account, *covers: Cover, flatten: bool = False, stands: int = 10_000, switch: bool = False
    ) -> None:
        self.account, self.flatten = account, flatten
        self.beat: Beat = beat(*covers)
        self.notes: list[tuple[Did, str, str, str]] = []
        self.waits: list[float] = []
        self._stands, self._switch = stands, switch

    def run(self) -> Plan | None:
        def rest(seconds: float) -> bool:
            self.waits.append(seconds)
            return len(self.waits) > self._stands

        acting = Acting(
            self.account, self.beat, flatten=self.flatten, note=lambda *said: self.notes.append(said), rest=rest,
            at=AT * 1_000_000, switch=self._switch,
        )  # fmt: skip
        return acting.run()

    def did(self, what: Did) -> list[str]:
        """Return the symbols or ids of what was done of this kind."""
        return [client_id or symbol for did, _, symbol, client_id in self.notes if did is what]


def test_entries_go_stops_come_and_other_hands_keep_theirs() -> None:
    account = Account(LEFT)
    trial = Trial(account, *COVERS)
    left = trial.run()
    assert left is not None
    assert not left.steps
    assert account.cancelled == ["t-b-1"]
    assert {(new.symbol, new.side, new.stop, new.stop_price) for new in account.accepted} == {
        ("XBTUSDTM", "sell", "down", "90"),
        ("ETHUSDTM", "buy", "up", "110"),
    }
    assert all(is_guardians(new.client_oid) and new.client_oid.startswith(f"{BOT}-") for new in account.accepted)
    assert trial.did(Did.CANCELLED) == ["t-b-1"]
    assert len(trial.did(Did.PROTECTED)) == 2
    assert max(trial.waits) < 1


def test_nothing_is_changed_where_all_is_as_it_should_be() -> None:
    account = Account(Shown(holdings=(holding(),), stops=(stop(),)))
    trial = Trial(account, cover())
    assert trial.run() is not None
    assert (account.calls, trial.notes) == (["read"], [])


def test_flattening_ends_flat_and_only_then_without_stops() -> None:
    account = Account(LEFT)
    assert Trial(account, *COVERS, flatten=True).run() is not None
    assert {held.symbol for held in account.shown.holdings} == {"XRPUSDTM"}, "another hand's position stays"
    assert {resting.client_oid for resting in account.shown.stops} == {"web-2"}
    last_close = max(at for at, call in enumerate(account.calls) if call.endswith("now"))
    stops_gone = [at for at, call in enumerate(account.calls) if call.startswith("cancel #t-_")]
    assert stops_gone
    assert min(stops_gone) > last_close


def test_the_exchanges_own_switch_is_off_before_a_stop_is_placed_and_until_it_is_it_is_not_done() -> None:
    account = Account(LEFT)
    assert Trial(account, *COVERS, switch=True).run() is not None
    assert account.calls[0] == "disarm"
    assert account.calls.count("disarm") == 1

    silent = Account(LEFT, _after(("ok", *["lost", "ok", "ok", "ok", "ok"], *["ok", "lost"] * 2)))
    assert Trial(silent, *COVERS, switch=True).run() is not None
    assert silent.calls.count("disarm") > 1
    assert silent.calls.index("disarm") < silent.calls.index("read")
    assert len(silent.accepted) == 2, "it keeps nothing else from being done"

    in_order = Account(Shown(), _after(("ok", "lost", "ok", "ok", "ok")))
    assert Trial(in_order, switch=True).run() is not None
    assert in_order.calls == ["disarm", "read"] * 2

    lacking = Account(Shown(), _after(("ok", "refused")))
    assert Trial(lacking, switch=True).run() is not None
    assert lacking.calls == ["disarm", "read"]


def test_a_bare_position_without_a_plan_is_said_and_ends_it() -> None:
    trial = Trial(Account(Shown(holdings=(holding(),))), cover(stop=None))
    left = trial.run()
    assert left is not None
    assert left.bare == (holding(),)
    assert trial.did(Did.BARE) == ["XBTUSDTM"]


def test_an_exchange_that_is_away_is_asked_for_ever_with_waits_that_grow_and_is_complained_of_once() -> None:
    account = Account(LEFT, lambda: "away")
    trial = Trial(account, *COVERS, stands=40)
    assert trial.run() is None
    assert len(trial.did(Did.AWAY)) == 1
    assert trial.waits[-1] == LONGEST
    assert trial.waits == sorted(trial.waits)


def test_a_refusal_is_told_once_and_tried_again() -> None:
    trial = Trial(Account(Shown(holdings=(holding(),)), _after(("ok", "ok", *["refused", "ok"] * 3))), cover())
    assert trial.run() is not None
    assert trial.did(Did.REFUSED) == ["stop"]
    assert len(trial.did(Did.PROTECTED)) == 1


def test_an_order_nobody_knows_of_is_sent_again_under_its_own_id() -> None:
    account = Account(Shown(holdings=(holding(),)), _after(("ok", "ok", "lost")))
    assert Trial(account, cover()).run() is not None
    assert len(account.sent) == 2
    assert len(set(account.sent)) == 1


def test_who_beats_in_between_is_left_the_rest() -> None:
    account = Account(LEFT)
    assert Trial(account, *COVERS, stands=2).run() is None
    assert len(account.cancelled) + len(account.accepted) == 1


def _after(fates: tuple[str, ...]) -> Callable[[], str]:
    left = iter(fates)
    return lambda: next(left, "ok")


@given(st.integers(0, 10_000), st.booleans(), st.floats(0, 0.8))
def test_under_any_faults_it_ends_right_and_closes_nothing_twice(seed: int, flatten: bool, share: float) -> None:
    random = Random(seed)

    def fate() -> str:
        return random.choice(["lost", "late", "refused", "away"]) if random.random() < share else "ok"

    account = Account(LEFT, fate)
    trial = Trial(account, *COVERS, flatten=flatten)
    left = trial.run()
    assert left is not None
    shown = account.shown
    assert not entries(shown, BOT)
    assert {"web-1", "t-b-3"} <= {each.client_oid for each in shown.orders}
    assert "web-2" in {each.client_oid for each in shown.stops}
    if flatten:
        assert {held.symbol for held in shown.holdings} == {"XRPUSDTM"}
    else:
        assert all(protected(held, shown.stops) for held in shown.holdings if held.symbol != "XRPUSDTM")
    ids = [new.client_oid for new in account.accepted]
    assert len(ids) == len(set(ids))
    per_purpose = [(new.symbol, new.stop) for new in account.accepted]
    assert len(per_purpose) == len(set(per_purpose)), "an order that was only lost sight of was not made anew"
