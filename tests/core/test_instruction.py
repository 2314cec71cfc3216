from __future__ import annotations

from typing import get_type_hints

import msgspec
import pytest

from radtui.core.instruction import Ack, Ask, ExitPolicy, Instruction, Receipt


@pytest.mark.parametrize("ask", Ask)
@pytest.mark.parametrize("exits", [None, *ExitPolicy])
def test_an_instruction_comes_back_from_the_journal_as_it_was(ask: Ask, exits: ExitPolicy | None) -> None:
    told = Instruction(id="i1", ask=ask, who="key:alice", why="why", exits=exits)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(told), type=Instruction) == told


def test_the_asks_are_those_of_the_command_line() -> None:
    named = "start pause resume stop shutdown emergency-stop reset-metrics preview reset-breakers"
    rim = "acknowledge test-alerts cancel-order place-order check-config reload-config rollback-config change-config"
    beside = "backtest cancel-backtest why-day"
    assert [ask.value for ask in Ask] == [*named.split(), *rim.split(), *beside.split()]


@pytest.mark.parametrize("kind", [Instruction, Ack, Receipt])
def test_messages_are_frozen_values_without_money_as_floats(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen
    assert float not in get_type_hints(kind).values()
