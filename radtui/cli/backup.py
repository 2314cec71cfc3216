"""``radtui backup FILE`` and ``radtui restore FILE``: the journal carried away, and brought back (row O5)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from cyclopts import Parameter

from radtui.cli.account import hold, journal_file
from radtui.cli.failures import Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.streams import say
from radtui.settings.live import account_of
from radtui.settings.places import places
from radtui.store.backup import back_up
from radtui.store.contents import Contents
from radtui.store.faults import BackupRefused
from radtui.store.holder import utc
from radtui.store.lock import AccountHeld
from radtui.store.restore import Restored
from radtui.store.restore import restore as put_back

AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
Force = Annotated[bool, Parameter(help="Replace FILE where it is there.", negative="")]
Target = Annotated[Path, Parameter(help="Where the backup goes; it holds your trades, and only you may read it.")]
Source = Annotated[Path, Parameter(help="A backup, or a journal that an earlier restore kept.")]
_NO_FLAGS: Final = Flags()


def backup(file: Target, /, *, flags: Flags = _NO_FLAGS, force: Force = False, as_json: AsJson = False) -> int:
    """Copy this bot's journal to FILE, also while it flies, and make sure that the copy is whole."""
    settings = opened(flags).settings
    journal = journal_file(settings, places(settings))
    with _told("no backup was made", "The journal is as it was; so is whatever lies under that name."):
        kept = back_up(journal, file, replace=force)
    size = file.stat().st_size
    told: dict[str, Any] = {"ok": True, "journal": str(journal), "file": str(file), "bytes": size}
    if as_json:
        say(_document({**told, **msgspec.structs.asdict(kept)}))
    else:
        say(f"backed up {journal}\n  to {file}: {_held(kept)}, {size / 1e6:.1f} MB, read back and whole")
    return 0


def restore(file: Source, /, *, flags: Flags = _NO_FLAGS, as_json: AsJson = False) -> int:
    """Put the backup FILE in the place of this bot's journal, which is kept beside it. No engine may fly it."""
    settings = opened(flags).settings
    there = places(settings)
    journal = journal_file(settings, there)
    with hold(settings, there), _told("nothing was restored", "The journal is as it was."):
        changed = put_back(file, journal, time.time_ns(), settings.bot.name, account_of(settings))
    if as_json:
        say(_document({"ok": True, "journal": str(journal), "file": str(file), **msgspec.structs.asdict(changed)}))
    else:
        say(_story(file, journal, changed))
    return 0


@contextmanager
def _told(title: str, means: str) -> Iterator[None]:
    try:
        yield
    except AccountHeld as held:
        raise Failure("this journal is in use", means=str(held)) from None
    except BackupRefused as refused:
        raise Failure(title, means=f"{refused}\n{means}") from None


def _held(contents: Contents) -> str:
    newest = f", the latest of {utc(contents.newest)}" if contents.newest else ""
    return f"{sum(contents.rows.values()):,} rows up to sequence {contents.sequence:,}{newest}"


def _story(file: Path, journal: Path, changed: Restored) -> str:
    lines = [f"restored {journal}\n  from {file}: {_held(changed.now)}"]
    if changed.before is not None:
        lines.append(f"  it was at {_held(changed.before)}")
    if changed.aside is not None:
        lines.append(f"  the journal of before is kept as {changed.aside}")
    lines.append(
        "  The next start first asks the exchange what is open and explains every difference; nothing trades before.\n"
        "  Ids of orders carry the time of the start: none of them comes twice."
    )
    return "\n".join(lines)


def _document(told: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(told, enc_hook=str), indent=2).decode()
