"""The feed's tickets: each from a request of its own, in seconds; without a server it is asked again."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from scripted_exchange import NOW, Refusing, ScriptedExchange

from radtui.exchange.kucoin.feed.session import Ticket
from radtui.exchange.kucoin.feed_over import Tickets
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import ExchangeFailure, Transient
from radtui.resilience.virtual import run_virtual

PUBLIC = "/api/v1/bullet-public"
BULLET: dict[str, Any] = {
    "token": "t0ken",
    "instanceServers": [
        {"endpoint": "wss://first/", "pingInterval": 18_000, "pingTimeout": 10_000},
        {"endpoint": "wss://second/", "pingInterval": 1, "pingTimeout": 1},
    ],
}


def tickets(answer: Any, times: int = 1) -> tuple[list[Ticket], int]:
    """Return so many tickets, and how many requests they took."""

    async def ask() -> tuple[list[Ticket], int]:
        clock, there = LoopClock(asyncio.get_running_loop(), NOW * 1_000_000), ScriptedExchange({PUBLIC: answer})
        asked = Tickets(there.rest(clock))
        return [await asked.ticket(False) for _ in range(times)], len(there.asked)

    return run_virtual(ask())


def test_a_ticket_names_the_first_server_and_its_times_in_seconds() -> None:
    (ticket,), _ = tickets(BULLET)
    assert ticket == Ticket(endpoint="wss://first/", token="t0ken", ping_interval=18.0, ping_timeout=10.0)


def test_a_token_is_never_used_twice() -> None:
    found, requests = tickets(BULLET, times=3)
    assert (len(found), requests) == (3, 3)


def test_an_exchange_without_a_server_for_it_is_asked_again() -> None:
    with pytest.raises(Transient, match="names no server"):
        tickets({**BULLET, "instanceServers": []})


def test_a_refusal_is_told_as_it_is() -> None:
    with pytest.raises(ExchangeFailure):
        tickets(Refusing("500000", status=500))
