"""What the one line does is in every bot's figures."""

from __future__ import annotations

from radtui.exchange.shared.tee import Tee
from radtui.health.calls import CallLog


def test_each_is_told_of_everything() -> None:
    logs = [CallLog(), CallLog()]
    tee = Tee({"alpha": logs[0], "beta": CallLog()})
    tee.tell("beta", logs[1])
    tee.call("orders.place", 5, 1_000_000)
    tee.call("orders.place", 6, 1_000_000, "rate limited")
    tee.topic("XBTUSDTM", 7)
    tee.reconnect(8, "it was lost")
    for view in (log.view(9) for log in logs):
        assert (view.total, view.failed, view.rate_limited, view.reconnects) == (2, 1, 1, 1)
