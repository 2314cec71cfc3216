"""Answers by what is asked, for readers that ask several things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from radtui.exchange.kucoin.rest.transport import Request, Response
from tests.exchange.kucoin.memory import Answer, Memory, World, fly, no, ok

T = TypeVar("T")


class Script:
    """A table of answers by method and path; a function is called with the query, and its data is a success."""

    def __init__(self, **table: Any) -> None:
        self.table: dict[str, Any] = {}
        self.asked: list[str] = []
        self.say(**table)

    def say(self, **table: Any) -> None:
        """Add answers: the name ``GET__api_v1_orders`` stands for ``GET /api/v1/orders``."""
        self.table.update({name.replace("__", " /", 1).replace("_", "/"): answer for name, answer in table.items()})

    def on(self, what: str, answer: Any) -> None:
        """Add one answer by method and path."""
        self.table[what] = answer

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.target)
        self.asked.append(f"{request.method} {request.target}")
        answer = self.table.get(f"{request.method} {parts.path}")
        if answer is None:
            return no("404000", f"nobody answers {request.method} {parts.path}", 404)
        if callable(answer):
            answer = answer(dict(parse_qsl(parts.query)))
        return answer if isinstance(answer, Response | Exception) else ok(answer)

    def live(self, story: Callable[[World], Awaitable[T]]) -> T:
        """Live a story before it, in virtual time."""
        return fly(Memory(self), story)

    def count(self, what: str) -> int:
        """Return how often a method and path were asked."""
        return sum(asked.partition("?")[0] == what for asked in self.asked)


def page(*items: Any, number: int = 1, of: int = 1) -> dict[str, Any]:
    """Return one page of a list."""
    return {"currentPage": number, "pageSize": len(items), "totalNum": 0, "totalPage": of, "items": list(items)}


def order(order_id: str, client_id: str | None, **told: Any) -> dict[str, Any]:
    """Return an order as the exchange lists it."""
    return {
        "id": order_id, "clientOid": client_id, "symbol": "XBTUSDTM", "side": "buy", "type": "limit", "price": "10",
        "size": 5, "filledSize": 0, "status": "open", "isActive": True, "createdAt": 1, "updatedAt": 1, **told,
    }  # fmt: skip


def fill(trade_id: int, order_id: str, at: int, **told: Any) -> dict[str, Any]:
    """Return a fill as the exchange lists it; `at` in nanoseconds."""
    return {
        "symbol": "XBTUSDTM", "tradeId": str(trade_id), "orderId": order_id, "side": "buy", "liquidity": "taker",
        "price": "10", "size": 1, "fee": "0.006", "tradeTime": at, "createdAt": at // 1_000_000, **told,
    }  # fmt: skip
