"""The engines that run here, and a small client of theirs: HTTP on the control socket, one request a connection."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Final, NamedTuple, TypeVar
from uuid import uuid4

import msgspec

from radtui.api.socket import connect, peer_of
from radtui.api.views import Answer, Overview, Refusal
from radtui.cli.failures import Exit, Failure
from radtui.cli.mute import mute_engines
from radtui.core.instruction import Ask
from radtui.settings.folders import control_folder
from radtui.store.holder import Holder

T = TypeVar("T")
_decoders: Final[dict[Any, msgspec.json.Decoder[Any]]] = {}
_preparing: Final = Lock()
LOOK_WITHIN: Final = 6.0
"""Seconds that an engine has for showing something; one that is just starting takes a few."""
NOTHING_DONE: Final = "Nothing was asked and nothing was changed."
LONGEST_WAIT: Final = 600.0
"""Seconds that the API lets one request wait."""
_MARGIN: Final = 5.0
"""Seconds that an answer may take beyond what it was told to wait."""


class Silent(Exception):
    """An engine did not answer, or its answer broke off; the message says how."""


class Reply(NamedTuple):
    """An answer as it came."""

    status: int
    body: bytes

    def read(self, kind: type[T]) -> T:
        """Return what it holds.

        Raises:
            Failure: it is a refusal (exit code 1, or 2 where the request cannot be right).
        """
        if self.status >= 400:
            raise self._refusal()
        return _decoder(kind).decode(self.body)

    def answer(self) -> Answer:
        """Return what came of an instruction; a refusal by the state (400, 503) is an answer, too.

        Raises:
            Silent: it is none, and nobody knows what came of it.
            Failure: the request was not understood.
        """
        try:
            return _decoder(Answer).decode(self.body)
        except msgspec.MsgspecError:
            if 400 <= self.status < 500:
                raise self._refusal() from None
        raise Silent(f"it answered with status {self.status}, and not what came of it")

    def _refusal(self) -> Failure:
        try:
            told = _decoder(Refusal).decode(self.body)
        except msgspec.MsgspecError:
            return Failure(f"the engine answered with status {self.status}")
        return Failure(told.message, todo=told.todo, code=Exit.USAGE if self.status == 422 else Exit.REFUSED)


def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return what reads a kind of answer; one thread at a time makes it: msgspec crashes where two meet a new type."""
    with _preparing:
        known = _decoders.get(kind)
        if known is None:
            known = _decoders[kind] = msgspec.json.Decoder(kind)
        return known


class RunningEngine(NamedTuple):
    """An engine of another process.

    Attributes:
        name: of its socket. pid: of the process that listens there.
        seen: what it says of itself; None where it does not answer, and `silent` says how.
    """

    path: Path
    pid: int
    seen: Overview | None
    silent: str = ""

    @property
    def name(self) -> str:
        """What its socket is called: the bot, and what it flies where that is not paper."""
        return self.path.name.split(".")[0]

    @property
    def bot(self) -> str:
        """The bot's name."""
        return self.seen.bot if self.seen else self.name

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        return Holder(pid=self.pid, since=0, how="").alive

    def get(self, target: str) -> Reply:
        """Ask for something.

        Raises:
            Silent: there was no answer.
        """
        return _ask(self.path, "GET", target, timeout=LOOK_WITHIN)

    def tell(self, ask: Ask, timeout: float, particulars: Mapping[str, Any], *, route: str = "") -> Answer:
        """Give an instruction and wait at most `timeout` seconds for its receipt.

        Args:
            route: where it is given; ``api/bot/ASK`` without one.

        Raises:
            Silent: the engine died, or hangs, or its answer cannot be read.
            Failure: the request was not understood.
        """
        key, until = uuid4().hex, monotonic() + timeout
        while True:
            left = until - monotonic()
            answer = self._tell(route or f"api/bot/{ask}", particulars, key, min(max(left, 0.0), LONGEST_WAIT))
            if answer.success is not None or answer.hangs or left <= LONGEST_WAIT:
                return answer

    def _tell(self, route: str, particulars: Mapping[str, Any], key: str, wait: float) -> Answer:
        """Give an instruction, or, under the key that it was given with, ask again what came of it."""
        target = f"/{route}?wait={wait:g}"
        return _ask(self.path, "POST", target, particulars, key=key, timeout=wait + _MARGIN).answer()


