import pytest

from radtui.exchange.kucoin.rest.endpoints import ENDPOINTS, Endpoint, Pool


def test_every_endpoint_stands_once() -> None:
    assert len(ENDPOINTS) > 55
    assert len({found.name for found in ENDPOINTS}) == len(ENDPOINTS)
    assert len({(found.method, found.path, found.gives_way) for found in ENDPOINTS}) == len(ENDPOINTS)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda found: found.name)
def test_an_endpoint_is_consistent(endpoint: Endpoint[object]) -> None:
    assert endpoint.path.startswith("/api/")
    assert 1 <= endpoint.weight <= 30
    assert endpoint.method in {"GET", "POST", "DELETE"}
    assert endpoint.private or endpoint.pool is Pool.PUBLIC
    if endpoint.method == "GET":
        assert not endpoint.changes
    if endpoint.method == "DELETE":
        assert endpoint.changes
        assert endpoint.essential
    if not endpoint.repeatable:
        assert endpoint.changes


def test_what_places_orders_is_never_repeated_and_the_costly_cancel_is_not_there() -> None:
    placing = {found.path for found in ENDPOINTS if not found.repeatable}
    assert placing == {"/api/v1/orders", "/api/v1/st-orders", "/api/v1/orders/multi"}
    assert not [found for found in ENDPOINTS if found.method == "DELETE" and found.path == "/api/v1/orders"]


def test_what_only_looks_like_a_change_is_none() -> None:
    free = {found.path for found in ENDPOINTS if found.method == "POST" and not found.changes}
    assert free == {"/api/v1/bullet-public", "/api/v1/bullet-private", "/api/v1/orders/test"}
