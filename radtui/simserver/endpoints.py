"""What an endpoint is, and how a request finds its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from radtui.simserver.access import ApiKey, Permission
from radtui.simserver.http import Request
from radtui.simserver.limits import Pool
from radtui.simserver.params import Params
from radtui.simserver.refusals import BAD_MEDIA, NO_SUCH_URL, Refusal

if TYPE_CHECKING:
    from radtui.simserver.floor import Floor

METHODS: Final = ("GET", "POST", "DELETE")


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through its endpoint.

    Attributes:
        params: of path, query and body together; a body that is an array stands under its own name ``items``.
        key: who signed it; None on a public endpoint.
    """

    request: Request
    floor: Floor
    params: Params
    key: ApiKey | None = None

    @property
    def milliseconds(self) -> int:
        """The server's clock as the client sees it, in milliseconds."""
        return self.request.milliseconds


Answer = Callable[[Call], object]
"""Carries a call out and returns the envelope's data, ready for JSON."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the exchange's table.

    Attributes:
        path: a segment in braces is a parameter of that name.
        weight: what a request takes from its pool.
        permission: the key's that it needs; None: public, no key needed.
    """

    method: str
    path: str
    weight: int
    pool: Pool
    permission: Permission | None
    answer: Answer

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts."""
        return tuple(self.path.strip("/").split("/"))


class Routes:
    """Finds endpoints: literal paths before those with parameters."""

    __slots__ = ("_literal", "_patterns")

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._literal: dict[str, dict[str, Endpoint]] = {}
        self._patterns: dict[int, list[Endpoint]] = {}
        for endpoint in endpoints:
            if "{" in endpoint.path:
                self._patterns.setdefault(len(endpoint.segments), []).append(endpoint)
            else:
                self._literal.setdefault(endpoint.path, {})[endpoint.method] = endpoint

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
        """Return the endpoint of a request and the parameters its path holds.

        Raises:
            Refusal: 404000 where the path leads nowhere, 415000 where it takes other methods only.
        """
        known = self._literal.get(path, {})
        if method in known:
            return known[method], {}
        others = bool(known)
        segments = path.strip("/").split("/")
        for endpoint in self._patterns.get(len(segments), ()):
            values = _match(endpoint.segments, segments)
            if values is None:
                continue
            if endpoint.method == method:
                return endpoint, values
            others = True
        raise Refusal(BAD_MEDIA if others else NO_SUCH_URL)


def _match(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, given in zip(pattern, segments, strict=True):
        if expected.startswith("{") and given:
            values[expected[1:-1]] = given
        elif expected != given:
            return None
    return values
