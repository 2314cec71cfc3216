"""Answers on the wire: written by msgspec, so that money stays exact, and described to OpenAPI from the same types."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from starlette.responses import Response

from radtui.api.views import Answer, Breakers, Orders, Overview, Positions, Profile, Reconciliation, Refusal
from radtui.core.instruction import Receipt
from radtui.core.snapshot import MoneyView, OrderView, StatusView, WhyView

_JSON: Final = "application/json"
_TYPES: Final = (
    Answer,
    Breakers,
    MoneyView,
    Orders,
    OrderView,
    Overview,
    Positions,
    Profile,
    Receipt,
    Reconciliation,
    Refusal,
    StatusView,
    WhyView,
)
_encode: Final = msgspec.json.Encoder().encode


def reply(value: Any, status: int = 200) -> Response:
    """Return `value` as JSON: amounts as text in plain decimals, moments as whole nanoseconds."""
    return Response(_encode(value), status, media_type=_JSON)


def described(kind: type | None, *refusals: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route answers, for its ``responses``: `kind` with 200 (None: any object), a Refusal with others."""
    fine = {"type": "object"} if kind is None else _reference(kind)
    answers: dict[int | str, dict[str, Any]] = {200: _body("What was asked for.", fine)}
    answers |= {status: _body("Why not, and what to do.", _reference(Refusal)) for status in (*refusals, 422, 500)}
    return answers


def told(*refusals: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route that gives an instruction answers."""
    answer = _reference(Answer)
    more = {
        202: _body("Not done yet: ask for the receipt.", answer),
        400: _body("The bot's state does not admit it.", answer),
        503: _body("The engine has ended.", answer),
    }
    return described(Answer, 409, 413, *refusals) | more


def components() -> dict[str, Any]:
    """Return the schemas of every type that is answered, by name."""
    _, found = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    return found


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _body(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {_JSON: {"schema": schema}}}
