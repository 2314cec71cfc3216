from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import DAY, MINUTE, SECOND
from radtui.core.money import ZERO
from radtui.core.purse import Purse
from tests.core.makers import NOW, account

CENTS = st.integers(-10_000, 10_000).map(lambda cents: Decimal(cents) / 100)
EQUITIES = st.lists(st.integers(1, 100_000).map(Decimal), min_size=1, max_size=30)


def purse(wallet: int = 10_000) -> Purse:
    made = Purse()
    made.read(account(wallet), NOW)
    return made


@given(st.lists(st.tuples(CENTS, CENTS, CENTS), max_size=15))
def test_the_identity_is_nothing_while_the_wallet_moves_as_our_sums_do(moves: list[tuple[Decimal, ...]]) -> None:
    ours, wallet = purse(), Decimal(10_000)
    for realised, fee, funding in moves:
        ours.filled(realised, fee)
        ours.sums.funding += funding
        wallet += realised - fee + funding
    ours.read(account(wallet), NOW)
    assert ours.identity() == ZERO
    ours.read(account(wallet + Decimal("1e-12")), NOW)
    assert ours.identity() == Decimal("1e-12")


@given(EQUITIES)
def test_drawdown_is_measured_from_the_highest_so_far_and_the_deepest_stays(equities: list[Decimal]) -> None:
    ours = purse(1)
    peak, trough = Decimal(1), 0.0
    for number, equity in enumerate(equities):
        ours.observe(equity, NOW + number * SECOND)
        peak = max(peak, equity)
        expected = float((equity - peak) / peak * 100)
        assert abs(ours.drawdown(equity) - expected) < 1e-9
        assert ours.drawdown(equity) <= 0
        trough = min(trough, expected)
    assert abs(ours.sums.trough_pct - trough) < 1e-9
    assert ours.sums.peak == peak


@given(st.lists(CENTS, max_size=20))
def test_wins_losses_gains_and_pains_add_up(nets: list[Decimal]) -> None:
    ours = purse()
    for net in nets:
        ours.ended(net)
    sums = ours.sums
    assert sums.closed == sums.wins + sums.losses + sums.break_even == len(nets)
    assert sums.gains - sums.pains == sum(nets, ZERO)
    assert min(sums.gains, sums.pains) >= 0


def test_an_equity_above_the_highest_noted_is_no_drawdown() -> None:
    assert purse(10_000).drawdown(Decimal(10_100)) == 0.0


def test_before_the_account_was_read_there_are_no_figures() -> None:
    assert Purse().equity(ZERO) is None
    assert Purse().identity() is None
    assert Purse().drawdown(Decimal(5)) == 0.0


def test_the_first_reading_is_the_start_and_stays_it() -> None:
    ours = purse(10_000)
    ours.read(account(9_000), NOW + SECOND)
    assert (ours.sums.start, ours.read_at) == (Decimal(10_000), NOW + SECOND)
    assert ours.equity(Decimal(-5)) == Decimal(8_995)


def test_how_long_the_sums_are_off() -> None:
    ours = purse()
    ours.filled(None, Decimal(1))
    ours.check(NOW)
    ours.check(NOW + SECOND)
    assert ours.off_for(NOW + 4 * SECOND) == 4 * SECOND
    ours.read(account(9_999), NOW + 4 * SECOND)
    ours.check(NOW + 4 * SECOND)
    assert ours.off_for(NOW + 5 * SECOND) == 0


def test_the_loss_of_a_day_begins_anew_with_the_day() -> None:
    ours, morning = purse(), NOW // DAY * DAY
    ours.observe(Decimal(10_000), morning)
    ours.observe(Decimal(9_000), morning + DAY - 1)
    assert (ours.sums.day, ours.sums.day_start) == (morning // DAY, Decimal(10_000))
    ours.observe(Decimal(9_000), morning + DAY)
    assert (ours.sums.day, ours.sums.day_start) == (morning // DAY + 1, Decimal(9_000))


def test_the_curve_has_a_point_every_five_minutes_of_the_market() -> None:
    ours = purse()
    for second in range(0, 1201, 10):
        ours.observe(Decimal(10_000 + second), NOW + second * SECOND)
    assert [point.at - NOW for point in ours.curve] == [5 * MINUTE * n for n in range(5)]


@given(st.integers(0, 10 * SECOND))
def test_the_sums_are_sound_while_they_agree_and_again_once_they_differ_for_good(waited: int) -> None:
    ours = purse()
    ours.check(NOW)
    assert ours.sound(NOW)
    ours.filled(None, Decimal(1))
    ours.check(NOW)
    assert ours.sound(NOW + waited) == (waited > 3 * SECOND)
    ours.read(account(9_999), NOW)
    ours.check(NOW)
    assert ours.sound(NOW + waited)
