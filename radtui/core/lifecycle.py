"""Where the bot stands, and which moves are legal (rows L1–L5)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec


class State(StrEnum):
    """The six states of a bot."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    ERROR = "error"


class Verb(StrEnum):
    """What moves a bot from one state to another."""

    START = "start"
    READY = "ready"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    HALT = "halt"
    SETTLED = "settled"
    FAIL = "fail"
    RESTORE = "restore"


_LEGAL: Final = {
    (State.STOPPED, Verb.START): State.STARTING,
    (State.ERROR, Verb.START): State.STARTING,
    (State.STARTING, Verb.READY): State.RUNNING,
    (State.RUNNING, Verb.PAUSE): State.PAUSED,
    (State.PAUSED, Verb.RESUME): State.RUNNING,
    (State.STOPPING, Verb.SETTLED): State.STOPPED,
    (State.STOPPED, Verb.RESTORE): State.PAUSED,
    # A halt is an emergency stop: it is admitted everywhere, also where nothing runs, for positions may be open.
    (State.STOPPED, Verb.HALT): State.STOPPING,
}
_NOW: Final = {
    State.STOPPED: "The bot is stopped: start it first",
    State.STARTING: "The bot is starting: wait until it runs, or stop it",
    State.RUNNING: "The bot is running: pause or stop it",
    State.PAUSED: "The bot is paused: resume or stop it",
    State.STOPPING: "The bot is stopping: wait until it has stopped",
    State.ERROR: "The bot has stopped after an error: start it again, or stop it",
}
"""What an operator can do in each state; an emergency stop and a shutdown are possible in all of them."""
_FROM_ANYWHERE_ALIVE: Final = {Verb.STOP: State.STOPPING, Verb.HALT: State.STOPPING, Verb.FAIL: State.ERROR}


class IllegalMove(Exception):
    """A verb that the present state does not admit; the message tells an operator what to do instead."""


class Move(msgspec.Struct, frozen=True):
    """One change of state, as it is journalled.

    Attributes:
        at: when, in nanoseconds UTC.
        who: the operator or component that asked, for example ``key:alice`` or ``core``.
        why: one line for people.
    """

    origin: State
    target: State
    verb: Verb
    at: int
    who: str
    why: str


def move(origin: State, verb: Verb, *, at: int, who: str, why: str = "") -> Move:
    """Return the move that `verb` makes from `origin`.

    Raises:
        IllegalMove: the state does not admit the verb.
    """
    target = _LEGAL.get((origin, verb))
    if target is None and origin is not State.STOPPED:
        target = _FROM_ANYWHERE_ALIVE.get(verb)
    if target is None:
        raise IllegalMove(_NOW[origin])
    return Move(origin, target, verb, at, who, why)


def admitted(origin: State) -> list[Verb]:
    """Return the verbs that `origin` admits, in the order of their definition."""
    return [
        verb
        for verb in Verb
        if (origin, verb) in _LEGAL or (origin is not State.STOPPED and verb in _FROM_ANYWHERE_ALIVE)
    ]
