"""The account's money as the REST endpoints show it."""

from __future__ import annotations

from radtui.core.account import AccountReport, PositionReport
from radtui.core.money import ZERO, ratio
from radtui.simserver.render.figures import number, rounded


def overview(report: AccountReport, positions: list[PositionReport]) -> dict[str, object]:
    """Return `GET /account-overview` of one currency.

    ``accountEquity = marginBalance + unrealisedPNL`` and ``marginBalance = positionMargin + orderMargin +
    frozenFunds + availableBalance - unrealisedPNL`` where the venue's own figures allow it.
    """
    needed = sum((position.maintenance for position in positions), ZERO)
    return {
        "accountEquity": number(report.equity),
        "unrealisedPNL": number(report.unrealised),
        "marginBalance": number(report.wallet),
        "positionMargin": number(report.position_margin),
        "orderMargin": number(report.order_margin),
        "frozenFunds": ZERO,
        "availableBalance": number(report.available),
        "currency": report.currency,
        "riskRatio": rounded(ratio(needed, report.equity), 10),
        "maxWithdrawAmount": number(max(ZERO, min(report.available, report.wallet))),
        "availableMargin": number(report.available),
    }
