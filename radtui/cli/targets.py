"""Which engines a cockpit goes to: those that run here, by name; others by URL and token (row A4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from radtui.cli.engines import NOTHING_DONE, RunningEngine, named
from radtui.cli.failures import Exit, Failure
from radtui.cli.redaction import hide
from radtui.settings.sections import Api


class Aim(NamedTuple):
    """One engine to go to.

    Attributes:
        target: its control socket, or the URL of its API.
        label: what it is called until it says so itself. beside: what tells it from others of its name; else empty.
    """

    target: Path | str
    label: str
    beside: str = ""

    @property
    def host(self) -> str:
        """The machine of a URL; empty for a control socket."""
        return (urlsplit(self.target).hostname or "") if isinstance(self.target, str) else ""

    @property
    def open_to_readers(self) -> bool:
        """Whether a token would travel over a network for anybody on the way to read."""
        there = urlsplit(self.target).scheme in {"http", "ws"} if isinstance(self.target, str) else False
        return there and self.host not in {"localhost", "127.0.0.1", "::1"}


def aimed(engines: Sequence[str]) -> list[Aim]:
    """Return the engines that are meant, each once; without a name all that run here.

    Args:
        engines: names of bots, process ids, paths of control sockets, URLs.

    Raises:
        Failure: one is not there (exit code 3).
    """
    wanted: Sequence[str | None] = engines or (None,)
    found = dict.fromkeys(aim for name in wanted for aim in _aims(name))
    names = Counter(aim.label for aim in found)
    return [aim if names[aim.label] > 1 or aim.host else aim._replace(beside="") for aim in found]


def _aims(name: str | None) -> Iterator[Aim]:
    if name is not None and "://" in name:
        parts = urlsplit(name)
        yield Aim(name.rstrip("/"), parts.netloc.rpartition("@")[2], parts.hostname or "")
    elif name is not None and name.startswith("/"):
        yield Aim(Path(name), Path(name).name.split(".")[0])
    else:
        yield from map(_aim, named(name))


def _aim(engine: RunningEngine) -> Aim:
    return Aim(engine.path, engine.bot, str(engine.pid))


def token_for(url: str, api: Api, file: Path | None) -> str | None:
    """Return the token for a URL, hidden from now on: of the file, else of the settings; None where there is none.

    Raises:
        Failure: the file cannot be used (exit code 2).
    """
    kept = file or api.token_file
    own = api.token.get_secret_value() if api.token else None
    found = (_in_file(url, kept) if kept else None) or own
    if found:
        hide([found])
    return found


def _in_file(url: str, path: Path) -> str | None:
    """Return the token of a file's line ``URL TOKEN``, else of its line ``TOKEN``."""
    try:
        others_too = path.stat().st_mode & 0o077
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, getattr(error, "strerror", None) or "it is not UTF-8 text") from None
    if others_too:
        raise _unusable(path, f"it is open to others: chmod 600 {path}")
    return _chosen(url, [line for line in lines if line and not line[0].startswith("#")])


def _unusable(path: Path, why: str) -> Failure:
    return Failure(
        f"the file of tokens {path} cannot be used: {why}",
        means=NOTHING_DONE,
        todo="write TOKEN, or lines of URL and TOKEN; readable by you alone",
        code=Exit.USAGE,
    )


def _chosen(url: str, lines: Iterable[Sequence[str]]) -> str | None:
    by_url = {line[0].rstrip("/"): line[1] for line in lines if len(line) == 2}
    return by_url.get(url) or next((line[0] for line in lines if len(line) == 1), None)
