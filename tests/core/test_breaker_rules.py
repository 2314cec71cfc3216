from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.breaker_rules import DailyLoss, Drawdown, Figures, Kept, LosingStreak, OrderRate, Rule
from radtui.core.market import DAY, HOUR, MINUTE, SECOND

MORNING = 20_000 * DAY
START = Decimal(10_000)
RULES: list[Rule] = [DailyLoss(Decimal("0.1")), Drawdown(Decimal("0.05")), LosingStreak(3, HOUR), OrderRate(10)]
EQUITIES = st.decimals(1, 1_000_000, places=2)


def figures(equity: Decimal | int | str = START, at: int = MORNING, **changed: Decimal | int) -> Figures:
    told: dict[str, Decimal | int] = {"peak": START, "day": at // DAY, "day_start": START, **changed}
    return Figures(at=at, equity=Decimal(equity), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("equity", ["9000.01", "9000", "8999.99", "11000"])
def test_the_days_loss_is_a_share_of_what_the_day_began_with(equity: str) -> None:
    lost = RULES[0].measure(Kept(), figures(equity))
    assert lost is not None
    assert (lost >= RULES[0].limit) == (Decimal(equity) <= 9000)
    assert lost >= 0


def test_before_the_new_day_has_its_base_its_loss_is_not_known() -> None:
    assert RULES[0].measure(Kept(), figures(5000, MORNING + DAY, day=MORNING // DAY)) is None
    assert not RULES[0].over(Kept(), figures(5000, MORNING + DAY, day=MORNING // DAY), MORNING)


@pytest.mark.parametrize("since", [MORNING, MORNING + DAY - 1])
def test_the_days_loss_is_over_with_the_market_day(since: int) -> None:
    kept, rule = Kept(), RULES[0]
    assert rule.resets_at(kept, since) == MORNING + DAY
    assert not rule.over(kept, figures(at=MORNING + DAY - 1), since)
    assert rule.over(kept, figures(at=MORNING + DAY), since)
    assert not rule.over(kept, figures(at=MORNING - 1), since), "the clock went back: not the next day"


def test_a_renewed_day_counts_from_the_equity_of_that_moment_until_it_ends() -> None:
    kept, rule = Kept(), RULES[0]
    assert rule.renew(kept, figures(8000))
    assert rule.measure(kept, figures(7200)) == Decimal("0.1")
    assert rule.measure(kept, figures(7200, MORNING + DAY, day_start=Decimal(7200))) == 0


@given(EQUITIES, EQUITIES)
def test_the_drawdown_is_measured_from_the_peak_and_after_a_reset_from_a_new_one(
    peak: Decimal, equity: Decimal
) -> None:
    kept, rule = Kept(), RULES[1]
    assert rule.measure(kept, figures(equity, peak=peak)) == max((peak - equity) / peak, Decimal(0)).quantize(
        Decimal("1e-12")
    )
    assert rule.renew(kept, figures(equity, peak=peak))
    assert rule.measure(kept, figures(equity, peak=peak)) == 0
    assert rule.measure(kept, figures(equity * 2, peak=peak)) == 0
    assert rule.measure(kept, figures(equity, peak=peak)) == Decimal("0.5")


def test_a_drawdown_is_never_over_by_itself() -> None:
    assert not RULES[1].over(Kept(), figures(at=MORNING + 1000 * DAY), MORNING)
    assert RULES[1].resets_at(Kept(), MORNING) is None


def test_a_losing_streak_is_over_when_nothing_was_lost_for_the_cooldown() -> None:
    kept, rule = Kept(streak=4, lost_at=MORNING + MINUTE), RULES[2]
    assert rule.resets_at(kept, MORNING) == MORNING + MINUTE + HOUR
    assert not rule.over(kept, figures(at=MORNING + MINUTE + HOUR - 1), MORNING)
    assert kept.streak == 4
    assert rule.over(kept, figures(at=MORNING + MINUTE + HOUR), MORNING)
    assert kept.streak == 0


def test_a_clock_that_went_back_makes_no_cooldown_longer() -> None:
    kept, rule = Kept(streak=3, lost_at=MORNING + DAY), RULES[2]
    assert not rule.over(kept, figures(at=MORNING), MORNING + DAY)
    assert rule.over(kept, figures(at=MORNING + HOUR), MORNING + DAY)


@given(st.lists(st.integers(0, 3 * MINUTE), max_size=30), st.integers(0, 4 * MINUTE))
def test_the_rate_counts_the_entries_of_the_last_minute(gone: list[int], now: int) -> None:
    entered = sorted(MORNING + at for at in gone if at <= now)
    kept = Kept(entered=list(entered))
    count = RULES[3].measure(kept, figures(at=MORNING + now))
    assert count == sum(MORNING + now - at < MINUTE for at in entered)
    assert len(kept.entered) == count, "what can no longer count is forgotten"


def test_the_rate_is_over_once_the_tenth_last_entry_is_a_minute_old() -> None:
    kept, rule = Kept(entered=[MORNING + n * SECOND for n in range(10)]), RULES[3]
    assert rule.resets_at(kept, MORNING) == MORNING + MINUTE
    assert not rule.over(kept, figures(at=MORNING + MINUTE - 1), MORNING)
    assert rule.over(kept, figures(at=MORNING + MINUTE), MORNING)
    assert rule.resets_at(Kept(), MORNING) == MORNING + MINUTE


def test_a_rate_whose_clock_went_back_forgets_within_a_minute() -> None:
    kept, rule = Kept(entered=[MORNING + HOUR] * 10), RULES[3]
    assert not rule.over(kept, figures(at=MORNING), MORNING)
    assert rule.over(kept, figures(at=MORNING + MINUTE), MORNING)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_without_an_equity_nothing_can_trip_and_a_loss_cannot_be_renewed(rule: Rule) -> None:
    nothing = Figures(at=MORNING)
    value = rule.measure(Kept(), nothing)
    assert value is None or value < rule.limit
    assert rule.renew(Kept(), nothing) == (rule.name in {"losing streak", "order rate"})


@pytest.mark.parametrize(("rule", "said"), zip(RULES, ["10.00 %", "5.00 %", "3 in a row", "10 a minute"], strict=True))
def test_a_limit_reads_as_people_say_it(rule: Rule, said: str) -> None:
    assert rule.say(rule.limit) == said
