from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest
from venue_world import COIN, DIME, GEM, fills, live, quiet, reports, send, step

from radtui.core.account import AccountReport, PositionReport
from radtui.core.order import FillKind, MarginMode, PositionSide
from radtui.venue.contracts import CONTRACTS
from radtui.venue.model import SeededMarket
from radtui.venue.modes import PositionMode
from radtui.venue.refusals import VenueRefusal
from radtui.venue.statements import LedgerKind
from radtui.venue.venue import Venue

CALM = [quiet("100")] * 4
TIGHT = msgspec.structs.replace(COIN, risk_limit=Decimal(5000))


def _refused(code: str, act: Callable[[], object], *wheres: Venue) -> VenueRefusal:
    before = [where.pack() for where in wheres]
    with pytest.raises(VenueRefusal) as caught:
        act()
    assert caught.value.code == code
    assert [where.pack() for where in wheres] == before, "a refusal changes nothing"
    return caught.value


def test_modes_change_only_while_nothing_is_there() -> None:
    where = live(*CALM, contracts=(COIN, DIME))
    send(where, "rests", "buy", 1, "95")
    _refused("50002", lambda: where.set_margin_mode(COIN.symbol, MarginMode.CROSS), where)
    _refused("50002", lambda: where.set_position_mode(PositionMode.HEDGE), where)
    where.set_margin_mode(COIN.symbol, MarginMode.ISOLATED)
    where.set_position_mode(PositionMode.ONE_WAY)
    where.set_margin_mode(DIME.symbol, MarginMode.CROSS)
    assert (where.margin_mode(COIN.symbol), where.margin_mode(DIME.symbol)) == (MarginMode.ISOLATED, MarginMode.CROSS)
    where.cancel(COIN.symbol, "rests")
    where.set_position_mode(PositionMode.HEDGE)
    assert where.position_mode is PositionMode.HEDGE
    _refused("100003", lambda: where.set_margin_mode("NONE", MarginMode.CROSS), where)


def test_margin_put_in_moves_the_liquidation_price_away_and_can_be_taken_out_again() -> None:
    where = live(*CALM)
    send(where, "in", "buy", 10)
    before, account = where.positions()[0], where.account()
    report = where.add_margin(COIN.symbol, Decimal(50))
    assert report.margin == before.margin + 50
    assert (report.added, report.leverage, report.initial) == (50, 10, before.initial)
    assert before.liquidation - report.liquidation == 5
    assert where.account().available == account.available - 50
    assert any(isinstance(message, PositionReport) for message in where.drain())
    most = where.max_withdraw_margin(COIN.symbol)
    assert most > 50
    _refused("300003", lambda: where.withdraw_margin(COIN.symbol, most + 1), where)
    where.withdraw_margin(COIN.symbol, most)
    assert where.max_withdraw_margin(COIN.symbol) == 0
    position = where.positions()[0]
    assert position.liquidation < 100
    assert where.everyone == 1000


def test_what_can_not_be_put_in_or_taken_out_is_refused() -> None:
    where = live(*CALM)
    for act in (where.add_margin, where.withdraw_margin):
        _refused("300009", lambda act=act: act(COIN.symbol, Decimal(1)), where)
    send(where, "in", "buy", 10)
    _refused("300003", lambda: where.add_margin(COIN.symbol, Decimal(10_000)), where)
    for amount in ("0", "-1", "NaN", "Infinity"):
        _refused("100001", lambda amount=amount: where.add_margin(COIN.symbol, Decimal(amount)), where)
    assert where.max_withdraw_margin(COIN.symbol, PositionSide.LONG) == 0


def test_an_account_that_was_told_to_tops_a_position_up_instead_of_losing_it() -> None:
    for on in (True, False):
        where = live(quiet("100"), ("100", "100", "90", "95"), slippage="0")
        send(where, "in", "buy", 10)
        where.set_auto_deposit(COIN.symbol, on)
        assert where.auto_deposit(COIN.symbol) is on
        said = step(where, 2)
        liquidated = [fill for fill in fills(said) if fill.kind is FillKind.LIQUIDATION]
        assert len(liquidated) == (not on)
        assert [position.added > 0 for position in where.positions()] == [True] * on
        assert any(isinstance(message, AccountReport) for message in said)
        assert where.everyone == 1000


