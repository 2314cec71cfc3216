"""The control socket of an engine that a command flies, and its TCP port: there while it flies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from radtui.api.door import Door
from radtui.api.keyring import Keyring
from radtui.api.outside import Outside
from radtui.api.socket import SocketTaken
from radtui.cli.account import control_socket
from radtui.cli.failures import Exit, Failure
from radtui.engine.handle import EngineHandle
from radtui.resilience.redaction import hide
from radtui.settings.places import Places
from radtui.settings.sections import Api
from radtui.settings.tokens import parse_tokens
from radtui.settings.tree import Settings


@contextmanager
def answering(
    settings: Settings,
    there: Places,
    handle: EngineHandle,
    warn: Callable[[str], None],
    *,
    beside: Iterable[EngineHandle] = (),
) -> Iterator[None]:
    """Answer for the engine behind `handle`; where no socket can be made it flies without, and `warn` is told why.

    Args:
        beside: engines of further bots, for which its TCP port answers too.

    Raises:
        Failure: TCP is asked for, and its tokens cannot be used (exit code 2).
    """
    way = outside(settings.api)
    door = Door(handle, control_socket(settings, there), way, beside)
    try:
        door.open()
    except (SocketTaken, OSError) as error:
        warn(f"no control socket, so no command finds this engine: {error}")
        yield
        return
    if door.shut:
        warn(f"no API on TCP, only the control socket: {door.shut}")
    elif way is not None and not way.local:
        warn(f"the API listens beyond this machine, at {way.host} port {door.port}, without encryption of its own")
    try:
        yield
    finally:
        door.close()


def outside(api: Api) -> Outside | None:
    """Return the way in over TCP that the settings want; None where they want none.

    Raises:
        Failure: the file of its tokens cannot be used (exit code 2).
    """
    if not api.listens:
        return None
    text = api.tokens.get_secret_value() if api.tokens else ""
    try:
        tokens = parse_tokens(f"{text}\n{_kept(api.tokens_file) if api.tokens_file else ''}")
        hide(token.secret for token in tokens)
        return Outside(host=api.address, port=api.port, keyring=Keyring(tokens), origins=api.origins, names=api.hosts)
    except (ValueError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise Failure(
            f"the tokens of the API cannot be used: {why}",
            means="Nothing was started: nobody listens on TCP without a token.",
            todo="correct api.tokens and api.tokens_file (a line each, NAME:SCOPE:TOKEN), or set api.tcp = false",
            code=Exit.USAGE,
        ) from None


def _kept(path: Path) -> str:
    """Return what the file holds.

    Raises:
        OSError, ValueError: it cannot be read, or others can read it too.
    """
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path} is open to others: chmod 600 {path}")
    return path.read_text(encoding="utf-8")