def running() -> list[RunningEngine]:
    """Return the engines that run here for this user, by name; sockets that nobody listens at are passed over."""
    found = listening()
    if len(found) < 2:
        return [_seen(each) for each in found]
    with ThreadPoolExecutor(len(found)) as pool:
        return list(pool.map(_seen, found))


def named(bot: str | None) -> list[RunningEngine]:
    """Return the engines of that bot, else the one with that process id; all of them where nothing is named.

    Two engines may have one name: on paper each folder of state is an account of its own.

    Raises:
        Failure: there is none (exit code 3).
    """
    found = running()
    if bot is not None:
        found = [each for each in found if bot in {each.bot, each.name}] or [
            each for each in found if bot == str(each.pid)
        ]
    if not found:
        raise no_engine(bot)
    return found


def chosen(bot: str | None) -> RunningEngine:
    """Return the engine that is meant: the one that `named` finds.

    Raises:
        Failure: there is none (exit code 3), or several (2).
    """
    found = named(bot)
    if len(found) > 1:
        raise Failure(
            f"several engines run here: {listed(found)}",
            means=NOTHING_DONE,
            todo="say which one: --bot NAME, or --bot PID where they have one name; what is told to an engine (start, "
            "pause, resume, stop, shutdown, emergency-stop, resets) can be told to all: --all",
            code=Exit.USAGE,
        )
    return found[0]


def listed(found: Iterable[RunningEngine]) -> str:
    """Return engines by name and process, for a message."""
    return ", ".join(f"{each.name} (pid {each.pid})" for each in found)


def no_engine(bot: str | None) -> Failure:
    """Return the failure of a command that needs an engine."""
    closed = closed_to_us()
    hidden = f"\nWhether one runs is not known: {closed} may not be used by this user." if closed else ""
    return Failure(
        f"no engine of {bot} runs here" if bot else "no engine runs here",
        means="\n".join([f"{NOTHING_DONE}{hidden}", *(each.said for each in mute_engines(bot))]),
        todo="`radtui status` lists what runs; `radtui` or `radtui run --headless` starts one",
        code=Exit.NO_ENGINE,
    )


def closed_to_us() -> str:
    """Return the folder or a socket that another user keeps to themselves; empty where there is none."""
    folder = control_folder()
    if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
        return str(folder)
    return next((str(path) for path in folder.glob("*.sock") if path.is_socket() and not os.access(path, os.W_OK)), "")


def no_answer(engine: RunningEngine, silent: Silent) -> Failure:
    """Return the failure of a command whose engine does not answer."""
    return Failure(
        f"the engine of {engine.bot} (pid {engine.pid}) does not answer: {silent}",
        means="What was asked may have been heard. Positions keep their stops on the exchange.",
        todo="look with `radtui status`, and ask again: an engine that was restarted since knows only what was written "
        f"before; `kill -9 {engine.pid}` ends one that hangs, and the next start compares everything with the exchange",
    )


def listening() -> list[RunningEngine]:
    """Return the engines that listen here, without asking them anything: one that hangs holds nobody up."""
    return list(_listening())


def _listening() -> Iterator[RunningEngine]:
    for path in sorted(control_folder().glob("*.sock")):
        try:
            with connect(path, LOOK_WITHIN) as line:
                yield RunningEngine(path, peer_of(line).pid, None)
        except OSError:  # nobody listens: what a dead process left
            continue


def _seen(engine: RunningEngine) -> RunningEngine:
    try:
        return engine._replace(seen=_ask(engine.path, "GET", "/api/status", timeout=LOOK_WITHIN).read(Overview))
    except (Silent, Failure, msgspec.MsgspecError) as wrong:
        return engine._replace(silent=str(wrong))


def _ask(
    path: Path, method: str, target: str, body: Mapping[str, Any] | None = None, *, timeout: float, key: str = ""
) -> Reply:
    headers = {"Idempotency-Key": key} if key else {}
    raw = None
    if body is not None:
        raw, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    line = _Line(path, timeout)
    try:
        line.request(method, target, body=raw, headers=headers)
        answer = line.getresponse()
        return Reply(answer.status, answer.read())
    except TimeoutError:
        raise Silent(f"no answer within {timeout:g} s") from None
    except (OSError, HTTPException) as error:
        raise Silent(f"the line broke: {str(error) or type(error).__name__}") from None
    finally:
        line.close()


class _Line(HTTPConnection):
    """HTTP on a Unix socket."""

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path
        self._within = timeout

    def connect(self) -> None:
        """Connect to the socket in place of a host."""
        self.sock = connect(self._path, self._within)
