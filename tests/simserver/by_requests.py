"""A transport adapter for clients on `requests`: their request goes to the server's handler, no socket in between."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import requests
from server_world import World

from radtui.simserver.http import Request


class Loopback(requests.adapters.BaseAdapter):
    """Hands a request to the server's handler and its answer back."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        """Carry a request out."""
        parts = urlsplit(request.url or "")
        body = request.body or b""
        answer = self.world.server.handle(
            Request(
                method=request.method or "",
                target=parts.path + (f"?{parts.query}" if parts.query else ""),
                headers={
                    name.lower(): value.decode() if isinstance(value, bytes) else value
                    for name, value in request.headers.items()
                },
                body=body.encode() if isinstance(body, str) else bytes(body) if isinstance(body, bytes) else b"",
                at=self.world.clock,
            )
        )
        response = requests.Response()
        response.status_code = answer.status
        response.headers = requests.structures.CaseInsensitiveDict(answer.headers)
        response.raw = io.BytesIO(answer.body)
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        """Nothing to close."""
