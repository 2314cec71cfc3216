"""Core's whole state as bytes, and back: what lets a recording be replayed from its middle.

`Memory` holds what a restart needs; a replay needs everything, to the last retry counter. So this walks whatever core
is made of, by reflection: a new attribute is taken along without being named here. It is restored *into* a core that
was just built from the same configuration, object by object, so that callbacks keep pointing where they point.

The form is MessagePack: plain values stand for themselves, the rest is an array that begins with a letter. Reading it
runs no code but the constructors of `radtui.core`, so a checkpoint from a stranger is data, unlike a pickle.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import Enum
from importlib import import_module
from types import MethodType
from typing import Any, Final

import msgspec

from radtui.core.core import Core

_HOME: Final = "radtui.core."
_PLAIN: Final = (type(None), bool, int, float, str, bytes)
_CONTAINERS: Final[dict[type, str]] = {list: "l", deque: "q", dict: "k", OrderedDict: "o"}
_KINDS: Final = {letter: kind for kind, letter in _CONTAINERS.items()}
_ENCODER: Final = msgspec.msgpack.Encoder()


class NoCheckpoint(Exception):
    """Core holds something that cannot be written down, or bytes do not fit the core of this version."""


def take(core: Core) -> bytes:
    """Return the whole state of `core`, between two events.

    Raises:
        NoCheckpoint: it holds a kind of thing that is not known here; the message says where.
    """
    try:
        return _ENCODER.encode(_Writer().node(core, "core"))
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
        raise NoCheckpoint(f"core cannot be written down: {error}") from error


def restore(core: Core, state: bytes) -> None:
    """Bring a fresh `core` of the same configuration to the state that was taken.

    Raises:
        NoCheckpoint: it does not fit this version of radtui. The core must not be used then.
    """
    try:
        _Reader().build(msgspec.msgpack.decode(state), core)
    except NoCheckpoint:
        raise
    except (
        msgspec.MsgspecError, ImportError, AttributeError, LookupError, TypeError, ValueError, ArithmeticError,
    ) as error:  # fmt: skip
        raise NoCheckpoint(f"the state does not fit this radtui: {error}") from error


class _Writer:
    """Writes each thing that can change once; where it turns up again there is a reference to it."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._alive: list[Any] = []

    def node(self, value: Any, path: str) -> Any:
        """Return what stands for `value`."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is tuple:
            return ["t", self._all(value, path)]
        if kind in {set, frozenset}:
            return ["f" if kind is frozenset else "z", self._all(sorted(value), path)]
        if isinstance(value, MethodType):
            return ["b", self.node(value.__self__, path), value.__name__]
        return _settled(value) or self._changing(value, path)

    def _changing(self, value: Any, path: str) -> Any:
        number = self._seen.get(id(value))
        if number is not None:
            return ["r", number]
        number = self._seen[id(value)] = len(self._seen)
        self._alive.append(value)  # an id is only an id while its thing lives
        kind = type(value)
        if isinstance(value, msgspec.Struct):
            return ["m", number, _name(kind), _ENCODER.encode(value)]
        if kind in {list, deque}:
            longest = value.maxlen if kind is deque else None
            return [_CONTAINERS[kind], number, self._all(value, path), longest]
        if kind in {dict, OrderedDict}:
            return [_CONTAINERS[kind], number, self._pairs(value.items(), path)]
        return ["x", number, _name(kind), self._pairs(_attributes(value, path).items(), path)]

    def _all(self, values: Iterable[Any], path: str) -> list[Any]:
        return [self.node(value, f"{path}[]") for value in values]

    def _pairs(self, items: Iterable[tuple[Any, Any]], path: str) -> list[Any]:
        return [[self.node(key, path), self.node(value, f"{path}.{key}")] for key, value in items]


def _settled(value: Any) -> Any:
    """Return what stands for a thing that never changes, None for others."""
    kind = type(value)
    match value:
        case Decimal():
            return ["d", str(value)]
        case Enum():
            return ["e", _name(kind), value.value]
        case msgspec.Struct() if kind.__struct_config__.frozen:
            return ["s", _name(kind), _ENCODER.encode(value)]
        case type():
            return ["c", _name(value)]
    return ["w"] if callable(value) else None


class _Reader:
    """Builds what was written; `there` is what the fresh core has in the same place."""

    def __init__(self) -> None:
        self._built: dict[int, Any] = {}
        self._makers: dict[str, Callable[[list[Any], Any], Any]] = {
            "e": lambda node, _: _class(node[1])(node[2]),
            "d": lambda node, _: Decimal(node[1]),
            "t": lambda node, _: tuple(self._all(node[1])),
            "f": lambda node, _: frozenset(self._all(node[1])),
            "z": lambda node, _: set(self._all(node[1])),
            "s": lambda node, _: msgspec.msgpack.decode(node[2], type=_class(node[1])),
            "c": lambda node, _: _class(node[1]),
            "b": self._method,
            "r": lambda node, _: self._built[node[1]],
            "w": _wired,
            "m": self._struct,
            "l": self._list,
            "q": self._list,
            "k": self._dict,
            "o": self._dict,
            "x": self._object,
        }

    def build(self, node: Any, there: Any = None) -> Any:
        """Return the value that `node` stands for."""
        return self._makers[node[0]](node, there) if isinstance(node, list) else node

    def _all(self, nodes: list[Any]) -> list[Any]:
        return [self.build(node) for node in nodes]

    def _method(self, node: list[Any], _there: Any) -> Any:
        owner, name = self.build(node[1]), node[2]
        if name.startswith("__"):
            raise NoCheckpoint(f"the state names a method {name}")
        return getattr(owner, name)

    def _struct(self, node: list[Any], _there: Any) -> Any:
        value = self._built[node[1]] = msgspec.msgpack.decode(node[3], type=_class(node[2]))
        return value

    def _list(self, node: list[Any], there: Any) -> Any:
        letter, number, nodes, longest = node
        kind = _KINDS[letter]
        if type(there) is not kind:
            there = deque(maxlen=longest) if kind is deque else []
        self._built[number] = there
        values = self._all(nodes)
        there.clear()
        there.extend(values)
        return there

    def _dict(self, node: list[Any], there: Any) -> Any:
        letter, number, pairs = node
        if type(there) is not _KINDS[letter]:
            there = _KINDS[letter]()
        self._built[number] = there
        before = dict(there)
        there.clear()
        for key_node, value_node in pairs:
            key = self.build(key_node)
            there[key] = self.build(value_node, before.get(key))
        return there

    def _object(self, node: list[Any], there: Any) -> Any:
        _, number, name, pairs = node
        kind = _class(name)
        if type(there) is not kind:
            there = object.__new__(kind)
        self._built[number] = there
        for attribute, value_node in pairs:
            value = self.build(value_node, getattr(there, attribute, None))
            object.__setattr__(there, attribute, value)
        return there


def _attributes(value: Any, path: str) -> dict[str, Any]:
    """Return the attributes of an object of core's own, by name."""
    kind = type(value)
    if not kind.__module__.startswith(_HOME):
        raise NoCheckpoint(f"{path} is a {kind.__qualname__}, which cannot be written down")
    return dict(vars(value))


def _wired(_node: list[Any], there: Any) -> Any:
    """Return the function that the fresh core has in this place: functions are not written down."""
    if there is None:
        raise NoCheckpoint("the state holds a function that a fresh core does not have")
    return there


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _class(name: str) -> Any:
    """Return a class of core's by name; nothing else can be named."""
    module, _, qualified = name.partition(":")
    if not module.startswith(_HOME):
        raise NoCheckpoint(f"the state names {name}, which is not core's")
    found: Any = import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    if not isinstance(found, type):
        raise NoCheckpoint(f"the state names {name}, which is no class")
    return found
