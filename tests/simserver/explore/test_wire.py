"""The network of a world: what has left arrives, whoever died meanwhile; what befalls a request is one thing."""

from __future__ import annotations

import asyncio

import pytest

from radtui.core.market import SECOND
from radtui.resilience.virtual import run_virtual
from radtui.simserver.explore.chances import Chances
from radtui.simserver.explore.kinds import Kind
from radtui.simserver.explore.selection import EVERYTHING, Selection
from radtui.simserver.explore.wire import ExploredFaults, Parcel, Post
from radtui.simserver.http import Request, Response
from radtui.simserver.wirefaults import AnswerPlan

OK = Response(200, b"{}")


class Hands:
    """Implements the hands of a world."""

    def __init__(self) -> None:
        self.arrived: list[str] = []

    def arrive(self, request: Request) -> Response:
        self.arrived.append(request.target)
        return OK

    def turn(self) -> None:
        """Nothing turns here."""


def parcel(due: int, target: str, plan: AnswerPlan | None = None) -> Parcel:
    request = Request(method="POST", target=target)
    return Parcel(due, request, plan or AnswerPlan(), asyncio.get_running_loop().create_future())


def test_parcels_arrive_in_the_order_in_which_they_are_due() -> None:
    hands = Hands()

    async def main() -> None:
        post = Post(hands)
        for due, target in ((3, "late"), (1, "first"), (1, "second"), (9, "never")):
            post.send(parcel(due * SECOND, target))
        post.deliver(3 * SECOND)

    run_virtual(main())
    assert hands.arrived == ["first", "second", "late"]


def test_what_left_arrives_though_nobody_waits_for_the_answer_any_more() -> None:
    hands = Hands()
    post = Post(hands)

    async def life() -> None:
        post.send(parcel(5, "an order"))

    run_virtual(life())
    post.deliver(10)
    assert hands.arrived == ["an order"]


@pytest.mark.parametrize(
    ("plan", "arrives", "answer"),
    [
        (AnswerPlan(), 1, OK),
        (AnswerPlan(times=2), 2, OK),
        (AnswerPlan(times=0, instead=Response(502, b"")), 0, Response(502, b"")),
        (AnswerPlan(instead=Response(502, b"")), 1, Response(502, b"")),
        (AnswerPlan(lost=True), 1, None),
        (AnswerPlan(times=0, lost=True), 0, None),
    ],
)
def test_each_plan_is_carried_out(plan: AnswerPlan, arrives: int, answer: Response | None) -> None:
    hands = Hands()

    async def main() -> Response | None:
        post, sent = Post(hands), parcel(0, "x", plan)
        post.send(sent)
        post.deliver(0)
        return sent.arrived.result() if sent.arrived.done() else None

    assert run_virtual(main()) == answer
    assert len(hands.arrived) == arrives


def test_orders_and_questions_are_struck_each_by_their_own_count() -> None:
    def plans(questions: int) -> list[AnswerPlan]:
        faults = ExploredFaults(Chances(5, EVERYTHING))
        found = []
        for _ in range(100):
            for _ in range(questions):
                faults.plan(changes=False)
            found.append(faults.plan(changes=True))
        return found

    assert plans(0) == plans(7)


@pytest.mark.parametrize(
    "kind", [Kind.LOST, Kind.TWICE, Kind.ERROR_AFTER, Kind.TORN_ANSWER, Kind.LATE, Kind.RATE_LIMIT]
)
def test_a_kind_alone_strikes_alone(kind: Kind) -> None:
    usual, struck = AnswerPlan(), 0
    for seed in range(12):
        faults = ExploredFaults(Chances(seed, Selection(frozenset({kind}))))
        struck += sum(faults.plan(changes=True) != usual for _ in range(100))
    assert struck
