from __future__ import annotations

import ast
import inspect
from decimal import Decimal

from radtui.core.signal import Action
from radtui.strategies import sketch
from radtui.strategies.factory import StrategyFactory
from radtui.strategies.proving import closing, contract, heard, prove


def code(source: str) -> set[int]:
    """Return the numbers of the lines that are code: neither empty nor a comment nor documentation."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    prose = {
        line
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    return {
        number
        for number, line in enumerate(source.splitlines(), start=1)
        if line.strip() and not line.strip().startswith("#") and number not in prose
    }


def test_a_strategy_is_written_in_twenty_lines() -> None:
    assert len(code(inspect.getsource(sketch))) <= 20


def test_it_keeps_the_rules() -> None:
    assert prove(StrategyFactory(sketch.Sketch)) == []


def test_it_goes_with_a_move_that_is_large_enough() -> None:
    strategy = StrategyFactory(sketch.Sketch)
    *_, last = heard(strategy(contract()), closing([*[1000] * 10, 1010]))
    assert (last.action, last.reason) == (Action.BUY, "moved +1.00 %")
    assert (last.stop, last.target) == (Decimal("989.8"), Decimal("1050.4"))
    assert heard(strategy(contract()), closing([*[1000] * 10, 1009]))[-1].action is Action.HOLD
    assert heard(strategy(contract()), closing([*[1000] * 10, 990]))[-1].action is Action.SELL