def test_a_position_larger_than_its_risk_level_takes_is_refused_until_a_higher_one_is_chosen() -> None:
    where = live(*CALM, contracts=(TIGHT,), risk=True, balance="100000")
    send(where, "in", "buy", 40)
    send(where, "rests", "buy", 9, "99")
    _refused("300005", lambda: send(where, "more", "buy", 2, "99"), where)
    send(where, "other", "sell", 80, "101")
    where.drain()
    where.set_risk_level(COIN.symbol, 2)
    assert [reports(where.drain(), "rests")[-1].reason, where.open_orders()] == ["the risk level was changed", []]
    assert where.risk_level(COIN.symbol) == 2
    send(where, "now", "buy", 100, leverage=100)
    _refused("300016", lambda: send(where, "high", "buy", 1, leverage=125), where)


def test_a_risk_level_that_the_position_does_not_fit_is_refused() -> None:
    where = live(*CALM, contracts=(TIGHT,), risk=True, balance="100000")
    _refused("100001", lambda: where.set_risk_level(COIN.symbol, 0), where)
    _refused("100001", lambda: where.set_risk_level(COIN.symbol, 99), where)
    send(where, "in", "buy", 40, leverage=100)
    _refused("200005", lambda: where.set_risk_level(COIN.symbol, 5), where)
    where.set_risk_level(COIN.symbol, 2)
    send(where, "more", "buy", 60, leverage=100)
    _refused("300005", lambda: where.set_risk_level(COIN.symbol, 1), where)


def test_what_could_be_opened_can_be_and_one_lot_more_can_not() -> None:
    where = live(*CALM, contracts=(COIN,))
    buys, sells = where.max_open_lots(COIN.symbol, Decimal(101), 10)
    assert buys == sells
    _refused("300003", lambda: send(where, "more", "buy", buys + 1, "101", leverage=10), where)
    assert send(where, "all", "buy", buys, "101", leverage=10).filled_lots == buys
    _, sells = where.max_open_lots(COIN.symbol, Decimal(100), 10)
    assert sells >= buys, "what closes needs no money"
    _refused("300016", lambda: where.max_open_lots(COIN.symbol, Decimal(100), 126), where)
    _refused("100001", lambda: where.max_open_lots(COIN.symbol, Decimal(0), 10), where)


def test_transfers_move_the_wallet_and_are_noted() -> None:
    where = live(*CALM, contracts=(COIN, GEM))
    where.transfer("GEM", Decimal("2.5"))
    where.transfer("USDT", Decimal(-400))
    assert (where.account("GEM").wallet, where.account().wallet) == (Decimal("12.5"), 600)
    assert (where.everyone_in("GEM"), where.everyone) == (10, 1000)
    (row,) = where.ledger_rows("USDT")
    assert (row.kind, row.amount, row.balance_after) == (LedgerKind.TRANSFER_OUT, -400, 600)
    assert where.ledger_rows("GEM")[0].kind is LedgerKind.TRANSFER_IN
    assert {message.currency for message in where.drain() if isinstance(message, AccountReport)} == {"USDT", "GEM"}
    _refused("300003", lambda: where.transfer("USDT", Decimal(-601)), where)
    for currency, amount in (("DOGE", "1"), ("USDT", "0"), ("USDT", "NaN")):
        _refused("100001", lambda c=currency, a=amount: where.transfer(c, Decimal(a)), where)


def test_currencies_do_not_help_one_another() -> None:
    where = live(*CALM, contracts=(COIN, GEM), balance="0")
    _refused("300003", lambda: send(where, "in", "buy", 1), where)


def test_every_contract_can_be_traded_in_its_own_currency_and_all_money_is_found_again() -> None:
    market = SeededMarket(tuple(CONTRACTS), 7, 0)
    balances = {"XBT": Decimal(1), "ETH": Decimal(20), "USDC": Decimal(5000)}
    where = Venue(market, balance=Decimal(50_000), balances=balances, spans=(), tape=True, risk=True, kept=99)
    for symbol, contract in CONTRACTS.items():
        lots = max(
            1, contract.lots_for(Decimal("0.002") if contract.inverse else Decimal(200), where.prices(symbol).last)
        )
        assert send(where, f"in-{symbol}", "buy", lots, symbol=symbol, leverage=5).filled_lots == lots
    assert len(where.positions()) == len(CONTRACTS)
    step(where, 5)
    for symbol in CONTRACTS:
        send(where, f"out-{symbol}", "sell", symbol=symbol, close_order=True)
    assert where.positions() == []
    for currency, start in {**balances, "USDT": Decimal(50_000)}.items():
        assert where.everyone_in(currency) == start
        account = where.account(currency)
        assert 0 < account.wallet == account.available < start
    assert len(where.closed_positions()) == len(CONTRACTS)
