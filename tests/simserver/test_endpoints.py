"""Finding the endpoint of a request."""

from __future__ import annotations

import pytest

from radtui.simserver.endpoints import Endpoint, Routes
from radtui.simserver.limits import Pool
from radtui.simserver.refusals import Refusal


def row(method: str, path: str) -> Endpoint:
    return Endpoint(method, path, 1, Pool.PUBLIC, None, lambda _: path)


ROUTES = Routes([row("GET", "/a/{id}"), row("GET", "/a/known"), row("DELETE", "/a/{id}"), row("GET", "/a/{id}/b")])


@pytest.mark.parametrize(
    ("method", "path", "found", "values"),
    [
        ("GET", "/a/known", "/a/known", {}),
        ("GET", "/a/other", "/a/{id}", {"id": "other"}),
        ("DELETE", "/a/known", "/a/{id}", {"id": "known"}),
        ("GET", "/a/x/b", "/a/{id}/b", {"id": "x"}),
    ],
)
def test_literal_paths_come_before_those_with_parameters(
    method: str, path: str, found: str, values: dict[str, str]
) -> None:
    endpoint, given = ROUTES.find(method, path)
    assert (endpoint.path, endpoint.method, given) == (found, method, values)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("GET", "/", "404000"), ("GET", "/a/", "404000"), ("GET", "/a/x/c", "404000"), ("POST", "/a/x", "415000")],
)
def test_what_leads_nowhere(method: str, path: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        ROUTES.find(method, path)
