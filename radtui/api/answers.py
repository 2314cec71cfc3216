"""Answers on the wire: written by msgspec, so that money stays exact, and described to OpenAPI from the same types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.responses import Response

from radtui.api.views import Answer, Refusal

_JSON: Final = "application/json"
_RECEIPT: Final = {"receipt": {"operationId": "receipt", "parameters": {"instruction_id": "$response.body#/id"}}}
"""Where what came of an instruction is found."""
_kinds: Final[dict[type, None]] = {}
"""What the routes answer, as they say so."""
_encode: Final = msgspec.json.Encoder().encode


def reply(value: Any, status: int = 200) -> Response:
    """Return `value` as JSON: amounts as text in plain decimals, moments as whole nanoseconds."""
    return Response(_encode(value), status, media_type=_JSON)


def named_there(place: str, parameter: str, *operations: str) -> dict[str, Any]:
    """Return links of a schema: what an answer has at `place` is the `parameter` of other operations."""
    parameters = {parameter: f"$response.body#{place}"}
    return {operation: {"operationId": operation, "parameters": parameters} for operation in operations}


def described(
    kind: type | None, *refusals: int, links: Mapping[str, Any] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Return what a route answers, for its ``responses``: `kind` with 200 (None: any object), a Refusal with others.

    Args:
        links: where one goes on with what is answered, see `named_there`.
    """
    fine = {"type": "object"} if kind is None else _reference(kind)
    answers: dict[int | str, dict[str, Any]] = {200: _body("What was asked for.", fine)}
    if links:
        answers[200]["links"] = links
    answers |= {status: _body("Why not, and what to do.", _reference(Refusal)) for status in (*refusals, 422, 500)}
    return answers


def told(*refusals: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route that gives an instruction answers."""
    answer = _reference(Answer)
    more = {
        202: _body("Not done yet: ask for the receipt.", answer),
        400: _body(
            "The bot's state does not admit it; or a token stands in the address.",
            {"anyOf": [answer, _reference(Refusal)]},
        ),
        503: _body("The engine has ended.", answer),
    }
    answers = described(Answer, 409, 413, *refusals) | more
    for status in (200, 202):
        answers[status]["links"] = _RECEIPT
    return answers


def kept_out(method: str) -> dict[str, Any]:
    """Return what `Access` answers on every route, before the route is asked."""
    refusal = _reference(Refusal)
    told = {
        "400": "A token stands in the address; or the request says twice where it ends.",
        "401": "No token, or a wrong one.",
        "403": "The token may look, not lead; or a web page asks.",
        "429": "Too many wrong tokens from this address, or too many requests with this one.",
    }
    if method != "get":
        told |= {"413": "The body is too large.", "415": "The body is not JSON."}
    return {status: _body(why, refusal) for status, why in told.items()}


def components() -> dict[str, Any]:
    """Return the schemas of every type that is answered, by name."""
    _, found = msgspec.json.schema_components(_kinds, ref_template="#/components/schemas/{name}")
    return found


def _reference(kind: type) -> dict[str, str]:
    _kinds[kind] = None
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _body(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {_JSON: {"schema": schema}}}
