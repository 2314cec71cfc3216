"""Which engines a cockpit goes to: those that run here, by name; others by URL and token (row A4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from radtui.api.switchboard import BOTS
from radtui.cli.behind import server_of
from radtui.cli.engines import NOTHING_DONE, RunningEngine, named
from radtui.cli.failures import Exit, Failure
from radtui.resilience.redaction import hide
from radtui.settings.sections import Api

_ENCRYPTED: Final = frozenset({"https", "wss"})
_CLEAR: Final = frozenset({"http", "ws"})
_AT_ONCE: Final = 8
"""URLs that are asked about at the same time."""


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
        return isinstance(self.target, str) and in_clear(self.target)


def aimed(engines: Sequence[str], behind: Callable[[str], Sequence[str]] = lambda url: (url,)) -> list[Aim]:
    """Return the engines that are meant, each once; without a name all that run here.

    Args:
        engines: names of bots, process ids, paths of control sockets, URLs.
        behind: tells of a URL those of the bots that are there; all URLs are asked about at once.

    Raises:
        Failure: one is not there (exit code 3).
    """
    wanted: Sequence[str | None] = engines or (None,)
    urls = [_address(name) for name in wanted if name is not None and "://" in name]
    there = dict(zip(urls, _at_once(behind, urls), strict=True))
    found = dict.fromkeys(aim for name in wanted for aim in _aims(name, there))
    names = Counter(aim.label for aim in found)
    return [aim if names[aim.label] > 1 or aim.host else aim._replace(beside="") for aim in found]


def _address(name: str) -> str:
    """Return a URL, checked before anything is sent there: of another scheme nobody knows who reads it."""
    if urlsplit(name).scheme not in _ENCRYPTED | _CLEAR:
        raise Failure(
            f"{name.partition('://')[0]}:// is no address of an engine",
            means="Nothing was sent; engines fly on.",
            todo="give https://HOST:PORT, or http://127.0.0.1:PORT on this machine",
            code=Exit.USAGE,
        )
    return name.rstrip("/")


def _at_once(behind: Callable[[str], Sequence[str]], urls: Sequence[str]) -> list[Sequence[str]]:
    if len(urls) < 2:
        return [behind(url) for url in urls]
    with ThreadPoolExecutor(min(len(urls), _AT_ONCE)) as pool:
        return list(pool.map(behind, urls))


def _aims(name: str | None, there: Mapping[str, Sequence[str]]) -> Iterator[Aim]:
    if name is not None and "://" in name:
        for url in there[name.rstrip("/")]:
            parts = urlsplit(url)
            bot = url.removeprefix(server_of(url)).removeprefix(BOTS)
            yield Aim(url, bot or parts.netloc.rpartition("@")[2], parts.hostname or "")
    elif name is not None and name.startswith("/"):
        yield Aim(Path(name), Path(name).name.split(".")[0])
    else:
        yield from map(_aim, named(name))


def _aim(engine: RunningEngine) -> Aim:
    return Aim(engine.path, engine.bot, str(engine.pid))


def token_for(url: str, api: Api, file: Path | None) -> str | None:
    """Return the token for a URL, hidden from now on: of the file, else of the settings; None where there is none.

    Raises:
        Failure: the file cannot be used, or anybody on the way could read the token (exit code 2).
    """
    kept = file or api.token_file
    own = api.token.get_secret_value() if api.token else None
    found = (_in_file(url, kept) if kept else None) or own
    if found:
        hide([found])
        if in_clear(url) and not api.token_in_clear:
            raise _readable(url)
    return found


def in_clear(url: str) -> bool:
    """Return whether what is sent to a URL goes over a network for anybody on the way to read."""
    parts = urlsplit(url)
    return parts.scheme not in _ENCRYPTED and not _here(parts.hostname or "")


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _readable(url: str) -> Failure:
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port or 80
    return Failure(
        f"the token would go to {host} unencrypted: whoever reads it on the way can lead the bot, and its money",
        means="Nothing was sent; engines fly on.",
        todo=f"use https, or `ssh -L {port}:127.0.0.1:{port} {host}` and http://127.0.0.1:{port}; in a network of your "
        "own: RADTUI_API__TOKEN_IN_CLEAR=true",
        code=Exit.USAGE,
    )


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
    return by_url.get(url) or by_url.get(server_of(url)) or next((line[0] for line in lines if len(line) == 1), None)
