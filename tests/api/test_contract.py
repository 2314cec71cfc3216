"""What the schema declares is what is answered: schemathesis asks a flying engine for everything, right and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition
from hypothesis.stateful import rule
from schemathesis.checks import CHECKS, CheckContext, load_all_checks
from schemathesis.core.transport import Response
from schemathesis.schemas import BaseSchema

from radtui.api.access import READS
from radtui.api.models import LONGEST_WAIT
from radtui.core.instruction import Ask, ExitPolicy
from radtui.engine.host import EngineHost
from tests.api.callers import Scripted
from tests.api.outside import HOST, LEADS, LOOKS, TcpCaller, opened
from tests.engine.flights import Turner
from tests.engine.hosts import hosted, soon

load_all_checks()
_NAMES: Final = (
    "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "negative_data_rejection", "ignored_auth",
)  # fmt: skip
_AUTH = {"Authorization": f"Bearer {LEADS}"}
_UNHURRIED: Final[dict[str, Any]] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "database": None,
}
Case = schemathesis.Case[Any]
schema = schemathesis.pytest.from_fixture("contract")
corners = schemathesis.pytest.from_fixture("cornered")
_NO_CORNERS: Final = {"phases": {"coverage": {"enabled": False}}}
"""Leaves out the two thousand corner cases that follow from the schema alone, the same each time."""


@pytest.fixture(scope="module")
def flown() -> Iterator[EngineHost]:
    host = hosted(Turner)
    host.start()
    yield host
    host.settle(who="test")


@pytest.fixture(scope="module")
def where(flown: EngineHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    door = opened(flown.handle, Path(tmp_path_factory.mktemp("run")) / "a.sock")
    soon(lambda: flown.handle.snapshot().market_at)
    flown.handle.send(Ask.START, who="test")
    yield f"http://{HOST}:{door.port}/openapi.json"
    door.close()


@pytest.fixture(scope="module")
def contract(where: str) -> BaseSchema:
    quick = schemathesis.Config.from_dict(_NO_CORNERS)
    return schemathesis.openapi.from_url(where, headers=_AUTH, config=quick)


@pytest.fixture(scope="module")
def cornered(where: str) -> BaseSchema:
    return schemathesis.openapi.from_url(where, headers=_AUTH)


def no_fault(_ctx: CheckContext, response: Response, _case: Case) -> None:
    """A 503 has its reason and is declared; nothing else of ours may break, whatever is sent."""
    assert response.status_code not in {500, 502, 504}, response.text


_CHECKS: Final[list[Any]] = [no_fault, *CHECKS.get_by_names(list(_NAMES))]
_SHAPES: Final[list[Any]] = [no_fault, *CHECKS.get_by_names(list(_NAMES[:4]))]


def ask(case: Case) -> None:
    """Ask, and compare the answer with what is declared."""
    _hurry(case)
    case.call_and_validate(headers=_AUTH, checks=_CHECKS)


def _hurry(case: Case) -> None:
    """Wait for no receipt, unless what is asked for cannot be right anyway."""
    wait = case.query.get("wait") if case.query else None
    if wait is not None and str(wait).replace(".", "", 1).isdecimal() and float(str(wait)) <= LONGEST_WAIT:
        case.query["wait"] = 0


@schema.exclude(path="/api/bot/shutdown").parametrize()
@settings(max_examples=4, **_UNHURRIED)
def test_every_answer_is_declared(case: Case) -> None:
    ask(case)


@pytest.mark.long
@pytest.mark.timeout(1800)
@corners.exclude(path="/api/bot/shutdown").parametrize()
@settings(max_examples=300, **_UNHURRIED)
def test_every_answer_is_declared_whatever_is_asked(case: Case) -> None:
    ask(case)


def test_what_one_answer_names_the_next_request_finds(contract: BaseSchema) -> None:
    _follow(contract, times=1, steps=6)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_what_answers_name_is_found_for_long(contract: BaseSchema) -> None:
    _follow(contract, times=40, steps=20)


@contextmanager
def _kept(wrong: list[Exception]) -> Iterator[None]:
    try:
        yield
    except Exception as failure:
        wrong.append(failure)
        raise


def _follow(contract: BaseSchema, *, times: int, steps: int) -> None:
    """Walk along the links between routes: instructions to their receipts, lists to what is in them.

    What has no link is looked at on the way, so that every route is asked in every state that a walk comes to. An
    engine goes on while it is walked through: a walk that cannot be repeated is no fault, an answer is.
    """
    wrong: list[Exception] = []
    schema = contract.exclude(path="/api/bot/shutdown")
    walk = schema.as_state_machine()
    linked = {label for label, ways in walk._transitions.operations.items() if ways.incoming or ways.outgoing}
    found = {operation.ok().label: operation.ok() for operation in schema.get_all_operations()}
    alone = {label: operation for label, operation in found.items() if label not in linked}
    assert {label.split()[0] for label in alone} == {"GET", "POST"}
    looking = READS - {"/api/config/validate"}
    assert {label for label in alone if label.startswith("POST")} == {f"POST {path}" for path in looking}

    class Walk(walk):  # type: ignore[misc, valid-type]
        @rule(label=st.sampled_from(sorted(alone)), data=st.data())
        def look(self, label: str, data: st.DataObject) -> None:
            case = data.draw(alone[label].as_strategy())
            with _kept(wrong):
                ask(case)

        def before_call(self, case: Case) -> None:
            _hurry(case)

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": _AUTH}

        def validate_response(self, response: Response, case: Case, **_: Any) -> None:
            with _kept(wrong):
                case.validate_response(response, checks=_CHECKS)

    for _ in range(times):
        with suppress(FlakyStrategyDefinition):
            Walk.run(settings=settings(max_examples=4, stateful_step_count=steps, **_UNHURRIED))
        assert not wrong


def test_a_shutdown_answers_as_declared(scripted: Scripted, tmp_path: Path) -> None:
    door = opened(scripted, tmp_path / "a.sock")
    try:
        there = schemathesis.openapi.from_url(f"http://{HOST}:{door.port}/openapi.json", headers=_AUTH)
        for body in ({}, {"exits": "flatten"}, {"exits": "never"}, {"exits": None, "x": 1}):
            case = there["/api/bot/shutdown"]["POST"].Case(body=body, media_type="application/json", query={"wait": 0})
            case.validate_response(case.call(headers=_AUTH), checks=_SHAPES)
    finally:
        door.close()
    assert [each.exits for each in scripted.heard] == [None, ExitPolicy.FLATTEN]


def test_ten_at_a_time_are_answered_each_with_its_own(flown: EngineHost, tmp_path: Path) -> None:
    door = opened(flown.handle, tmp_path / "b.sock")
    caller = TcpCaller(door.port or 0)

    def mixed(number: int) -> None:
        told = caller.post("/api/bot/pause?wait=0", {"why": f"w{number}"}, Idempotency_Key=f"k{number}")
        assert told.status in {200, 202, 400}
        seen = TcpCaller(door.port or 0, LOOKS)
        for path in ("status", "health", "orders", "positions", "config", "report/health", "monitoring/requests"):
            assert seen.get(f"/api/{path}").status == 200
        assert seen.get("/api/why/NIX").status == 404
        assert caller.get(f"/api/receipts/{told.body['id']}?wait=5").body["id"] == told.body["id"]
        again = caller.post("/api/bot/pause?wait=5", {"why": f"w{number}"}, Idempotency_Key=f"k{number}")
        assert (again.body["id"], again.body["receipt"]["id"]) == (told.body["id"], told.body["id"])

    try:
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(mixed, range(10)))
    finally:
        door.close()
