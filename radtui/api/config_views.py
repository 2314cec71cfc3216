"""What the API says of the settings, and the bodies that change them (row C4); secrets are masked already."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated

from pydantic import Field

from radtui.api.errors import Refused
from radtui.api.models import Instructing, Particulars
from radtui.api.views import View
from radtui.core.configuration_view import Change, ConfigurationView
from radtui.core.money import plain
from radtui.core.portfolio_view import WeightView
from radtui.core.snapshot import Snapshot

Text = Annotated[str, Field(max_length=500)]
Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24, decimal_places=12)]
Value = bool | int | Number | Text | list[Text] | None
Values = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\w.]+$")], Value],
    Field(
        max_length=30,
        description="Settings by name; null: as the sources have it again.",
        examples=[{"risk.max_positions": 2, "cycle.interval": 120}],
    ),
]


class Changing(Instructing):
    """Settings that are to be others, from now until the engine ends."""

    values: Annotated[Values, Field(min_length=1)]

    def particulars(self) -> Particulars:
        """Return them as texts, as the environment would have them."""
        return {"subject": _subject(self.values)}


class ChangingStrategy(Instructing):
    """Parameters of a strategy that are to be others; the address names it."""

    values: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\w+$")], Value],
        Field(
            min_length=1,
            max_length=30,
            description="By name; null: as the sources have it again.",
            examples=[{"fast": 10, "slow": 50}],
        ),
    ]

    def of(self, strategy: str) -> Changing:
        """Return the change of settings that it is."""
        values = {f"strategies.{strategy}.{name}": value for name, value in self.values.items()}
        return Changing(values=values, why=self.why, who=self.who)


class Trusting(Instructing):
    """The confidence that an entry needs."""

    min_signal_confidence: Annotated[Decimal, Field(ge=0, le=1, decimal_places=6, allow_inf_nan=False)]

    @property
    def change(self) -> Changing:
        """The change of settings that it is."""
        values: dict[str, Value] = {"risk.min_confidence": self.min_signal_confidence}
        return Changing(values=values, why=self.why, who=self.who)


class Weighing(Instructing):
    """How much a strategy counts among those of a portfolio."""

    weight: Annotated[
        float, Field(strict=True, ge=0.0001, le=1, allow_inf_nan=False, description="Against the others'.")
    ]
    min_confidence: Annotated[
        float | None,
        Field(strict=True, ge=0, le=1, allow_inf_nan=False, description="Below it, it does not count."),
    ] = None

    def of(self, strategy: str, parts: Iterable[WeightView]) -> Changing:
        """Return the change of settings that it is."""
        texts = [self._text(part, mine=part.name == strategy) for part in parts]
        return Changing(values={"portfolio.strategies": texts}, why=self.why, who=self.who)

    def _text(self, part: WeightView, *, mine: bool) -> str:
        weight = self.weight if mine else part.weight
        least = self.min_confidence if mine and self.min_confidence is not None else part.least
        return f"{part.name}={_plain(weight)}@{_plain(least)}"


def _plain(figure: float) -> str:
    return plain(Decimal(f"{figure:.6f}"))


class Validating(Instructing):
    """What a reload would change; with `values`, what setting them would."""

    values: Annotated[Values, Field(default_factory=dict)]

    def particulars(self) -> Particulars:
        """Return them as texts."""
        return {"subject": _subject(self.values) if self.values else ""}


class Summary(View, frozen=True, kw_only=True):
    """The configuration in a few figures.

    Attributes:
        settings, set_by_you, live: how many there are, how many are not defaults, how many can change in flight.
        revision, changed_at, who: of the last change in flight. waiting: changes that only a restart brings.
        values: those that matter most, by name.
    """

    file: str
    settings: int
    set_by_you: int
    live: int
    revision: int
    changed_at: int | None
    who: str
    waiting: tuple[Change, ...]
    can_roll_back: bool
    values: dict[str, str]


def summary(snapshot: Snapshot) -> Summary:
    """Return the configuration in short."""
    seen = snapshot.configuration
    return Summary(
        file=seen.file,
        settings=len(seen.settings),
        set_by_you=sum(each.where != "default" for each in seen.settings),
        live=sum(each.live for each in seen.settings),
        revision=seen.revision,
        changed_at=seen.changed_at,
        who=seen.who,
        waiting=seen.waiting,
        can_roll_back=bool(seen.undo),
        values={each.key: each.value for each in seen.settings if each.key.partition(".")[0] in _TOLD},
    )


def check_names(seen: ConfigurationView, body: Changing | Validating) -> None:
    """Refuse names that are none (422), and settings that a flying bot cannot take (409), before anything is told.

    What was typed under a wrong name may be a secret: it goes no further.
    """
    known = {each.key: each for each in seen.settings}
    if not known:
        raise Refused(HTTPStatus.CONFLICT, "this engine has no settings that can be read again", "restart it instead")
    for name in body.values:
        if name not in known:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"no setting is called {name}", "GET /api/config lists them")
        if not known[name].live:
            todo = "set it in the settings file and restart; `live` in GET /api/config says which need none"
            raise Refused(HTTPStatus.CONFLICT, f"{name} cannot be changed while the bot flies", todo)


_TOLD = frozenset({"bot", "cycle", "risk", "protection"})


def _subject(values: dict[str, Value]) -> str:
    return json.dumps({name: written(value) for name, value in values.items()})


def written(value: Value) -> str | None:
    """Return a value as text, as the environment would have it; None stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)
