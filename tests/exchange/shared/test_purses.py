"""Each has what it made of its part; what is nobody's stays nobody's; what is missing is seen by all."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.account import Transfer
from radtui.core.market import SECOND
from radtui.exchange.shared.purses import STANDS, Allotment, Purses

BUDGETS = {"alpha": Decimal("0.5"), "beta": Decimal("0.3")}
AMOUNTS = st.decimals(-500, 500, places=6)


class Clock:
    """A clock that is set."""

    at = SECOND

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at


class World:
    """A wallet, and the books of two bots."""

    def __init__(self, before: Allotment | None = None, budgets: dict[str, Decimal] | None = None) -> None:
        self.clock, self.wallet, self.agreed = Clock(), Decimal(10_000), True
        self.parts: dict[str, Decimal] = {}
        self.kept: list[Allotment] = []
        self.budgets = budgets or BUDGETS
        self.purses = Purses(
            self.budgets,
            self.clock,
            part=self.parts.get,
            agreed=lambda: self.agreed,
            before=before,
            keep=self.kept.append,
        )

    def begin(self) -> None:
        """Let each take what it begins with."""
        self.purses.read(self.wallet)
        for name in self.budgets:
            self.parts.setdefault(name, self.purses.of(name))

    def stand(self, seconds: int = 11) -> None:
        """Read, let time pass, and read again."""
        self.purses.read(self.wallet)
        self.clock.at += seconds * SECOND
        self.purses.read(self.wallet)

    def earn(self, name: str, amount: Decimal) -> None:
        """Close something."""
        self.wallet += amount
        self.parts[name] += amount


@given(st.lists(st.tuples(st.sampled_from(list(BUDGETS)), AMOUNTS), max_size=20))
def test_a_bots_result_is_its_own(earned: list[tuple[str, Decimal]]) -> None:
    world = World()
    world.begin()
    assert world.parts == {"alpha": 5000, "beta": 3000}
    world.stand()
    for name, amount in earned:
        world.earn(name, amount)
        world.stand()
        assert {name: world.purses.of(name) for name in BUDGETS} == world.parts
    assert world.kept[-1].rest == 2000


@given(AMOUNTS.filter(bool))
def test_money_that_is_missing_is_seen_by_each_in_its_share_once_it_stands(amount: Decimal) -> None:
    world = World()
    world.begin()
    world.stand()
    world.wallet += amount
    world.purses.read(world.wallet)
    assert world.purses.of("alpha") == 5000, "a message may be on its way"
    world.stand()
    assert world.purses.of("alpha") == 5000 + amount * BUDGETS["alpha"]
    assert world.purses.of("beta") == 3000 + amount * BUDGETS["beta"]
    world.agreed = False
    world.stand()
    assert world.purses.of("beta") == 3000, "where one does not fly, nobody knows whose it is"


@given(AMOUNTS.filter(bool))
def test_a_transfer_is_shared_by_budget_and_leaves_no_riddle(amount: Decimal) -> None:
    world = World()
    world.begin()
    world.stand()
    moved = [Transfer(key="1", currency="USDT", amount=amount, at=1, kind="in")]
    world.wallet += amount
    world.stand()
    for _ in range(2):  # a reading is repeated, and counted once
        for name in BUDGETS:
            (share,) = world.purses.share(name, moved)
            world.parts[name] = (5000 if name == "alpha" else 3000) + share.amount
            world.purses.read(world.wallet)
    world.stand()
    assert {name: world.purses.of(name) for name in BUDGETS} == world.parts
    again = World(before=world.kept[-1])
    again.wallet, again.parts = world.wallet, world.parts
    again.purses._part = again.parts.get
    again.purses.share("alpha", moved)
    again.stand()
    assert {name: again.purses.of(name) for name in BUDGETS} == world.parts


def test_what_went_missing_is_not_forgotten_by_a_restart() -> None:
    world = World()
    world.begin()
    world.stand()
    again = World(before=world.kept[-1])
    again.parts.update(world.parts)
    again.wallet -= 100
    again.stand()
    assert again.purses.of("alpha") == 4950


def test_a_changed_budget_is_a_transfer_that_is_told_once() -> None:
    world = World()
    world.begin()
    world.stand()
    changed = {"alpha": Decimal("0.4"), "beta": Decimal("0.6")}
    again = World(before=world.kept[-1], budgets=changed)
    again.parts.update(world.parts)
    again.purses.read(again.wallet)
    for name, amount in {"alpha": -1000, "beta": 3000}.items():
        (grant,) = again.purses.share(name, [])
        assert (grant.amount, grant.key) == (Decimal(amount), "budget 1")
        again.parts[name] += grant.amount
    again.stand()
    assert {name: again.purses.of(name) for name in BUDGETS} == {"alpha": 4000, "beta": 6000}
    assert again.kept[-1].revision == 1
    third = World(before=again.kept[-1], budgets=changed)
    third.parts.update(again.parts)
    third.stand()
    assert not third.purses.share("alpha", [])
    assert third.purses.of("beta") == 6000


def test_a_bot_that_comes_later_begins_with_nothing_of_the_others() -> None:
    world = World(budgets={"alpha": Decimal("0.9")})
    world.begin()
    world.earn("alpha", Decimal(500))
    world.stand()
    later = World(before=world.kept[-1], budgets={"alpha": Decimal("0.5"), "beta": Decimal("0.5")})
    later.wallet = Decimal(10_500)
    later.parts["alpha"] = Decimal(9_500)
    later.purses.read(later.wallet)
    assert later.purses.of("beta") == 1_000


def test_what_a_bot_takes_is_no_money_that_went_missing() -> None:
    world = World()
    world.begin()
    world.stand()
    grown = World(before=world.kept[-1], budgets={**BUDGETS, "gamma": Decimal("0.2")})
    grown.parts.update(world.parts)
    grown.begin()
    assert grown.parts["gamma"] == 2000
    grown.stand()
    assert {name: grown.purses.of(name) for name in grown.budgets} == grown.parts
    assert STANDS == 10 * SECOND


def test_what_a_bot_counts_late_explains_what_stood() -> None:
    world = World()
    world.begin()
    world.stand()
    world.wallet -= 50
    world.stand()
    assert world.purses.of("beta") == 2985
    world.parts["alpha"] -= 50
    assert world.purses.counted()
    assert world.purses.of("beta") == 3000
    world.stand()
    assert world.purses.of("beta") == 3000
    assert not world.purses.counted()
