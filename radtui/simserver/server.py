"""The REST side whole: one request in, one response out. Pure but for the floor it moves and the pools it spends."""

from __future__ import annotations

from collections.abc import Mapping

from radtui.simserver.access import Access, ApiKey
from radtui.simserver.endpoints import Call, Endpoint, Routes
from radtui.simserver.floor import Floor
from radtui.simserver.http import Json, NotJson, Request, Response, read_json, write_json
from radtui.simserver.limits import Budget, Limits, OverLimit, Pool
from radtui.simserver.params import Params
from radtui.simserver.refusals import BAD_MEDIA, BAD_REQUEST, Refusal, from_venue
from radtui.simserver.routes import ENDPOINTS
from radtui.venue.refusals import VenueRefusal

_JSON = "application/json"


class Server:
    """Answers requests as KuCoin Futures does.

    Args:
        floor: the venue and everything that stands round it.
        access: whose keys are known.
        limits: the rate pools.
    """

    def __init__(self, floor: Floor, access: Access, limits: Limits) -> None:
        self.floor, self.access, self.limits = floor, access, limits
        self._routes = Routes(ENDPOINTS)

    def handle(self, request: Request) -> Response:
        """Return the answer to any request whatever; a refusal is an answer too."""
        budget: Budget | None = None
        try:
            endpoint, path_values = self._routes.find(request.method, request.path)
            budget = self._spend_public(endpoint, request)
            key = self._admit(endpoint, request)
            budget = self._spend(endpoint, key, request) or budget
            values = _values(endpoint, path_values, request)
            self.floor.move()
            data = endpoint.answer(Call(request, self.floor, values, key))
        except OverLimit as refusal:
            return _refuse(refusal, refusal.budget)
        except Refusal as refusal:
            return _refuse(refusal, budget)
        except VenueRefusal as refusal:
            return _refuse(from_venue(refusal), budget)
        return _respond(200, {"code": "200000", "data": data}, budget)

    def _admit(self, endpoint: Endpoint, request: Request) -> ApiKey | None:
        return None if endpoint.permission is None else self.access.check(request, endpoint.permission)

    def _spend_public(self, endpoint: Endpoint, request: Request) -> Budget | None:
        if endpoint.permission is not None:
            return None
        return self.limits.spend(Pool.PUBLIC, request.address, endpoint.weight, request.at)

    def _spend(self, endpoint: Endpoint, key: ApiKey | None, request: Request) -> Budget | None:
        if key is None:
            return None
        return self.limits.spend(endpoint.pool, self.floor.user_id, endpoint.weight, request.at)


def _values(endpoint: Endpoint, path_values: Mapping[str, str], request: Request) -> Params:
    """Return the parameters of path, query and body.

    Raises:
        Refusal: 415000 for a body that does not say it is JSON, 400100 for one that is not.
    """
    values: dict[str, Json] = dict(request.query)
    if request.body and endpoint.method != "GET":
        values.update(_body(request))
    values.update(path_values)
    return Params(values)


def _body(request: Request) -> dict[str, Json]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise Refusal(BAD_MEDIA)
    try:
        body = read_json(request.body)
    except NotJson as error:
        raise Refusal(BAD_REQUEST, "the body is not JSON") from error
    if isinstance(body, dict):
        return body
    return {"items": body}


def _refuse(refusal: Refusal, budget: Budget | None) -> Response:
    return _respond(refusal.status, {"code": refusal.code, "msg": refusal.message}, budget)


def _respond(status: int, document: Mapping[str, object], budget: Budget | None) -> Response:
    headers = {"content-type": f"{_JSON};charset=UTF-8"}
    if budget is not None:
        headers |= budget.headers
    return Response(status, write_json(document), headers)
