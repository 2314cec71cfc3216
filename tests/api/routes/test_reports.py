"""The reports: health, what the comparison with the exchange found, and where the time goes."""

from __future__ import annotations

import msgspec

from radtui.core.facts import Envelope, Found
from radtui.core.health_view import ApiView, EndpointView
from radtui.core.recovery_report import RecoveryReport
from tests.api.callers import Caller, Scripted


def test_health_by_both_names(caller: Caller) -> None:
    assert caller.get("/api/health").body["healthy"] is True
    assert caller.get("/api/report/health").body["bot"] == "scripted"


def test_the_latest_recovery_and_every_difference(caller: Caller, scripted: Scripted) -> None:
    found = Found("XBTUSDTM", "3 lots more", "adopted", explanation="fills caught up")
    scripted.facts = [Envelope(sequence=1, bot="scripted", at=1, who="core", fact=found)]
    report = RecoveryReport(began_at=1, ended_at=2, last_run="shut down", fills=2)
    scripted.seen = msgspec.structs.replace(scripted.seen, recovery=report)
    body = caller.get("/api/report/reconcile").body
    assert (body["source"], body["recovered"], body["report"]["fills"]) == ("engine", True, 2)
    assert [each["explanation"] for each in body["differences"]] == ["fills caught up"]


def test_the_slowest_endpoint_is_named_with_what_to_do(caller: Caller, scripted: Scripted) -> None:
    def profile(**figures: float) -> dict[str, object]:
        quick = EndpointView(name="quick", calls=9, failed=0, rate_limited=0, p50=1.0, p99=2.0)
        slow = EndpointView(**{"name": "slow", "calls": 1, "failed": 0, "rate_limited": 0, "p50": 5.0, **figures})  # type: ignore[arg-type]
        scripted.seen = msgspec.structs.replace(scripted.seen, api=ApiView(endpoints=(quick, slow)))
        body: dict[str, object] = caller.get("/api/report/profile").body
        return body

    assert profile(p99=9.0)["slowest"] == "slow"
    assert profile(p99=9.0)["suggestion"] == "nothing is slow"
    assert "nearer" in str(profile(p99=1500.0)["suggestion"])
    assert "fewer symbols" in str(profile(p99=9.0, rate_limited=2)["suggestion"])
    scripted.seen = msgspec.structs.replace(scripted.seen, api=ApiView())
    assert caller.get("/api/report/profile").body["slowest"] == ""
