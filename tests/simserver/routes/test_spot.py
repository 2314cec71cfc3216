"""The spot host's few paths."""

from __future__ import annotations

from server_world import World


def test_clients_that_load_their_markets_find_what_they_ask_for() -> None:
    world = World()
    assert {one["currency"] for one in world.ask("GET", "/api/v3/currencies")} >= {"BTC", "ETH", "XRP", "USDT"}
    assert world.ask("GET", "/api/v3/margin/symbols")["items"] == []
    assert world.ask("GET", "/api/v1/isolated/symbols") == []
    assert world.ask("GET", "/api/v1/hf/accounts/opened") is False
