"""Many seeds: side by side they come to the same as one after the other."""

from __future__ import annotations

from radtui.simserver.explore.batch import Survey, digest, survey
from radtui.simserver.explore.selection import Selection


def test_processes_side_by_side_find_what_one_finds() -> None:
    alone = [each.outcome for each in survey(Survey(seeds=3, minutes=1.0))]
    together = [each.outcome for each in survey(Survey(seeds=3, minutes=1.0, jobs=2))]
    assert [each.plan.seed for each in alone] == [1, 2, 3]
    assert digest(alone) == digest(together)
    assert all(each.violation is None for each in (*alone, *together))


def test_a_survey_plans_each_seed_once() -> None:
    plans = list(Survey(seeds=4, first=9, minutes=2.0, selection=Selection()).plans())
    assert [plan.seed for plan in plans] == [9, 10, 11, 12]
    assert {(plan.minutes, plan.selection) for plan in plans} == {(2.0, Selection())}
