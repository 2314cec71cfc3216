from decimal import Decimal

from radtui.core.account import AccountReport, PositionReport


def test_what_a_position_realised_is_its_profit_less_fees_and_with_funding() -> None:
    report = PositionReport(
        symbol="XBTUSDTM",
        lots=1,
        entry=Decimal(100),
        mark=Decimal(100),
        margin=Decimal(1),
        maintenance=Decimal(0),
        leverage=1,
        liquidation=Decimal(0),
        unrealised=Decimal(0),
        opened_at=0,
        gross=Decimal(7),
        fees=Decimal(2),
        funding=Decimal("-0.5"),
    )
    assert report.realised == Decimal("4.5")


def test_reserved_is_what_positions_and_orders_hold() -> None:
    account = AccountReport(
        currency="USDT",
        equity=Decimal(10),
        wallet=Decimal(10),
        available=Decimal(3),
        position_margin=Decimal(5),
        order_margin=Decimal(2),
    )
    assert account.reserved == 7
