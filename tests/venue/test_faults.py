import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.venue.faults import CALL_FAULTS, FEED_FAULTS, BadFault, Draw, Fault, FaultPlan, Latency

SEAM = "orders.place"
seeds = st.integers(0, 2**31)
rates = st.dictionaries(st.sampled_from(Fault), st.floats(0.0, 1.0))
kinds = st.sampled_from([CALL_FAULTS, FEED_FAULTS, tuple(Fault)])


def draws(plan: FaultPlan, count: int = 40, among: tuple[Fault, ...] = CALL_FAULTS, seam: str = SEAM) -> list[Draw]:
    return [plan.draw(seam, among) for _ in range(count)]


@given(seeds, rates, st.sampled_from(Fault), kinds)
def test_removing_one_fault_moves_no_other(
    seed: int, given_rates: dict[Fault, float], removed: Fault, among: tuple[Fault, ...]
) -> None:
    latency = Latency(5.0, 20.0)
    whole = draws(FaultPlan(seed, given_rates, latency), among=among)
    rest = draws(FaultPlan(seed, given_rates | {removed: 0.0}, latency), among=among)
    for before, after in zip(whole, rest, strict=True):
        assert after.fault is not removed
        assert after == before or before.fault is removed
        assert after.latency_ns == before.latency_ns


@given(seeds, rates)
def test_seams_count_for_themselves(seed: int, given_rates: dict[Fault, float]) -> None:
    alone, busy = FaultPlan(seed, given_rates), FaultPlan(seed, given_rates)
    expected = draws(alone)
    draws(busy, 17, seam="positions")
    assert draws(busy) == expected


@given(seeds, rates, st.integers(0, 10**9))
def test_a_draw_is_a_pure_function_of_its_ordinal(seed: int, given_rates: dict[Fault, float], ordinal: int) -> None:
    used = FaultPlan(seed, given_rates)
    draws(used)
    assert used.at(SEAM, ordinal) == FaultPlan(seed, given_rates).at(SEAM, ordinal)


@given(seeds, kinds)
def test_nothing_goes_wrong_by_default(seed: int, among: tuple[Fault, ...]) -> None:
    assert set(draws(FaultPlan(seed), among=among)) == {Draw()}


@given(seeds, st.sampled_from(Fault))
def test_a_certain_fault_always_strikes_where_it_can(seed: int, fault: Fault) -> None:
    for among in (CALL_FAULTS, FEED_FAULTS):
        expected = fault if fault in among else None
        assert {draw.fault for draw in draws(FaultPlan(seed, {fault: 1.0}), among=among)} == {expected}


@given(seeds, st.floats(0.0, 1000.0), st.floats(0.0, 1000.0))
def test_latency_is_never_below_its_base(seed: int, base: float, tail: float) -> None:
    for draw in draws(FaultPlan(seed, latency=Latency(base, tail))):
        assert draw.latency_ns >= int(base * 1e6)


def test_faults_strike_at_their_rate_and_last_their_time() -> None:
    struck = [d for d in draws(FaultPlan(1, {Fault.RATE_LIMIT: 0.1}), 5_000) if d.fault]
    assert 400 < len(struck) < 600
    assert all(draw.seconds >= 1.0 for draw in struck)
    assert 5.0 < sum(draw.seconds for draw in struck) / len(struck) < 7.0


def test_latency_has_its_mean() -> None:
    taken = [draw.latency_ns for draw in draws(FaultPlan(1, latency=Latency(20.0, 30.0)), 5_000)]
    assert 48e6 < sum(taken) / len(taken) < 52e6


def test_other_seeds_and_seams_have_other_faults() -> None:
    plan = FaultPlan(1, {Fault.ERROR: 0.5})
    assert draws(plan) != draws(FaultPlan(2, {Fault.ERROR: 0.5}))
    assert draws(FaultPlan(1, {Fault.ERROR: 0.5})) != draws(plan, seam="fills")


def test_settings_are_read() -> None:
    plan = FaultPlan.parse(["error=0.02", " timeout-after = 0.01 ", "latency=20", "latency-tail=5"], seed=7)
    assert plan.seed == 7
    assert plan.rates == {Fault.ERROR: 0.02, Fault.TIMEOUT_AFTER: 0.01}
    assert plan.latency == Latency(20.0, 5.0)
    assert FaultPlan.parse([]).rates == {}


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("timeot-after=0.1", "did you mean timeout-after.*Possible: error, rate-limit, timeout-before"),
        ("nonsense=1", "no fault is called 'nonsense'; Possible"),
        ("error", "needs a figure, for example error=0.02"),
        ("error=often", "needs a figure"),
        ("error=1.5", "must lie between 0 and 1"),
        ("gap=nan", "must lie between 0 and 1"),
        ("latency=-1", "must lie between 0 and 60000"),
    ],
)
def test_settings_that_mean_nothing_are_refused(setting: str, complaint: str) -> None:
    with pytest.raises(BadFault, match=complaint):
        FaultPlan.parse([setting])
