"""The files of a new strategy: `radtui.strategies.sketch` under another name, and a test of it."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec

from radtui.strategies.base import StrategyRefused
from radtui.strategies.catalogue import known

_TEST = '''"""{class_name} keeps the rules, and does what it is for. Run by: pytest {test}"""

from pathlib import Path

from radtui.core.signal import Action
from radtui.strategies.catalogue import load
from radtui.strategies.proving import closing, contract, heard, prove

FACTORY = load(f"{{Path(__file__).with_name('{module}')}}:{class_name}")


def test_it_keeps_the_rules_of_a_strategy() -> None:
    assert prove(FACTORY) == []


def test_it_buys_after_a_rise_and_sells_after_a_fall() -> None:
    rising, falling = [100 + step for step in range(30)], [100 - step for step in range(30)]
    assert heard(FACTORY(contract()), closing(rising))[-1].action is Action.BUY
    assert heard(FACTORY(contract()), closing(falling))[-1].action is Action.SELL


def test_it_holds_where_nothing_moves() -> None:
    assert {{signal.action for signal in heard(FACTORY(contract()), closing([100] * 50))}} == {{Action.HOLD}}
'''


def files_of(name: str) -> Mapping[str, str]:
    """Return the texts of a new strategy's file and of its test, by file name.

    Args:
        name: in small letters, as in ``night_owl``.

    Raises:
        StrategyRefused: the name cannot be used; the message says why.
    """
    _check(name)
    class_name = "".join(part.capitalize() for part in name.split("_"))
    sketch = (files("radtui.strategies") / "sketch.py").read_text(encoding="utf-8")
    written = sketch.replace("Sketch", class_name).replace('"sketch"', f'"{name}"')
    module, test = f"{name}.py", f"test_{name}.py"
    return {module: written, test: _TEST.format(class_name=class_name, module=module, test=test)}


def class_of(name: str) -> str:
    """Return the name of the class in a new strategy's file."""
    return "".join(part.capitalize() for part in name.split("_"))


def _check(name: str) -> None:
    if not (name.isascii() and name.isidentifier() and name == name.lower() and name[0] != "_"):
        raise StrategyRefused(f"{name!r} cannot name a strategy: small letters, digits and _, a letter first")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise StrategyRefused(f"{name!r} cannot name a strategy: it is a word of Python's own")
    if name in known():
        raise StrategyRefused(f"a strategy is called {name} already; `radtui strategies` lists them")
    if name in sys.stdlib_module_names or name.startswith("test_") or find_spec(name) is not None:
        raise StrategyRefused(f"{name}.py would stand in the way of the module {name}; choose another name")
