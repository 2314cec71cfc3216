"""The overview of an account."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.account import AccountReport, PositionReport
from radtui.simserver.render.account import overview

ZERO = Decimal(0)


def test_all_figures_are_numbers() -> None:
    report = AccountReport(currency="USDT", equity=Decimal("10.5"), wallet=Decimal(10), available=Decimal(8))
    shown = overview(report, [])
    assert {name for name, value in shown.items() if not isinstance(value, Decimal)} == {"currency"}
    assert (shown["riskRatio"], shown["maxWithdrawAmount"]) == (0, 8)


def test_the_risk_ratio_is_maintenance_over_equity() -> None:
    report = AccountReport(currency="USDT", equity=Decimal(100), wallet=Decimal(100), available=Decimal(-3))
    position = PositionReport(
        symbol="XBTUSDTM",
        lots=1,
        entry=ZERO,
        mark=ZERO,
        margin=ZERO,
        maintenance=Decimal(7),
        leverage=1,
        liquidation=ZERO,
        unrealised=ZERO,
        opened_at=0,
    )
    shown = overview(report, [position, position])
    assert shown["riskRatio"] == Decimal("0.14")
    assert shown["maxWithdrawAmount"] == 0
