"""The bullets."""

from __future__ import annotations

from server_world import START, World

from radtui.simserver.http import Request


def test_a_public_token_needs_no_key_and_opens_no_private_topics() -> None:
    world = World()
    world.floor.endpoint = "ws://127.0.0.1:1234/"
    response = world.server.handle(Request(method="POST", target="/api/v1/bullet-public", at=START))
    assert response.status == 200
    data = world.ask("POST", "/api/v1/bullet-public")
    assert data["instanceServers"][0]["endpoint"] == "ws://127.0.0.1:1234/"
    grant = world.floor.tokens.grant(data["token"])
    assert grant is not None
    assert not grant.private


def test_a_private_token_is_signed_for() -> None:
    world = World()
    grant = world.floor.tokens.grant(world.ask("POST", "/api/v1/bullet-private")["token"])
    assert grant is not None
    assert grant.private
    response = world.server.handle(Request(method="POST", target="/api/v1/bullet-private", at=START))
    assert response.status == 401


def test_no_token_is_given_twice() -> None:
    world = World()
    assert len({world.ask("POST", "/api/v1/bullet-public")["token"] for _ in range(5)}) == 5
