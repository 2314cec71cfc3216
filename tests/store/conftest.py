"""Facts for the journal's tests: any at all (hypothesis), and one of each kind with every field filled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import strategies as st
from msgspec import inspect

from radtui.core.facts import AnyFact, Envelope, Fact
from radtui.store.writer import SqlJournal

WHOLE = st.integers(-(2**62), 2**62)
AMOUNT = st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(
    places=18, min_value=-(10**9), max_value=10**9
)
PLAIN: dict[type[inspect.Type], st.SearchStrategy[Any]] = {
    inspect.StrType: st.text(max_size=30),
    inspect.IntType: WHOLE,
    inspect.BoolType: st.booleans(),
    inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
    inspect.DecimalType: AMOUNT,
    inspect.NoneType: st.none(),
}
FULL: dict[type[inspect.Type], object] = {
    inspect.StrType: "said",
    inspect.IntType: 7,
    inspect.BoolType: True,
    inspect.FloatType: 0.25,
    inspect.DecimalType: Decimal("30000.123456789012345678"),
}


def strategy_of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.EnumType(cls=cls):
            return st.sampled_from(cls)
        case inspect.VarTupleType(item_type=item):
            return st.lists(strategy_of(item), max_size=3).map(tuple)
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(strategy_of(key), strategy_of(value), max_size=3)
        case inspect.UnionType(types=types):
            return st.one_of([strategy_of(each) for each in types])
        case inspect.StructType(cls=cls, fields=fields):
            return st.builds(cls, **{field.name: strategy_of(field.type) for field in fields})
    return PLAIN[type(kind)]


def full_of(kind: inspect.Type) -> Any:
    match kind:
        case inspect.EnumType(cls=cls):
            return next(iter(cls))
        case inspect.VarTupleType(item_type=item):
            return (full_of(item),)
        case inspect.DictType(key_type=key, value_type=value):
            return {full_of(key): full_of(value)}
        case inspect.UnionType(types=types):
            return full_of(next(each for each in types if not isinstance(each, inspect.NoneType)))
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: full_of(field.type) for field in fields})
    return FULL[type(kind)]


@pytest.fixture(scope="session")
def any_envelope() -> st.SearchStrategy[Envelope]:
    return strategy_of(inspect.type_info(Envelope)).map(lambda e: msgspec.structs.replace(e, sequence=abs(e.sequence)))


@pytest.fixture(scope="session")
def full_facts() -> list[Fact]:
    return [full_of(inspect.type_info(kind)) for kind in get_args(AnyFact)]


@pytest.fixture
def said() -> Callable[..., Envelope]:
    """Return a function that puts a fact into an envelope."""

    def envelope(sequence: int, fact: Any, at: int | None = None) -> Envelope:
        return Envelope(sequence=sequence, bot="alpha", at=sequence if at is None else at, who="core", fact=fact)

    return envelope


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


@pytest.fixture
def journal(file: Path) -> Iterator[SqlJournal]:
    journal = SqlJournal(file)
    yield journal
    journal.close(clean=True)


@pytest.fixture
def written() -> Callable[[SqlJournal], None]:
    """Return a function that waits until all that is queued is on disk."""

    def wait(journal: SqlJournal) -> None:
        async def durable() -> None:
            await journal.durable()

        asyncio.run(durable())

    return wait
