"""Who chooses where the parameters are no function of seed and task alone: the tree-structured Parzen estimator.

Source: Bergstra, Bardenet, Bengio and Kégl, "Algorithms for hyper-parameter optimization", 2011, as optuna has it. Its
chance begins anew with each task, so that one process that is stopped and goes on chooses what it would have chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from optuna.samplers import BaseSampler, RandomSampler, TPESampler

from radtui.backtest.search.plan import Plan, Sampler
from radtui.backtest.search.queue import TASK

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial, TrialState


def sampler(plan: Plan) -> BaseSampler:
    """Return who chooses the parameters of a plan's trials; where all of them are fixed, nobody is asked."""
    return Seeded(plan.seed) if plan.sampler is Sampler.TPE else RandomSampler(plan.seed)


class Seeded(BaseSampler):
    """A Parzen estimator whose chance is a function of seed and task.

    Args:
        seed: of the search.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._inner = TPESampler(seed=seed)

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        """Begin a trial."""
        chance = Random(f"{self._seed}:{trial.user_attrs.get(TASK)}")
        self._inner = TPESampler(seed=chance.randrange(2**32))
        self._inner.before_trial(study, trial)

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Return what is chosen together."""
        return self._inner.infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Choose what is chosen together."""
        return self._inner.sample_relative(study, trial, search_space)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Choose one alone."""
        return self._inner.sample_independent(study, trial, param_name, param_distribution)

    def after_trial(self, study: Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None) -> None:
        """End a trial."""
        self._inner.after_trial(study, trial, state, values)
